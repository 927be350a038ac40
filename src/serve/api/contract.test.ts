/** The contract as it is served: every answer has the shape that its row promises, and the document says so too. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { readList } from '../../lists/list-reader.ts';
import { escapeControls } from '../../policy/policy-error.ts';
import { busyConsole, FORMULA, type BusyConsole } from '../testing/busy-console.ts';
import { OWN_ADDRESS } from '../testing/guard-stand-in.ts';
import { ATTACKER, HOSTILE_AGENT } from '../testing/samples.ts';
import { contract } from './contract.ts';
import type { Endpoint } from './endpoint.ts';
import { openApiDocument } from './openapi.ts';
import { problem, PROBLEM_TYPE } from './problem.ts';

let console: BusyConsole;
beforeAll(async () => {
  console = await busyConsole();
});
afterAll(() => console.end());

const rows = contract.flatMap(({ endpoints }) => endpoints);
/** Of what the busy console holds. */
const PLACES: Record<string, string> = {
  address: ATTACKER,
  day: 'today',
  id: 'attack-1',
  list: 'allow',
  name: 'sample',
  range: '198.51.100.192%2F26',
  version: '1',
};
const QUERIES: Record<string, string> = { getPolicyValue: '?path=detect.flood.threshold' };

function placeOf({ path, id }: Endpoint): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => PLACES[name]) + (QUERIES[id] ?? '');
}

type Json = Record<string, unknown>;
type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];

/** References of the document, as JSON Schema alone has them. */
const asDefinitions = (part: unknown) =>
  JSON.parse(JSON.stringify(part).replaceAll('#/components/schemas/', '#/$defs/')) as Json;
const document = openApiDocument() as { paths: Record<string, Json>; components: { schemas: Json } };
const $defs = asDefinitions(document.components.schemas);

/** That the row says, and that the document says, which other programs believe. */
function expectShape({ method, path, answer: shape }: Endpoint, answer: unknown): void {
  expect(shape!.parse(answer)).toEqual(answer);
  const operation = document.paths[path][method.toLowerCase()] as { responses: { 200: { content: Json } } };
  const { schema } = operation.responses[200].content['application/json'] as { schema: Json };
  const described = z.fromJSONSchema({ ...asDefinitions(schema), $defs } as JsonSchema);
  expect(described.safeParse(answer).error).toBeUndefined();
}

describe('each answer has the shape of its row', () => {
  // What belongs to somebody's own session is over the web server only: `src/serve/web` tests it.
  const reads = rows.filter(({ method, scope }) => method === 'GET' && (scope === 'read' || scope === 'accounts'));

  it.each(reads.map((row) => [row.id, row] as const))('%s', async (_id, row) => {
    const { status, text } = await console.api.call('GET', placeOf(row));
    expect(status, text).toBe(200);
    if (!row.answer) return;
    const answer: unknown = JSON.parse(text);
    expectShape(row, answer);
    if ('items' in (answer as object)) expect((answer as { items: unknown[] }).items).not.toHaveLength(0);
  });

  const asks: [id: string, body: object][] = [
    ['addBlock', { address: '203.0.113.5', durationMs: 60_000 }],
    ['extendBlock', { address: '203.0.113.5', durationMs: null }],
    ['promoteBlock', { address: '203.0.113.5', to: 'deny' }],
    ['lookupAddresses', { addresses: ['8.8.8.8', '2001:db8::1'] }],
    ['previewCountries', { mode: 'block', list: ['DE'] }],
    ['setPolicyValue', { path: 'detect.flood.threshold', value: '900' }],
    ['editPolicy', { changes: [{ path: 'mode', value: 'monitor' }], dryRun: true }],
    ['importPolicy', { text: 'monit_period = 90\nhit_count = 7\nfoo = 1\n', dryRun: true }],
    ['diffPolicy', { from: 0 }],
    ['tryPolicy', { text: 'detect: { register-bruteforce: { enabled: false } }', since: 0 }],
    ['tryPolicy', { changes: [{ path: 'mode', value: 'monitor' }] }],
    ['rollbackPolicy', { version: 2 }],
    ['refreshFeeds', {}],
    ['refreshFeed', {}],
    ['testNotifyChannel', {}],
    ['setNotifySecret', { secret: 'green lamps walk' }],
  ];

  it.each(asks)('%s', async (id, body) => {
    const row = rows.find((one) => one.id === id)!;
    const { status, text } = await console.api.call(row.method, placeOf(row), { body });
    expect(status, text).toBe(200);
    const answer: unknown = JSON.parse(text);
    expectShape(row, answer);
  });

  it('an import from its begin to its end', async () => {
    const shapeOf = (id: string) => rows.find((one) => one.id === id)!.answer!;
    const ask = (path: string, body: object) => console.api.json('POST', path, { body });
    const begun = shapeOf('beginImport').parse(await ask('/lists/deny/imports', {})) as { id: number };
    const entries = [{ range: '203.0.113.130' }, { range: '203.0.113.64/26', comment: 'other' }];
    const steps = await ask(`/imports/${begun.id}/entries`, { entries, show: 10 });
    expect(shapeOf('addImportEntries').parse(steps)).toMatchObject({ steps: [{ what: 'added' }, { what: 'changed' }] });
    const dry = await ask(`/imports/${begun.id}/end`, { dryRun: true });
    expect(shapeOf('endImport').parse(dry)).toMatchObject({ added: 1, changed: 1 });
  });
});

describe('problems', () => {
  const cases: [what: string, method: string, path: string, body: unknown, status: number, code: string][] = [
    ['no such thing', 'GET', '/attacks/nothing', undefined, 404, 'attack-unknown'],
    ['no such place', 'GET', '/nothing', undefined, 404, 'no-such-route'],
    ['a wrong value', 'POST', '/blocks', { address: '010.0.0.1' }, 400, 'bad-input'],
    ['a field that is not known', 'POST', '/blocks', { address: '203.0.113.9', forever: true }, 400, 'bad-input'],
    ['a path that is no text', 'GET', '/attacks/%ED%A0%80', undefined, 400, 'bad-request'],
    [
      'an end for a block that is not',
      'POST',
      '/blocks/extend',
      { address: '203.0.113.99', durationMs: null },
      404,
      'not-blocked',
    ],
    ['what would break a promise', 'POST', '/blocks', { address: OWN_ADDRESS }, 409, 'own-address'],
    ['what wants a confirmation', 'POST', '/lists/allow', { range: '0.0.0.0/0' }, 409, 'needs-confirmation'],
    ['settings that are none', 'POST', '/policy/import', { text: 'hello' }, 400, 'settings-missing'],
    ['settings that are wrong', 'POST', '/policy/import', { text: 'hit_count = x' }, 400, 'settings-invalid'],
    ['a query that is not known', 'GET', '/feeds?sort=name', undefined, 400, 'bad-input'],
  ];

  it.each(cases)('%s', async (_what, method, path, body, status, code) => {
    const answer = await console.api.call(method, path, { body });
    expect(answer.headers['content-type']).toContain(PROBLEM_TYPE);
    const told = problem.parse(JSON.parse(answer.text));
    expect([answer.status, told.status, told.code]).toEqual([status, status, code]);
  });

  it('a body that is no JSON, of another type, or too large', async () => {
    const post = async (body: string, type: string, more: Record<string, string> = {}) => {
      const headers = { 'content-type': type, ...more };
      const { text, status } = await console.api.call('POST', '/blocks', { body, headers });
      expect(problem.parse(JSON.parse(text)).status).toBe(status);
      return status;
    };
    expect(await post('{"address":', 'application/json')).toBe(400);
    expect(await post('<block/>', 'application/xml')).toBe(415);
    expect(await post('address\n', 'text/csv')).toBe(415);
    // Refused by what it says of itself, before it is sent.
    expect(await post('{', 'application/json', { 'content-length': '5000000' })).toBe(413);
  });

  it('a guard that says no: nothing is blocked', async () => {
    console.guard.failWith = { code: 'kernel-table-missing', text: 'the table is gone' };
    const { status, text } = await console.api.call('POST', '/blocks', { body: { address: '203.0.113.77' } });
    console.guard.failWith = null;
    expect(status).toBe(503);
    expect(problem.parse(JSON.parse(text))).toMatchObject({ code: 'kernel-table-missing', outcome: 'failed' });
    expect(await console.api.json('GET', '/blocks')).not.toMatchObject({ items: [{ address: '203.0.113.77' }] });
  });
});

describe('lists as CSV', () => {
  const lists = rows.filter(({ csv }) => csv);

  it.each(lists.map((row) => [row.id, row] as const))('%s', async (_id, row) => {
    const { status, headers, bytes } = await console.api.call('GET', `${placeOf(row)}.csv`);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(headers['content-disposition']).toMatch(/^attachment; filename="ringfence-[\w-]+\.csv"$/);
    const records = parse(bytes, { columns: true }) as Record<string, string>[];
    expect(records).not.toHaveLength(0);
    expect(Object.keys(records[0])).toEqual(Object.keys(row.csv!.columns));
    for (const cell of records.flatMap((record) => Object.values(record))) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
  });

  it('a list is what an import takes back unchanged', async () => {
    const { bytes } = await console.api.call('GET', '/lists/allow.csv?bom=true');
    expect(bytes.toString()).toMatch(/^\ufeffaddress,/);
    const { entries, problems } = readList(bytes, { list: 'allow', now: Date.now() });
    const { items } = await console.api.json<{ items: { range: string; comment: string; until: number | null }[] }>(
      'GET',
      '/lists/allow',
    );
    expect(problems).toEqual([]);
    const told = entries.map(({ address, comment, until, addedBy, addedAt }) => {
      return { range: address, comment, until, addedBy, addedAt, automatic: false, overlaps: expect.anything() as [] };
    });
    expect(items).toEqual(told);
    expect(items[0].comment).toBe(FORMULA);
  });

  it('what a stranger sent stays one cell, its controls spelled out', async () => {
    const { bytes } = await console.api.call('GET', '/attacks.csv');
    expect(parse(bytes, { columns: true })).toMatchObject([
      { userAgent: escapeControls(HOSTILE_AGENT), source: ATTACKER },
    ]);
    expect(bytes.toString()).not.toMatch(/[^\n\P{C}]/u);
  });

  it('limit, filters and wrong questions', async () => {
    const rowsOf = async (path: string) =>
      (parse((await console.api.call('GET', path)).bytes) as string[][]).length - 1;
    expect(await rowsOf('/lists/allow.csv')).toBe(2);
    expect(await rowsOf('/lists/allow.csv?limit=1')).toBe(1);
    expect(await rowsOf('/lists/allow.csv?filter=trunk')).toBe(1);
    expect((await console.api.call('GET', '/attacks.csv?source=nobody')).status).toBe(400);
    expect((await console.api.call('GET', '/lists/other.csv')).status).toBe(400);
  });

  it('a long list comes page by page and whole', async () => {
    const { id } = await console.api.json<{ id: number }>('POST', '/lists/deny/imports', { body: {} });
    const entries = Array.from({ length: 2500 }, (_, i) => ({ range: `10.9.${i >> 8}.${i & 255}` }));
    await console.api.json('POST', `/imports/${id}/entries`, { body: { entries } });
    await console.api.json('POST', `/imports/${id}/end`, { body: {} });
    const records = parse((await console.api.call('GET', '/lists/deny.csv')).bytes, { columns: true });
    const addresses = new Set((records as { address: string }[]).map(({ address }) => address));
    expect(entries.every(({ range }) => addresses.has(range))).toBe(true);
  });
});

describe('the contract to read', () => {
  it('as OpenAPI 3.1', async () => {
    const { headers, text } = await console.api.call('GET', '/openapi.json');
    expect(headers['content-type']).toContain('application/json');
    const document = JSON.parse(text) as { openapi: string; paths: object };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toContain('/attacks/{id}');
  });

  it('as a page without inline scripts, whose parts are there', async () => {
    const { headers, text } = await console.api.call('GET', '/docs');
    expect(headers['content-type']).toContain('text/html');
    expect(text).not.toMatch(/<script(?![^>]* src=)|style=| on\w+=|https?:/);
    const parts = [...text.matchAll(/(?:src|href)="(docs\/[^"]+)"/g)].map(([, part]) => part);
    expect(parts).toHaveLength(3);
    for (const part of parts) {
      const answer = await console.api.call('GET', `/${part}`);
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toMatch(part.endsWith('.css') ? /^text\/css/ : /^text\/javascript/);
    }
    expect((await console.api.call('GET', '/docs/package.json')).status).toBe(404);
  });

  it('a pcap that a browser saves', async () => {
    const { headers, bytes } = await console.api.call('GET', '/attacks/attack-1/pcap');
    expect(headers['content-type']).toBe('application/vnd.tcpdump.pcap');
    expect(headers['content-disposition']).toBe('attachment; filename="ringfence-attack-1.pcap"');
    expect(bytes.readUInt32LE(0)).toBe(0xa1b23c4d);
  });
});
