/** Passwords tried over REGISTER: svcrack as it comes, disguised, over IPv6, over TCP, and against a PBX whose answers nobody sees. */
import assert from 'node:assert/strict';
import { ADDRESSES } from '../network.ts';
import { until } from '../process.ts';
import {
  BLOCKED_WITHIN_MS,
  NO_SCANNER_LISTS,
  REACHED_AFTER_MAX,
  pause,
  refusedCredentials,
  request,
  type Scenario,
} from '../scenario.ts';

const DISGUISE = ['Yealink SIP-T46S 66.86.0.15', 'Grandstream GXP2140 1.0.11.3', 'snomD785/10.1.73.16'];

export const unprotected: Scenario = {
  name: 'unprotected',
  title: 'the same PBX without Ringfence: svcrack finds the password (the lab’s attacks are real)',
  pbx: { users: { '1000': '0150' } },
  policy: null,
  async run(stage) {
    const tool = stage.starts('svcrack -u 1000 -r 1-400 -z 4', stage.attackers.svcrack('1000', '1-400', ['-z', '4']));
    const said = await stage.ends(tool);
    assert.match(said, /0150/);
    const reached = (await stage.reached.from(ADDRESSES.attacker.v4)).length;
    stage.check(`${reached} requests reached the PBX, and the password was found`);
  },
};

export const svcrack: Scenario = {
  name: 'svcrack',
  title: 'svcrack tries passwords; its name is enough, its first packet is its last',
  async run(stage) {
    const tool = stage.starts('svcrack -u 1000 -r 1-9999', stage.attackers.svcrack('1000', '1-9999'));
    await stage.expectBlocked(ADDRESSES.attacker.v4, 'scanner-agent');
    await stage.endsHungry(tool, ADDRESSES.attacker.v4);
    await stage.expectFewReached(ADDRESSES.attacker.v4, 1, request(ADDRESSES.attacker.v4));
  },
};

function countedCrack(family: 'v4' | 'v6'): Scenario {
  return {
    name: family === 'v4' ? 'svcrack-disguised' : 'svcrack-disguised-v6',
    title: `svcrack with the user agents of real phones, over IP${family}: five wrong passwords are enough`,
    policy: NO_SCANNER_LISTS,
    async run(stage) {
      const attack = { v6: family === 'v6', userAgents: DISGUISE };
      const source = stage.attackers.address(attack);
      const tool = stage.starts('svcrack, disguised,', stage.attackers.svcrack('1000', '1-9999', [], attack));
      const { incident } = await stage.expectBlocked(source, 'register-bruteforce');
      assert.equal(incident.victim, stage.network.victim[family]);
      assert.deepEqual(incident.users, ['1000']);
      await stage.endsHungry(tool, source);
      await stage.expectFewReached(source, 5, refusedCredentials(source));
      assert((await stage.ringfence.dropped(source)) > 0, 'the kernel counted no dropped packet');
    },
  };
}

export const svcrackDisguised = countedCrack('v4');
export const svcrackDisguisedV6 = countedCrack('v6');

/** The attacker's own /64: another address of it for every guess, each with a port and a Call-ID of its own. */
const LINE = '2001:db8:bad::';
const HOPS = Array.from({ length: 12 }, (_, i) =>
  `${LINE}${(0x1000 + i * 0x111).toString(16)}:0:0:7`.replace('::', ':0:'),
);

export const lineCrack: Scenario = {
  name: 'line-crack',
  title: 'one wrong password from each of many addresses of one /64: the /64 is one source, and is blocked as one',
  async run(stage) {
    await stage.network.addAddresses('attacker', HOPS);
    const server = stage.network.target.v6;
    const hop = (address: string) => ({ server, address, port: 0, user: '1000', password: '', patienceMs: 1_000 });
    const phones = await stage.openPhones(HOPS.map(hop), 'attacker');
    stage.timeline.say('attacker', `guesses from ${HOPS.length} addresses of ${LINE}/64`);
    const last: number[] = [];
    for (const i of HOPS.keys()) {
      const outcome = await phones.register(i, { password: `guess-${i}`, nonce: 'forget' });
      last.push(outcome.statuses.at(-1) ?? 0);
      await pause(50);
    }
    stage.timeline.say('attacker', `the last answer that each address saw: ${last.join(' ')} (0: none)`);
    const block = await until('the line is blocked', BLOCKED_WITHIN_MS, async () =>
      stage.ringfence.block(`${LINE}/64`),
    );
    assert.equal(block.scope, 'network');
    assert.equal(block.finding, 'register-bruteforce.bad-registrations');
    assert.deepEqual(last.slice(0, 4), [401, 401, 401, 401]);
    assert.equal(last.at(-1), 0, 'an address of the line that never sent before was answered');
    stage.check(
      `${last.filter((status) => status !== 0).length} guesses were answered before the whole line was blocked`,
    );
  },
};

export const tcpBruteforce: Scenario = {
  name: 'tcp-bruteforce',
  title: 'passwords tried over one TCP connection: the established connection goes silent at once',
  async run(stage) {
    const source = ADDRESSES.attacker.v4;
    const attacker = {
      server: stage.network.target.v4,
      address: source,
      port: 0,
      user: '1000',
      password: '',
      transport: 'tcp' as const,
      patienceMs: 2_000,
    };
    const phones = await stage.openPhones([attacker], 'attacker');
    stage.timeline.say('attacker', 'wrong passwords over one TCP connection');
    const statuses: number[] = [];
    // As fast as svcrack over UDP: about a hundred guesses a second.
    for (let guess = 0; guess < 60 && statuses.at(-1) !== 0; guess++) {
      await pause(8);
      const outcome = await phones.register(0, { password: `guess-${guess}`, nonce: 'forget' });
      statuses.push(...outcome.statuses);
    }
    stage.timeline.say('attacker', `answers seen: ${statuses.join(' ')} (0: none any more)`);
    const { incident } = await stage.expectBlocked(source, 'register-bruteforce');
    assert.equal(incident.transport, 'tcp');
    assert.equal(statuses.at(-1), 0, 'the connection still carries answers');
    await stage.expectFewReached(source, 5, refusedCredentials(source));
  },
};

export const silentPbx: Scenario = {
  name: 'silent-pbx',
  title: 'guesses against a PBX that never answers: attempts are counted instead of refusals',
  pbx: { silent: true },
  async run(stage) {
    const source = ADDRESSES.attacker.v4;
    const tool = stage.starts('REGISTER guesses, 200 a second,', stage.attackers.registerGuesses(200, 400));
    await stage.expectBlocked(source, 'register-bruteforce');
    await tool.done;
    const reached = (await stage.reached.from(source)).length;
    stage.check(`${reached} of 400 reached the PBX (threshold 30)`);
    assert(reached <= 30 + REACHED_AFTER_MAX);
  },
};
