/**
 * Writes the captures of this folder: `node spec/captures/make.ts`. Deterministic: the test regenerates them and compares.
 *
 * All of them hold the same conversation (`MESSAGES`), so that a reader that gets a format right gives the same IP payloads for
 * every file; the table in `captures.test.ts` says what differs.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { isV4, parseAddress } from '../../src/core/base/address.ts';
import { tcpPacket, udpPacket, type Endpoints } from '../../src/capture/ip-packet.ts';
import {
  arp,
  ethernet,
  ipv4Fragments,
  ipv6Fragments,
  linuxCooked,
  linuxCooked2,
  loopback,
  nflog,
  pppoe,
  vlan,
} from './layers.ts';
import { concat, pcap, Pcapng, text, type TimedFrame } from './files.ts';

/** 2024-02-03 04:05:06 UTC. */
const START_MS = Date.UTC(2024, 1, 3, 4, 5, 6);

export const REGISTER = text(
  [
    'REGISTER sip:198.51.100.1 SIP/2.0',
    'Via: SIP/2.0/UDP 192.0.2.7:5070;branch=z9hG4bK1',
    'From: <sip:100@198.51.100.1>;tag=1',
    'To: <sip:100@198.51.100.1>',
    'Call-ID: c1',
    'CSeq: 1 REGISTER',
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n'),
);
export const UNAUTHORIZED = text(
  [
    'SIP/2.0 401 Unauthorized',
    'Via: SIP/2.0/UDP 192.0.2.7:5070;branch=z9hG4bK1',
    'From: <sip:100@198.51.100.1>;tag=1',
    'To: <sip:100@198.51.100.1>;tag=2',
    'Call-ID: c1',
    'CSeq: 1 REGISTER',
    'WWW-Authenticate: Digest realm="pbx", nonce="n1"',
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n'),
);

function endpoints(src: string, srcPort: number, dst: string, dstPort: number): Endpoints {
  return { src: parseAddress(src)!, srcPort, dst: parseAddress(dst)!, dstPort };
}

const there = endpoints('192.0.2.7', 5070, '198.51.100.1', 5060);
const back = endpoints('198.51.100.1', 5060, '192.0.2.7', 5070);
const there6 = endpoints('2001:db8::7', 5070, '2001:db8:1::1', 5060);
const back6 = endpoints('2001:db8:1::1', 5060, '2001:db8::7', 5070);

const V4 = [udpPacket(there, REGISTER), udpPacket(back, UNAUTHORIZED)];
const V6 = [udpPacket(there6, REGISTER), udpPacket(back6, UNAUTHORIZED)];
const BOTH = [...V4, ...V6];

/** Frame n is sent 250.125 ms and 1 µs after the one before it: shows what loses digits. */
const STEP_MS = 250.126;
const timed = (frames: Uint8Array[]): TimedFrame[] =>
  frames.map((bytes, i) => ({ bytes, seconds: Math.floor((START_MS + i * STEP_MS) / 1000), micros: micros(i) }));
const micros = (i: number) => Math.round(((START_MS + i * STEP_MS) % 1000) * 1000);

/** In Ethernet, the family's number where it is needed. */
const family = (packet: Uint8Array) => (packet[0] >>> 4 === 4 ? 0x0800 : 0x86dd);
const inEthernet = (packet: Uint8Array) => ethernet(family(packet), packet);

const SYN = 2;
const ACK = 16;
const FIN = 1;

/** A TCP connection whose request is cut in three, sent in the order 3, 1, 1 again, 2, with sequence numbers that wrap. */
function tcpConversation(): Uint8Array[] {
  const request = concat(REGISTER, text('\r\n\r\n'), REGISTER);
  const isn = 0xffffff00;
  const at = (offset: number) => (isn + 1 + offset) >>> 0;
  const part = (from: number, to: number) =>
    tcpPacket(there, { seq: at(from), ack: 901, flags: ACK }, request.subarray(from, to));
  return [
    tcpPacket(there, { seq: isn, ack: 0, flags: SYN }, text('')),
    tcpPacket(back, { seq: 900, ack: at(0), flags: SYN | ACK }, text('')),
    part(200, request.length),
    part(0, 100),
    part(0, 100),
    part(100, 200),
    tcpPacket(back, { seq: 901, ack: at(request.length), flags: ACK }, UNAUTHORIZED),
    tcpPacket(there, { seq: at(request.length), ack: 901 + UNAUTHORIZED.length, flags: FIN | ACK }, text('')),
  ];
}

function manyKinds(): Uint8Array[] {
  const [request] = V4;
  return [
    arp(),
    inEthernet(request),
    // A length instead of a type: 802.3 with LLC, as spanning tree has it.
    ethernet(38, concat([0x42, 0x42, 3], new Uint8Array(35))),
    // Padded to the least length of an Ethernet frame.
    ethernet(0x0800, concat(udpPacket(there, text('\r\n\r\n')), new Uint8Array(14))),
    // Cut by nobody, and yet too short for a link header.
    new Uint8Array(9),
  ];
}

function twoInterfaces(): Uint8Array {
  const [a, b, c, d] = timed(BOTH);
  return new Pcapng(true)
    .section()
    .interface(1, { resolution: 9 })
    .interface(101, { resolution: 6, offsetSeconds: -3600 })
    .enhanced(0, a.seconds, a.micros * 1000, 1e9, inEthernet(a.bytes))
    .enhanced(1, b.seconds + 3600, b.micros, 1e6, b.bytes)
    .comment('an unknown block, to be skipped')
    .enhanced(0, c.seconds, c.micros * 1000, 1e9, inEthernet(c.bytes))
    .enhanced(1, d.seconds + 3600, d.micros, 1e6, d.bytes).bytes;
}

/** Big-endian, binary fractions of a second, then a second section in the other order with interfaces of its own. */
function twoSections(): Uint8Array {
  const [a, b, c, d] = timed(BOTH);
  const ticks = 2 ** 20;
  const first = new Pcapng(false)
    .section()
    .interface(113, { resolution: 0x80 | 20 })
    .enhanced(0, a.seconds, Math.round((a.micros * ticks) / 1e6), ticks, linuxCooked(family(a.bytes), a.bytes))
    .enhanced(0, b.seconds, Math.round((b.micros * ticks) / 1e6), ticks, linuxCooked(family(b.bytes), b.bytes));
  const second = new Pcapng(true)
    .section()
    .interface(101, {})
    .enhanced(0, c.seconds, c.micros, 1e6, c.bytes)
    .enhanced(0, d.seconds, d.micros, 1e6, d.bytes);
  return concat(first.bytes, second.bytes);
}

function oldBlocks(): Uint8Array {
  const [a, b] = timed(V4);
  return new Pcapng(true).section().interface(101, {}).obsolete(0, a.seconds, a.micros, 1e6, a.bytes).simple(b.bytes)
    .bytes;
}

/** File name → bytes. */
export function captures(): Record<string, Uint8Array> {
  const fragmented = (packets: Uint8Array[]) =>
    packets.flatMap((p) => (p[0] >>> 4 === 4 ? ipv4Fragments(p, 136) : ipv6Fragments(p, 136)));
  const v4 = BOTH.filter((p) => p[0] >>> 4 === 4);
  return {
    'ethernet.pcap': pcap(1, timed(BOTH.map(inEthernet))),
    'ethernet-vlan.pcap': pcap(
      1,
      timed([
        ethernet(0x8100, vlan([[100, family(V4[0])]], V4[0])),
        ethernet(
          0x88a8,
          vlan(
            [
              [5, 0x8100],
              [100, family(V4[1])],
            ],
            V4[1],
          ),
        ),
        ethernet(
          0x9100,
          vlan(
            [
              [5, 0x9100],
              [6, 0x8100],
              [7, 0x8100],
              [8, family(V6[0])],
            ],
            V6[0],
          ),
        ),
        ethernet(0x8100, vlan([[100, family(V6[1])]], V6[1])),
      ]),
    ),
    'ethernet-pppoe.pcap': pcap(1, timed(BOTH.map((p) => ethernet(0x8864, pppoe(p))))),
    'ethernet-other.pcap': pcap(1, timed(manyKinds())),
    'cooked-v1.pcap': pcap(113, timed(BOTH.map((p) => linuxCooked(family(p), p)))),
    'cooked-v2.pcap': pcap(276, timed(BOTH.map((p) => linuxCooked2(family(p), p)))),
    'raw.pcap': pcap(101, timed(BOTH)),
    'raw-ipv4.pcap': pcap(228, timed(v4)),
    'raw-ipv6.pcap': pcap(229, timed(V6)),
    'null-little.pcap': pcap(0, timed(BOTH.map((p) => loopback(p, true)))),
    'null-big.pcap': pcap(0, timed(BOTH.map((p) => loopback(p, false))), { little: false }),
    'loop.pcap': pcap(108, timed(BOTH.map((p) => loopback(p, false)))),
    'nflog.pcap': pcap(239, timed(BOTH.map((p) => nflog(p)))),
    'big-endian.pcap': pcap(101, timed(BOTH), { little: false }),
    'nanoseconds.pcap': pcap(101, timed(BOTH), { nanoseconds: true }),
    'big-endian-nanoseconds.pcap': pcap(101, timed(BOTH), { little: false, nanoseconds: true }),
    'snapped.pcap': pcap(101, timed(BOTH), { snapLength: 120 }),
    'fragments-ipv4.pcap': pcap(101, timed(fragmented(V4))),
    'fragments-ipv6.pcap': pcap(101, timed(fragmented(V6).reverse())),
    'tcp.pcap': pcap(101, timed(tcpConversation())),
    'cut-off.pcap': pcap(101, timed(BOTH)).slice(0, -7),
    'two-interfaces.pcapng': twoInterfaces(),
    'two-sections.pcapng': twoSections(),
    'old-blocks.pcapng': oldBlocks(),
    'cut-off.pcapng': twoInterfaces().slice(0, -7),
    'packed.pcap.gz': packed(),
  };
}

function packed(): Uint8Array {
  const bytes = gzipSync(pcap(101, timed(BOTH)), { level: 9 });
  // RFC 1952 §2.3: the system that packed it; 255 is "unknown", on every machine.
  bytes[9] = 255;
  return new Uint8Array(bytes);
}

if (import.meta.main) {
  mkdirSync(import.meta.dirname, { recursive: true });
  for (const [name, bytes] of Object.entries(captures())) writeFileSync(`${import.meta.dirname}/${name}`, bytes);
}

/** What every file is read against. */
export const CONVERSATION = { V4, V6, BOTH, START_MS, STEP_MS, isV4 };
