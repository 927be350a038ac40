/** What happens on the stage before the pictures are taken: attacks of many kinds from many countries, and an administrator at work. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, type Method } from '../cli/client.ts';
import { Attackers } from '../lab/attackers.ts';
import { temporaryDirectory } from '../lab/leftovers.ts';
import type { Network } from '../lab/network.ts';
import { run, until, type Program } from '../lab/process.ts';
import type { Ringfence } from '../lab/ringfence.ts';

const BLOCKED_MS = 20_000;
const PHONE = 'Yealink SIP-T46S 66.86.0.15';

type Attack = (attackers: Attackers) => Program;

/** Goes on when it gets no answers any more. */
const PATIENT = ['--maximumtime=120'];
const guess =
  (user: string, agent: string): Attack =>
  (attackers) =>
    attackers.svcrack(user, '1000-9999', PATIENT, { userAgents: [agent] });
const scan: Attack = (attackers) => attackers.svmap();
const extensions =
  (agent: string): Attack =>
  (attackers) =>
    attackers.svwar('INVITE', '100-400', [], { userAgents: [agent] });
const walk: Attack = (attackers) => attackers.tftpWalk(40);

/**
 * Only inside of the lab's namespaces. The country data know nothing of the lab's own documentation addresses; these are in
 * ranges that registries gave to a country and nobody announces: no machine's.
 */
const ATTACKS: readonly [from: string, attack: Attack][] = [
  ['115.122.16.0', scan],
  ['145.62.96.0', guess('1001', PHONE)],
  ['187.100.16.0', extensions('Grandstream GXP2170 1.0.11.3')],
  ['122.129.16.0', scan],
  ['141.194.200.0', guess('1000', 'Z 5.5.5 rv2.10.15')],
  ['163.122.16.0', walk],
  ['140.173.200.0', scan],
  ['168.164.16.0', extensions('<script>alert(1)</script>')],
  ['187.252.96.0', guess('1002', 'Cisco-CP7841/12.1')],
  ['95.134.96.0', guess('1000', PHONE)],
  ['146.194.200.0', scan],
  ['140.173.16.0', walk],
  ['147.204.96.0', guess('1001', 'MicroSIP/3.21.3')],
];
/** Goes on while the pictures are taken. */
const LAST: [from: string, attack: Attack] = ['153.51.96.0', guess('1000', PHONE)];

/** Returns the address whose attack is looked at closely. */
export async function playAttacks(network: Network, ringfence: Ringfence, attackers: Attackers): Promise<string> {
  await network.addAddresses(
    'attacker',
    [...ATTACKS, LAST].map(([from]) => from),
  );
  const blocked = async ([from, attack]: [string, Attack]) => {
    const route = `default via 169.254.1.1 dev eth0 src ${from}`.split(' ');
    await run(['ip', '-n', network.namespace('attacker'), 'route', 'replace', ...route]);
    const tool = attack(attackers);
    await until(`${from} is blocked`, BLOCKED_MS, () => ringfence.block(from));
    return tool;
  };
  for (const attack of ATTACKS) await (await blocked(attack)).kill();
  await blocked(LAST);
  return LAST[0];
}

const ALLOWED = [
  ['198.51.100.128/25', 'Trunk provider'],
  ['192.0.2.0/24', 'Head office'],
  ['2001:db8:10::/48', 'Head office, IPv6'],
  ['203.0.113.200', 'Anna at home'],
] as const;
const DENIED = [
  ['203.0.113.0/26', 'Guessed passwords for weeks; their provider does not answer'],
  ['198.18.0.0/15', 'Never a caller of ours'],
  ['2001:db8:bad::/48', 'Scans from ever new addresses'],
] as const;

/** `lab/mail-server-program.ts` listens there. */
const OFFICE = {
  ...{ name: 'office', host: '127.0.0.1', port: 2525, security: 'none', from: 'ringfence@example.org' },
  recipients: [{ address: 'anna@example.org' }],
};

/** By the command line's way in, as root. */
export async function fillRules(ringfence: Ringfence): Promise<void> {
  const say = (method: Method, path: string, body: unknown) => ask(ringfence.data, method, path, body);
  for (const [range, comment] of ALLOWED) await say('POST', '/lists/allow', { range, comment });
  for (const [range, comment] of DENIED) await say('POST', '/lists/deny', { range, comment, yes: true });
  const file = join(temporaryDirectory('feeds'), 'sip-attackers.txt');
  writeFileSync(file, Array.from({ length: 250 }, (_, i) => `45.${i}.7.0/24\n`).join(''));
  for (const [name, action] of [
    ['sip-attackers', 'watch'],
    ['voip-blocklist', 'block'],
  ])
    await say('POST', '/feeds', { name, file, every: '1h', action, yes: true });
  const set = (path: string, value: string, comment: string) =>
    say('PUT', '/policy/value', { path, value, comment, yes: true });
  await set('notify.email', JSON.stringify([OFFICE]), 'The mail server on this machine');
  await set('detect.scanner-fingerprint.enabled', 'false', 'The lab runs sipvicious itself');
  await set('countries.list', '[KP, SY]', 'Nobody of ours calls from there');
  await set('countries.mode', 'block', 'Nobody of ours calls from there');
  await set('detect.register-bruteforce.threshold', '4', 'Two attacks a day got to five');
}
