/** `ringfence geo` as people and scripts use it: a real process, a real console with the embedded data. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GuardStandIn, makeDataDirectory } from '../../src/serve/testing/guard-stand-in.ts';
import { runCli } from '../../src/serve/testing/run-cli.ts';
import { sampleIncident } from '../../src/serve/testing/samples.ts';

const data = makeDataDirectory();
const files = makeDataDirectory();
const write = (name: string, text: string) => {
  const path = join(files.path, name);
  writeFileSync(path, text);
  return path;
};
const SMALL = write('small.csv', '5.9.0.0/24,FR\n2a00::/32,FR\n');
const HOSTILE = write('hostile.csv', 'network,country\n5.9.0.0/24,\x1b[2J\n');
let guard: GuardStandIn;

beforeAll(async () => {
  guard = await GuardStandIn.start(data.path);
  const at = Date.now();
  const incident = sampleIncident(at, { id: 'attack-ru', source: '5.255.255.70' });
  await guard.stored({ type: 'incidents', changes: [{ incident, evidence: [] }] });
  // The countries are loaded behind the start.
  await cli('geo', 'update');
});
afterAll(async () => {
  await guard?.stop();
  data.remove();
  files.remove();
});

const cli = (...args: string[]) => runCli(['--data', data.path, ...args]);

describe('in the order in which a person would try them', () => {
  const rows: [command: string, code: number, says: RegExp][] = [
    [
      'geo status',
      0,
      /rule +off.*data +@ip-location-db\/geo-whois-asn-country.*25\d countries.*next look +never.*CC BY 4\.0/s,
    ],
    [
      'geo lookup 5.9.0.1 2a02:6b8::1',
      0,
      /5\.9\.0\.1\n.*DE Germany\n.*AS24940 Hetzner.*\n.*off.*2a02:6b8::1\n.*RU Russia/s,
    ],
    ['geo lookup 10.0.0.1', 0, /country +none.*private or special/s],
    ['geo countries', 0, /CODE +NAME.*\nDE +Germany +[\d,]+ +[\d,]+/s],
    [
      'geo preview --mode block --list CN,RU --since 7d',
      0,
      /stopped +1 attack from 1 source.*Russia: 1 attack.*5\.255\.255\.70 +RU, AS13238.*Nothing was changed/s,
    ],
    ['geo preview --mode allow --list RU', 0, /stopped +none/],
    // It came before the data were read.
    ['attacks show attack-ru', 0, /country +RU.*network +AS13238/s],
    ['geo update', 0, /Nothing newer: @ip-location-db/],
    [`geo update --file ${SMALL} --accept-loss`, 0, /New country data are in use: .*small\.csv, 1 country/],
    ['geo lookup 5.9.0.1', 0, /FR France/],
    ['geo update', 0, /New country data are in use: @ip-location-db/],
    // Wrong use, with what was expected.
    ['geo', 2, /Usage: ringfence geo.*preview/s],
    ['geo lookup', 2, /missing required argument 'address'/],
    ['geo lookup 300.1.1.1', 2, /"300" is no octet/],
    ['geo preview --mode blok', 2, /Allowed choices are off, block, allow/],
    ['geo preview --mode block --list UK', 2, /list\.0: "UK" is no country code: write GB \(United Kingdom\)/],
    ['geo preview --mode allow', 2, /mode allow needs countries/],
    ['geo update --file /nowhere.csv', 2, /There is no file \/nowhere\.csv; a file of country data/],
    [`geo update --file ${HOSTILE}`, 2, /hostile\.csv: 1 of 1 lines are wrong; line 2: "\\x1b\[2J" is no country code/],
    // Refused, because half of the Internet would be without a country.
    [`geo update --file ${SMALL}`, 3, /those in use \d+: 100\.0 % fewer.*The data in use stay.*--accept-loss/s],
  ];
  it.each(rows)('ringfence %s → %d', async (command, code, says) => {
    const result = await cli(...command.split(' '));
    expect(result.stdout + result.stderr).toMatch(says);
    expect(result.code).toBe(code);
  });
});

it('scripts get plain JSON', async () => {
  const { stdout } = await cli('geo', 'lookup', '5.9.0.1', '--json');
  expect(JSON.parse(stdout)).toEqual([
    expect.objectContaining({ address: '5.9.0.1', country: 'DE', countryName: 'Germany', asn: 24940, outcome: 'off' }),
  ]);
  const countries = JSON.parse((await cli('geo', 'countries', '--json')).stdout) as { code: string }[];
  expect(countries.length).toBeGreaterThan(240);
});

it('every attack has country and network: one from before the data were read, and one from now', async () => {
  const incident = sampleIncident(Date.now(), { id: 'attack-de', source: '5.9.0.1' });
  await guard.stored({ type: 'incidents', changes: [{ incident, evidence: [] }] });
  const attacks = JSON.parse((await cli('attacks', '--json')).stdout) as { id: string }[];
  expect(attacks).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ id: 'attack-ru', country: 'RU', asn: 13238 }),
      expect.objectContaining({
        id: 'attack-de',
        country: 'DE',
        asn: 24940,
        network: expect.stringMatching(/Hetzner/),
      }),
    ]),
  );
});

it('a rule changes what lookup and countries say', async () => {
  await cli('policy', 'set', 'countries.list', 'RU');
  const set = await cli('policy', 'set', 'countries.mode', 'block');
  expect(set.code, set.stderr).toBe(0);
  expect((await cli('geo', 'lookup', '5.255.255.70')).stdout).toMatch(
    /Russia is one of the blocked countries: blocked on the ports of SIP over UDP/,
  );
  expect((await cli('geo', 'countries')).stdout).toMatch(/RU +Russia +yes/);
  expect((await cli('geo', 'status')).stdout).toMatch(
    /rule +block RU on SIP\/udp, SIP\/tcp, TFTP; addresses without a country pass\nblocks +[\d,]+ IPv4/,
  );
});
