/** What a list may be, what is left out of it, and which lists are refused: against a real server. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { feedsFixture, HOUR, LIST, LIST_RANGES } from './testing/feeds-fixture.ts';
import { serving } from './testing/list-server.ts';

const f = feedsFixture();

describe('what a list may be', () => {
  const rows: [what: string, text: string | Buffer, ranges: string[]][] = [
    ['plain, with remarks', '# bad ones\n198.51.100.7 # sip\n\n2001:db8:bad::/48\r\n', LIST_RANGES],
    ['FireHOL netset', '#\n# firehol_level2\n#\n198.51.100.0/25\n198.51.100.128/25\n', ['198.51.100.0/24']],
    ['Spamhaus DROP', '; Spamhaus DROP List\n198.51.100.0/24 ; SBL1\n', ['198.51.100.0/24']],
    ['CSV', 'when,ip,reason\n2026-11-22,198.51.100.7,"sip, udp"\n', ['198.51.100.7']],
    ['ipset save', 'create bad hash:net family inet\nadd bad 198.51.100.0/24\n', ['198.51.100.0/24']],
    [
      'nft list set',
      'table inet f {\n set bad {\n type ipv4_addr\n elements = { 198.51.100.7, 198.51.100.9 }\n }\n}\n',
      ['198.51.100.7', '198.51.100.9'],
    ],
    ['gzip', gzipSync(LIST), LIST_RANGES],
    ['first-last', '198.51.100.1-198.51.100.6\n', ['198.51.100.1-198.51.100.6']],
    ['some lines wrong', `${LIST}999.1.1.1\n`, LIST_RANGES],
    // A remark says that somebody meant it to be empty.
    ['empty on purpose', '# nothing today\n', []],
    ['an ipset without elements', 'create bad hash:ip family inet\n', []],
  ];
  it.each(rows)('%s', async (_what, text, ranges) => {
    f.server.behave(serving(text));
    f.use();
    await f.pass(0);
    expect(f.problem).toBeNull();
    expect(f.inForce()).toEqual(ranges);
  });

  it('wrong lines are counted and the first ones named', async () => {
    f.server.behave(serving(`${LIST}198.51.100.8\n198.51.100.9\nexample.org\n010.0.0.1\n`));
    f.use();
    await f.pass(0);
    expect(f.status).toMatchObject({ entries: 4, ranges: 2, format: 'plain', bad: { total: 2 } });
    expect(f.status.bad.first).toEqual([
      { line: 5, value: 'example.org', why: expect.stringContaining('host name') },
      { line: 6, value: '010.0.0.1', why: expect.stringContaining('leading zeros') },
    ]);
  });
});

// Evasion: what a list holds is shown in the terminals of those who look after it.
it('what a stranger wrote into a list is shown without moving the cursor', async () => {
  const hostile = '\x1b]0;owned\x07\u202e';
  f.server.behave(serving(`${hostile}\n${LIST}`));
  f.use();
  await f.pass(0);
  f.server.behave(serving(`${hostile}\n`, '"2"'));
  await f.pass(HOUR);
  expect(f.status).toMatchObject({ bad: { total: 1 }, problem: { code: 'feed-mostly-bad' } });
  expect(JSON.stringify([f.status, f.events])).toContain('\\\\x1b');
  expect(
    [f.status.bad.first[0].value, f.status.bad.first[0].why, f.problem, ...f.events.map(({ text }) => text)].join(),
  ).not.toMatch(/[\x00-\x1f\u202e]/);
});

describe('entries that no list of attackers can mean are left out and named', () => {
  const rows: [entry: string, reason: string, why: RegExp][] = [
    ['0.0.0.0/0', 'too-wide', /wider than \/8/],
    ['198.0.0.0/7', 'too-wide', /wider than \/8/],
    ['198.0.0.0-199.0.0.0', 'too-wide', /wider than \/8/],
    ['::/0', 'too-wide', /wider than \/16/],
    ['2000::/15', 'too-wide', /wider than \/16/],
    ['10.1.2.3', 'private-space', /10\.0\.0\.0\/8 \(private\)/],
    ['100.64.0.0/16', 'private-space', /100\.64\.0\.0\/10/],
    // Evasion: the private network hides in the middle.
    ['172.0.0.0/8', 'private-space', /172\.16\.0\.0\/12/],
    ['192.168.1.255-192.169.0.4', 'private-space', /192\.168\.0\.0\/16/],
    ['127.0.0.1', 'private-space', /loopback/],
    ['224.0.0.0/4', 'too-wide', /wider/],
    ['239.1.1.1', 'private-space', /multicast/],
    ['fe80::1', 'private-space', /link-local/],
    ['fc00::/8', 'too-wide', /wider/],
    ['fd00:1::/32', 'private-space', /private/],
    ['::1', 'private-space', /loopback/],
    ['203.0.113.1', 'own-address', /this machine/],
    ['203.0.113.0/24', 'own-address', /this machine/],
  ];
  it.each(rows)('%s: %s', async (entry, reason, why) => {
    f.server.behave(serving(`198.51.100.7\n${entry}\n`));
    f.use();
    await f.pass(0);
    expect(f.inForce()).toEqual(['198.51.100.7']);
    expect(f.status.refused).toEqual({
      total: 1,
      first: [{ line: 2, address: expect.any(String), reason, why: expect.stringMatching(why) }],
    });
  });

  it.each(['198.0.0.0/8', '2001::/16', '203.0.113.2', '192.167.255.255', '192.0.2.0/24'])(
    '%s is taken',
    async (entry) => {
      f.server.behave(serving(`${entry}\n`));
      f.use();
      await f.pass(0);
      expect(f.inForce()).toEqual([entry]);
    },
  );
});

describe('lists that are refused: the last good one stays, and the next good one is taken', () => {
  const html = '<!DOCTYPE html>\n<html><body>Not found: 198.51.100.9</body></html>';
  const halves = Array.from({ length: 128 }, (_, i) => `${i + 11}.0.0.0/8`).filter((text) => !/^1(00|27)\./.test(text));
  const rows: [what: string, text: string | Buffer, code: string][] = [
    ['an error page with status 200', html, 'feed-not-a-list'],
    ['a log-in without a doctype', '\n <html lang="en"><form>', 'feed-not-a-list'],
    ['prose', 'Service temporarily unavailable\nTry again later\n198.51.100.9\n', 'feed-mostly-bad'],
    ['JSON of something else', '{"error": "quota exceeded"}\n', 'feed-mostly-bad'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'feed-mostly-bad'],
    ['host names', 'a.example.org\nb.example.org\n198.51.100.9\n', 'feed-mostly-bad'],
    ['nothing', '', 'feed-empty'],
    ['blank lines', '\n\n  \r\n', 'feed-empty'],
    ['a settings file', 'monit_period = 60\nhit_count = 5\n', 'feed-not-a-list'],
    // Each entry alone would be taken.
    ['half of the Internet in pieces', `${halves.join('\n')}\n`, 'feed-too-wide'],
    ['more than bytesMax', '198.51.100.1\n'.repeat(10_000), 'feed-too-large'],
    ['a gzip bomb', gzipSync(Buffer.alloc(50_000_000, '198.51.100.1\n')), 'feed-too-large'],
  ];
  it.each(rows)('%s: %s', async (_what, text, code) => {
    await f.after(LIST, serving(text, '"2"'));
    expect(f.problem).toBe(code);
    expect(f.inForce()).toEqual(LIST_RANGES);
    expect(f.changes).toBe(1);
    f.server.behave(serving('198.51.100.99\n', '"3"'));
    await f.pass(HOUR);
    expect(f.problem).toBeNull();
    expect(f.inForce()).toEqual(['198.51.100.99']);
    expect(f.codes).toEqual([code, 'feed-recovered']);
  });

  it('a connection that ends in the middle', async () => {
    await f.after(LIST, (_, response) => {
      response.writeHead(200, { 'content-length': 5000 });
      response.write('198.51.100.1\n', () => response.destroy());
    });
    expect(f.problem).toBe('feed-truncated');
    expect(f.inForce()).toEqual(LIST_RANGES);
  });

  it('a list that has never been good is not an empty list: it is not in force at all', async () => {
    f.server.behave(serving(html));
    f.use();
    await f.pass(0);
    expect(f.inForce()).toBeNull();
    expect(f.status).toMatchObject({ state: 'waiting', confirmedAt: null });
  });
});
