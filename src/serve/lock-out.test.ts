import { describe, expect, test } from 'vitest';
import { formatAddress, parseAddress, parseRange } from '../core/base/address.ts';
import { packRanges, type PackedRanges } from '../core/base/packed-ranges.ts';
import { compilePolicy } from '../policy/compile.ts';
import { parsePolicy } from '../policy/yaml-file.ts';
import { readConnections } from './established.ts';
import type { GuardLink } from './guard-link.ts';
import { contactsOf, lockedOut, requireConfirmation, type Contact, type Outlook } from './lock-out.ts';

const packed = (texts = ''): PackedRanges => {
  return packRanges(
    texts
      .split(',')
      .filter(Boolean)
      .map((text) => parseRange(text)!),
  );
};

interface Given {
  policy?: string;
  allow?: string;
  deny?: string;
  country?: string;
  feed?: string;
}

function outlook({ policy = '', allow, deny, country, feed }: Given = {}): Outlook {
  const parsed = parsePolicy(policy, 'p');
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors));
  const feeds = [{ name: 'a', ranges: packed(feed) }];
  const ranges = { allow: packed(allow), deny: packed(deny), country: packed(country), feeds };
  return { policy: compilePolicy(parsed.document), ranges };
}

const ADMIN: Contact = { address: parseAddress('192.0.2.7')!, what: 'your own session comes from there', port: 22 };
const PHONE: Contact = { address: parseAddress('2001:db8::7')!, what: 'phones are registered from there', port: null };
const BLOCKING = 'countries: { mode: block, list: [CN] }';
const FEED = (action: string) => `feeds: [{ name: a, file: /a, action: ${action} }]`;

describe('who a change would shut out', () => {
  test.each<[name: string, contact: Contact, before: Given, after: Given, told: string[]]>([
    ['nothing changes', ADMIN, {}, {}, []],
    // Lists.
    [
      'denied',
      ADMIN,
      {},
      { deny: '192.0.2.0/24' },
      ['192.0.2.7 would be shut out of all ports by the denylist: your own session comes from there.'],
    ],
    ['denied, but allowed', ADMIN, {}, { deny: '192.0.2.0/24', allow: '192.0.2.7' }, []],
    ['denied already', ADMIN, { deny: '192.0.2.7' }, { deny: '192.0.2.0/24' }, []],
    [
      'no longer allowed',
      ADMIN,
      { deny: '192.0.2.0/24', allow: '192.0.2.7' },
      { deny: '192.0.2.0/24' },
      ['192.0.2.7 would be shut out of all ports by the denylist: your own session comes from there.'],
    ],
    ['another family', PHONE, {}, { deny: '0.0.0.0/0' }, []],
    [
      'a phone denied',
      PHONE,
      {},
      { deny: '2001:db8::/32' },
      ['2001:db8::7 would be shut out of all ports by the denylist: phones are registered from there.'],
    ],
    // Countries: the protected ports of the protocols that are switched on.
    [
      'its country',
      ADMIN,
      { country: '192.0.2.0/24' },
      { country: '192.0.2.0/24', policy: BLOCKING },
      [
        '192.0.2.7 would be shut out of the protected ports (SIP over UDP, SIP over TCP, TFTP) by the countries: your own session comes from there.',
      ],
    ],
    [
      'its country, one protocol',
      PHONE,
      {},
      {
        country: '2001:db8::/32',
        policy: 'countries: { mode: allow, list: [CN], protocols: { sipTcp: false, tftp: false } }',
      },
      [
        '2001:db8::7 would be shut out of the protected ports (SIP over UDP) by the countries: phones are registered from there.',
      ],
    ],
    [
      'its country, no protocol',
      PHONE,
      {},
      {
        country: '2001:db8::/32',
        policy: 'countries: { mode: block, list: [CN], protocols: { sipUdp: false, sipTcp: false, tftp: false } }',
      },
      [],
    ],
    ['its country, mode off', PHONE, {}, { country: '2001:db8::/32' }, []],
    ['its country, allowed', PHONE, {}, { country: '::/0', allow: '2001:db8::7', policy: BLOCKING }, []],
    // Feeds.
    ['a feed that watches', ADMIN, { feed: '192.0.2.7' }, { feed: '192.0.2.7', policy: FEED('watch') }, []],
    [
      'a feed that blocks from now on',
      ADMIN,
      { feed: '192.0.2.7', policy: FEED('watch') },
      { feed: '192.0.2.7', policy: FEED('block') },
      ['192.0.2.7 would be shut out of the protected ports by the feed a: your own session comes from there.'],
    ],
    // Management ports: what no automatic block covers.
    [
      'its port is none any more',
      ADMIN,
      {},
      { policy: 'ports: { management: 2222 }' },
      ['192.0.2.7 could be shut out of port 22 by an automatic block: your own session comes from there.'],
    ],
    [
      'its port is none any more, but it is allowed',
      ADMIN,
      {},
      { policy: 'ports: { management: 2222 }', allow: '192.0.2.7' },
      [],
    ],
    ['its port still is one', ADMIN, {}, { policy: 'ports: { management: "20-30" }' }, []],
    ['its port never was one', { ...ADMIN, port: 2022 }, {}, { policy: 'ports: { management: 2222 }' }, []],
    // Monitor mode blocks nobody; leaving it does.
    ['denied while monitoring', ADMIN, {}, { deny: '192.0.2.7', policy: 'mode: monitor' }, []],
    [
      'protecting again',
      ADMIN,
      { deny: '192.0.2.7', policy: 'mode: monitor' },
      { deny: '192.0.2.7' },
      ['192.0.2.7 would be shut out of all ports by the denylist: your own session comes from there.'],
    ],
  ])('%s', (_name, contact, before, after, told) => {
    expect(lockedOut([contact], outlook(before), outlook(after))).toEqual(told);
  });
});

test('a confirmation is asked for once there is something to confirm, and names at most ten addresses', () => {
  expect(() => requireConfirmation([], false)).not.toThrow();
  expect(() => requireConfirmation(['x'], true)).not.toThrow();
  const error = catchError(() =>
    requireConfirmation(
      Array.from({ length: 12 }, (_, i) => `address ${i}.`),
      false,
    ),
  );
  expect(error).toMatchObject({
    outcome: 'refused',
    code: 'needs-confirmation',
    hint: expect.stringContaining('--yes'),
  });
  expect(error.message).toContain('address 9.\n  … and 2 more addresses.');
  expect(error.message).not.toContain('address 10');
});

test('contacts: the caller, the connected and the registered, each once; loopback is nobody', async () => {
  const guard = (answer: Promise<unknown>): { guard: GuardLink } => ({
    guard: { connected: true, health: null, ask: () => answer },
  });
  const sessions = [
    { address: '192.0.2.7', port: 22 },
    { address: 'nonsense', port: 22 },
    { address: '127.0.0.1', port: 22 },
  ];
  const connections = [
    { remote: parseAddress('192.0.2.7')!, localPort: 22 },
    { remote: parseAddress('192.0.2.8')!, localPort: 22 },
    { remote: parseAddress('::1')!, localPort: 22 },
  ];
  const phones = Promise.resolve([{ address: '2001:db8::7', until: 1 }]);
  const contacts = await contactsOf(guard(phones), sessions, [], connections);
  expect(contacts.map(({ address, what, port }) => `${formatAddress(address)} ${port}: ${what}`)).toEqual([
    '192.0.2.7 22: your own session comes from there',
    '192.0.2.8 22: is connected to port 22 now',
    '2001:db8::7 null: phones are registered from there',
  ]);
  // A guard that is gone takes no change anyway.
  const gone = Promise.reject(new Error('gone'));
  expect(await contactsOf(guard(gone), [], [], connections)).toHaveLength(2);
});

test('established connections, as the kernel writes them', () => {
  // Taken from /proc/net/tcp and tcp6: a listener, an SSH session, one of another port, one that is closing.
  const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   1: 0A3364C6:0016 427100CB:D431 01 00000000:00000000 02:000A0000 00000000     0        0 2 2
   2: 0A3364C6:13C4 437100CB:D431 01 00000000:00000000 02:000A0000 00000000     0        0 3 2
   3: 0A3364C6:0016 447100CB:D431 06 00000000:00000000 02:000A0000 00000000     0        0 4 2
`;
  const tcp6 = `  sl  local_address                         remote_address                        st
   0: B80D0120000000000000000010000000:0016 B80D0120000000000000000066000000:D432 01 0
   1: 0000000000000000FFFF00000A3364C6:0016 0000000000000000FFFF0000457100CB:D433 01 0
   2: garbage
`;
  const ports = [{ first: 20, last: 30 }];
  const shown = (table: string) =>
    readConnections(table, ports).map((one) => `${formatAddress(one.remote)} ${one.localPort}`);
  expect(shown(tcp)).toEqual(['203.0.113.66 22']);
  expect(shown(tcp6)).toEqual(['2001:db8::66 22', '203.0.113.69 22']);
  expect(readConnections('', ports)).toEqual([]);
});

function catchError(work: () => void): Error {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}
