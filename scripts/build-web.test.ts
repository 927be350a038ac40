/** What the web app may weigh, and what may not be in it. Builds it when it is not built. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'web/dist');
/** Issue 4: what a browser loads before any chart. */
const INITIAL_JAVASCRIPT_MAX_BYTES = 300_000;

beforeAll(() => void execFileSync('bash', [join(ROOT, 'scripts/build-web.sh')]));

const read = (path: string) => readFileSync(join(DIST, path), 'utf8');
const assets = (ending: string) => readdirSync(join(DIST, 'assets')).filter((name) => name.endsWith(ending));

test('the first page loads at most 300 kB of gzipped JavaScript, with everything that its code imports at once', () => {
  const entries = [...read('index.html').matchAll(/src="\/([^"]+\.js)"/g)].map(([, path]) => path);
  expect(entries.length).toBeGreaterThan(0);
  const loaded = new Set(entries);
  for (const path of loaded) {
    for (const [, name] of read(path).matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g))
      loaded.add(`assets/${name}`);
  }
  const bytes = [...loaded].reduce((sum, path) => sum + gzipSync(read(path)).length, 0);
  expect(bytes).toBeLessThan(INITIAL_JAVASCRIPT_MAX_BYTES);
  // Nothing was counted means nothing was found.
  expect(bytes).toBeGreaterThan(100_000);
});

test('the page has no inline script, style or handler: the policy of the server forbids them', () => {
  const html = read('index.html');
  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/);
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/);
});

/** Text, not requests: names of XML namespaces, links to licences and to the explanations of error messages in libraries. */
const KNOWN = [
  'http://www.w3.org/',
  // The base that react-router resolves addresses against where there is no window.
  'http://localhost',
  'https://reactrouter.com/',
  'https://react.dev/errors/',
  'https://mantine.dev/',
  // A link of the page About, as the licence of the data asks.
  'https://db-ip.com',
  // Examples in fields, and a comment in a library.
  'https://lists.example.org/',
  'https://github.com/ungap/url-search-params',
  'https://creativecommons.org/licenses/',
  'https://www.apache.org/licenses/',
];

test('no asset names another machine', () => {
  const named = [...assets('.js'), ...assets('.css')].flatMap((name) =>
    [...read(`assets/${name}`).matchAll(/\b(?:https?|wss?):\/\/[^\s"'`)\\]*/g)].map(([url]) => ({ name, url })),
  );
  expect(named.filter(({ url }) => !KNOWN.some((known) => url.startsWith(known)))).toEqual([]);
});

test('no asset evaluates text as code', () => {
  for (const name of assets('.js')) expect(read(`assets/${name}`), name).not.toMatch(/\beval\(|\bnew Function\(/);
});
