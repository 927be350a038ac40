/**
 * The same sample in other clothes: everything here is legal SIP or IP that a PBX reads as it reads the plain form, so the detection
 * must be the same too. Only what the attacker sends is disguised; the protected side answers as its own stack does.
 */
import { SIDE_IN } from '../../src/core/base/frame.ts';
import { endpoint, type Endpoint, type TimedFrame, type Traffic } from './datagram.ts';
import { frameOf, udpFragments, udpFrames, udpPacket } from './packets.ts';
import { readdress } from './readdress.ts';
import { COMPACT_NAMES } from './sip-text.ts';
import { piecesOf, tcpFrames, type Piece } from './tcp.ts';

export type Disguise = (traffic: Traffic) => TimedFrame[];

type HeadEdit = (startLine: string, headers: [name: string, value: string][]) => string;

const crlf = '\r\n';
const join = (startLine: string, headers: [string, string][], colon = ': ') =>
  [startLine, ...headers.map(([name, value]) => name + colon + value)].join(crlf);

/** Edits the head of each message of the attacker; what is not a SIP message (TFTP, keep-alives, junk) stays as it is. */
function rewrite(edit: HeadEdit): (traffic: Traffic) => Traffic {
  return (traffic) =>
    traffic.map((d) => {
      if (d.side !== SIDE_IN) return d;
      const text = Buffer.from(d.payload).toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      const [startLine, ...lines] = text.slice(0, Math.max(0, end)).split(crlf);
      if (end < 0 || !/^([!-~]+ [!-~]+ )?SIP\/[0-9.]+/.test(startLine)) return d;
      const headers = lines.map((line): [string, string] => {
        const colon = line.indexOf(':');
        return colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).trim()];
      });
      return { ...d, payload: Buffer.from(edit(startLine, headers) + text.slice(end), 'latin1') };
    });
}

/** Letters by turns lower and upper. */
const alternate = (text: string) => [...text].map((c, i) => (i % 2 ? c.toUpperCase() : c.toLowerCase())).join('');

const compact = rewrite((startLine, headers) =>
  join(
    startLine,
    headers.map(([n, v]) => [COMPACT_NAMES[n] ?? n, v]),
  ),
);

/** RFC 3261 §7.3.1: names and parameter names in any case; §7.1: the version too. */
const oddCase = rewrite((startLine, headers) =>
  join(
    startLine.replace('SIP/2.0', 'sIp/2.0'),
    headers.map(([n, v]) => [
      alternate(n),
      v
        .replace(/^SIP\/2\.0\/([A-Z]+)/, 'sIP/2.0/$1')
        .replace(
          /([;, ])(branch|tag|rport|expires|username|realm|nonce|response|uri|algorithm)(?=[=;]|$)/g,
          (_, a, b) => a + alternate(b),
        )
        .replace(/^Digest /, 'dIgEsT ')
        .replace(/<sip:/g, '<SIP:'),
    ]),
  ),
);

/** RFC 3261 §7.3.1: a line that begins with white space continues the one before. */
const folded = rewrite((startLine, headers) =>
  join(
    startLine,
    headers.map(([n, v]) => [n, `${crlf}\t${v.replace(/([;,]) ?(?=[a-z+]+=)/g, `$1${crlf}   `)}`]),
  ),
);

/** RFC 3261 §25.1, HCOLON: white space on both sides of the colon. */
const spaced = rewrite((startLine, headers) =>
  join(
    startLine,
    headers.map(([n, v]) => [n, `${v}  `]),
    ' \t :  ',
  ),
);

/** RFC 3261 §7.5: line breaks before the start line are ignored. */
const leadingCrlf = (traffic: Traffic): Traffic =>
  traffic.map((d) => {
    const sip = d.side === SIDE_IN && /[!-~]/.test(String.fromCharCode(d.payload[0])) && d.payload.includes(13);
    return sip ? { ...d, payload: Buffer.concat([Buffer.from('\r\n\r\n'), d.payload]) } : d;
  });

/** What is one /24 becomes one /64: a line. */
export function v6Endpoint(e: Endpoint): Endpoint {
  const { w3 } = e.address;
  const [high, line, host] = [w3 >>> 16, (w3 >>> 8) & 255, w3 & 255].map((part) => part.toString(16));
  return endpoint(`2001:db8:${high}:${line}::${host}`, e.port);
}

const v6 = (traffic: Traffic): Traffic => readdress(traffic, v6Endpoint);

const FRAGMENT_BYTES = 128;

/** Every datagram of the attacker in fragments; `backwards`: the last one first. */
const fragments =
  (backwards: boolean): Disguise =>
  (traffic) =>
    traffic.flatMap((d, i) => {
      if (d.side !== SIDE_IN) return [frameOf(udpPacket(d, i + 1), d.side, d.at)];
      const parts = udpFragments(d, 0x10000 + i, FRAGMENT_BYTES).map((bytes) => frameOf(bytes, d.side, d.at));
      return backwards ? parts.reverse() : parts;
    });

/** Thirds of a write, the last first. */
const shuffled = (length: number): Piece[] => {
  const [a, b] = [Math.floor(length / 3), Math.floor((length * 2) / 3)];
  return [
    { start: b, end: length },
    { start: a, end: b },
    { start: 0, end: a },
  ];
};

/** Every piece twice, the second time reaching into its neighbours. */
const repeated = (length: number): Piece[] =>
  piecesOf(180)(length).flatMap(({ start, end }) => [
    { start, end },
    { start: Math.max(0, start - 40), end: Math.min(length, end + 40) },
  ]);

const over =
  (edit: (traffic: Traffic) => Traffic, wire: Disguise = udpFrames): Disguise =>
  (traffic) =>
    wire(edit(traffic));

/** On the wire only: what the message says stays byte for byte the same. */
export const WIRE_DISGUISES: Readonly<Record<string, Disguise>> = {
  IPv6: over(v6),
  'IP fragments': fragments(false),
  'IP fragments, last first': fragments(true),
  'IPv6 fragments': over(v6, fragments(false)),
  TCP: (t) => tcpFrames(t),
  'TCP, several messages in a segment': (t) => tcpFrames(t, { gatherMs: 400 }),
  'TCP, split at every byte': (t) => tcpFrames(t, { pieces: piecesOf(1) }),
  'TCP, out of order': (t) => tcpFrames(t, { pieces: shuffled }),
  'TCP, retransmitted and overlapping': (t) => tcpFrames(t, { pieces: repeated }),
  'TCP, sequence numbers that wrap': (t) => tcpFrames(t, { firstSeq: 0xffffffff - 700 }),
  'TCP, seen from the middle of the stream': (t) => tcpFrames(t, { handshake: false }),
  'TCP over IPv6': over(v6, (t) => tcpFrames(t)),
};

export const TEXT_DISGUISES: Readonly<Record<string, Disguise>> = {
  'compact headers': over(compact),
  'odd case': over(oddCase),
  folding: over(folded),
  'white space before colons': over(spaced),
  'leading CRLF': over(leadingCrlf),
  'compact, folded, over TCP byte by byte': over(
    (t) => folded(compact(t)),
    (t) => tcpFrames(t, { pieces: piecesOf(1) }),
  ),
  'odd case, in IPv6 fragments': over((t) => v6(oddCase(t)), fragments(true)),
};

export const DISGUISES: Readonly<Record<string, Disguise>> = { ...TEXT_DISGUISES, ...WIRE_DISGUISES };
