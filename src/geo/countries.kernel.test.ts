/**
 * Countries in a real kernel: a real daemon with the embedded data, real packets from addresses of several countries. Each command is in
 * force when it returns.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAddresses, assertNoLeaks, connect, Namespace } from '../../test/netns.ts';
import { UdpEnd, udpPasses } from '../../test/traffic.ts';

const RINGFENCE = new URL('../../bin/ringfence', import.meta.url).pathname;
const PATIENCE_MS = 60_000;
const [HOST4, HOST6] = ['198.51.100.10', '2001:db8:100::10'];
const SOURCES = {
  RU: '5.255.255.70',
  DE: '5.9.0.1',
  CN: '202.112.0.36',
  RU6: '2a02:6b8::2:242',
  DE6: '2a01:4f8::1',
  private: '10.66.0.1',
  nowhere: '203.0.113.7',
} as const;
type SourceName = keyof typeof SOURCES;

let host: Namespace;
let outside: Namespace;
let directory: string;
const from = new Map<string, UdpEnd>();
const at = new Map<string, UdpEnd>();

const cli = async (...args: string[]) => {
  const { stdout } = await promisify(execFile)(RINGFENCE, ['--data', join(directory, 'data'), ...args]);
  return stdout;
};

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ringfence-countries-'));
  host = new Namespace('host');
  outside = new Namespace('world');
  const link = connect(outside, ['198.51.100.1/24', '2001:db8:100::1/64'], host, [`${HOST4}/24`, `${HOST6}/64`]);
  addAddresses(
    outside,
    link.a,
    Object.values(SOURCES).map((address) => `${address}/${address.includes(':') ? 128 : 32}`),
  );
  host.run('ip', 'route', 'add', 'default', 'via', '198.51.100.1');
  host.run('ip', '-6', 'route', 'add', 'default', 'via', '2001:db8:100::1');
  const policy = join(directory, 'policy.yaml');
  writeFileSync(policy, 'ports: { sip: 5060, tftp: 69 }\n');
  host.spawn(RINGFENCE, ['run', '--data', join(directory, 'data'), '--policy', policy], 'ignore');
  const works = () =>
    cli('status').then(
      (text) => text.startsWith('Protecting'),
      () => false,
    );
  for (const end = Date.now() + PATIENCE_MS; !(await works());) {
    if (Date.now() > end) throw new Error('the daemon does not protect');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  // At a very first start the data are compiled behind it.
  await cli('geo', 'update');
  for (const port of [5060, 69, 9999]) {
    at.set(`4 ${port}`, await UdpEnd.open(host, HOST4, port));
    at.set(`6 ${port}`, await UdpEnd.open(host, HOST6, port));
  }
  for (const address of [...Object.values(SOURCES), '198.51.100.1', '2001:db8:100::1']) {
    from.set(address, await UdpEnd.open(outside, address));
  }
});
afterAll(async () => {
  for (const end of [...from.values(), ...at.values()]) end.close();
  await Promise.all([host?.close(), outside?.close()]);
  rmSync(directory, { recursive: true, force: true });
  assertNoLeaks();
});

/** Those of `SOURCES` whose packets arrive at the port. The witness comes from no country, which passes unless a rule says otherwise. */
async function passing(port: number): Promise<SourceName[]> {
  const arrived: SourceName[] = [];
  for (const [name, address] of Object.entries(SOURCES) as [SourceName, string][]) {
    const v6 = address.includes(':');
    const to = at.get(`${v6 ? 6 : 4} ${port}`)!;
    const witness = from.get(v6 ? '2001:db8:100::1' : '198.51.100.1')!;
    if (await udpPasses(from.get(address)!, to, v6 ? HOST6 : HOST4, witness)) arrived.push(name);
  }
  return arrived;
}

const all = Object.keys(SOURCES) as SourceName[];
const without = (...names: SourceName[]) => all.filter((name) => !names.includes(name));

describe('a rule of countries, one change after the other', () => {
  const steps: [what: string, command: string, sip: SourceName[], tftp: SourceName[]][] = [
    ['none at first', 'geo status', all, all],
    ['a list alone blocks nobody', 'policy set countries.list RU', all, all],
    [
      'block: both families, SIP and TFTP',
      'policy set countries.mode block',
      without('RU', 'RU6'),
      without('RU', 'RU6'),
    ],
    ['the allowlist wins', 'allow add 5.255.255.70', without('RU6'), without('RU6')],
    ['and no longer', 'allow remove 5.255.255.70', without('RU', 'RU6'), without('RU', 'RU6')],
    ['one more country', 'policy set countries.list RU,CN', without('RU', 'RU6', 'CN'), without('RU', 'RU6', 'CN')],
    ['TFTP left open', 'policy set countries.protocols.tftp false', without('RU', 'RU6', 'CN'), all],
    ['one fewer', 'policy set countries.list CN', without('CN'), all],
    // Private addresses and those without a country are not kept out by it.
    ['the others instead', 'policy set countries.mode allow', without('RU', 'RU6', 'DE', 'DE6'), all],
    ['allow two', 'policy set countries.list CN,DE', without('RU', 'RU6'), all],
    ['off again', 'policy set countries.mode off', all, all],
  ];
  it.each(steps)('%s: ringfence %s', async (_what, command, sip, tftp) => {
    await cli(...command.split(' '));
    expect(await passing(5060)).toEqual(sip);
    expect(await passing(69)).toEqual(tftp);
    // Ports that nobody asked to protect are never closed by it.
    expect(await passing(9999)).toEqual(all);
  });

  it('addresses without a country, when they are to be blocked; private ones never', async () => {
    await cli('allow', 'add', '198.51.100.1', '--comment', 'the witness has no country either');
    await cli('policy', 'set', 'countries.unknown', 'block');
    await cli('policy', 'set', 'countries.mode', 'block');
    const to = at.get('4 5060')!;
    const witness = from.get('198.51.100.1')!;
    const passes = (name: SourceName) => udpPasses(from.get(SOURCES[name])!, to, HOST4, witness);
    expect([await passes('nowhere'), await passes('private'), await passes('RU'), await passes('CN')]).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});
