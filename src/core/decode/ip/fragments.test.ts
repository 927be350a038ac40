import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SIDE_IN, SIDE_OUT, SIDE_UNKNOWN } from '../../base/frame.ts';
import { createPacket, decodePacket } from './decode.ts';
import { DATAGRAMS_MAX, FRAGMENT_BYTES_MAX, FRAGMENT_LIFETIME_MS, Fragments } from './fragments.ts';
import { PAGE_BYTES } from './sparse-bytes.ts';
import { type IpFields, ipv4, ipv6, text, udp } from './test-packets.ts';

const packet = createPacket();
const seed = 0x5eed;

/** Feeds one IP packet; the datagram's data when that completes it, else null. */
function feed(fragments: Fragments, bytes: Uint8Array, now = 0): string | null {
  decodePacket(bytes, 0, bytes.length, packet);
  if (!fragments.add(packet, now)) return null;
  return String.fromCharCode(...packet.bytes.subarray(packet.payloadStart, packet.payloadEnd));
}

const MESSAGE = 'REGISTER sip:pbx SIP/2.0\r\n'.padEnd(120, '.');
const DATAGRAM = udp(text(MESSAGE), 4444, 5060);

type Build = (payload: Uint8Array, fields: IpFields) => Uint8Array;

/** Fragment of the datagram: bytes `[offset, end)`. */
function piece(build: Build, offset: number, end: number, fields: IpFields = {}, datagram = DATAGRAM): Uint8Array {
  const more = end < datagram.length;
  return build(datagram.slice(offset, end), { ...fields, fragment: { offset, more } });
}

const END = DATAGRAM.length;

describe.each([
  ['IPv4', ipv4],
  ['IPv6', ipv6],
] as [string, Build][])('%s', (name, build) => {
  const v6 = name === 'IPv6';

  it.each([
    [
      'in order',
      [
        [0, 40],
        [40, 80],
        [80, END],
      ],
    ],
    [
      'last first',
      [
        [80, END],
        [40, 80],
        [0, 40],
      ],
    ],
    [
      'first last',
      [
        [40, 80],
        [80, END],
        [0, 40],
      ],
    ],
    [
      'each repeated',
      [
        [0, 40],
        [0, 40],
        [80, END],
        [80, END],
        [40, 80],
      ],
    ],
    ['8 bytes each', Array.from({ length: END / 8 }, (_, i) => [i * 8, i * 8 + 8])],
  ])('puts a datagram together: %s', (_, pieces) => {
    const fragments = new Fragments(seed);
    const results = pieces.map(([offset, end]) => feed(fragments, piece(build, offset, end)));
    expect(results.pop()).toBe(MESSAGE);
    expect(results.every((r) => r === null)).toBe(true);
    expect(packet).toMatchObject({ fragmented: false, srcPort: 4444, dstPort: 5060, protocol: 17, truncated: false });
    expect(fragments).toMatchObject({ size: 0, completed: 1, overlaps: 0, anomaly: null });
  });

  it('leaves a whole packet alone', () => {
    expect(feed(new Fragments(seed), build(DATAGRAM, {}))).toBe(MESSAGE);
  });

  it('tells datagrams apart by source, destination and identification', () => {
    const fragments = new Fragments(seed);
    const others: IpFields[] = v6
      ? [{ src: '2001:db8::9' }, { dst: '2001:db8::9' }, { identification: 8 }, { src: '2001:db9::1' }]
      : [{ src: '192.0.2.9' }, { dst: '192.0.2.9' }, { identification: 8 }, { protocol: 6 }];
    for (const fields of others) expect(feed(fragments, piece(build, 0, 40, fields))).toBeNull();
    expect(feed(fragments, piece(build, 40, END))).toBeNull();
    expect(fragments.size).toBe(others.length + 1);
  });

  it('keeps what came in apart from what went out', () => {
    const fragments = new Fragments(seed);
    packet.side = SIDE_OUT;
    feed(fragments, piece(build, 0, 40));
    packet.side = SIDE_IN;
    expect(feed(fragments, piece(build, 40, END))).toBeNull();
    packet.side = SIDE_OUT;
    expect(feed(fragments, piece(build, 40, END))).toBe(MESSAGE);
    packet.side = SIDE_UNKNOWN;
  });

  it('forgets what was never completed, after its lifetime', () => {
    const fragments = new Fragments(seed);
    feed(fragments, piece(build, 0, 40), 1000);
    expect(feed(fragments, piece(build, 40, END), 1001 + FRAGMENT_LIFETIME_MS)).toBeNull();
    expect(fragments).toMatchObject({ expired: 1, size: 1 });
  });

  it.each([
    ['not a multiple of 8', build(DATAGRAM.slice(0, 41), { fragment: { offset: 0, more: true } }), 'fragment-length'],
    ['without data', build(new Uint8Array(0), { fragment: { offset: 8, more: true } }), 'fragment-length'],
    // Ping of death.
    ['behind 65,535', build(new Uint8Array(16), { fragment: { offset: 65528, more: false } }), 'fragment-too-far'],
  ])('refuses a fragment %s', (_, bytes, code) => {
    const fragments = new Fragments(seed);
    expect(feed(fragments, bytes)).toBeNull();
    expect(fragments).toMatchObject({ anomaly: code, size: 0 });
  });

  it('refuses what the capture cut', () => {
    const fragments = new Fragments(seed);
    feed(fragments, piece(build, 0, 40).subarray(0, -1));
    expect(fragments).toMatchObject({ anomaly: 'fragment-truncated', size: 0 });
  });

  it.each([
    ['a longer end', { offset: 80, length: 56, more: false }],
    ['a shorter end', { offset: 48, length: 8, more: false }],
    ['data behind the end', { offset: END, length: 8, more: true }],
  ])('refuses, after the last fragment, %s', (_, { offset, length, more }) => {
    const fragments = new Fragments(seed);
    feed(fragments, piece(build, 80, END));
    expect(feed(fragments, build(new Uint8Array(length), { fragment: { offset, more } }))).toBeNull();
    expect(fragments.anomaly).toBe('fragment-end');
    expect(feed(fragments, piece(build, 0, 80))).toBe(MESSAGE);
  });

  // Teardrop: the second fragment begins inside the first.
  it('reports fragments that overlap', () => {
    const fragments = new Fragments(seed);
    const evil = udp(text('x'.repeat(120)));
    feed(fragments, piece(build, 0, 48));
    const second = feed(fragments, piece(build, 40, 80, {}, evil));
    expect(second).toBeNull();
    expect(fragments).toMatchObject({ anomaly: 'fragment-overlap', overlaps: 1 });
    const last = feed(fragments, piece(build, 80, END));
    // IPv4: the bytes that came first. IPv6: the datagram is gone, and what still comes of it (RFC 5722).
    if (v6) expect(last).toBeNull();
    else expect(last).toBe(MESSAGE.slice(0, 40) + 'x'.repeat(32) + MESSAGE.slice(72));
  });

  // Evasion: one source cannot wash out a datagram whose fragments travel together.
  it('keeps a datagram through a flood of first fragments', () => {
    const fragments = new Fragments(seed);
    const flood = (count: number, base: number) => {
      for (let i = 0; i < count; i++) feed(fragments, piece(build, 0, 40, { identification: base + i }));
    };
    flood(DATAGRAMS_MAX + 100, 1000);
    feed(fragments, piece(build, 0, 40));
    flood(DATAGRAMS_MAX - 1, 5000);
    expect(feed(fragments, piece(build, 40, END))).toBe(MESSAGE);
    expect(fragments.size).toBeLessThanOrEqual(DATAGRAMS_MAX);
    expect(fragments.evicted).toBeGreaterThan(0);
  });

  it('keeps its memory bounded when every datagram is large', () => {
    const fragments = new Fragments(seed);
    const large = new Uint8Array(32_000);
    const count = (FRAGMENT_BYTES_MAX / large.length) * 2;
    for (let i = 0; i < count; i++)
      feed(fragments, build(large, { identification: i, fragment: { offset: 0, more: true } }));
    expect(fragments.size * Math.floor(large.length / PAGE_BYTES) * PAGE_BYTES).toBeLessThanOrEqual(FRAGMENT_BYTES_MAX);
    expect(
      feed(
        fragments,
        build(new Uint8Array(8), { identification: count - 1, fragment: { offset: 32_000, more: false } }),
      ),
    ).not.toBeNull();
  });

  it('puts any datagram together, however it was cut, in any order, with repetitions', () => {
    const cuts = fc.record({
      length: fc.integer({ min: 9, max: 6000 }),
      cuts: fc.uniqueArray(fc.integer({ min: 1, max: 740 }), { maxLength: 30 }),
      order: fc.infiniteStream(fc.nat(1000)),
      repeat: fc.array(fc.nat(30), { maxLength: 5 }),
    });
    fc.assert(
      fc.property(cuts, ({ length, cuts, order, repeat }) => {
        const data = Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 255);
        const datagram = udp(data);
        const at = [
          0,
          ...cuts
            .map((c) => c * 8)
            .filter((c) => c < datagram.length)
            .sort((a, b) => a - b),
          datagram.length,
        ];
        const pieces = at.slice(1).map((end, i) => [at[i], end]);
        if (pieces.length < 2) return;
        const sent = [...pieces, ...repeat.filter((i) => i < pieces.length).map((i) => pieces[i])]
          .map((p) => ({ p, key: order.next().value as number }))
          .sort((a, b) => a.key - b.key);
        const fragments = new Fragments(seed);
        const whole = sent
          .map(({ p }) => feed(fragments, piece(build, p[0], p[1], {}, datagram)))
          .filter((r) => r !== null);
        // Twice, when every piece was repeated behind the last of the first ones: as a repeated packet is.
        expect(whole.length).toBeGreaterThan(0);
        for (const datagramData of whole) expect(datagramData).toBe(String.fromCharCode(...data));
        expect(fragments.overlaps).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});

it('IPv6: takes the protocol from the first fragment, options in the fragmentable part included', () => {
  const options = Uint8Array.of(17, 0, 1, 4, 0, 0, 0, 0);
  const whole = new Uint8Array(8 + END);
  whole.set(options);
  whole.set(DATAGRAM, 8);
  const fragments = new Fragments(seed);
  feed(fragments, ipv6(whole.slice(48), { protocol: 99, fragment: { offset: 48, more: false } }));
  expect(feed(fragments, ipv6(whole.slice(0, 48), { protocol: 60, fragment: { offset: 0, more: true } }))).toBe(
    MESSAGE,
  );
  expect(packet).toMatchObject({ protocol: 17, srcPort: 4444 });
});

it('IPv6: a datagram with a fragment header inside is no message', () => {
  const inner = Uint8Array.of(17, 0, 0, 1, 0, 0, 0, 5, ...DATAGRAM.slice(0, 40));
  const fragments = new Fragments(seed);
  feed(fragments, ipv6(inner.slice(0, 24), { protocol: 44, fragment: { offset: 0, more: true } }));
  expect(feed(fragments, ipv6(inner.slice(24), { protocol: 44, fragment: { offset: 24, more: false } }))).toBe('');
  expect(fragments.anomaly).toBe('ipv6-nested-fragment');
});

it('any fragments, by the thousand: nothing throws, nothing outgrows its bounds', () => {
  const header = fc.record({
    offset: fc.nat(8191).map((n) => n * 8),
    more: fc.boolean(),
    identification: fc.nat(3),
    length: fc.nat(120),
    v6: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(header, { maxLength: 60 }), (rows) => {
      const fragments = new Fragments(seed);
      for (const { offset, more, identification, length, v6 } of rows) {
        const bytes = (v6 ? ipv6 : ipv4)(new Uint8Array(length), { identification, fragment: { offset, more } });
        feed(fragments, bytes);
        expect(packet.payloadEnd).toBeLessThanOrEqual(packet.bytes.length);
        expect(packet.payloadStart).toBeLessThanOrEqual(packet.payloadEnd);
      }
      expect(fragments.size).toBeLessThanOrEqual(8);
    }),
    { numRuns: 500 },
  );
});
