/** The map in ARCHITECTURE.md is true: its folders are the folders, and imports only follow its arrows. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const map = readMap();

interface Row {
  folder: string;
  mayImport: string[];
}

function readMap(): Row[] {
  const rows = [
    ...readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8').matchAll(/^\| `([a-z/-]+)` \| [^|]+ \|([^|]*)\|$/gm),
  ];
  return rows.map(([, folder, arrows]) => ({
    folder,
    mayImport: arrows
      .split(',')
      .map((text) => text.trim())
      .filter((text) => text !== ''),
  }));
}

function sources(folder: string): string[] {
  return written(folder).filter((path) => !path.endsWith('.test.ts'));
}

/** Tests too. */
function written(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(join(root, path)).isDirectory()) return written(path);
    return /\.tsx?$/.test(path) && !path.endsWith('.d.ts') ? [path] : [];
  });
}

/** The longest folder of the map that holds the file. */
function placeOf(path: string): string {
  const holders = map.map((row) => row.folder).filter((folder) => path.startsWith(`${folder}/`));
  return holders.sort((a, b) => b.length - a.length)[0] ?? '';
}

function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8');
  const found = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)];
  return found.map(([, target]) => relative(root, resolve(root, dirname(path), target)));
}

test('every folder of src is on the map, and every folder on the map exists', () => {
  const folders = [
    ...readdirSync(join(root, 'src')).map((name) => `src/${name}`),
    ...['base', 'decode', 'detect', 'judge'].map((name) => `src/core/${name}`),
    'cli',
  ];
  expect(map.map((row) => row.folder).sort()).toEqual(folders.sort());
});

describe('imports follow the arrows', () => {
  test.each(map)('$folder', ({ folder, mayImport }) => {
    if (mayImport.includes('everything')) return;
    const allowed = [folder, ...mayImport.map((name) => `src/${name}`)];
    const wrong = sources(folder)
      .filter((path) => placeOf(path) === folder)
      .flatMap((path) => importsOf(path).map((target) => ({ path, target })))
      .filter(({ target }) => !allowed.includes(placeOf(target)))
      .map(({ path, target }) => `${path} imports ${target}`);
    expect(wrong).toEqual([]);
  });
});

test('names say what is inside', () => {
  const vague = /(^|\/)(utils?|helpers?|common|misc|lib|types|interfaces|manager)(\/|\.tsx?$)/;
  expect([...sources('src'), ...sources('cli'), ...sources('web/src')].filter((path) => vague.test(path))).toEqual([]);
});

test('no file hides more than one idea, no test either: at most 400 lines', () => {
  const folders = ['src', 'cli', 'spec', 'lab', 'fuzz', 'bench', 'packaging', 'scripts', 'test', 'web/src'];
  const long = folders.flatMap(written).filter((path) => {
    return readFileSync(join(root, path), 'utf8').split('\n').length > 400;
  });
  expect(long).toEqual([]);
});
