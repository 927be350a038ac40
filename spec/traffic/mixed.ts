/**
 * A long capture of a busy day: phones, a trunk and attackers in realistic proportions, from as many sources as wished, written to
 * a pcap in flat memory. The same parameters give the same bytes, and the truth about them for checking what a replay counted.
 *
 * Proportions of messages: about 60 % phones, 12 % a trunk, 25 % attacks, 3 % single probes from sources that never come back (the
 * background of the Internet). With many `sources`, probes take as much of the rest as the number of distinct sources needs.
 */
import { SIDE_IN } from '../../src/core/base/frame.ts';
import { authCracker, flood, svcrack, svwar } from './attacks.ts';
import { endpoint, neighbour, START, type Endpoint, type Traffic } from './datagram.ts';
import { PBX } from './good-cases.ts';
import { udpPacket } from './packets.ts';
import { PcapWriter } from './pcap.ts';
import { Phone } from './phone.ts';
import { Random } from './random.ts';
import { Registrar } from './registrar.ts';
import { PBXS, PHONES, TOOLS } from './shapes.ts';

export interface MixedOptions {
  path: string;
  /** SIP messages, requests and responses together. */
  messages: number;
  /** Distinct addresses besides the PBX; at least one message each, so at most half of `messages`. */
  sources: number;
  seed?: number;
}

export interface MixedTruth {
  frames: number;
  messages: number;
  requests: Record<string, number>;
  responses: Record<string, number>;
  /** Sources that attacked hard enough to cross a default threshold. */
  attackers: string[];
  /** Distinct source addresses of requests. */
  sources: number;
  /** Of the capture, from its first to its last packet. */
  seconds: number;
}

const SLICE_MS = 1_000;
const MESSAGES_PER_SLICE = 400;
const PHONES_MAX = 2_000;
const ATTACKERS_MAX = 200;
const PHONE_SHAPES = Object.values(PHONES);
const FIRST_PHONE = endpoint('100.64.0.1', 5060);
const FIRST_ATTACKER = endpoint('45.0.0.1', 5060);
const FIRST_PROBE = endpoint('60.0.0.1', 5080);
/** Messages of one attack session; ten attackers are busy at a time, each attacker comes back with the next session. */
const SESSION_REQUESTS = 40;

export function writeMixed(options: MixedOptions): MixedTruth {
  const { messages, sources } = options;
  const random = new Random(options.seed ?? 1);
  const pbx = new Registrar({
    endpoint: PBX,
    unknownUser: 404,
    callStatus: (user) => [200, 200, 200, 200, 200, 200, 486, 487, 480, 404][Number(user.slice(-1))],
  });
  /** The same PBX for callers that it does not know: it asks them for credentials. */
  const strict = new Registrar({ endpoint: PBX, challengeCalls: 407 });
  const writer = new PcapWriter(options.path);
  const truth: MixedTruth = {
    frames: 0,
    messages: 0,
    requests: {},
    responses: {},
    attackers: [],
    sources: 0,
    seconds: 0,
  };

  const phonesTotal = Math.max(1, Math.min(PHONES_MAX, Math.floor(sources / 2), Math.floor(messages / 20)));
  const attackersTotal = Math.max(1, Math.min(ATTACKERS_MAX, Math.floor(sources / 10), Math.floor(messages / 1_000)));
  const probesTotal = Math.max(0, sources - phonesTotal - attackersTotal - 1);
  const slices = Math.ceil(messages / MESSAGES_PER_SLICE);
  // Each probe is a request and an answer.
  const probesPerSlice = Math.max(MESSAGES_PER_SLICE * 0.015, probesTotal / slices);
  const rest = Math.max(0, MESSAGES_PER_SLICE - probesPerSlice * 2);

  const attackers = Array.from({ length: attackersTotal }, (_, i) => neighbour(FIRST_ATTACKER, i * 257));
  const nonces = new Map<number, string>();
  let pending: Traffic = [];
  let phoneNext = 0;
  let attackNext = 0;
  let probeNext = 0;
  let owed = { phones: 0, trunk: 0, attacks: 0, probes: 0 };

  const session = (kind: number, source: Endpoint, at: number): Traffic => {
    const o = { source, pbx, at, count: SESSION_REQUESTS, rate: 20, seed: random.word() | 1 };
    switch (kind % 6) {
      case 0:
        return svcrack({ ...o, user: '1001', shape: TOOLS.disguised });
      case 1:
        return svwar({
          ...o,
          method: 'REGISTER',
          firstUser: 10_000_000 + random.below(80_000_000),
          shape: TOOLS.nameless,
        });
      case 2:
        return authCracker({ ...o, pbx: strict, method: 'INVITE', user: '1001' });
      case 3:
        return svwar({ ...o, method: 'OPTIONS' });
      case 4:
        return flood({ ...o, shape: TOOLS.sipcli, rate: 200 });
      default:
        return svcrack({ ...o, user: '1002', ports: 'each' });
    }
  };

  const phoneSession = (index: number, at: number): Traffic => {
    const traffic: Traffic = [];
    const shape = PHONE_SHAPES[index % PHONE_SHAPES.length];
    const options = {
      endpoint: neighbour(FIRST_PHONE, index),
      user: String(1000 + index),
      shape,
      seed: random.word() | 1,
    };
    const phone = new Phone(traffic, pbx, options);
    phone.nonce = nonces.get(index) ?? null;
    const what = random.below(10);
    if (what < 6) phone.register(at);
    else if (what < 8) phone.options(at);
    else if (what < 9) phone.call(at, String(1000 + random.below(1000)), 2_000 + random.below(60_000));
    else phone.asked(at, 'OPTIONS', 200);
    if (phone.nonce !== null) nonces.set(index, phone.nonce);
    return traffic;
  };

  for (let slice = 0; truth.messages < messages; slice++) {
    const at = START + slice * SLICE_MS;
    const moment = () => at + random.below(SLICE_MS * 1_000) / 1_000;
    owed = {
      phones: owed.phones + rest * 0.62,
      trunk: owed.trunk + rest * 0.12,
      attacks: owed.attacks + rest * 0.26,
      probes: owed.probes + probesPerSlice,
    };
    const add = (traffic: Traffic) => {
      pending.push(...traffic);
      return traffic.length;
    };
    while (owed.phones > 0) owed.phones -= add(phoneSession(phoneNext++ % phonesTotal, moment()));
    while (owed.trunk > 0) {
      const traffic: Traffic = [];
      const carrier = {
        endpoint: endpoint('203.0.113.200', 5060),
        user: '+442079460000',
        shape: PBXS.carrier,
        seed: random.word() | 1,
      };
      new Phone(traffic, pbx, carrier).call(moment(), `44207946${random.below(10_000)}`, 20_000);
      owed.trunk -= add(traffic);
    }
    while (owed.attacks > 0) {
      const index = attackNext++ % attackersTotal;
      owed.attacks -= add(session(index, attackers[index], moment()));
    }
    while (owed.probes >= 1) {
      const source =
        probeNext < probesTotal
          ? neighbour(FIRST_PROBE, probeNext * 3)
          : neighbour(FIRST_PROBE, random.below(Math.max(1, probesTotal)) * 3);
      probeNext++;
      owed.probes -= 1;
      add(flood({ source, pbx, at: moment(), count: 1, rate: 1, seed: random.word() | 1 }));
    }
    const until = at + SLICE_MS;
    const later: Traffic = [];
    const now = pending.filter((d) => d.at < until || (later.push(d), false)).sort((a, b) => a.at - b.at);
    pending = later;
    for (const d of now) {
      if (truth.messages >= messages) break;
      writer.write(udpPacket(d, truth.messages), d.at);
      count(truth, d.payload, d.side === SIDE_IN);
      truth.seconds = (d.at - START) / 1_000;
    }
  }
  writer.close();
  truth.frames = writer.frames;
  truth.attackers = attackers.slice(0, Math.min(attackersTotal, attackNext)).map((a) => a.host);
  truth.sources = Math.min(phonesTotal, phoneNext) + truth.attackers.length + Math.min(probesTotal, probeNext) + 1;
  return truth;
}

function count(truth: MixedTruth, payload: Uint8Array, _in: boolean): void {
  const head = Buffer.from(payload.buffer, payload.byteOffset, 16).toString('latin1');
  truth.messages++;
  const [table, key] = head.startsWith('SIP/2.0 ')
    ? [truth.responses, head.slice(8, 11)]
    : [truth.requests, head.split(' ', 1)[0]];
  table[key] = (table[key] ?? 0) + 1;
}
