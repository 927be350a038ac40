/** A file as the body of a request: what a browser uploads, over the real socket of a real console. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request } from 'node:http';
import { readFileSync } from 'node:fs';
import type { FileImportAnswer } from './answers.ts';
import { UPLOAD_BYTES_MAX } from './lists-import-file.ts';
import { socketPath } from './socket-path.ts';
import { ApiClient } from './testing/api-client.ts';
import { GuardStandIn, makeDataDirectory } from './testing/guard-stand-in.ts';

const data = makeDataDirectory();
let guard: GuardStandIn;
let api: ApiClient;
beforeAll(async () => {
  guard = await GuardStandIn.start(data.path);
  api = new ApiClient(data.path);
});
afterAll(async () => {
  api?.close();
  await guard?.stop();
  data.remove();
});

async function upload(list: 'allow' | 'deny', query: string, file: string | Uint8Array, type = 'text/csv') {
  const path = `/lists/${list}/import${query}`;
  const { status, text } = await api.call('POST', path, { body: file, headers: { 'content-type': type } });
  return { status, answer: JSON.parse(text) as FileImportAnswer & { code?: string } };
}

async function ranges(list: 'allow' | 'deny'): Promise<string[]> {
  const page = await api.json<{ items: { range: string }[] }>('GET', `/lists/${list}?overlaps=false`);
  return page.items.map(({ range }) => range);
}

const FILE = 'address,comment\n203.0.113.1,one\n203.0.113.2,two\n203.0.113.1,again\n010.0.0.1,octal\n';

describe('what the answer says', () => {
  it('a dry run names what would be added and refused, and changes nothing', async () => {
    const { status, answer } = await upload('deny', '?dryRun=true&fileName=bans.csv', FILE);
    expect(status).toBe(200);
    expect(answer).toMatchObject({ applied: false, dryRun: true, added: 2, refused: 1, duplicates: 1, total: 0 });
    expect(answer.stopped).toMatchObject({ code: 'bad-lines' });
    expect(answer.problems).toMatchObject([{ line: 5, value: '010.0.0.1' }]);
    expect(answer.plan.added).toMatchObject([
      { line: 2, after: { range: '203.0.113.1', comment: 'one' } },
      { line: 3, after: { range: '203.0.113.2' } },
    ]);
    expect(await ranges('deny')).toEqual([]);
  });

  it('a file with errors changes nothing, unless bad lines are left out', async () => {
    expect((await upload('deny', '', FILE)).answer).toMatchObject({ applied: false, dryRun: false, added: 2 });
    expect(await ranges('deny')).toEqual([]);
    const { answer } = await upload('deny', '?skipBad=true&fileName=bans.csv', FILE);
    expect(answer).toMatchObject({ applied: true, stopped: null, added: 2, refused: 1, total: 2 });
    expect(await ranges('deny')).toEqual(['203.0.113.1', '203.0.113.2']);
    const audit = await api.json('GET', '/audit?what=deny.import');
    expect(audit).toMatchObject({ items: [{ subject: 'bans.csv' }] });
  });

  it('the same file again is the same list', async () => {
    const { answer } = await upload('deny', '?skipBad=true', FILE);
    expect(answer).toMatchObject({ applied: true, added: 0, changed: 0, same: 2, total: 2 });
  });

  it('changes are named with what was before', async () => {
    const { answer } = await upload('deny', '?dryRun=true', 'address,comment\n203.0.113.2,other\n');
    expect(answer.plan.changed).toMatchObject([{ line: 2, before: { comment: 'two' }, after: { comment: 'other' } }]);
  });

  it('sets of a ruleset are taken by their names only', async () => {
    const ruleset = readFileSync(new URL('../lists/fixtures/nft-ruleset.txt', import.meta.url));
    const unasked = await upload('deny', '', ruleset, 'application/octet-stream');
    expect(unasked.answer).toMatchObject({ applied: false, format: 'nft', stopped: { code: 'several-sets' } });
    expect(unasked.answer.sets.length).toBeGreaterThan(1);
    const named = await upload('deny', '?set=tof&dryRun=true', ruleset, 'application/octet-stream');
    expect(named.answer).toMatchObject({ stopped: null, added: 1 });
    expect((await upload('deny', '?set=nobody', ruleset)).answer.stopped).toMatchObject({ code: 'set-unknown' });
  });

  it('what is no list stops the reading', async () => {
    expect((await upload('deny', '', 'name,phone\nx,1\n')).answer).toMatchObject({ applied: false, added: 0 });
    const { answer } = await upload('deny', '', 'monit_period = 60\nhit_count = 5\nblock_time = 600\n');
    expect(answer).toMatchObject({ applied: false, stopped: { code: 'settings-file' } });
  });
});

describe('who would be shut out', () => {
  it('is asked first', async () => {
    guard.registered = [{ address: '198.51.100.20', until: Date.now() + 600_000 }];
    const file = '198.51.100.0/24\n';
    expect((await upload('deny', '?dryRun=true', file)).answer.shutOut).toHaveLength(1);
    const refused = await upload('deny', '', file);
    expect([refused.status, refused.answer.code]).toEqual([409, 'needs-confirmation']);
    expect(await ranges('deny')).not.toContain('198.51.100.0/24');
    expect((await upload('deny', '?yes=true', file)).answer).toMatchObject({ applied: true, added: 1 });
    guard.registered = [];
  });
});

describe('large, cut off, and of another kind', () => {
  it('a file larger than any other request is read as it comes', async () => {
    const lines = Array.from(
      { length: 120_000 },
      (_, i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255},${'c'.repeat(40)}`,
    );
    const file = `address,comment\n${lines.join('\n')}\n`;
    expect(file.length).toBeGreaterThan(5_000_000);
    const { answer } = await upload('deny', '', file);
    expect(answer).toMatchObject({ applied: true, added: 120_000, stopped: null });
    expect(answer.plan.added).toHaveLength(200);
  });

  it('a file that is too large changes nothing and says so', async () => {
    const { status, answer } = await upload('allow', '', `203.0.113.9\n#${'x'.repeat(UPLOAD_BYTES_MAX)}\n`);
    expect(status).toBe(200);
    expect(answer).toMatchObject({ applied: false, stopped: { code: 'file-too-large' } });
    expect(await ranges('allow')).toEqual([]);
  });

  it('a connection that ends in the middle leaves the list as it was, and the next import has its turn', async () => {
    await new Promise<void>((resolve) => {
      const target = { socketPath: socketPath(data.path), method: 'POST', path: '/api/v1/lists/allow/import' };
      const cut = request({ ...target, headers: { 'content-type': 'text/csv', 'content-length': '1000' } });
      cut.on('error', () => {});
      cut.on('close', () => resolve());
      cut.write('203.0.113.9\n', () => setImmediate(() => cut.destroy()));
    });
    let again = await upload('allow', '', '203.0.113.10\n');
    for (let i = 0; i < 100 && again.answer.code === 'import-busy'; i++)
      again = await upload('allow', '', '203.0.113.10\n');
    expect(again.answer).toMatchObject({ applied: true, added: 1 });
    expect(await ranges('allow')).toEqual(['203.0.113.10']);
  });

  it('another type, no body, an unknown list or option', async () => {
    expect((await upload('deny', '', '{}', 'application/json')).status).toBe(415);
    expect((await api.call('POST', '/lists/deny/import')).status).toBe(400);
    expect((await upload('other' as 'deny', '', 'x')).status).toBe(400);
    expect((await upload('deny', '?dryrun=true', 'x')).status).toBe(400);
  });
});
