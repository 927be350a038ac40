/** The manual: every page is there, and every link leads somewhere. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildManual, contents } from './build-manual.ts';

const DOCS = join(import.meta.dirname, '..', 'docs');
/** For who works on Ringfence, and what the manual itself is made of. */
const NOT_IN_IT = /^(?:adr|manual|screenshots)\//;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rf-manual-'));
  buildManual(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

const pages = contents().flatMap((section) => section.pages);

it('has every page of docs/', () => {
  const all = readdirSync(DOCS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));
  expect(pages.map(({ source }) => source).sort()).toEqual(all.filter((name) => !NOT_IN_IT.test(name)).sort());
});

describe.each(['index.html', ...pages.map(({ target }) => target)])('%s', (target) => {
  const path = () => join(folder, target);
  const page = () => readFileSync(path(), 'utf8');

  it('leads nowhere in vain', () => {
    const missing = [...page().matchAll(/(?:href|src)="([^"#:]*)(?:#([^"]*))?"/g)].flatMap(([, link, anchor]) => {
      const file = link === '' ? path() : join(dirname(path()), link);
      if (!existsSync(file)) return [link];
      const there = anchor === undefined || readFileSync(file, 'utf8').includes(`id="${anchor}"`);
      return there ? [] : [`${relative(folder, file)}#${anchor}`];
    });
    expect(missing).toEqual([]);
  });

  it('needs nothing but itself', () => {
    expect(page()).not.toMatch(/<script|<style|style="|(?:src|<link[^>]*href)="[a-z]+:/);
  });
});
