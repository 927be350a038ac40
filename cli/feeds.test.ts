/** `ringfence feeds …` as people and scripts use it: a real process, a real console, a real server with lists. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countRanges } from '../src/core/base/packed-ranges.ts';
import { serving, startListServer, type ListServer } from '../src/feeds/testing/list-server.ts';
import { GuardStandIn, health, makeDataDirectory } from '../src/serve/testing/guard-stand-in.ts';
import { runCli } from '../src/serve/testing/run-cli.ts';

const LIST = '198.51.100.7\n203.0.113.0/28\n10.0.0.1\n\x1b]0;owned\x07\n';
const data = makeDataDirectory();
/** A list that lies elsewhere than the daemon's own files. */
const elsewhere = mkdtempSync(join(tmpdir(), 'ringfence-cli-feeds-'));
const list = join(elsewhere, 'list.txt');
let server: ListServer;
let guard: GuardStandIn;

beforeAll(async () => {
  server = await startListServer();
  server.behave((request, response) => {
    if (request.url === '/page') response.end('<!doctype html><title>\x1b]0;owned\x07</title>');
    else if (request.url?.startsWith('/sip')) serving(LIST)(request, response);
    else response.writeHead(404).end();
  });
  guard = await GuardStandIn.start(data.path);
  writeFileSync(list, '192.0.2.66\n');
});
afterAll(async () => {
  await guard?.stop();
  await server.close();
  data.remove();
  rmSync(elsewhere, { recursive: true });
});

const cli = (...args: string[]) => runCli(['--data', data.path, ...args]);

describe('in the order in which a person would try them', () => {
  const rows: [command: string, code: number, says: RegExp][] = [
    ['feeds', 0, /^No feeds\. Add one: ringfence feeds add NAME URL$/m],
    ['feeds refresh', 0, /^No feeds\./],
    ['feeds add sip URL/sip.txt?key=s3cret', 0, /^Feed sip is added, policy version 1\.\nsip: 2 entries in force\.$/m],
    ['feeds add sip URL/sip.txt?key=s3cret', 0, /^Feed sip is there already\./],
    ['feeds add sip URL/sip.txt?key=s3cret --action watch --every 30m', 0, /^Feed sip is changed, policy version 2/],
    [
      'feeds add page URL/page',
      0,
      /added.*! page: it is a web page, not a list of addresses.*nothing of it is in force/s,
    ],
    // The guard has not reported, so it is 1; what is wrong with feeds is told all the same.
    ['status', 1, /! Feed page: it is a web page.*nothing of it is in force.*See ringfence feeds show page/s],
    ['feeds add local LIST', 0, /local: 1 entry in force/],
    ['feeds', 0, /^NAME +ACTION +ENTRIES +HITS +CONFIRMED.*^sip +watch +2 +- .*^local +block +1 /ms],
    ['feeds', 0, /! page: it is a web page, not a list of addresses/],
    ['feeds show sip', 0, /every +30 min.*entries +2 in 2 ranges \(read as plain\)/s],
    [
      'feeds show sip',
      0,
      /no entries +1 line\n.*line 4: \\x1b\].*left out +1 entry\n.*10\.0\.0\.1: covers 10\.0\.0\.0\/8/s,
    ],
    ['allow add 203.0.113.8 --comment trunk', 0, /allowlist/],
    ['feeds show sip', 0, /allowed anyway +1 range\n +203\.0\.113\.8: allowlist 203\.0\.113\.8 \(trunk\)/],
    ['feeds refresh sip', 0, /^sip: 2 entries in force\.$/m],
    ['feeds refresh', 1, /! page: it is a web page/],
    ['policy history', 0, /feed sip added/],
    // 1: understood, and the answer is no.
    ['feeds show other', 1, /There is no feed other\..*There are: sip, page, local/s],
    ['feeds refresh other', 1, /There is no feed other/],
    ['feeds remove other', 1, /There is no feed other/],
    // 2: wrong use.
    ['feeds add Sip! URL/sip.txt', 2, /write lower-case letters, digits/],
    ['feeds add sip ftp://lists.example.org/a', 2, /only https and http are fetched/],
    ['feeds add sip URL/sip.txt --action drop', 2, /Allowed choices are block, watch/],
    ['feeds add sip URL/sip.txt --every 60', 2, /60 has no unit: write 60s/],
    ['feeds remove page', 0, /Feed page is removed/],
    ['feeds remove local', 0, /nothing of it is in force any more/],
    ['feeds', 0, /^NAME[^\n]*\nsip[^\n]*\n$/],
  ];
  it.each(rows)('ringfence %s → %d', async (command, code, says) => {
    const words = command.replace('URL', server.url).replace('LIST', list).split(' ');
    const result = await cli(...words);
    expect(result.stdout + result.stderr).toMatch(says);
    expect(result.code).toBe(code);
    // Nothing of a key, and nothing that a terminal would obey.
    expect(result.stdout + result.stderr).not.toMatch(/s3cret|\x1b/);
  });
});

it('--json has everything, with the hits that the guard counted', async () => {
  const counted = { ranges: 2, loadedAt: 1, loading: null, packets: 4321 };
  const report = health();
  const lists = { ...report.lists, feeds: [{ name: 'sip', ...counted }] };
  await guard.stored({ type: 'health', health: { ...report, lists } });
  const { stdout } = await cli('feeds', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ feeds: [{ name: 'sip', hits: 4321, state: 'current' }], hostNames: [] });
  expect((await cli('feeds')).stdout).toMatch(/^sip +watch +2 +4,321 /m);
});

it('what is in force has reached the guard', async () => {
  const sent = guard.orders.flatMap(({ ranges }) => ranges.feeds ?? []).filter(({ name }) => name === 'sip');
  expect(countRanges(sent.at(-1)!.ranges)).toBe(2);
});
