/** Which paths are files of the built pages, and which are places inside the app. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mountPages } from './pages.ts';

let app: FastifyInstance;
let root: string;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'ringfence-pages-'));
  mkdirSync(join(root, 'assets'));
  mkdirSync(join(root, 'flags'));
  writeFileSync(join(root, 'index.html'), 'the app, nonce __STYLE_NONCE__');
  writeFileSync(join(root, 'icon.svg'), 'a file');
  writeFileSync(join(root, 'assets/index-1a2b.js'), 'a file');
  writeFileSync(join(root, 'flags/de.svg'), 'a file');
  app = fastify();
  await mountPages(app, root);
});
afterEach(async () => {
  await app.close();
  rmSync(root, { recursive: true });
});

test.each([
  ['/', 200, 'the app'],
  ['/attacks', 200, 'the app'],
  ['/attacks/01JD.X', 200, 'the app'],
  ['/why/203.0.113.66', 200, 'the app'],
  ['/why/2001:db8::1', 200, 'the app'],
  ['/why/2001%3Adb8%3A%3A1', 200, 'the app'],
  ['/icon.svg', 200, 'a file'],
  ['/assets/index-1a2b.js', 200, 'a file'],
  ['/flags/de.svg', 200, 'a file'],
  // A page of an old build asks for what is gone: not the app, which would be taken for a script.
  ['/assets/index-old.js', 404, null],
  ['/flags/xx.svg', 404, null],
  ['/robots.txt', 404, null],
  ['/api/v1/nothing', 404, null],
])('%s: %i', async (url, status, text) => {
  const answer = await app.inject(url);
  expect(answer.statusCode).toBe(status);
  if (text !== null) expect(answer.body).toContain(text);
});

test('each answer has a nonce of its own for the styles of the page', async () => {
  const [one, other] = await Promise.all([app.inject('/'), app.inject('/')]);
  const nonceOf = (body: string) => /nonce ([\w+/]{22}==)$/.exec(body)?.[1];
  expect(nonceOf(one.body)).toBeDefined();
  expect(nonceOf(one.body)).not.toBe(nonceOf(other.body));
  expect(one.headers['cache-control']).toBe('no-store');
});
