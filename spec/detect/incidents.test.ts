/**
 * What an incident says of an attack, beside that it happened: when it began, how often, which users – also where the finding is proved
 * only later, and where other packets of the same source came first.
 */
import { describe, expect, test } from 'vitest';
import { parseRange } from '../../src/core/base/address.ts';
import { flood, inviteFlood, svcrack, svmap, svwar } from '../traffic/attacks.ts';
import { endpoint, inbound, oneWay, outbound, START, type Traffic } from '../traffic/datagram.ts';
import { udpFrames } from '../traffic/packets.ts';
import { Registrar } from '../traffic/registrar.ts';
import { PHONES } from '../traffic/shapes.ts';
import { tftpWalk } from '../traffic/tftp.ts';
import { harmful, run, type RunOptions } from './run.ts';

const source = endpoint('203.0.113.66', 5071);
const pbxAt = endpoint('192.0.2.10', 5060);
const serve = (options = {}) => new Registrar({ endpoint: pbxAt, ...options });
const shape = PHONES.snom;

const incidentOf = (traffic: Traffic, kind: string, options?: RunOptions) =>
  run(udpFrames(traffic), options).incidents.find((one) => one.kind === kind);

describe('the whole attack, not only what came after the crossing', () => {
  test('users asked for with no answer', () => {
    const scan = svwar({ source, pbx: serve(), count: 80, rate: 20, method: 'REGISTER', shape });
    const incident = incidentOf(oneWay(scan), 'enumeration')!;
    // The first user of a source is kept as a number only.
    expect(incident).toMatchObject({ finding: 'enumeration.users-pending', usersTotal: 63, count: 64 });
    expect(incident.users.slice(0, 3)).toEqual(['1001', '1002', '1003']);
    expect(incident.first).toBeLessThan(START + 200);
  });

  test('users asked for with no answer, by a suspicious user agent: the lowered threshold counts here, too', () => {
    const suspicious = { ...shape, userAgent: 'sipsak 0.9.8' };
    const scan = svwar({ source, pbx: serve(), count: 60, rate: 20, method: 'REGISTER', shape: suspicious });
    expect(incidentOf(oneWay(scan), 'enumeration')?.finding).toBe('enumeration.users-pending');
    const plain = svwar({ source, pbx: serve(), count: 60, rate: 20, method: 'REGISTER', shape });
    expect(incidentOf(oneWay(plain), 'enumeration')).toBeUndefined();
  });

  test('users challenged and abandoned', () => {
    const scan = svwar({ source, pbx: serve({ unknownUser: 401 }), count: 100, rate: 20, method: 'REGISTER', shape });
    const incident = incidentOf(scan, 'enumeration')!;
    expect(incident.finding).toBe('enumeration.users-abandoned');
    expect(incident.users.slice(0, 3)).toEqual(['1001', '1002', '1003']);
    expect(incident.first).toBeLessThan(START + 200);
  });

  test('a flood: every message, from the first, although a block makes the count begin anew', () => {
    const incident = incidentOf(flood({ source, pbx: serve(), count: 1500, rate: 500, shape }), 'flood')!;
    expect(incident).toMatchObject({ count: 1500, first: START });
  });

  test('calls', () => {
    const calls = inviteFlood({ source, pbx: serve({ callStatus: () => 180 }), count: 50, rate: 20, shape });
    expect(incidentOf(calls, 'invite-limit')).toMatchObject({ count: 50, first: START });
  });

  test('a TFTP walk: a name that is refused is one attempt, not two', () => {
    const server = endpoint('192.0.2.10', 69);
    const incident = incidentOf(tftpWalk({ source, server, count: 40, rate: 10 }), 'tftp-bruteforce')!;
    expect(incident.count).toBe(40);
    // The refusals come from the transfer's own port; the service that was attacked is the one that was asked.
    expect(incident).toMatchObject({ finding: 'tftp-bruteforce.files-refused', victimPort: 69 });
  });
});

test('several victims: each incident counts what its own victim received', () => {
  const guests = [20, 21, 22].map((last) => endpoint(`192.0.2.${last}`, 5060));
  const traffic = guests.flatMap((guest, i) =>
    svcrack({
      source,
      pbx: new Registrar({ endpoint: guest }),
      count: 9,
      rate: 20,
      user: '1001',
      shape,
      at: START + i * 1000,
    }),
  );
  const counts = run(udpFrames(traffic)).incidents.map(({ victim, count }) => [victim, count]);
  expect(counts).toEqual([
    ['192.0.2.20', 8],
    ['192.0.2.21', 8],
    ['192.0.2.22', 8],
  ]);
});

interface Fields {
  call: number;
  method: string;
  user?: string;
  credentials?: string;
  more?: string;
}

const request = ({ call, method, user = '100', credentials, more = '' }: Fields) =>
  `${method} sip:${user}@192.0.2.10 SIP/2.0\r\nVia: SIP/2.0/UDP 203.0.113.66:5071;branch=z9hG4bK${method}${call}\r\n` +
  `From: <sip:100@192.0.2.10>;tag=f${call}\r\nTo: <sip:${user}@192.0.2.10>\r\nCall-ID: c${call}\r\nCSeq: ${call} ${method}\r\n${more}` +
  (credentials === undefined
    ? ''
    : `Authorization: Digest username="100",realm="pbx",nonce="${credentials}",uri="sip:x",response="${call}"\r\n`) +
  'Content-Length: 0\r\n\r\n';

const answer = ({ call, method, user = '100' }: Fields, status: number) =>
  `SIP/2.0 ${status} Said\r\nVia: SIP/2.0/UDP 203.0.113.66:5071;branch=z9hG4bK${method}${call}\r\n` +
  `From: <sip:100@192.0.2.10>;tag=f${call}\r\nTo: <sip:${user}@192.0.2.10>;tag=t\r\nCall-ID: c${call}\r\nCSeq: ${call} ${method}\r\n` +
  (status === 401 ? `WWW-Authenticate: Digest realm="pbx",nonce="n${call}"\r\n` : '') +
  'Content-Length: 0\r\n\r\n';

/** Each is asked and answered, 0.2 s apart. */
const exchanges = (list: [Fields, status: number][]): Traffic =>
  list.flatMap(([fields, status], i) => [
    inbound(START + i * 200, source, pbxAt, request(fields)),
    outbound(START + i * 200 + 5, pbxAt, source, answer(fields, status)),
  ]);

const guesses = (count: number, of: (i: number) => [Fields, number][]) =>
  exchanges(Array.from({ length: count }, (_, i) => of(i)).flat());

describe('invented credentials that nobody checks buy nothing', () => {
  // OPTIONS is answered 200 whatever it carries: it neither proves an account nor makes the next nonce a known one.
  test.each(['REGISTER', 'INVITE', 'SUBSCRIBE'])('an OPTIONS between the guesses by %s', (method) => {
    const traffic = guesses(12, (i) => [
      [{ call: 4 * i, method }, 401],
      [{ call: 4 * i + 1, method: 'OPTIONS', credentials: `n${4 * i}` }, 200],
      [{ call: 4 * i + 2, method, credentials: `n${4 * i}` }, 401],
    ]);
    const kind = method === 'REGISTER' ? 'register-bruteforce' : 'auth-bruteforce';
    expect(harmful(run(udpFrames(traffic)).verdicts)[0]).toMatchObject({ kind, action: 'block', count: 5 });
  });

  test('an OPTIONS before refusals by 403', () => {
    const traffic = guesses(12, (i) => [
      [{ call: 3 * i, method: 'OPTIONS', credentials: 'n' }, 200],
      [{ call: 3 * i + 1, method: 'INVITE', credentials: 'n' }, 403],
    ]);
    expect(harmful(run(udpFrames(traffic)).verdicts)[0]).toMatchObject({ kind: 'auth-bruteforce', count: 5 });
  });
});

test('a customer who got in and dials numbers that do not exist looks for nobody', () => {
  const got: [Fields, number][] = [
    [{ call: 1, method: 'REGISTER' }, 401],
    [{ call: 2, method: 'REGISTER', credentials: 'n1' }, 200],
  ];
  const dialled = Array.from({ length: 40 }, (_, i): [Fields, number] => [
    { call: 10 + i, method: 'INVITE', user: `0049${i}`, credentials: 'n1' },
    404,
  ]);
  expect(run(udpFrames(exchanges([...got, ...dialled]))).verdicts).toEqual([]);
  expect(harmful(run(udpFrames(exchanges(dialled))).verdicts)[0]).toMatchObject({ kind: 'enumeration' });
});

test('two user agents: the one that is shown is the scanner', () => {
  const more = 'User-Agent: Yealink SIP-T46U\r\nUser-Agent: friendly-scanner\r\n';
  const incident = incidentOf(exchanges([[{ call: 1, method: 'OPTIONS', more }, 200]]), 'scanner-agent')!;
  expect(incident.userAgent).toBe('friendly-scanner');
});

test('replay: a source on the denylist is told about, and what it sends is dropped', () => {
  const scan = svmap({ source, pbx: serve(), count: 20, rate: 20 });
  const { verdicts, incidents } = run(udpFrames(scan), { deny: [parseRange('203.0.113.0/24')!], simulateDrops: true });
  expect(verdicts[0]).toMatchObject({ action: 'deny', reason: 'denylisted', until: null });
  expect(incidents.reduce((sum, one) => sum + one.dropped, 0)).toBe(19);
  // Live the kernel drops it; nothing is to be decided again.
  expect(run(udpFrames(scan), { deny: [parseRange('203.0.113.0/24')!] }).verdicts).toEqual([]);
});
