/** Host names against a real name server on loopback; time is the test's own. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { formatAddress } from '../core/base/address.ts';
import { HostNames, HOST_NAMES_MAX } from './host-names.ts';
import { ADDRESSES_MAX, dnsResolve } from './resolve-host.ts';
import { startDnsServer, type DnsReply, type DnsServer } from './testing/dns-server.ts';
import { VirtualClock } from './testing/virtual-clock.ts';

const MINUTE = 60_000;
const PHONE = 'phone.example.org';

let dns: DnsServer;
let directory: string;
let clock: VirtualClock;
let events: string[];
let changes: number;
let names: HostNames;

beforeEach(async () => {
  dns = await startDnsServer();
  directory = mkdtempSync(join(tmpdir(), 'ringfence-names-'));
  clock = new VirtualClock();
  events = [];
  names = start();
});
afterEach(async () => {
  await names.close();
  await dns.close();
  rmSync(directory, { recursive: true, force: true });
});

function start(servers = [dns.address]): HostNames {
  changes = 0;
  return new HostNames({
    dataDirectory: directory,
    clock,
    random: () => 0.5,
    resolve: dnsResolve({ servers, timeoutMs: 50 }),
    changed: () => changes++,
    report: ({ code }) => events.push(code),
  });
}

const known = (name = PHONE) => (names.addresses().get(name) ?? []).map(formatAddress);
const problem = () => names.status()[0].problem?.code ?? null;
/** Each lookup plans the next one when it is over. */
const answered = () =>
  vi.waitFor(() => expect(names.status().every(({ nextAt }) => nextAt !== null)).toBe(true), { timeout: 10_000 });

async function after(ms: number, reply?: DnsReply | { a: DnsReply; aaaa: DnsReply }): Promise<void> {
  if (reply) dns.replies.set(PHONE, reply);
  clock.advance(ms);
  await answered();
}

async function look(reply: DnsReply | { a: DnsReply; aaaa: DnsReply }): Promise<void> {
  dns.replies.set(PHONE, reply);
  names.use([PHONE]);
  await answered();
}

describe('one answer', () => {
  const many = Array.from({ length: 100 }, (_, i) => `198.51.100.${i}`);
  const rows: [
    what: string,
    reply: DnsReply | { a: DnsReply; aaaa: DnsReply },
    addresses: string[],
    code: string | null,
  ][] = [
    ['both families', { a: ['198.51.100.7'], aaaa: ['2001:db8::7'] }, ['198.51.100.7', '2001:db8::7'], null],
    ['IPv4 only', { a: ['198.51.100.7'] }, ['198.51.100.7'], null],
    ['IPv6 only', { aaaa: ['2001:db8::7'] }, ['2001:db8::7'], null],
    ['the same address twice', { a: ['198.51.100.7', '198.51.100.7'] }, ['198.51.100.7'], null],
    // One family fails: the other one counts, and the name is asked again soon.
    ['AAAA fails', { a: { a: ['198.51.100.7'] }, aaaa: { rcode: 2 } }, ['198.51.100.7'], 'host-name-unresolved'],
    // Accepted, because a PBX in an office is there; reported, because a stranger's name server could say it.
    ['a private address', { a: ['192.168.1.9'] }, ['192.168.1.9'], 'host-name-private'],
    ['loopback', { a: ['127.0.0.1'] }, ['127.0.0.1'], 'host-name-private'],
    // Evasion: an answer must not put a large part of the Internet on the allowlist.
    ['100 addresses', { a: many }, [...many].sort().slice(0, ADDRESSES_MAX), 'host-name-many'],
    // Filtering name servers answer so.
    ['0.0.0.0', { a: ['0.0.0.0'], aaaa: ['::'] }, [], 'host-name-unresolved'],
    ['a name without addresses', {}, [], 'host-name-gone'],
    ['NXDOMAIN', { rcode: 3 }, [], 'host-name-gone'],
    ['SERVFAIL', { rcode: 2 }, [], 'host-name-unresolved'],
    ['REFUSED', { rcode: 5 }, [], 'host-name-unresolved'],
    ['no answer', 'silent', [], 'host-name-unresolved'],
  ];
  it.each(rows)('%s', async (_what, reply, addresses, code) => {
    await look(reply);
    expect(known()).toEqual(addresses);
    expect(problem()).toBe(code);
    expect(changes).toBe(addresses.length > 0 ? 1 : 0);
    expect(events).toEqual(code ? [code] : []);
  });
});

describe('when it is asked again', () => {
  it.each([
    ['after its time to live', 300, 5 * MINUTE],
    ['not more often than every minute', 0, MINUTE],
    ['at least every hour', 604_800, 60 * MINUTE],
  ])('%s', async (_what, ttl, pauseMs) => {
    await look({ a: ['198.51.100.7'], ttl });
    expect(names.status()[0].nextAt).toBe(clock.now() + pauseMs);
  });

  it('after failures every minute at first, then every ten', async () => {
    await look({ rcode: 2 });
    const pauses: number[] = [];
    for (let i = 0; i < 6; i++) {
      const pauseMs = names.status()[0].nextAt! - clock.now();
      pauses.push(pauseMs / MINUTE);
      await after(pauseMs);
    }
    expect(pauses).toEqual([1, 2, 4, 8, 10, 10]);
  });
});

describe('answers that change', () => {
  it('the new address replaces the old one, and only a real change is told', async () => {
    await look({ a: ['198.51.100.7', '198.51.100.8'] });
    // A server that rotates its answers has changed nothing.
    await after(5 * MINUTE, { a: ['198.51.100.8', '198.51.100.7'] });
    expect(changes).toBe(1);
    await after(5 * MINUTE, { a: ['198.51.100.9'] });
    expect(known()).toEqual(['198.51.100.9']);
    expect(changes).toBe(2);
  });

  it.each([
    ['the server fails', { rcode: 2 }, 'host-name-unresolved'],
    ['the server is silent', 'silent', 'host-name-unresolved'],
    ['the name is gone', { rcode: 3 }, 'host-name-gone'],
    ['the name has lost its addresses', {}, 'host-name-gone'],
  ] as [string, DnsReply, string][])('the last good answer stays when %s', async (_what, reply, code) => {
    await look({ a: ['198.51.100.7'], aaaa: ['2001:db8::7'] });
    await after(5 * MINUTE, reply);
    expect(known()).toEqual(['198.51.100.7', '2001:db8::7']);
    expect(problem()).toBe(code);
    await after(MINUTE, { a: ['198.51.100.9'] });
    expect(known()).toEqual(['198.51.100.9']);
    expect(problem()).toBeNull();
    expect(events).toEqual([code, 'host-name-recovered']);
    expect(changes).toBe(2);
  });

  it('a family that fails keeps its addresses while the other one changes', async () => {
    await look({ a: ['198.51.100.7'], aaaa: ['2001:db8::7'] });
    await after(5 * MINUTE, { a: { a: ['198.51.100.9'] }, aaaa: { rcode: 2 } });
    expect(known()).toEqual(['198.51.100.9', '2001:db8::7']);
  });
});

it('trouble is reported once a day, however often it is tried', async () => {
  await look({ rcode: 2 });
  for (let i = 0; i < 40; i++) await after(10 * MINUTE);
  expect(dns.questions.length).toBeGreaterThan(40);
  expect(events).toEqual(['host-name-unresolved']);
  await after(17.5 * 60 * MINUTE);
  expect(events).toEqual(['host-name-unresolved', 'host-name-unresolved']);
});

describe('a restart', () => {
  it('without name servers: the last good answers are in force at once', async () => {
    await look({ a: ['198.51.100.7'] });
    await names.close();
    names = start(['127.0.0.1:9']);
    names.use([PHONE]);
    expect(known()).toEqual(['198.51.100.7']);
    expect(changes).toBe(1);
    await answered();
    expect(known()).toEqual(['198.51.100.7']);
  });

  it('with a damaged file: the names are looked up', async () => {
    writeFileSync(join(directory, 'host-names.json'), '{"format":1,"names":');
    await look({ a: ['198.51.100.7'] });
    expect(known()).toEqual(['198.51.100.7']);
  });

  it('the answers of a name that was taken off the list are not kept', async () => {
    await look({ a: ['198.51.100.7'] });
    names.use([]);
    expect(names.addresses().size).toBe(0);
    await names.close();
    expect(readFileSync(join(directory, 'host-names.json'), 'utf8')).not.toContain(PHONE);
  });
});

describe('many names', () => {
  it('case and the final dot make no other name', async () => {
    dns.replies.set(PHONE, { a: ['198.51.100.7'] });
    names.use(['Phone.Example.org.', PHONE]);
    await answered();
    expect([...names.addresses().keys()]).toEqual([PHONE]);
  });

  it('a thousand at the start reach the name server a few at a time, and all are answered', async () => {
    const all = Array.from({ length: HOST_NAMES_MAX + 1 }, (_, i) => `p${i}.example.org`);
    for (const name of all) dns.replies.set(name, { a: ['198.51.100.7'] });
    names.use(all);
    expect(dns.questions.length).toBeLessThan(20);
    await vi.waitFor(() => expect(names.addresses().size).toBe(HOST_NAMES_MAX), { timeout: 20_000 });
    expect(events).toEqual(['host-names-too-many']);
  });

  it('nothing runs after close', async () => {
    await look({ a: ['198.51.100.7'] });
    dns.replies.set(PHONE, 'silent');
    clock.advance(5 * MINUTE);
    await names.close();
    expect(clock.timers).toBe(0);
  });
});
