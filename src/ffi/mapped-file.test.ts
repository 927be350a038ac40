import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { forgetPages, mapFile } from './mapped-file.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-mapped-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

test('the bytes of the file are there, also after its pages were forgotten and its name belongs to another one', () => {
  const path = join(folder, 'table');
  writeFileSync(path, 'the first one');
  const bytes = mapFile(path);
  expect(text(bytes)).toBe('the first one');
  writeFileSync(`${path}.new`, 'the second one');
  renameSync(`${path}.new`, path);
  forgetPages();
  expect(text(bytes)).toBe('the first one');
  expect(text(mapFile(path))).toBe('the second one');
});

test('no file and an empty one are refused', () => {
  expect(() => mapFile(join(folder, 'missing'))).toThrow('ENOENT');
  writeFileSync(join(folder, 'empty'), '');
  expect(() => mapFile(join(folder, 'empty'))).toThrow('EINVAL');
});
