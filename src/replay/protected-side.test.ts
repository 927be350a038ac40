/** Who is ours in a capture that does not say: elections over built traffic, and the side of every packet afterwards. */
import { describe, expect, test } from 'vitest';
import { parseRange } from '../core/base/address.ts';
import { SIDE_UNKNOWN } from '../core/base/frame.ts';
import { createPacket, decodePacket } from '../core/decode/ip/decode.ts';
import { svmap, svwar } from '../../spec/traffic/attacks.ts';
import { endpoint, inbound, merge, oneWay, START, type TimedFrame, type Traffic } from '../../spec/traffic/datagram.ts';
import { DISGUISES } from '../../spec/traffic/disguises.ts';
import { GOOD_CASES, PBX, TFTP } from '../../spec/traffic/good-cases.ts';
import { frameOf, udpFrames, udpPacket } from '../../spec/traffic/packets.ts';
import { Phone } from '../../spec/traffic/phone.ts';
import { Registrar } from '../../spec/traffic/registrar.ts';
import { PHONES } from '../../spec/traffic/shapes.ts';
import { tcpFrames } from '../../spec/traffic/tcp.ts';
import { tftpWalk } from '../../spec/traffic/tftp.ts';
import { DEFAULT_POLICY } from '../../spec/detect/policies.ts';
import { protectedRanges, SideScan, type ProtectedSide } from './protected-side.ts';

const attacker = endpoint('203.0.113.66', 5060);
const guest = endpoint('192.0.2.20', 5060);
const serve = (at = PBX) => new Registrar({ endpoint: at });
const policy = { ...DEFAULT_POLICY, ports: { ...DEFAULT_POLICY.ports, sipUdp: [{ first: 5060, last: 5062 }] } };

function elect(frames: TimedFrame[]): ProtectedSide {
  const scan = new SideScan(policy);
  const packet = createPacket();
  for (const { frame } of frames)
    if (decodePacket(frame.bytes, frame.start, frame.end, packet) === null) scan.observe(packet);
  return scan.elect();
}

/** Frames whose side the election gets wrong, out of all. */
function wrongSides(frames: TimedFrame[], side: ProtectedSide): number {
  const packet = createPacket();
  return frames.filter(({ frame }) => {
    decodePacket(frame.bytes, frame.start, frame.end, packet);
    return side.sideOf(packet) !== frame.side;
  }).length;
}

function phonesOf(pbx: Registrar, addresses: string[]): Traffic {
  const traffic: Traffic = [];
  addresses.forEach((address, i) => {
    const options = { endpoint: endpoint(address, 5060), user: String(1001 + i), shape: PHONES.snom };
    const phone = new Phone(traffic, pbx, options);
    phone.register(START + i * 100);
    phone.asked(START + 5_000 + i * 100, 'OPTIONS', 200);
  });
  return merge(traffic);
}

const ROWS: readonly [string, Traffic, expected: string[], from: string][] = [
  // Phones listen on 5060 and answer the PBX's OPTIONS from there: they are clients all the same.
  ['one phone, one PBX, both on 5060', phonesOf(serve(), ['198.51.100.7']), ['192.0.2.10:5060'], 'answers'],
  ['three phones', phonesOf(serve(), ['198.51.100.7', '198.51.100.8', '198.51.100.9']), ['192.0.2.10:5060'], 'answers'],
  // Scanners use 5060 as their source port.
  [
    'a scanner from 5060',
    svwar({ source: attacker, pbx: serve(), count: 30, rate: 20, method: 'OPTIONS' }),
    ['192.0.2.10:5060'],
    'answers',
  ],
  // Several PBXs behind a gateway.
  [
    'two guests',
    merge(phonesOf(serve(), ['198.51.100.7']), phonesOf(serve(guest), ['198.51.100.8'])),
    ['192.0.2.10:5060', '192.0.2.20:5060'],
    'answers',
  ],
  // Dark addresses of a sweep are no servers, but what is sent to them still comes in.
  [
    'a sweep over dark hosts',
    svmap({ source: attacker, pbx: serve(), count: 1, rate: 50, targets: [guest, endpoint('192.0.2.21', 5060)] }),
    ['192.0.2.10:5060'],
    'answers',
  ],
  // Nobody answers: the same election over requests.
  ['a one-way mirror', oneWay(phonesOf(serve(), ['198.51.100.7', '198.51.100.8'])), ['192.0.2.10:5060'], 'requests'],
  [
    'a PBX that is down',
    GOOD_CASES['200 phones behind one NAT while the PBX is down'].traffic(),
    ['192.0.2.10:5060'],
    'requests',
  ],
  // TFTP servers answer from ports of their own.
  [
    'a TFTP server',
    tftpWalk({ source: endpoint('203.0.113.66', 2000), server: TFTP, count: 5, rate: 10 }),
    ['192.0.2.10:69'],
    'answers',
  ],
  ['nothing of ours', [inbound(START, endpoint('203.0.113.66', 4000), endpoint('192.0.2.10', 53), 'x')], [], 'nothing'],
];

describe('elected', () => {
  test.each(ROWS)('%s', (_name, traffic, expected, from) => {
    const side = elect(udpFrames(traffic));
    expect(side.names.sort()).toEqual(expected);
    expect(side.inferredFrom).toBe(from);
  });

  test.each(ROWS.filter(([, , expected]) => expected.length > 0))(
    'every packet of "%s" has its side',
    (_name, traffic) => {
      // Acknowledgements of TFTP blocks go to the server's own port: on no protected port, nobody's.
      const frames = udpFrames(traffic).filter(
        ({ frame }) => !(frame.end - frame.start === 32 && frame.bytes[29] === 4),
      );
      expect(wrongSides(frames, elect(frames))).toBe(0);
    },
  );
});

test('every good case and every disguise: no packet on the wrong side', () => {
  for (const [name, { traffic }] of Object.entries(GOOD_CASES)) {
    if (name.includes('TFTP')) continue;
    const frames = udpFrames(traffic());
    expect(wrongSides(frames, elect(frames)), name).toBe(0);
  }
  const attack = svwar({ source: endpoint('203.0.113.66', 5071), pbx: serve(), count: 12, rate: 20, method: 'INVITE' });
  for (const [name, disguise] of Object.entries(DISGUISES)) {
    const frames = disguise(attack);
    expect(wrongSides(frames, elect(frames)), name).toBe(0);
  }
});

test.each(['192.0.2.10', '127.0.0.1'])('TCP in segments of one byte each, to %s', (address) => {
  const source = endpoint(address === '127.0.0.1' ? address : '203.0.113.66', 40000);
  const pbx = serve(endpoint(address, 5060));
  const attack = svwar({ source, pbx, count: 3, rate: 20, method: 'OPTIONS' });
  const bytes = (length: number) => Array.from({ length }, (_, i) => ({ start: i, end: i + 1 }));
  for (const handshake of [true, false]) {
    const frames = tcpFrames(attack, { handshake, pieces: bytes });
    const side = elect(frames);
    expect(side.names).toEqual([`${address}:5060`]);
    expect(side.inferredFrom).toBe('connections');
    expect(wrongSides(frames, side)).toBe(0);
  }
});

describe('on the loopback interface, where one address is both', () => {
  const pbx = endpoint('127.0.0.1', 5060);
  const bot = svwar({ source: endpoint('127.0.0.1', 5061), pbx: serve(pbx), count: 10, rate: 20, method: 'OPTIONS' });

  test('ports tell the sides apart, even when the client uses a protected port', () => {
    const frames = udpFrames(bot);
    const side = elect(frames);
    expect(side.names).toEqual(['127.0.0.1:5060']);
    expect(wrongSides(frames, side)).toBe(0);
  });

  test('with --protect too', () => {
    const frames = udpFrames(bot);
    expect(wrongSides(frames, protectedRanges(policy, [parseRange('127.0.0.0/8')!], ['127.0.0.0/8']))).toBe(0);
  });
});

test('--protect: what concerns the range has a side, what does not has none', () => {
  const side = protectedRanges(policy, [parseRange('192.0.2.20')!], ['192.0.2.20']);
  const ours = udpFrames(phonesOf(serve(guest), ['198.51.100.8']));
  expect(wrongSides(ours, side)).toBe(0);
  const others = udpFrames(phonesOf(serve(), ['198.51.100.7'])).map((f) => ({
    ...f,
    frame: { ...f.frame, side: SIDE_UNKNOWN },
  }));
  expect(wrongSides(others as TimedFrame[], side)).toBe(0);
});

test('answers that nobody asked for elect nobody', () => {
  const forged = 'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bK1\r\n\r\n';
  const traffic = Array.from({ length: 50 }, (_, i) =>
    inbound(START + i, attacker, endpoint(`192.0.2.${30 + i}`, 5060), forged),
  );
  const side = elect(
    merge(traffic, phonesOf(serve(), ['198.51.100.7'])).map((d, i) => frameOf(udpPacket(d, i), d.side, d.at)),
  );
  expect(side.names).toEqual(['192.0.2.10:5060']);
});

test('more endpoints than fit: said so, and the busy server is still found', () => {
  const scan = new SideScan(policy);
  const packet = createPacket();
  const [request] = udpFrames(svwar({ source: attacker, pbx: serve(), count: 1, rate: 1, method: 'OPTIONS' }));
  const { bytes, start, end } = request.frame;
  decodePacket(bytes, start, end, packet);
  for (let i = 0; i < 70_000; i++) {
    packet.dst3 = (0x0a000000 + i) >>> 0;
    scan.observe(packet);
  }
  for (const { frame } of udpFrames(phonesOf(serve(), ['198.51.100.7']))) {
    if (decodePacket(frame.bytes, frame.start, frame.end, packet) === null) scan.observe(packet);
  }
  const side = scan.elect();
  expect(side.names).toEqual(['192.0.2.10:5060']);
  expect(side.incomplete).toBe(true);
});
