/** Attacks on SIP, each as the tools send it, with the answers of the PBX. TFTP walks are in tftp.ts. */
import { atPort, inbound, merge, START, type Endpoint, type Traffic } from './datagram.ts';
import { Random } from './random.ts';
import { Registrar, transact, type Outcome } from './registrar.ts';
import { TOOLS } from './shapes.ts';
import { sdp, type Credentials, type Shape, type SipRequest } from './sip-text.ts';

export interface AttackOptions {
  source: Endpoint;
  pbx: Registrar;
  /** Requests, of all kinds together where the attack has several. */
  count: number;
  /** Requests a second. */
  rate: number;
  at?: number;
  shape?: Shape;
  /** `each`: a new source port for every request. */
  ports?: 'one' | 'each';
  seed?: number;
}

/** What every attack shares: a clock that ticks at the rate, source ports, fresh identifiers. */
export class Attacker {
  readonly traffic: Traffic = [];
  readonly shape: Shape;
  readonly random: Random;
  readonly #o: AttackOptions;
  #sent = 0;

  constructor(o: AttackOptions, shape: Shape) {
    this.#o = o;
    this.shape = o.shape ?? shape;
    this.random = new Random(o.seed ?? 11);
  }

  get done(): boolean {
    return this.#sent >= this.#o.count;
  }

  request(method: string, toUser: string, over: Partial<SipRequest> = {}): SipRequest {
    const { host } = this.#o.pbx.endpoint;
    return {
      method,
      uri: method === 'REGISTER' || toUser === '' ? `sip:${host}` : `sip:${toUser}@${host}`,
      from: this.#o.source,
      domain: host,
      fromUser: toUser,
      toUser,
      fromTag: this.shape.tag(this.random, toUser),
      branch: this.shape.branch(this.random),
      callId: this.shape.callId(this.random, this.#o.source.host),
      cseq: 1,
      contact: `sip:${toUser}@${host}`,
      ...over,
    };
  }

  send(r: SipRequest, pbx = this.#o.pbx): Outcome {
    const { at = START, rate, source, ports = 'one' } = this.#o;
    const from = ports === 'one' ? source : atPort(source, 1_024 + ((source.port + this.#sent) % 60_000));
    const when = at + (this.#sent++ * 1_000) / rate;
    return transact(this.traffic, pbx, { ...r, from }, this.shape, when, from);
  }

  credentials(user: string, nonce: string, proxy: boolean): Credentials {
    return { user, password: `guess-${this.random.hex(6)}`, realm: this.#o.pbx.options.realm, nonce, proxy };
  }

  sorted(): Traffic {
    return merge(this.traffic);
  }
}

/**
 * svcrack: one REGISTER without credentials, then passwords. The 401 to a wrong password brings the nonce and the Call-ID of the next
 * try; CSeq stays 2. A 403 brings no nonce, so a new challenge is fetched for each try.
 */
export function svcrack(o: AttackOptions & { user: string }): Traffic {
  const bot = new Attacker(o, TOOLS.sipvicious);
  let callId = bot.shape.callId(bot.random, o.source.host);
  let nonce: string | null = null;
  while (!bot.done) {
    const credentials: Credentials | undefined = nonce === null ? undefined : bot.credentials(o.user, nonce, false);
    const over = { callId, credentials, cseq: credentials ? 2 : 1 };
    const outcome = bot.send(bot.request('REGISTER', o.user, over));
    nonce = outcome.final?.challenge?.nonce ?? null;
    if (nonce === null) callId = bot.shape.callId(bot.random, o.source.host);
  }
  return bot.sorted();
}

/** The same against INVITE, SUBSCRIBE or any other method that the PBX challenges: each try fetches its challenge first. */
export function authCracker(o: AttackOptions & { user: string; method: 'INVITE' | 'SUBSCRIBE' | 'MESSAGE' }): Traffic {
  const bot = new Attacker(o, TOOLS.disguised);
  const body = o.method === 'INVITE' ? sdp(o.source.host, 17_000) : undefined;
  const headers: Record<string, string> = o.method === 'SUBSCRIBE' ? { Event: 'message-summary' } : {};
  while (!bot.done) {
    const first = bot.request(o.method, '900441632960000', { fromUser: o.user, body, headers });
    const challenge = bot.send(first);
    const nonce = challenge.final?.challenge?.nonce;
    if (nonce === undefined) continue;
    const credentials = bot.credentials(o.user, nonce, challenge.status === 407);
    bot.send({ ...first, cseq: 2, branch: bot.shape.branch(bot.random), credentials });
  }
  return bot.sorted();
}

/** svwar: one request for each extension, by REGISTER, INVITE or OPTIONS; nothing is ever followed up. */
export function svwar(o: AttackOptions & { method: 'REGISTER' | 'INVITE' | 'OPTIONS'; firstUser?: number }): Traffic {
  const bot = new Attacker(o, TOOLS.sipvicious);
  for (let i = 0; !bot.done; i++) {
    const body = o.method === 'INVITE' ? sdp(o.source.host, 17_000) : undefined;
    bot.send(bot.request(o.method, String((o.firstUser ?? 1000) + i), { body }));
  }
  return bot.sorted();
}

/**
 * svmap: OPTIONS from one socket to many hosts, claiming to be 100@1.1.1.1: first to the PBX, `count` times, then to each of `targets`,
 * where nothing answers.
 */
export function svmap(o: AttackOptions & { targets?: Endpoint[] }): Traffic {
  const bot = new Attacker(o, { ...TOOLS.sipvicious, display: () => 'sipvicious' });
  const contact = `sip:100@${o.source.host}:${o.source.port}`;
  const probe = (pbx: Registrar) => {
    const uri = `sip:100@${pbx.endpoint.host}`;
    bot.send(bot.request('OPTIONS', '100', { uri, domain: '1.1.1.1', contact }), pbx);
  };
  while (!bot.done) probe(o.pbx);
  for (const target of o.targets ?? []) probe(new Registrar({ endpoint: target, down: true }));
  return bot.sorted();
}

/** Calls that ring and ring: no final answer, no CANCEL. Toll fraud tests of one number, or a war dial of many. */
export function inviteFlood(o: AttackOptions & { user?: string }): Traffic {
  const bot = new Attacker(o, TOOLS.nameless);
  while (!bot.done) {
    const body = sdp(o.source.host, 17_000);
    bot.send(bot.request('INVITE', o.user ?? '1001', { fromUser: '100', body }));
  }
  return bot.sorted();
}

/** A flood of one method; OPTIONS and made-up methods are answered by any PBX. */
export function flood(o: AttackOptions & { method?: string }): Traffic {
  const bot = new Attacker(o, TOOLS.nameless);
  while (!bot.done) bot.send(bot.request(o.method ?? 'OPTIONS', '1001'));
  return bot.sorted();
}

/** What fuzzers and broken exploits send: each of these is beyond what any working client writes. */
const MALFORMED: readonly ((source: Endpoint, n: number) => string | Uint8Array)[] = [
  (_, n) => Buffer.from([0xff, 0xfe, n & 255, 0x00, 0x7f, 0x80, 0x01, 0x02, 0x90, 0x90, 0x90, 0x90]),
  (s, n) => `INVITE sip:1001@host\r\nVia: ${s.host}\r\nCSeq: ${n} INVITE\r\n\r\n`,
  (s) =>
    `OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP ${s.host};branch=z9hG4bK1\r\nFrom: <sip:x@y\r\nTo: >\r\nCSeq: -1 FOO\r\n\r\n`,
  (s, n) =>
    `REGISTER sip:a SIP/7.0\r\nVia: SIP/2.0/UDP ${s.host};branch=z9hG4bK${n}\r\nCSeq: 99999999999 REGISTER\r\n\r\n`,
  (_, n) => `INVITE ${'A'.repeat(900 + (n % 100))}`,
  (s) => `INVITE sip:1001@b SIP/2.0\r\nVia: SIP/2.0/UDP ${s.host}\r\n\x00\x01\x02: \x03\r\nContent-Length: -5\r\n\r\n`,
];

export function malformedFlood(o: AttackOptions): Traffic {
  const { at = START, source, pbx, count, rate, ports = 'one' } = o;
  const from = (i: number) => (ports === 'one' ? source : atPort(source, 1_024 + ((source.port + i) % 60_000)));
  return Array.from({ length: count }, (_, i) => {
    const end = from(i);
    return inbound(at + (i * 1_000) / rate, end, pbx.endpoint, MALFORMED[i % MALFORMED.length](end, i));
  });
}
