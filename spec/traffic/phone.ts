/** A client of the PBX: a phone, a line of a gateway, a trunk; healthy ones behave as RFC 3261 says, careless ones as their owners do. */
import type { Endpoint, Traffic } from './datagram.ts';
import { inbound, outbound } from './datagram.ts';
import { Random } from './random.ts';
import { type Outcome, type Registrar, transact } from './registrar.ts';
import { requestText, responseText, sdp, type Credentials, type Shape, type SipRequest } from './sip-text.ts';
import { PBXS } from './shapes.ts';

export interface PhoneOptions {
  /** Where the PBX sees it. */
  endpoint: Endpoint;
  /** What its messages say; default: the same. Differs behind a NAT. */
  inside?: Endpoint;
  user: string;
  password?: string;
  shape: Shape;
  seed?: number;
}

export class Phone {
  readonly traffic: Traffic;
  readonly pbx: Registrar;
  readonly endpoint: Endpoint;
  readonly inside: Endpoint;
  readonly user: string;
  readonly shape: Shape;
  password: string;
  /** The nonce that the next request uses without being asked; null: wait for a challenge. */
  nonce: string | null = null;
  readonly #random: Random;
  readonly #callId: string;
  #cseq = 0;

  constructor(traffic: Traffic, pbx: Registrar, options: PhoneOptions) {
    this.traffic = traffic;
    this.pbx = pbx;
    this.endpoint = options.endpoint;
    this.inside = options.inside ?? options.endpoint;
    this.user = options.user;
    this.password = options.password ?? `secret-${options.user}`;
    this.shape = options.shape;
    const { w3 } = options.endpoint.address;
    this.#random = new Random(options.seed ?? w3 ^ (options.endpoint.port * 65_537) ^ Number(options.user || 7));
    this.#callId = this.shape.callId(this.#random, this.inside.host);
  }

  request(method: string, toUser: string, over: Partial<SipRequest> = {}): SipRequest {
    const { host, port } = this.pbx.endpoint;
    const domain = port === 5060 ? host : `${host}:${port}`;
    return {
      method,
      uri: method === 'REGISTER' || toUser === '' ? `sip:${domain}` : `sip:${toUser}@${domain}`,
      from: this.inside,
      domain,
      fromUser: this.user,
      toUser,
      fromTag: this.shape.tag(this.#random, toUser),
      branch: this.shape.branch(this.#random),
      callId: this.shape.callId(this.#random, this.inside.host),
      cseq: 1,
      contact: `<sip:${this.user}@${this.inside.host}:${this.inside.port}>`,
      ...over,
    };
  }

  credentials(nonce: string, proxy: boolean): Credentials {
    return { user: this.user, password: this.password, realm: this.pbx.options.realm, nonce, proxy };
  }

  send(r: SipRequest, at: number): Outcome {
    return transact(this.traffic, this.pbx, r, this.shape, at, this.endpoint);
  }

  /** Sends, and answers challenges: once more for a first challenge, again for a nonce that is old (RFC 3261 §22.2). */
  sendAuthenticated(r: SipRequest, at: number): Outcome {
    const branch = () => this.shape.branch(this.#random);
    let proxy = r.method !== 'REGISTER' && this.pbx.options.challengeCalls === 407;
    let current = this.nonce === null ? r : { ...r, credentials: this.credentials(this.nonce, proxy) };
    let outcome = this.send(current, at);
    for (let tries = 0; tries < 2; tries++) {
      const challenge = outcome.final?.challenge;
      if (!challenge) return outcome;
      proxy = outcome.status === 407;
      const fresh = current.credentials === undefined || challenge.stale || current.credentials.nonce === this.nonce;
      if (!fresh) return outcome;
      this.nonce = null;
      current = {
        ...current,
        cseq: current.cseq + 1,
        branch: branch(),
        credentials: this.credentials(challenge.nonce, proxy),
      };
      outcome = this.send(current, outcome.at + 20);
      if (!outcome.final?.challenge) this.nonce = challenge.nonce;
    }
    return outcome;
  }

  /** `expires` 0 ends the registration. One Call-ID, rising CSeq (RFC 3261 §10.2). */
  register(at: number, expires = 3600): Outcome {
    this.#cseq += 3;
    const over = { callId: this.#callId, cseq: this.#cseq, expires };
    const r = this.request('REGISTER', this.user, over);
    const contact = `${r.contact}${this.shape.contactParams}`;
    const outcome = this.sendAuthenticated({ ...r, contact }, at);
    const min = outcome.status === 423 ? outcome.final?.headers?.['Min-Expires'] : undefined;
    return min === undefined ? outcome : this.register(outcome.at + 20, Number(min));
  }

  /** A whole call: to the final answer, ACK, a re-INVITE and the caller's BYE; a 487 follows the caller's CANCEL. */
  call(at: number, toUser: string, lengthMs = 30_000): Outcome {
    const over = { body: sdp(this.inside.host, 10_000 + this.#random.below(5_000) * 2), cseq: 100 };
    const r = this.request('INVITE', toUser, over);
    const status = this.pbx.options.callStatus(toUser);
    const outcome = this.sendAuthenticated(r, at);
    if (status === 487 && outcome.status === 487)
      this.send({ ...this.#within(r, outcome, 'CANCEL', 0), toTag: undefined }, outcome.at - 10);
    if (outcome.status !== 200) return outcome;
    const ack = this.#within(r, outcome, 'ACK', 0);
    this.traffic.push(inbound(outcome.at + 10, this.endpoint, this.pbx.endpoint, requestText(ack, this.shape)));
    const bye = this.#within(r, outcome, 'BYE', 1);
    return this.send(bye, outcome.at + lengthMs);
  }

  /** A request inside the dialog that `r` opened. */
  #within(r: SipRequest, outcome: Outcome, method: string, step: number): SipRequest {
    const branch = method === 'CANCEL' ? r.branch : this.shape.branch(this.#random);
    return { ...r, method, branch, toTag: outcome.toTag, cseq: r.cseq + step, body: undefined, contact: undefined };
  }

  /** Holds and resumes a call: an INVITE inside the dialog. */
  reinvite(at: number, toUser: string): Outcome {
    const r = this.request('INVITE', toUser, {
      toTag: this.#random.hex(8),
      cseq: 102,
      body: sdp(this.inside.host, 10_000),
    });
    const outcome = this.sendAuthenticated(r, at);
    const ack = { ...r, method: 'ACK', body: undefined };
    if (outcome.status === 200)
      this.traffic.push(inbound(outcome.at + 10, this.endpoint, this.pbx.endpoint, requestText(ack, this.shape)));
    return outcome;
  }

  options(at: number, toUser = ''): Outcome {
    return this.send(this.request('OPTIONS', toUser), at);
  }

  subscribe(at: number, toUser: string, event: string): Outcome {
    const over = { expires: 3600, headers: { Event: event, Accept: 'application/dialog-info+xml' } };
    return this.sendAuthenticated(this.request('SUBSCRIBE', toUser, over), at);
  }

  publish(at: number): Outcome {
    const over = {
      expires: 3600,
      headers: { Event: 'presence', 'Content-Type': 'application/pidf+xml' },
      body: '<presence/>',
    };
    return this.sendAuthenticated(this.request('PUBLISH', this.user, over), at);
  }

  /** RFC 5626 §4.4.1: a double CRLF over connections; NATed phones send one over UDP too, some a single NUL. */
  keepAlive(at: number, bytes = '\r\n\r\n'): void {
    this.traffic.push(inbound(at, this.endpoint, this.pbx.endpoint, bytes));
  }

  /** A request of the PBX to this phone and its answer: the OPTIONS that keeps the NAT open, a NOTIFY, an incoming call. */
  asked(at: number, method: string, status: number, headers: Readonly<Record<string, string>> = {}): void {
    const shape = PBXS.asterisk;
    const r: SipRequest = {
      method,
      uri: `sip:${this.user}@${this.endpoint.host}:${this.endpoint.port}`,
      from: this.pbx.endpoint,
      domain: this.pbx.endpoint.host,
      fromUser: 'asterisk',
      toUser: this.user,
      fromTag: this.#random.hex(10),
      branch: shape.branch(this.#random),
      callId: this.#random.hex(32),
      cseq: 4_242,
      headers,
    };
    const server = this.shape.userAgent ?? undefined;
    const answer = responseText(r, shape, this.pbx.endpoint, { status, toTag: this.#random.hex(8), server });
    this.traffic.push(outbound(at, this.pbx.endpoint, this.endpoint, requestText(r, shape)));
    this.traffic.push(inbound(at + 15, this.endpoint, this.pbx.endpoint, answer));
  }
}
