/** A file that breaks off: an incomplete list must never look like a complete one. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '../../store/sqlite/open.ts';
import type { Store } from '../../store/store.ts';
import type { OperationsContext } from '../context.ts';
import { createOperations } from '../operations.ts';
import { mountApi, tellProblems } from './mount.ts';

const NOW = Date.UTC(2026, 5, 20);
const HOSTILE = 'a\u009b31m\u202e\u001b\u2028é';
/** 10 MB: far more than sockets hold, so that the end is still to be asked for when the beginning is there. */
const ENTRIES = 20_000;

const directory = mkdtempSync(join(tmpdir(), 'ringfence-csv-'));
const socketPath = join(directory, 'socket');
let store: Store;
const server = fastify();

beforeAll(async () => {
  store = openStore(directory, { now: NOW });
  const entries = Array.from({ length: ENTRIES }, (_, i) => ({
    range: `10.0.${i >> 8}.${i & 255}`,
    comment: 'c'.repeat(480),
  }));
  store.listAdd('deny', entries, { now: NOW, by: 'test' });
  store.listAdd('allow', [{ range: '192.0.2.7', comment: HOSTILE }], { now: NOW, by: 'test' });
  // Only what lists and the audit log are shown with.
  const context = { store, now: () => NOW, identity: {} } as unknown as OperationsContext;
  tellProblems(server);
  const caller = { name: 'test', origin: 'test', sessions: [], onGone: () => {} };
  mountApi(server, createOperations(context), () => caller);
  await server.listen({ path: socketPath });
});
afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});

async function download(path = '/lists/deny.csv'): Promise<IncomingMessage> {
  const asked = request({ socketPath, path: `/api/v1${path}` }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return response;
}

it('a whole one ends', async () => {
  let rows = -1;
  for await (const piece of (await download()).setEncoding('utf8')) rows += (piece as string).split('\n').length - 1;
  expect(rows).toBe(ENTRIES);
});

async function textOf(path: string): Promise<string> {
  return (await (await download(path)).setEncoding('utf8').toArray()).join('');
}

it('controls are spelled out, but in the lists, which an import takes back unchanged', async () => {
  const audit = await textOf('/audit.csv?what=allow.add');
  expect(audit).toContain('a\\x9b31m\\u{202e}');
  expect(audit).toContain('\\u{2028}é');
  expect(audit).not.toMatch(/[^\n\P{C}]|[\u2028]/u);
  expect(await textOf('/lists/allow.csv')).toContain(HOSTILE);
});

it('when the store fails in the middle, the connection is cut', async () => {
  const response = await download();
  await once(response, 'readable');
  store.close();
  let bytes = 0;
  const read = async () => {
    for await (const piece of response) bytes += (piece as Buffer).length;
  };
  await expect(read()).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(bytes).toBeGreaterThan(0);
});
