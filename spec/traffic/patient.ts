/** Attackers with patience: guesses that are minutes or hours apart, from one address or from many. */
import { endpoint, type Endpoint, merge, neighbour, START, type Traffic } from './datagram.ts';
import { Random } from './random.ts';
import { type Registrar, transact } from './registrar.ts';
import { TOOLS } from './shapes.ts';
import type { Shape, SipRequest } from './sip-text.ts';

export interface PatientOptions {
  /** They take turns. */
  sources: readonly Endpoint[];
  pbx: Registrar;
  /** Guesses; each is a challenge that is fetched, and a password. */
  count: number;
  everyMs: number;
  /** Users that are tried in turn, from `firstUser` on. */
  users: number;
  firstUser?: number;
  /** Guesses at one time, a second apart; then it waits `everyMs`. */
  burst?: number;
  /** `each`: a new port for every guess. The Call-ID is always new. */
  ports?: 'one' | 'each';
  at?: number;
  shape?: Shape;
}

export function patientGuesser(o: PatientOptions): Traffic {
  const { sources, pbx, count, everyMs, users, firstUser = 1001, burst = 1, at = START, ports = 'each' } = o;
  const shape = o.shape ?? TOOLS.disguised;
  const traffic: Traffic = [];
  const random = new Random(41);
  for (let i = 0; i < count; i++) {
    const source = sources[i % sources.length];
    const from = { ...source, port: ports === 'one' ? source.port : 1024 + ((source.port + i * 7) % 60_000) };
    const user = String(firstUser + (i % users));
    const when = at + Math.floor(i / burst) * everyMs + (i % burst) * 1000;
    const { host } = pbx.endpoint;
    const first: SipRequest = {
      ...{ method: 'REGISTER', uri: `sip:${host}`, from, domain: host, fromUser: user, toUser: user },
      ...{ fromTag: shape.tag(random, user), branch: shape.branch(random), callId: shape.callId(random, from.host) },
      ...{ cseq: 1, contact: `sip:${user}@${from.host}` },
    };
    const nonce = transact(traffic, pbx, first, shape, when).final?.challenge?.nonce;
    if (nonce === undefined) continue;
    const credentials = {
      ...{ user, password: `guess-${random.hex(6)}`, realm: pbx.options.realm, nonce, proxy: false },
    };
    transact(traffic, pbx, { ...first, cseq: 2, branch: shape.branch(random), credentials }, shape, when + 20);
  }
  return merge(traffic);
}

/** `count` addresses from `first` on: one network. */
export function neighbours(first: Endpoint, count: number): Endpoint[] {
  return Array.from({ length: count }, (_, i) => neighbour(first, i));
}

/** `count` addresses all over the Internet (RFC 2544's and the documentation's own would be too few). */
export function scattered(count: number, port = 5060): Endpoint[] {
  return Array.from({ length: count }, (_, i) =>
    endpoint(`${20 + (i % 80)}.${(i * 37) % 256}.${7 + (i % 200)}.9`, port),
  );
}

/** Addresses of one IPv6 line, each used once. */
export function oneLine(prefix: string, count: number, port = 5060): Endpoint[] {
  return Array.from({ length: count }, (_, i) => endpoint(`${prefix}:${(i + 1).toString(16)}:0:0:7`, port));
}
