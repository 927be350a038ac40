/** Countries as people ask about them: a real store, real data out of a file, a guard that knows whose phones are registered. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAddress } from '../core/base/address.ts';
import type { GuardRequest } from '../channel/protocol.ts';
import type { Incident } from '../core/judge/incident.ts';
import { CountryData } from '../geo/country-data.ts';
import { openStore } from '../store/sqlite/open.ts';
import type { Store } from '../store/store.ts';
import { geoCountries, geoLookup, geoStatus, geoUpdate } from './geo.ts';
import type { OperationsContext } from './context.ts';
import { geoPreview } from './geo-preview.ts';
import { sampleIncident } from './testing/samples.ts';

const NOW = Date.UTC(2026, 5, 20);
const DAY = 86_400_000;
const CSV = `5.0.0.0/24,DE
5.0.1.0/24,RU
5.0.2.0/24,CN
2a00:1::/32,DE
2a00:2::/32,RU
`;
const OFF = 'countries: { mode: off }';
const BLOCK = 'countries: { mode: block, list: [RU] }';
const ALLOW = 'countries: { mode: allow, list: [DE], unknown: block }';

const directory = mkdtempSync(join(tmpdir(), 'ringfence-geo-'));
const file = join(directory, 'countries.csv');
let store: Store;
let geo: CountryData;
let context: OperationsContext;
let broughtIn = 0;
let registered: { address: string; until: number }[] | null = [];

beforeAll(async () => {
  writeFileSync(file, CSV);
  store = openStore(directory, { now: NOW });
  geo = new CountryData({ directory });
  await geo.start();
  await geo.update({ file, acceptLoss: true });
  const guard = {
    connected: true,
    health: null,
    ask: ({ ask }: GuardRequest) =>
      ask === 'registered' && registered ? Promise.resolve(registered) : Promise.reject(new Error('no answer')),
  };
  // Only what these operations use.
  const hostNames = { addresses: () => new Map([['phones.example', [parseAddress('2a00:2::99')!]]]) };
  const ranges = { countriesInForce: async () => void broughtIn++ };
  const dataDirectory = join(directory, 'data');
  context = { store, geo, guard, hostNames, ranges, dataDirectory, now: () => NOW } as unknown as OperationsContext;
  store.listAdd('allow', [{ range: '5.0.1.9' }], { now: NOW, by: 'test' });
  const attack = (id: string, source: string, given: Partial<Incident> = {}) => ({
    incident: sampleIncident(NOW, { id, source, last: NOW - DAY, first: NOW - DAY, ...given }),
    evidence: [],
  });
  store.applyReports([
    {
      type: 'incidents',
      changes: [
        attack('a', '5.0.1.1'),
        attack('b', '5.0.1.1'),
        attack('c', '5.0.2.1'),
        attack('d', '5.0.0.1'),
        attack('e', '5.0.1.9'),
        attack('f', '2a00:2::1', { kind: 'tftp-bruteforce' }),
        attack('old', '5.0.2.2', { first: NOW - 30 * DAY, last: NOW - 30 * DAY }),
        attack('nowhere', '9.9.9.9'),
      ],
    },
  ]);
});
afterAll(async () => {
  await geo.close();
  store.close();
  rmSync(directory, { recursive: true, force: true });
});

const use = (text: string) => store.policySet(`${text}\n`, { now: NOW, by: 'test' });

describe('lookup says where an address is and what the rule makes of it', () => {
  const rows: [policy: string, address: string, country: string | null, outcome: string, because: RegExp][] = [
    [OFF, '5.0.1.1', 'RU', 'off', /countries\.mode is off/],
    [
      BLOCK,
      '5.0.1.1',
      'RU',
      'blocked',
      /^Russia is one of the blocked countries: blocked on the ports of SIP over UDP, SIP over TCP, TFTP\.$/,
    ],
    [BLOCK, '5.0.0.1', 'DE', 'passes', /^Germany is not one of the blocked countries: it passes\.$/],
    [BLOCK, '9.9.9.9', null, 'passes', /no country \(countries\.unknown is pass\)/],
    [BLOCK, '5.0.1.9', 'RU', 'allowlisted', /allowlist, which wins/],
    // By its host name.
    [BLOCK, '2a00:2::99', 'RU', 'allowlisted', /allowlist, which wins/],
    [BLOCK, '10.0.0.1', null, 'special', /private or special/],
    [ALLOW, '5.0.0.1', 'DE', 'passes', /^Germany is one of the allowed countries: it passes/],
    [ALLOW, '5.0.2.1', 'CN', 'blocked', /^China is not one of the allowed countries: blocked/],
    [ALLOW, '9.9.9.9', null, 'blocked', /unknown is block/],
    [ALLOW, 'fe80::1', null, 'special', /private or special/],
    [ALLOW, '2a00:2::7', 'RU', 'blocked', /Russia/],
  ];
  it.each(rows)('%s: %s', (policy, address, country, outcome, because) => {
    use(policy);
    const [answer] = geoLookup(context, { addresses: [address] });
    expect(answer).toMatchObject({ address, country, outcome, because: expect.stringMatching(because) as string });
  });

  it('refuses what is no address, with its place', () => {
    expect(() => geoLookup(context, { addresses: ['5.0.0.1', '300.1.1.1'] })).toThrow(
      /addresses\.1: "300" is no octet/,
    );
  });
});

describe('status and countries', () => {
  it('what the rule blocks, in ranges', () => {
    use(BLOCK);
    expect(geoStatus(context)).toMatchObject({
      rule: { mode: 'block', list: ['RU'], unknown: 'pass' },
      blocked: { rangesV4: 1, rangesV6: 1 },
      inUse: { provider: 'file', source: file, countries: 3 },
    });
  });

  it.each([
    [OFF, []],
    [BLOCK, ['RU']],
    [ALLOW, ['CN', 'RU']],
  ])('%s: each country with its size, blocked or not', (policy, blocked) => {
    use(policy);
    const rows = geoCountries(context);
    expect(rows.map((row) => row.code)).toEqual(['CN', 'DE', 'RU']);
    expect(rows.filter((row) => row.blocked).map((row) => row.code)).toEqual(blocked);
    expect(rows[1]).toMatchObject({ name: 'Germany', addressesV4: 256, networksV6: 2 ** 32 });
  });
});

describe('update', () => {
  it('a file that loses too much is refused, with the figures and the way out; the data stay', async () => {
    const small = join(directory, 'small.csv');
    writeFileSync(small, CSV.split('\n').slice(1).join('\n'));
    await expect(geoUpdate(context, { file: small })).rejects.toMatchObject({
      code: 'geo-shrunk',
      outcome: 'refused',
      message: expect.stringMatching(/2 IPv4 ranges, those in use 3: 33\.3 % fewer/) as string,
      hint: expect.stringMatching(/--accept-loss/) as string,
    });
    expect(geoCountries(context)).toHaveLength(3);
    expect(broughtIn).toBe(0);
  });

  it('answers when the kernel holds the countries as they are now', async () => {
    expect(await geoUpdate(context, { file })).toMatchObject({ changed: true });
    expect(broughtIn).toBe(1);
  });

  it('a file that is none is wrong use', async () => {
    const input = { file: join(directory, 'nowhere.csv') };
    await expect(geoUpdate(context, input)).rejects.toMatchObject({ code: 'geo-file-missing', outcome: 'usage' });
    const own = { file: join(context.dataDirectory, 'notify-secrets.json') };
    await expect(geoUpdate(context, own)).rejects.toMatchObject({ code: 'own-file', outcome: 'refused' });
    await expect(geoUpdate(context, { file: 'relative.csv' })).rejects.toMatchObject({ code: 'bad-input' });
  });
});

describe('preview: what a change would have blocked, before it is made', () => {
  it('attacks of the last days that would have been stopped; the allowlist, other protocols and old ones left out', async () => {
    use('countries: { mode: off, protocols: { tftp: false } }');
    const answer = await geoPreview(context, { mode: 'block', list: ['RU', 'CN'], since: NOW - 7 * DAY });
    expect(answer.attacks).toMatchObject({
      seen: { sources: 6, incidents: 7 },
      stopped: { sources: 2, incidents: 3 },
      letIn: { sources: 0, incidents: 0 },
      byCountry: [
        { country: 'RU', name: 'Russia', sources: 1, incidents: 2 },
        { country: 'CN', name: 'China', sources: 1, incidents: 1 },
      ],
    });
    expect(answer.attacks.top.map((one) => one.address)).toEqual(['5.0.1.1', '5.0.2.1']);
    // Neighbours in IPv4, joined and then cut by the allowlist’s address; one range in IPv6, cut by its host name.
    expect(answer.ranges).toEqual({ before: 0, after: 4 });
    expect(geoStatus(context).rule.mode).toBe('off');
  });

  it('attackers that a milder rule would let in', async () => {
    use(BLOCK);
    const { attacks } = await geoPreview(context, { mode: 'block', list: ['CN'] });
    expect(attacks).toMatchObject({ stopped: { incidents: 1 }, letIn: { sources: 2, incidents: 3 } });
  });

  it('registered phones that would be locked out', async () => {
    use(OFF);
    registered = ['5.0.0.1', '5.0.1.9', '5.0.2.1', '192.168.1.20'].map((address) => ({ address, until: NOW + 1000 }));
    const answer = await geoPreview(context, { mode: 'allow', list: ['DE'], unknown: 'block' });
    expect(answer.registered).toMatchObject({
      seen: 4,
      lockedOutCount: 1,
      lockedOut: [{ address: '5.0.2.1', country: 'CN' }],
    });
    expect(answer.notKnown.join(' ')).toMatch(/who called without registering/);
  });

  it('says what is not known', async () => {
    registered = null;
    const { registered: answer, notKnown } = await geoPreview(context, { mode: 'block', list: ['RU'] });
    expect(answer.seen).toBeNull();
    expect(notKnown.join(' ')).toMatch(/guard did not say/);
  });

  const wrong: [input: unknown, says: RegExp][] = [
    [{ mode: 'block', list: ['UK'] }, /list\.0: "UK" is no country code: write GB/],
    [{ mode: 'block', list: ['Germnay'] }, /write DE for Germany/],
    [{ mode: 'blok' }, /mode: expected one of off, block, allow/],
    [{ mode: 'allow', list: [] }, /mode allow needs countries: .*nobody else would get in/],
  ];
  it.each(wrong)('%j', async (input, says) => {
    await expect(geoPreview(context, input)).rejects.toThrow(says);
  });
});
