/** SIP messages as text from readable parameters (RFC 3261 §7), in the shapes that real phones, PBXs and tools give them. */
import { hash } from 'node:crypto';
import type { Endpoint } from './datagram.ts';
import type { Random } from './random.ts';

export interface Credentials {
  user: string;
  password: string;
  realm: string;
  nonce: string;
  /** `Proxy-Authorization` instead of `Authorization`: the answer to a 407. */
  proxy: boolean;
  /** How often the nonce was used: then with `qop=auth`, `nc` and `cnonce` (RFC 7616 §3.4). */
  count?: number;
}

/** How one product writes: its name, the order of its headers, its habits. */
export interface Shape {
  userAgent: string | null;
  /** Header names in the order they are sent; a name without a value in the message is left out. */
  order: readonly string[];
  /** Short names (RFC 3261 §7.3.3) by long ones. */
  compact?: boolean;
  /** Display name of From and To; null: none. */
  display: (user: string) => string | null;
  /** Text between a display name and `<`: some tools leave out the space. */
  displayGap: string;
  contactParams: string;
  /** Headers that this product always sends. */
  extra: Readonly<Record<string, string>>;
  rport: boolean;
  branch: (random: Random) => string;
  tag: (random: Random, user: string) => string;
  callId: (random: Random, host: string) => string;
}

export interface SipRequest {
  method: string;
  uri: string;
  from: Endpoint;
  /** Host of From and To. */
  domain: string;
  fromUser: string;
  toUser: string;
  fromTag: string;
  toTag?: string;
  branch: string;
  callId: string;
  cseq: number;
  contact?: string;
  expires?: number;
  credentials?: Credentials;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

const COMPACT: Readonly<Record<string, string>> = {
  Via: 'v',
  From: 'f',
  To: 't',
  'Call-ID': 'i',
  Contact: 'm',
  'Content-Length': 'l',
  'Content-Type': 'c',
  Supported: 'k',
  Event: 'o',
};

export const COMPACT_NAMES = COMPACT;

/** The client's part of a counted response; any text will do. */
const cnonceOf = (c: Credentials) => hash('md5', `${c.user}${c.count}`).slice(0, 8);
const countOf = (c: Credentials) => c.count!.toString(16).padStart(8, '0');

/** RFC 2617 §3.2.2 without qop, as most PBXs still ask for it, or RFC 7616 §3.4.1 with it. */
export function digestResponse(c: Credentials, method: string, uri: string): string {
  const ha1 = hash('md5', `${c.user}:${c.realm}:${c.password}`);
  const counted = c.count === undefined ? '' : `${countOf(c)}:${cnonceOf(c)}:auth:`;
  return hash('md5', `${ha1}:${c.nonce}:${counted}${hash('md5', `${method}:${uri}`)}`);
}

function nameAddress(shape: Shape, user: string, domain: string, tag: string | undefined): string {
  const display = shape.display(user);
  const uri = user === '' ? `sip:${domain}` : `sip:${user}@${domain}`;
  return `${display === null ? '' : `"${display}"${shape.displayGap}`}<${uri}>${tag ? `;tag=${tag}` : ''}`;
}

export function requestText(r: SipRequest, shape: Shape): string {
  const rport = shape.rport ? ';rport' : '';
  const values: Record<string, string> = {
    Via: `SIP/2.0/UDP ${r.from.host}:${r.from.port};branch=${r.branch}${rport}`,
    'Max-Forwards': '70',
    From: nameAddress(shape, r.fromUser, r.domain, r.fromTag),
    To: nameAddress(shape, r.toUser, r.domain, r.toTag),
    'Call-ID': r.callId,
    CSeq: `${r.cseq} ${r.method}`,
    ...shape.extra,
    ...r.headers,
    'Content-Length': String(r.body ? Buffer.byteLength(r.body) : 0),
  };
  if (r.contact !== undefined) values['Contact'] = r.contact;
  if (shape.userAgent !== null) values['User-Agent'] = shape.userAgent;
  if (r.expires !== undefined) values['Expires'] = String(r.expires);
  if (r.body) values['Content-Type'] ??= 'application/sdp';
  if (r.credentials) {
    const c = r.credentials;
    const name = c.proxy ? 'Proxy-Authorization' : 'Authorization';
    const digest = `username="${c.user}", realm="${c.realm}", nonce="${c.nonce}", uri="${r.uri}"`;
    const counted = c.count === undefined ? '' : `, qop=auth, nc=${countOf(c)}, cnonce="${cnonceOf(c)}"`;
    values[name] = `Digest ${digest}, response="${digestResponse(c, r.method, r.uri)}", algorithm=MD5${counted}`;
  }
  let text = `${r.method} ${r.uri} SIP/2.0\r\n`;
  const write = (name: string) => {
    const written = shape.compact ? (COMPACT[name] ?? name) : name;
    text += `${written}: ${values[name]}\r\n`;
  };
  for (const name of shape.order) if (name in values) write(name);
  for (const name in values) if (!shape.order.includes(name)) write(name);
  return `${text}\r\n${r.body ?? ''}`;
}

export interface SipResponse {
  status: number;
  reason?: string;
  toTag?: string;
  server?: string;
  contact?: string;
  expires?: number;
  /** WWW-Authenticate (401) or Proxy-Authenticate (407). */
  challenge?: { realm: string; nonce: string; stale: boolean };
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

const REASONS: Readonly<Record<number, string>> = {
  100: 'Trying',
  180: 'Ringing',
  183: 'Session Progress',
  200: 'OK',
  202: 'Accepted',
  302: 'Moved Temporarily',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  407: 'Proxy Authentication Required',
  408: 'Request Timeout',
  423: 'Interval Too Brief',
  480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist',
  484: 'Address Incomplete',
  486: 'Busy Here',
  487: 'Request Terminated',
  489: 'Bad Event',
  491: 'Request Pending',
  500: 'Server Internal Error',
  503: 'Service Unavailable',
};

/** An answer copies Via, From, To, Call-ID and CSeq of its request (RFC 3261 §8.2.6.2). `seen` is where the request came from. */
export function responseText(r: SipRequest, shape: Shape, seen: Endpoint, a: SipResponse): string {
  const rport = shape.rport ? `;rport=${seen.port}` : '';
  const lines = [
    `SIP/2.0 ${a.status} ${a.reason ?? REASONS[a.status] ?? 'Unknown'}`,
    `Via: SIP/2.0/UDP ${r.from.host}:${r.from.port};branch=${r.branch}${rport};received=${seen.host.replace(/^\[|\]$/g, '')}`,
    `From: ${nameAddress(shape, r.fromUser, r.domain, r.fromTag)}`,
    `To: ${nameAddress(shape, r.toUser, r.domain, r.toTag ?? a.toTag)}`,
    `Call-ID: ${r.callId}`,
    `CSeq: ${r.cseq} ${r.method}`,
  ];
  if (a.server) lines.push(`Server: ${a.server}`);
  if (a.contact) lines.push(`Contact: ${a.contact}${a.expires === undefined ? '' : `;expires=${a.expires}`}`);
  if (a.challenge) {
    const name = a.status === 407 ? 'Proxy-Authenticate' : 'WWW-Authenticate';
    const { realm, nonce, stale } = a.challenge;
    lines.push(`${name}: Digest realm="${realm}", nonce="${nonce}"${stale ? ', stale=true' : ''}, algorithm=MD5`);
  }
  for (const [name, value] of Object.entries(a.headers ?? {})) lines.push(`${name}: ${value}`);
  if (a.body) lines.push('Content-Type: application/sdp');
  lines.push(`Content-Length: ${a.body ? Buffer.byteLength(a.body) : 0}`, '', a.body ?? '');
  return lines.join('\r\n');
}

/** An offer of the kind that phones make: one audio line, three codecs. */
export function sdp(host: string, port: number): string {
  const bare = host.replace(/^\[|\]$/g, '');
  const family = bare.includes(':') ? 'IP6' : 'IP4';
  return [
    'v=0',
    `o=- 20518 20518 IN ${family} ${bare}`,
    's=-',
    `c=IN ${family} ${bare}`,
    't=0 0',
    `m=audio ${port} RTP/AVP 0 8 101`,
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=sendrecv',
    '',
  ].join('\r\n');
}
