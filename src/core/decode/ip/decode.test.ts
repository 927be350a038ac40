import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatWords } from '../../base/address.ts';
import { IP_ANOMALIES } from './anomalies.ts';
import { createPacket, decodePacket } from './decode.ts';
import { ACK, concat, ipv4, ipv6, PSH, SYN, tcp, text, udp, URG } from './test-packets.ts';

const DATA = text('OPTIONS sip:a SIP/2.0\r\n\r\n');

/** What a reader cares about, in one line. Offsets are turned into the bytes they mean. */
function decoded(bytes: Uint8Array, cut = 0, padding = 0) {
  const packet = createPacket();
  // Placed away from 0, among other bytes: an offset that forgets `start` shows.
  const buffer = concat(new Uint8Array(5).fill(0xaa), bytes.subarray(0, bytes.length - cut), new Uint8Array(padding));
  const anomaly = decodePacket(buffer, 5, buffer.length, packet);
  const data = packet.bytes.subarray(packet.payloadStart, packet.payloadEnd);
  return { packet, anomaly, data: String.fromCharCode(...data) };
}

const hopByHop = (next: number) => Uint8Array.of(next, 0, 1, 4, 0, 0, 0, 0);
const authentication = (next: number) => Uint8Array.of(next, 4, ...new Uint8Array(22));
const chain = (count: number, last: number) =>
  concat(...Array.from({ length: count }, (_, i) => hopByHop(i + 1 < count ? 60 : last)));

describe('what a packet holds', () => {
  // prettier-ignore
  const rows: [string, Uint8Array, Partial<ReturnType<typeof createPacket>>, string][] = [
    ['IPv4 UDP', ipv4(udp(DATA, 1234, 5060)), { version: 4, protocol: 17, srcPort: 1234, dstPort: 5060 }, 'OPTIONS'],
    ['IPv4 with options', ipv4(udp(DATA), { options: new Uint8Array(40) }), { srcPort: 5060 }, 'OPTIONS'],
    ['IPv4 TCP', ipv4(tcp(DATA, { seq: 0xfffffff0 }), { protocol: 6 }), { tcpSeq: 0xfffffff0, tcpFlags: ACK | PSH }, 'OPTIONS'],
    ['TCP with options', ipv4(tcp(DATA, { options: new Uint8Array(40) }), { protocol: 6 }), { srcPort: 40000 }, 'OPTIONS'],
    ['TCP with urgent data', ipv4(tcp(DATA, { flags: URG, urgent: 5 }), { protocol: 6 }), { tcpUrgent: 5, tcpFlags: URG }, 'OPTIONS'],
    ['TCP SYN without data', ipv4(tcp(new Uint8Array(0), { flags: SYN }), { protocol: 6 }), { tcpFlags: SYN }, ''],
    ['ICMP: no ports', ipv4(text('OPTIONS'), { protocol: 1 }), { protocol: 1, srcPort: 0 }, 'OPTIONS'],
    ['IPv6 UDP', ipv6(udp(DATA, 1234)), { version: 6, protocol: 17, srcPort: 1234 }, 'OPTIONS'],
    ['IPv6 hop-by-hop', ipv6(udp(DATA), { extensionKind: 0, options: hopByHop(17) }), { protocol: 17 }, 'OPTIONS'],
    ['IPv6 AH, RFC 4302', ipv6(udp(DATA), { extensionKind: 51, options: authentication(17) }), { protocol: 17 }, 'OPTIONS'],
    ['IPv6 routing, mobility', ipv6(udp(DATA), { extensionKind: 43, options: concat(hopByHop(135), hopByHop(17)) }), {}, 'OPTIONS'],
    // Evasion: a chain that fills a 1,500-byte packet is still walked.
    ['IPv6 chain of 180', ipv6(udp(DATA), { extensionKind: 0, options: chain(180, 17) }), { dstPort: 5060 }, 'OPTIONS'],
    // RFC 6946: not a fragment at all.
    ['IPv6 atomic fragment', ipv6(udp(DATA), { fragment: { offset: 0, more: false } }), { fragmented: false, dstPort: 5060 }, 'OPTIONS'],
    ['IPv6 no next header', ipv6(text('OPTIONS'), { protocol: 59 }), { protocol: 59, srcPort: 0 }, 'OPTIONS'],
    // Tolerance: offload leaves lengths at 0, the captured length counts.
    ['IPv4 total length 0', ipv4(udp(DATA), { totalLength: 0 }), { truncated: false, dstPort: 5060 }, 'OPTIONS'],
    ['IPv6 payload length 0', ipv6(udp(DATA), { totalLength: 0 }), { truncated: false, dstPort: 5060 }, 'OPTIONS'],
    ['UDP length 0', ipv4(udp(DATA, 1, 2, 0)), { dstPort: 2 }, 'OPTIONS'],
  ];
  it.each(rows)('%s', (_, bytes, fields, begin) => {
    const { packet, anomaly, data } = decoded(bytes);
    expect(anomaly).toBeNull();
    expect(packet).toMatchObject(fields);
    expect(data).toBe(begin === 'OPTIONS' && data.length > 7 ? String.fromCharCode(...DATA) : begin);
  });

  it('gives both families as four words', () => {
    const v4 = decoded(ipv4(udp(DATA), { src: '203.0.113.255' })).packet;
    expect(formatWords(v4.src0, v4.src1, v4.src2, v4.src3)).toBe('203.0.113.255');
    const v6 = decoded(ipv6(udp(DATA), { dst: 'fe80::ffff:ffff:ffff:ffff' })).packet;
    expect(formatWords(v6.dst0, v6.dst1, v6.dst2, v6.dst3)).toBe('fe80::ffff:ffff:ffff:ffff');
  });

  it.each([
    ['IPv4', ipv4(udp(DATA))],
    ['IPv6', ipv6(udp(DATA))],
  ])('leaves out what Ethernet padded: %s', (_, bytes) => {
    expect(decoded(bytes, 0, 18).data).toBe(String.fromCharCode(...DATA));
  });

  it.each([
    ['IPv4', ipv4(udp(DATA))],
    ['IPv6', ipv6(udp(DATA))],
    ['TCP', ipv4(tcp(DATA), { protocol: 6 })],
  ])('says that the capture cut it: %s', (_, bytes) => {
    const { packet, anomaly, data } = decoded(bytes, 10);
    expect(anomaly).toBeNull();
    expect(packet.truncated).toBe(true);
    expect(data).toBe(String.fromCharCode(...DATA.subarray(0, DATA.length - 10)));
  });

  // A UDP datagram may be shorter than its packet says; Linux cuts it there.
  it('cuts the data at the UDP length', () => {
    expect(decoded(ipv4(udp(DATA, 1, 2, 8 + 7))).data).toBe('OPTIONS');
  });
});

describe('fragments', () => {
  const first = { offset: 0, more: true };
  // prettier-ignore
  const rows: [string, Uint8Array, object][] = [
    ['IPv4 first: ports known', ipv4(udp(DATA, 9, 5060), { fragment: first, identification: 77 }), { srcPort: 9, moreFragments: true, identification: 77 }],
    ['IPv4 last', ipv4(DATA, { fragment: { offset: 1480, more: false } }), { srcPort: 0, fragmentOffset: 1480, moreFragments: false }],
    ['IPv4 largest offset', ipv4(DATA, { fragment: { offset: 65528, more: true } }), { fragmentOffset: 65528 }],
    ['IPv6 first: ports known', ipv6(udp(DATA, 9), { fragment: first, identification: 0xdeadbeef }), { srcPort: 9, protocol: 17, identification: 0xdeadbeef }],
    ['IPv6 last', ipv6(DATA, { fragment: { offset: 1448, more: false } }), { srcPort: 0, fragmentOffset: 1448 }],
    // The options belong to the fragmentable part: the ports stand behind them.
    ['IPv6 first, options inside', ipv6(concat(hopByHop(17), udp(DATA, 9)), { protocol: 60, fragment: first }), { srcPort: 9, protocol: 60 }],
  ];
  it.each(rows)('%s', (_, bytes, fields) => {
    const { packet, anomaly } = decoded(bytes);
    expect(anomaly).toBeNull();
    expect(packet).toMatchObject({ fragmented: true, ...fields });
  });
});

describe('packets that no host would accept', () => {
  // prettier-ignore
  const rows: [string, Uint8Array, string][] = [
    ['nothing', new Uint8Array(0), 'ip-short'],
    ['version 5', Uint8Array.of(0x50, 0, 0, 0), 'ip-version'],
    ['IPv4 cut in its header', ipv4(udp(DATA)).subarray(0, 19), 'ip-short'],
    ['IPv4 cut in its options', ipv4(udp(DATA), { options: new Uint8Array(40) }).subarray(0, 40), 'ip-short'],
    ['IPv6 cut in its header', ipv6(udp(DATA)).subarray(0, 39), 'ip-short'],
    ['IPv4 header of 4 words', concat([0x44], ipv4(udp(DATA)).subarray(1)), 'ipv4-header-length'],
    ['IPv4 total length 19', ipv4(udp(DATA), { totalLength: 19 }), 'ipv4-total-length'],
    ['IPv6 extension of 2,048 bytes', ipv6(udp(DATA), { extensionKind: 60, options: Uint8Array.of(17, 255) }), 'ipv6-extension-short'],
    ['IPv6 extension of 1 byte', ipv6(new Uint8Array(1), { protocol: 60 }), 'ipv6-extension-short'],
    ['IPv6 chain of 300', ipv6(udp(DATA), { extensionKind: 0, options: chain(300, 17) }), 'ipv6-chain-long'],
    ['UDP header cut', ipv4(udp(DATA).subarray(0, 7)), 'udp-short'],
    ['UDP length 7', ipv4(udp(DATA, 1, 2, 7)), 'udp-length'],
    ['UDP length above the packet', ipv4(udp(DATA, 1, 2, 9 + DATA.length)), 'udp-length'],
    ['TCP header cut', ipv4(tcp(DATA).subarray(0, 19), { protocol: 6 }), 'tcp-short'],
    ['TCP header of 4 words', ipv4(tcp(DATA, { dataOffset: 4 }), { protocol: 6 }), 'tcp-data-offset'],
    ['TCP header above the packet', ipv4(tcp(new Uint8Array(0), { dataOffset: 6 }), { protocol: 6 }), 'tcp-data-offset'],
  ];
  it.each(rows)('%s', (_, bytes, code) => {
    const { anomaly, data } = decoded(bytes);
    expect(anomaly).toBe(code);
    expect(Object.keys(IP_ANOMALIES)).toContain(code);
    expect(data).not.toContain('OPTIONS sip:a SIP/2.0\r\n\r\n');
  });
});

describe('any bytes', () => {
  const mutated = fc
    .tuple(
      fc.constantFrom(
        ipv4(udp(DATA)),
        ipv6(udp(DATA), { extensionKind: 0, options: hopByHop(17) }),
        ipv4(tcp(DATA), { protocol: 6 }),
      ),
      fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 6 }),
      fc.nat(80),
    )
    .map(([bytes, changes, length]) => {
      const copy = bytes.slice(0, length);
      for (const [at, value] of changes) if (at < copy.length) copy[at] = value;
      return copy;
    });

  it('are described inside their bounds', () => {
    const packet = createPacket();
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 120 })), fc.nat(9), (bytes, start) => {
        const from = Math.min(start, bytes.length);
        decodePacket(bytes, from, bytes.length, packet);
        expect(packet.payloadStart).toBeGreaterThanOrEqual(from);
        expect(packet.payloadStart).toBeLessThanOrEqual(packet.payloadEnd);
        expect(packet.payloadEnd).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 5000 },
    );
  });
});
