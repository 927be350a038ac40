/**
 * Records the samples in spec/attacks: real tools and real phones against a real PBX, unprotected, captured at the PBX's network card.
 *
 *   node lab/record.ts NAME…    or    node lab/record.ts --all
 */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sweep, temporaryDirectory } from './leftovers.ts';
import { Attackers } from './attackers.ts';
import { record } from './capture.ts';
import { Kamailio, USERS, type PbxOptions } from './kamailio.ts';
import { ADDRESSES, Network } from './network.ts';
import type { PhoneOptions } from './phone.ts';
import { Phones } from './phones.ts';
import { run } from './process.ts';
import { TftpServer } from './tftp.ts';

const DIRECTORY = join(import.meta.dirname, '..', 'spec', 'attacks');
const SIP_AND_TFTP = 'udp or tcp port 5060';

interface Sample {
  pbx?: PbxOptions;
  /** Keeps the first so many frames. */
  frames?: number;
  make: (network: Network, attackers: Attackers) => Promise<unknown>;
}

const NAT_USERS = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`${2000 + i}`, `pass-${2000 + i}`]));

const SAMPLES: Record<string, Sample> = {
  svmap: { make: (_, attackers) => attackers.svmap().done },
  'svmap-compact': { make: (_, attackers) => attackers.svmap(['--enablecompact']).done },
  'svmap-renamed': { make: (_, attackers) => attackers.svmap([], { userAgents: ['Asterisk PBX 18.9.0'] }).done },
  'svmap-invite-v6': { make: (_, attackers) => attackers.svmap(['-m', 'INVITE'], { v6: true }).done },
  'svwar-register': {
    pbx: { unknownUsers: 'refuse' },
    frames: 160,
    make: (_, attackers) => attackers.svwar('REGISTER', '960-1040').done,
  },
  'svwar-register-challenged': {
    frames: 160,
    make: (_, attackers) => attackers.svwar('REGISTER', '960-1040', ['--force']).done,
  },
  'svwar-invite': {
    pbx: { unknownUsers: 'refuse' },
    frames: 150,
    make: (_, attackers) => attackers.svwar('INVITE', '970-1030').done,
  },
  'svwar-options': {
    pbx: { unknownUsers: 'refuse' },
    frames: 160,
    make: (_, attackers) => attackers.svwar('OPTIONS', '960-1040').done,
  },
  'svwar-compact-renamed': {
    pbx: { unknownUsers: 'refuse' },
    frames: 100,
    make: (_, attackers) =>
      attackers.svwar('REGISTER', '980-1020', ['--enablecompact'], { userAgents: ['Z 5.5.9'] }).done,
  },
  svcrack: { frames: 150, make: (_, attackers) => attackers.svcrack('1000', '1-80').done },
  'svcrack-v6': { frames: 120, make: (_, attackers) => attackers.svcrack('1000', '1-60', [], { v6: true }).done },
  'sipp-register-silent-pbx': {
    pbx: { silent: true },
    frames: 80,
    make: (_, attackers) => attackers.registerGuesses(100, 80).done,
  },
  'sipp-invite-flood': {
    pbx: { unknownUsers: 'challenge' },
    frames: 150,
    make: (_, attackers) => attackers.inviteFlood(200, 70).done,
  },
  'sipp-uac': { frames: 60, make: (_, attackers) => attackers.sippDefault(100, 20).done },
  'options-flood': { frames: 220, make: (_, attackers) => attackers.optionsFlood(500, 110).done },
  'nmap-version-udp': { make: (_, attackers) => attackers.nmap(['-sU', '-sV', '-p5060']).done },
  'nmap-version-tcp': { make: (_, attackers) => attackers.nmap(['-sT', '-sV', '-p5060']).done },
  'nmap-sip-methods': { make: (_, attackers) => attackers.nmap(['-sU', '-p5060', '--script', 'sip-methods']).done },
  'nmap-sip-enum-users': {
    pbx: { unknownUsers: 'refuse' },
    make: (_, attackers) => {
      const range = 'sip-enum-users.minext=980,sip-enum-users.maxext=1010';
      return attackers.nmap(['-sU', '-p5060', '--script', 'sip-enum-users', '--script-args', range]).done;
    },
  },
  'tftp-walk': { make: (_, attackers) => attackers.tftpWalk(128).done },
  'phone-day': { pbx: { nonceSeconds: 2 }, make: phoneDay },
  'phones-nat-200': { pbx: { users: NAT_USERS }, make: (network) => manyPhones(network, 200, 0) },
  'phones-nat-20-expired-nonces': {
    pbx: { users: NAT_USERS, nonceSeconds: 1, marksStale: false },
    make: (network) => manyPhones(network, 20, 2_500),
  },
};

/** Two phones, one on TCP: register, re-register with the kept nonce, with an expired one, with lost packets, call, keep alive, leave. */
async function phoneDay(network: Network): Promise<void> {
  const phones = await Phones.open(network, 'phones', [
    phone(network, '1000', 5070),
    { ...phone(network, '1001', 5071), transport: 'tcp' },
  ]);
  await phones.register(0);
  await phones.register(1);
  await phones.register(0);
  await phones.call(0, '1001');
  await phones.call(1, '1000');
  await phones.keepAlive();
  await pause(3_500); // longer than the nonce lives
  await phones.register(0);
  await phones.register(1);
  await phones.register(0, { copies: 3 });
  await phones.call(0, '1999');
  await phones.register(0, { expires: 0 });
  await phones.register(1, { expires: 0 });
  await phones.stop();
}

/** The office is back after an outage: every phone registers at the same moment. With `againMs` once more when the nonces have expired. */
async function manyPhones(network: Network, count: number, againMs: number): Promise<void> {
  const users = Array.from({ length: count }, (_, i) => `${2000 + i}`);
  const phones = await Phones.open(
    network,
    'phones',
    users.map((user, i) => ({ ...phone(network, user, 6000 + i), password: NAT_USERS[user] })),
  );
  await phones.registerAll();
  if (againMs > 0) {
    await pause(againMs);
    await phones.registerAll();
  }
  await phones.stop();
}

function phone(network: Network, user: string, port: number): PhoneOptions {
  return { server: network.target.v4, address: ADDRESSES.phones.v4, port, user, password: USERS[user] ?? '' };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function recordSample(name: string, sample: Sample): Promise<void> {
  const network = await Network.build('host');
  const directory = temporaryDirectory('record');
  const attackers = new Attackers(network);
  try {
    const kamailio = await Kamailio.start(network, sample.pbx);
    const tftp = await TftpServer.start(network);
    const raw = join(directory, 'raw.pcap');
    const capture = await record(network, raw, SIP_AND_TFTP);
    await sample.make(network, attackers);
    await pause(300); // the last answers are still on their way
    await capture.stop('SIGINT');
    await tftp.stop();
    await kamailio.stop();
    const file = join(DIRECTORY, `${name}.pcap`);
    await run(['tcpdump', '-n', '-r', raw, '-w', file, ...(sample.frames ? ['-c', `${sample.frames}`] : [])]);
    console.log(`${name}: ${(await stat(file)).size} bytes`);
  } finally {
    await attackers.stop();
    await network.tearDown();
    await rm(directory, { recursive: true, force: true });
  }
}

const names = process.argv[2] === '--all' ? Object.keys(SAMPLES) : process.argv.slice(2);
const unknown = names.filter((name) => !(name in SAMPLES));
if (names.length === 0 || unknown.length > 0) {
  console.error(
    `Usage: node lab/record.ts NAME… | --all${unknown.length > 0 ? `; there is no sample '${unknown[0]}'` : ''}`,
  );
  console.error(`Samples: ${Object.keys(SAMPLES).join(', ')}`);
  process.exit(64);
}
await sweep();
for (const name of names) await recordSample(name, SAMPLES[name]);
