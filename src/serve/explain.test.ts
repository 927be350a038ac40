/**
 * `explain` for every rule that can let an address in or keep it out: which rule it is, which entry of it, and until when. A real store,
 * real country data, a real feed out of a file, a guard that knows its own address.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAddress } from '../core/base/address.ts';
import type { GuardRequest } from '../channel/protocol.ts';
import { Feeds } from '../feeds/feeds.ts';
import { CountryData } from '../geo/country-data.ts';
import { openStore } from '../store/sqlite/open.ts';
import type { Store } from '../store/store.ts';
import type { ExplainAnswer } from './answers.ts';
import type { OperationsContext } from './context.ts';
import { explain } from './explain.ts';
import { documentOf } from './policy.ts';
import { blockRecord, explanation, OWN_ADDRESS } from './testing/guard-stand-in.ts';

const NOW = Date.UTC(2026, 5, 20);
const HOUR = 3_600_000;
const COUNTRIES = '5.0.0.0/24,DE\n5.0.1.0/24,RU\n2a00:2::/32,RU\n';
const POLICY = `
countries: { mode: block, list: [RU], protocols: { sipUdp: true, sipTcp: true, tftp: false } }
guests: [198.51.100.0/24]
feeds:
  - { name: voip, file: FEED }
  - { name: trial, file: TRIAL, action: watch }
`;

const directory = mkdtempSync(join(tmpdir(), 'ringfence-explain-'));
let store: Store;
let geo: CountryData;
let feeds: Feeds;
let context: OperationsContext;
const asked = (address: string) => explain(context, address);

beforeAll(async () => {
  const file = (name: string, text: string) => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };
  const policy = POLICY.replace('FEED', file('feed.txt', '203.0.113.0/28\n5.0.1.2\n8.8.8.8\n')).replace(
    'TRIAL',
    file('trial.txt', '203.0.113.64\n'),
  );
  store = openStore(directory, { now: NOW });
  store.policySet(policy, { now: NOW, by: 'test' });
  geo = new CountryData({ directory });
  await geo.start();
  await geo.update({ file: file('countries.csv', COUNTRIES), acceptLoss: true });
  feeds = new Feeds({ dataDirectory: directory, changed: () => {}, report: () => {}, own: () => [] });
  feeds.use(documentOf(policy).feeds);
  await Promise.all(['voip', 'trial'].map((name) => feeds.refresh(name)));
  const ask = ({ ask: what, ...rest }: GuardRequest) =>
    what === 'explain' ? Promise.resolve(explanation((rest as { address: string }).address)) : Promise.resolve(null);
  const hostNames = { addresses: () => new Map([['sip.example.org', [parseAddress('8.8.8.8')!]]]) };
  context = {
    ...{ store, geo, feeds, hostNames, now: () => NOW },
    guard: { ask, connected: true, health: null },
  } as unknown as OperationsContext;
  const by = { now: NOW, by: 'anna' };
  const allow = (range: string, comment = '', until: number | null = null) =>
    store.listAdd('allow', [{ range, comment, until }], by);
  const deny = (range: string, comment = '', until: number | null = null) =>
    store.listAdd('deny', [{ range, comment, until }], by);
  allow('192.0.2.0/28', 'our trunk');
  allow('192.0.2.16', 'for the fair', NOW + HOUR);
  allow('sip.example.org', 'the carrier');
  allow('5.0.1.9');
  deny('192.0.2.0/24', 'all of them');
  deny('192.0.2.128/25', 'half of them', NOW + HOUR);
  deny('2001:db8::/32', 'first', NOW + HOUR);
  deny('2001:db8::1-2001:db8::9', 'second', NOW + 2 * HOUR);
  store.applyReports([
    { type: 'blocked', block: blockRecord({ address: '9.9.9.9', since: NOW, until: NOW + HOUR }) },
    { type: 'blocked', block: blockRecord({ address: '203.0.113.3', since: NOW, until: NOW + HOUR }) },
  ]);
});
afterAll(async () => {
  await feeds.close();
  await geo.close();
  store.close();
  rmSync(directory, { recursive: true, force: true });
});

type Row = [address: string, now: ExplainAnswer['now'], reason: string | null, until: number | null, says: RegExp];

describe('the rule that decides is named, with the entry and its end', () => {
  const rows: Row[] = [
    // The allowlist wins over the denylist that covers the same address; the narrowest entry is named with its comment.
    ['192.0.2.5', 'allow', 'allowlisted', null, /192\.0\.2\.0\/28, “our trunk”/],
    ['192.0.2.16', 'allow', 'allowlisted', NOW + HOUR, /192\.0\.2\.16, “for the fair”/],
    // Allowed by name, and stronger than a feed.
    ['8.8.8.8', 'allow', 'allowlisted', null, /sip\.example\.org/],
    // Stronger than a country.
    ['5.0.1.9', 'allow', 'allowlisted', null, /5\.0\.1\.9/],
    [OWN_ADDRESS, 'allow', 'own-address', null, /an address of this machine/],
    // One entry of two lasts for ever.
    ['192.0.2.200', 'deny', 'denylisted', null, /192\.0\.2\.128\/25, “half of them”/],
    // Both end; the later end counts.
    ['2001:db8::5', 'deny', 'denylisted', NOW + 2 * HOUR, /2001:db8::1-2001:db8::9, “second”/],
    ['2001:db8:1::', 'deny', 'denylisted', NOW + HOUR, /2001:db8::\/32, “first”/],
    ['9.9.9.9', 'block', 'register-bruteforce.bad-registrations', NOW + HOUR, /by a verdict/],
    // A block comes before a feed and is stronger: all ports.
    ['203.0.113.3', 'block', 'register-bruteforce.bad-registrations', NOW + HOUR, /by a verdict/],
    ['203.0.113.4', 'block', 'feed', null, /the feed voip lists it.*SIP over UDP, SIP over TCP, TFTP/],
    // A feed comes before a country, and closes one protocol more.
    ['5.0.1.2', 'block', 'feed', null, /the feed voip lists it/],
    [
      '5.0.1.3',
      'block',
      'country',
      null,
      /Russia is one of the blocked countries.*SIP over UDP, SIP over TCP\b(?!, TFTP)/,
    ],
    ['2a00:2::1', 'block', 'country', null, /Russia/],
    ['5.0.0.1', 'pass', null, null, /Not blocked/],
    ['10.0.0.1', 'pass', null, null, /Not blocked/],
    // A feed that is only watched.
    ['203.0.113.64', 'pass', null, null, /the feed trial lists it and is only watched/],
    ['198.51.100.9', 'pass', null, null, /guest/],
  ];
  it.each(rows)('%s: %s, %s', async (address, now, reason, until, says) => {
    const answer = await asked(address);
    expect(answer.because).toMatch(says);
    expect({ now: answer.now, reason: answer.reason, until: answer.until }).toEqual({ now, reason, until });
  });
});

describe('what is overruled is told, too', () => {
  it('every entry that covers the address, of both lists, the widest first', async () => {
    const { entries } = await asked('192.0.2.200');
    expect(entries.map(({ list, range, comment }) => [list, range, comment])).toEqual([
      ['deny', '192.0.2.0/24', 'all of them'],
      ['deny', '192.0.2.128/25', 'half of them'],
    ]);
    expect((await asked('192.0.2.5')).entries.map(({ list, range }) => [list, range])).toEqual([
      ['allow', '192.0.2.0/28'],
      ['deny', '192.0.2.0/24'],
    ]);
    expect((await asked('8.8.8.8')).entries).toMatchObject([
      { list: 'allow', range: 'sip.example.org', comment: 'the carrier', addedBy: 'anna' },
    ]);
  });

  it('every feed that lists it, and its country', async () => {
    expect((await asked('8.8.8.8')).feeds).toEqual([{ name: 'voip', action: 'block' }]);
    expect((await asked('203.0.113.64')).feeds).toEqual([{ name: 'trial', action: 'watch' }]);
    expect((await asked('5.0.1.9')).place).toMatchObject({ country: 'RU', outcome: 'allowlisted' });
    expect((await asked('10.0.0.1')).place).toMatchObject({ country: null, outcome: 'special' });
  });
});

describe('monitor mode', () => {
  it('says what waits for mode protect, and by which rule', async () => {
    const { text } = store.policyCurrent();
    const { version } = store.policySet(`mode: monitor\n${text}`, { now: NOW, by: 'test' });
    expect(await asked('203.0.113.4')).toMatchObject({
      ...{ now: 'watch', reason: 'monitor-only', until: null },
      because: expect.stringContaining('the feed voip lists it') as string,
    });
    store.policyRollback(version - 1, { now: NOW, by: 'test' });
  });
});
