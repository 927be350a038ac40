/** The guard's copy of an earlier version: the first start after an upgrade protects by it, before the database is read. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { compilePolicy } from '../policy/compile.ts';
import { parsePolicy } from '../policy/yaml-file.ts';
import { readLastGood } from './last-good.ts';

const EARLIER = join(import.meta.dirname, '../policy/testing');
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'rf-last-good-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const write = (copy: object) => writeFileSync(join(folder, 'last-good.json'), JSON.stringify(copy));

it.each(readdirSync(EARLIER))('a policy as of %s: what it did not know has its default', (name) => {
  const text = readFileSync(join(EARLIER, name), 'utf8').replace('mode: protect', 'mode: monitor');
  const policy = parse(text) as object;
  write({ format: 3, orders: { policy, blocks: [], blockHistory: [], extended: [] } });
  const { document } = parsePolicy(text, name) as { document: never };
  expect(readLastGood(folder)!.policy).toEqual(document);
  expect(compilePolicy(readLastGood(folder)!.policy)).toEqual(compilePolicy(document));
});

it('of a newer version: nothing is taken from it', () => {
  write({ format: 99, orders: {} });
  expect(readLastGood(folder)).toBeNull();
});
