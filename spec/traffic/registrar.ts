/**
 * A PBX as its clients see it: challenges, wrong passwords, unknown users, old nonces, call outcomes. Stateless but for one-time
 * nonces: a nonce carries the moment it was made, as Kamailio's do, so that a capture of any length is built in flat memory.
 */
import { PBXS } from './shapes.ts';
import type { Datagram, Endpoint, Traffic } from './datagram.ts';
import { inbound, outbound } from './datagram.ts';
import {
  digestResponse,
  requestText,
  responseText,
  sdp,
  type Shape,
  type SipRequest,
  type SipResponse,
} from './sip-text.ts';
import { Random } from './random.ts';

export interface RegistrarOptions {
  endpoint: Endpoint;
  realm?: string;
  /** Null: there is no such user. */
  password?: (user: string) => string | null;
  /** 401 challenges unknown users like known ones (Asterisk's `alwaysauthreject`, Kamailio's `auth_check`). */
  unknownUser?: 401 | 403 | 404;
  /** What wrong credentials get; 401 and 407 challenge again. */
  wrongPassword?: 401 | 403 | 407;
  nonceLifetimeMs?: number;
  /** `stale`: an old nonce with a right password is answered stale=true (RFC 7616 §3.3); `silent`: just challenged again. */
  oldNonce?: 'stale' | 'silent';
  /** A nonce is good for one success; the next request gets a new challenge without stale ("nonce has changed"). */
  oneTimeNonce?: boolean;
  /** Shorter registrations are answered 423 (RFC 3261 §10.3 step 7). */
  minExpires?: number;
  /** Answers nothing: the process is down, or a firewall drops. */
  down?: boolean;
  /** INVITEs and the like are challenged with this; 0: not at all. */
  challengeCalls?: 0 | 401 | 407;
  /** Final answer of a call to this user. */
  callStatus?: (user: string) => number;
  /** Answer to what ends or changes a call: BYE, CANCEL, re-INVITE, UPDATE, INFO, REFER. */
  dialogStatus?: (r: SipRequest) => number;
  /** Answer to SUBSCRIBE, PUBLISH and MESSAGE. */
  eventStatus?: (r: SipRequest) => number;
  /** Phones that ring for one call (RFC 3261 §16.6): each its own To tag in a 180 of its own. */
  forks?: number;
  /** Answer to OPTIONS for this user (empty: the server itself). */
  optionsStatus?: (user: string) => number;
  server?: string;
}

export interface Answer extends SipResponse {
  afterMs: number;
}

const NONCE_TIME_DIGITS = 12;

export class Registrar {
  readonly endpoint: Endpoint;
  readonly options: Required<RegistrarOptions>;
  /** One-time nonces that were used, by user: the last one only. */
  readonly #used = new Map<string, string>();
  readonly #random: Random;

  constructor(options: RegistrarOptions, seed = 1) {
    this.endpoint = options.endpoint;
    this.options = {
      realm: 'pbx.example',
      password: (user) => (/^[1-9][0-9]{2,4}$/.test(user) ? `secret-${user}` : null),
      unknownUser: 401,
      wrongPassword: 401,
      nonceLifetimeMs: 300_000,
      oldNonce: 'stale',
      oneTimeNonce: false,
      minExpires: 0,
      down: false,
      challengeCalls: 0,
      callStatus: () => 200,
      dialogStatus: () => 200,
      eventStatus: ({ method }) => (method === 'MESSAGE' ? 202 : 200),
      forks: 1,
      optionsStatus: () => 200,
      server: PBXS.asterisk.userAgent,
      ...options,
    };
    this.#random = new Random(seed);
  }

  #nonce(at: number): string {
    return at.toString(16).padStart(NONCE_TIME_DIGITS, '0') + this.#random.hex(20);
  }

  #challenge(status: number, at: number, stale: boolean): SipResponse {
    return { status, challenge: { realm: this.options.realm, nonce: this.#nonce(at), stale } };
  }

  /** Null: the request may pass. `challengeWith`: 401 for what ends here, 407 for what is passed on. */
  authenticate(r: SipRequest, user: string, at: number, challengeWith: number): SipResponse | null {
    const { password, unknownUser, wrongPassword, nonceLifetimeMs, oldNonce, oneTimeNonce } = this.options;
    const right = password(user);
    if (right === null && unknownUser !== 401) return { status: unknownUser };
    const c = r.credentials;
    if (!c) return this.#challenge(challengeWith, at, false);
    const expected = right === null ? null : digestResponse({ ...c, password: right }, r.method, r.uri);
    if (c.user !== user || expected !== digestResponse(c, r.method, r.uri)) {
      return wrongPassword === 403 ? { status: 403 } : this.#challenge(challengeWith, at, false);
    }
    const made = parseInt(c.nonce.slice(0, NONCE_TIME_DIGITS), 16);
    if (at - made > nonceLifetimeMs) return this.#challenge(challengeWith, at, oldNonce === 'stale');
    if (oneTimeNonce && this.#used.get(user) === c.nonce) return this.#challenge(challengeWith, at, false);
    if (oneTimeNonce) this.#used.set(user, c.nonce);
    return null;
  }

  answers(r: SipRequest, at: number): Answer[] {
    const o = this.options;
    if (o.down || r.method === 'ACK') return [];
    const soon = (response: SipResponse): Answer[] => [{ afterMs: 1, ...response }];
    switch (r.method) {
      case 'REGISTER': {
        const refused = this.authenticate(r, r.toUser, at, 401);
        if (refused) return soon(refused);
        if (r.expires !== undefined && r.expires > 0 && r.expires < o.minExpires) {
          return soon({ status: 423, headers: { 'Min-Expires': String(o.minExpires) } });
        }
        return soon({ status: 200, contact: r.contact, expires: r.expires ?? 3600 });
      }
      case 'OPTIONS':
        return soon({ status: o.optionsStatus(r.toUser), headers: { Accept: 'application/sdp' } });
      case 'INVITE': {
        if (r.toTag !== undefined && o.dialogStatus(r) !== 200) return soon({ status: o.dialogStatus(r) });
        const refused = o.challengeCalls ? this.authenticate(r, r.fromUser, at, o.challengeCalls) : null;
        if (refused) return soon(refused);
        const forked = Array.from({ length: o.forks - 1 }, (_, i): Answer => ({
          afterMs: 80,
          status: 180,
          toTag: `fork${i}`,
        }));
        const [trying, ...rest] = callAnswers(o.callStatus(r.toUser), this.endpoint);
        return [trying, ...forked, ...rest];
      }
      case 'SUBSCRIBE':
      case 'PUBLISH':
      case 'MESSAGE': {
        const refused = o.challengeCalls ? this.authenticate(r, r.fromUser, at, o.challengeCalls) : null;
        return soon(refused ?? { status: o.eventStatus(r), expires: r.expires });
      }
      default:
        return soon({ status: o.dialogStatus(r) });
    }
  }
}

/** 100, ringing where there is somebody to ring, the final answer; 487 comes after the caller's CANCEL. */
function callAnswers(status: number, server: Endpoint): Answer[] {
  const trying: Answer = { afterMs: 1, status: 100 };
  const contact = `<sip:${server.host}:${server.port}>`;
  if (status === 200) {
    const body = sdp(server.host, 12_000);
    return [trying, { afterMs: 90, status: 180, contact }, { afterMs: 3_500, status: 200, contact, body }];
  }
  if (status === 486) return [trying, { afterMs: 90, status: 180, contact }, { afterMs: 900, status }];
  if (status === 487) return [trying, { afterMs: 90, status: 180, contact }, { afterMs: 4_010, status }];
  return [trying, { afterMs: 30, status }];
}

export interface Outcome {
  status: number;
  /** Time of the last answer, or of the request when nothing answered. */
  at: number;
  final: SipResponse | null;
  toTag: string;
}

/**
 * Sends `r` from `from` and appends it with all its answers. `from` may differ from `r.from` (what the message claims): behind a NAT.
 * An INVITE that was refused gets its ACK (RFC 3261 §17.1.1.3).
 */
export function transact(
  traffic: Traffic,
  pbx: Registrar,
  r: SipRequest,
  shape: Shape,
  at: number,
  from = r.from,
): Outcome {
  const text = requestText(r, shape);
  traffic.push(inbound(at, from, pbx.endpoint, text));
  let last: Answer | null = null;
  const toTag = `as${r.branch.slice(-8)}`;
  for (const answer of pbx.answers(r, at)) {
    const tag = answer.status === 100 ? undefined : toTag;
    const full = { server: pbx.options.server, toTag: tag, ...answer };
    traffic.push(outbound(at + answer.afterMs, pbx.endpoint, from, responseText(r, shape, from, full)));
    last = answer;
  }
  const end = at + (last?.afterMs ?? 0);
  if (r.method === 'INVITE' && last && last.status >= 300) {
    const ack: SipRequest = { ...r, method: 'ACK', toTag, credentials: undefined, body: undefined, contact: undefined };
    traffic.push(inbound(end + 5, from, pbx.endpoint, requestText(ack, shape)));
  }
  return { status: last?.status ?? 0, at: end, final: last, toTag };
}

/** The same bytes again, as RFC 3261 §17.1 repeats an unanswered request: after T1 = 500 ms, then doubling up to T2 = 4 s. */
export function retransmissions(d: Datagram, count: number): Traffic {
  const out: Traffic = [];
  let at = d.at;
  for (let i = 0, wait = 500; i < count; i++, wait = Math.min(4_000, wait * 2)) out.push({ ...d, at: (at += wait) });
  return out;
}
