import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SIDE_IN, SIDE_OUT, SIDE_UNKNOWN, type Side } from '../../base/frame.ts';
import { createPacket, decodePacket } from './decode.ts';
import { CLOSE_DELAY_MS, HOLE_WAIT_MS, POSITIONS_MAX, type StreamLimits } from './stream-sink.ts';
import { TcpStreams } from './tcp-streams.ts';
import { LINUX_CASES } from './linux-cases.ts';
import { ACK, FIN, ipv4, ipv6, PSH, RST, SYN, type TcpFields, tcp, text } from './test-packets.ts';

const packet = createPacket();

interface IpEnds {
  src?: string;
  dst?: string;
  v6?: boolean;
  side?: Side;
}

/** Streams that write down what the sink was told: each stream a letter, its data, `~` for a gap, `.` for its end. */
class Recorded {
  readonly log = new Map<string, string>();
  readonly streams: TcpStreams<string>;
  now = 1_700_000_000_000;

  constructor(limits: Partial<StreamLimits> = {}) {
    const add = (state: string, event: string) => this.log.set(state, this.log.get(state) + event);
    this.streams = new TcpStreams<string>(
      {
        open: () => {
          const letter = String.fromCharCode(97 + this.log.size);
          this.log.set(letter, '');
          return letter;
        },
        data: (state, bytes, start, end) => add(state, String.fromCharCode(...bytes.subarray(start, end))),
        gap: (state) => add(state, '~'),
        close: (state) => add(state, '.'),
      },
      { seed: 1, ...limits },
    );
  }

  send(seq: number, data: string, fields: TcpFields = {}, ip: IpEnds = {}): this {
    packet.side = ip.side ?? SIDE_UNKNOWN;
    const segment = tcp(text(data), { seq: seq >>> 0, ...fields });
    const bytes = ip.v6
      ? ipv6(segment, { protocol: 6 })
      : ipv4(segment, { protocol: 6, src: ip.src ?? '192.0.2.1', dst: ip.dst ?? '198.51.100.1' });
    expect(decodePacket(bytes, 0, bytes.length, packet)).toBeNull();
    this.streams.add(packet, this.now);
    return this;
  }

  wait(ms: number): this {
    this.now += ms;
    return this;
  }

  /** The streams' logs, in the order in which they were opened. */
  get seen(): string[] {
    return [...this.log.values()];
  }
}

type Step = [seq: number, data: string, flags?: number, urgent?: number] | number;

/** Numbers are waiting times. */
function play(steps: Step[], limits: Partial<StreamLimits> = {}): string[] {
  const r = new Recorded(limits);
  for (const step of steps) {
    if (typeof step === 'number') r.wait(step);
    else r.send(step[0], step[1], { flags: step[2] ?? ACK, urgent: step[3] ?? 0 });
  }
  return r.seen;
}

describe('bytes in order', () => {
  // prettier-ignore
  const rows: [string, Step[], string[]][] = [
    ['a SYN alone opens nothing', [[99, '', SYN]], []],
    ['in order', [[99, '', SYN], [100, 'REGI'], [104, 'STER']], ['REGISTER']],
    ['SYN with data (RFC 7413)', [[99, 'REGI', SYN], [104, 'STER']], ['REGISTER']],
    ['a repeated SYN', [[99, '', SYN], [99, '', SYN], [100, 'REGISTER']], ['REGISTER']],
    ['picked up in the middle', [[5000, 'REGI'], [5004, 'STER']], ['REGISTER']],
    ['an ACK alone opens nothing', [[5000, '']], []],
    ['the later part first', [[99, '', SYN], [104, 'STER'], [100, 'REGI']], ['REGISTER']],
    ['three parts, backwards', [[99, '', SYN], [106, 'ER'], [103, 'IST'], [100, 'REG']], ['REGISTER']],
    ['repeated in order', [[99, '', SYN], [100, 'REGI'], [100, 'REGI'], [104, 'STER']], ['REGISTER']],
    ['repeated out of order', [[99, '', SYN], [104, 'STER'], [104, 'STER'], [100, 'REGI']], ['REGISTER']],
    ['repeated with more', [[99, '', SYN], [100, 'REGI'], [100, 'REGISTER']], ['REGISTER']],
    ['sequence numbers wrap', [[0xfffffffd, '', SYN], [0xfffffffe, 'REGI'], [2, 'STER']], ['REGISTER']],
    ['wrap, later part first', [[0xfffffffd, '', SYN], [2, 'STER'], [0xfffffffe, 'REGI']], ['REGISTER']],
    ['keep-alive with the last byte', [[99, '', SYN], [100, 'REGI'], [103, 'I'], [104, 'STER']], ['REGISTER']],
    ['keep-alive with junk before any data', [[99, '', SYN], [99, '\0'], [100, 'REGISTER']], ['REGISTER']],
    // RFC 9293 §3.8.6.1: one byte of what comes next, sent again when the window opens.
    ['zero-window probe', [[99, '', SYN], [100, 'REGI'], [104, 'S'], [104, 'STER']], ['REGISTER']],
  ];
  it.each(rows)('%s', (_, steps, expected) => expect(play(steps)).toEqual(expected));

  it('keeps the directions of a connection and its neighbours apart', () => {
    const r = new Recorded();
    r.send(100, 'a1')
      .send(100, 'b1', {}, { src: '198.51.100.1', dst: '192.0.2.1' })
      .send(100, 'c1', { srcPort: 40001 });
    r.send(100, 'd1', {}, { v6: true })
      .send(102, 'a2')
      .send(102, 'c2', { srcPort: 40001 })
      .send(102, 'd2', {}, { v6: true });
    expect(r.seen).toEqual(['a1a2', 'b1', 'c1c2', 'd1d2']);
    expect(r.streams.size).toBe(4);
  });

  // Evasion: an attacker who forges the PBX's address would otherwise speak in its name.
  it('keeps what came in apart from what went out, under the same addresses', () => {
    const r = new Recorded();
    r.send(100, 'SIP/2.0 ', {}, { side: SIDE_OUT }).send(108, '200', {}, { side: SIDE_IN });
    r.send(108, '401', {}, { side: SIDE_OUT });
    expect(r.seen).toEqual(['SIP/2.0 401', '200']);
  });

  it('a stream keeps its side, whatever packet makes us give up its hole', () => {
    const sides: number[] = [];
    const streams = new TcpStreams<null>({ open: (p) => (sides.push(p.side), null), data() {}, gap() {}, close() {} });
    const add = (seq: number, srcPort: number, side: Side, now: number) => {
      const bytes = ipv4(tcp(text('x'), { seq, srcPort }), { protocol: 6 });
      packet.side = side;
      decodePacket(bytes, 0, bytes.length, packet);
      streams.add(packet, now);
    };
    add(100, 1, SIDE_IN, 0);
    add(105, 1, SIDE_IN, 0);
    add(100, 2, SIDE_OUT, HOLE_WAIT_MS + 1);
    expect(sides).toEqual([SIDE_IN, SIDE_IN, SIDE_OUT]);
  });

  it('passes the bytes of the capture on without copying them', () => {
    const buffers = new Set<Uint8Array>();
    const streams = new TcpStreams<null>({
      open: () => null,
      data: (_, bytes) => buffers.add(bytes),
      gap() {},
      close() {},
    });
    const bytes = ipv4(tcp(text('REGISTER')), { protocol: 6 });
    decodePacket(bytes, 0, bytes.length, packet);
    streams.add(packet, 0);
    expect([...buffers]).toEqual([bytes]);
    expect([...buffers][0]).toBe(bytes);
  });
});

describe('what the PBX reads, whatever an attacker does', () => {
  it.each(LINUX_CASES.map((c) => [c.name, c] as const))('%s', (_, { segments, reads }) => {
    // Further streams hold the junk that the PBX never saw; this one is whole and undisturbed.
    expect(play(segments)[0]).toBe(reads);
  });

  it('overlaps are counted', () => {
    const r = new Recorded();
    r.send(99, '', { flags: SYN }).send(102, 'AAAA').send(104, 'bbbb');
    expect(r.streams.overlaps).toBe(1);
  });
});

describe('lost segments', () => {
  const late = HOLE_WAIT_MS + 1;
  // prettier-ignore
  const rows: [string, Step[], Partial<StreamLimits>, string[]][] = [
    ['waits for a retransmission', [[100, 'A'], [102, 'C'], HOLE_WAIT_MS - 1, [101, 'B']], {}, ['ABC']],
    ['goes on behind the hole', [[100, 'A'], [102, 'C'], late, [103, 'D']], {}, ['A', '~CD']],
    ['several holes', [[100, 'A'], [102, 'C'], [104, 'E'], late, [105, 'F']], {}, ['A', '~C~EF']],
    ['no room for more pieces', [[100, 'A'], [102, 'C'], [104, 'E'], [106, 'G']], { segmentsPerStreamMax: 2 }, ['A', '~C~E']],
    ['further ahead than the window', [[100, 'A'], [100 + 5000, 'C']], { bufferedBytesPerStreamMax: 4096 }, ['A', 'C']],
    // Evasion: what the PBX ignored made us give up; its own next bytes still find their stream and the half message in it.
    ['the missing piece comes after all', [[99, '', SYN], [100, 'REGI'], [900, 'junk'], late, [904, 'junk'], [104, 'STER']], {}, ['REGISTER', '~junkjunk']],
  ];
  it.each(rows)('%s', (_, steps, limits, expected) => expect(play(steps, limits)).toEqual(expected));

  it('gives up holes and streams when asked to, at the end of a capture', () => {
    const r = new Recorded();
    r.send(100, 'A').send(102, 'C');
    r.streams.expire(Infinity);
    expect(r.seen).toEqual(['A.', '~C.']);
    expect(r.streams).toMatchObject({ size: 0, gaps: 1, bufferedBytes: 0 });
  });
});

describe('the end of a connection, and the same port again', () => {
  // prettier-ignore
  const rows: [string, Step[], string[]][] = [
    ['FIN', [[100, 'A', FIN | ACK], CLOSE_DELAY_MS + 1, [9, '', SYN]], ['A.']],
    ['FIN before the data it follows', [[99, '', SYN], [102, '', FIN], [100, 'AB'], CLOSE_DELAY_MS + 1, [9, '', SYN]], ['AB.']],
    ['FIN whose data is missing', [[99, '', SYN], [102, '', FIN], [100, 'A'], CLOSE_DELAY_MS + 1, [101, 'B']], ['AB']],
    ['last segment repeated after FIN', [[100, 'A', FIN | ACK], [100, 'A', FIN | ACK]], ['A']],
    ['RST', [[100, 'A'], [101, '', RST], CLOSE_DELAY_MS + 1, [9, '', SYN]], ['A.']],
    ['SYN again, numbers far away', [[99, '', SYN], [100, 'A'], [0x80000000, '', SYN], [0x80000001, 'B']], ['A', 'B']],
    ['SYN again, numbers close by', [[99, '', SYN], [100, 'A'], [5000, '', SYN], [5001, 'B']], ['A', 'B']],
    ['SYN again, the same numbers', [[99, '', SYN], [100, 'ABC'], [99, '', SYN], [100, 'DEF'], [103, 'G']], ['ABC', 'DEFG']],
    ['SYN again after FIN, the same numbers', [[99, '', SYN], [100, 'ABC', FIN | ACK], [99, '', SYN], [100, 'DEF']], ['ABC', 'DEF']],
    // Evasion: what the PBX answers with a challenge ACK, or drops for its checksum, must not cut a message in two (RFC 5961).
    ['RST with another number', [[100, 'REGI'], [90, '', RST], CLOSE_DELAY_MS + 1, [104, 'STER']], ['REGISTER']],
    ['RST with the right number, and on', [[100, 'REGI'], [104, '', RST], 1, [104, 'STER']], ['REGISTER']],
    ['FIN with the right number, and on', [[100, 'REGI'], [104, '', FIN], 1, [104, 'STER']], ['REGISTER']],
    ['bogus SYN', [[99, '', SYN], [100, 'REGI'], [7000, '', SYN], [104, 'STER']], ['REGISTER']],
    ['bogus SYN with data', [[99, '', SYN], [100, 'REGI'], [7000, 'junk', SYN], [7005, 'junk'], [104, 'STER']], ['REGISTER', 'junkjunk']],
    ['bogus data far away', [[99, '', SYN], [100, 'REGI'], [0x40000000, 'junk'], [104, 'STER']], ['REGISTER', 'junk']],
  ];
  it.each(rows)('%s', (_, steps, expected) => expect(play(steps)).toEqual(expected));

  it('RST ends the other direction too', () => {
    const r = new Recorded();
    const back = { src: '198.51.100.1', dst: '192.0.2.1' };
    r.send(100, 'A').send(500, 'B', { srcPort: 5060, dstPort: 40000 }, back).send(101, '', { flags: RST });
    r.wait(CLOSE_DELAY_MS + 1).streams.expire(r.now);
    expect(r.seen).toEqual(['A.', 'B.']);
  });

  it('RST that came in ends what goes out', () => {
    const r = new Recorded();
    const back: IpEnds = { src: '198.51.100.1', dst: '192.0.2.1', side: SIDE_OUT };
    const out = { srcPort: 5060, dstPort: 40000 };
    r.send(100, 'A', {}, { side: SIDE_IN }).send(500, 'B', out, back).send(101, '', { flags: RST }, { side: SIDE_IN });
    r.wait(CLOSE_DELAY_MS + 1).streams.expire(r.now);
    expect(r.seen).toEqual(['A.', 'B.']);
  });

  it('ends what was idle too long', () => {
    const r = new Recorded({ idleMs: 1000 });
    r.send(100, 'A').wait(1001).streams.expire(r.now);
    expect(r.seen).toEqual(['A.']);
  });
});

describe('bounds', () => {
  const other = (i: number) => ({ src: `203.0.${(i >> 8) & 255}.${i & 255}` });

  // Evasion: see stream-table.ts.
  it.each([
    ['SYNs', SYN, ''],
    ['lone segments', ACK, 'x'],
  ])('a flood of %s leaves the streams that carried data', (_, flags, data) => {
    const r = new Recorded({ streamsMax: 64 });
    for (let i = 0; i < 20; i++) r.send(100, 'REGI', { srcPort: 1000 + i }).send(104, 'STER', { srcPort: 1000 + i });
    for (let i = 0; i < 5000; i++) r.send(i, data, { flags }, other(i));
    for (let i = 0; i < 20; i++) r.send(108, '!', { srcPort: 1000 + i });
    expect(r.seen.slice(0, 20)).toEqual(Array<string>(20).fill('REGISTER!'));
    expect(r.streams.size).toBeLessThanOrEqual(64);
    expect(r.streams.evicted).toBeGreaterThan(4000);
  });

  it('connections that really are made cannot keep others out', () => {
    const r = new Recorded({ streamsMax: 64 });
    for (let i = 0; i < 500; i++) r.send(100, 'a', {}, other(i)).send(101, 'b', {}, other(i));
    r.send(99, '', { flags: SYN }).send(104, 'STER');
    for (let i = 0; i < 10; i++) r.send(100, 'a', {}, other(600 + i));
    r.send(100, 'REGI');
    expect(r.seen).toContain('REGISTER');
    expect(r.streams.size).toBeLessThanOrEqual(64);
  });

  it('one connection has no more positions than it may', () => {
    const r = new Recorded();
    for (let i = 0; i < 100; i++) r.send(i * 0x1000000, 'junk');
    expect(r.streams.size).toBe(POSITIONS_MAX);
    expect(r.streams.misplaced).toBe(99);
  });

  it('out-of-order bytes have a bound, and who waited longest makes room', () => {
    const r = new Recorded({ bufferedBytesMax: 64 * 2048, streamsMax: 1000 });
    for (let i = 0; i < 200; i++) {
      r.send(99, '', { flags: SYN }, other(i)).send(5000, 'late', {}, other(i));
      expect(r.streams.bufferedBytes).toBeLessThanOrEqual(64 * 2048);
    }
    // The first streams gave up, the last ones still wait.
    expect(r.streams.gaps).toBe(200 - 64);
    expect(r.seen[0]).toBe('~late');
  });

  it('a table with one place works', () => {
    const r = new Recorded({ streamsMax: 1, segmentsPerStreamMax: 1 });
    for (let i = 0; i < 50; i++)
      r.send(100 + i * 7, 'abc', {}, other(i % 3)).send(100 + i * 7 + 5, 'abc', {}, other(i % 3));
    expect(r.streams.size).toBe(1);
  });
});

describe('any segments', () => {
  const MESSAGE = Array.from({ length: 3000 }, (_, i) => String.fromCharCode(33 + ((i * 7 + (i >> 5)) % 90))).join('');

  it('however it is cut, shuffled, repeated and overlapped, the bytes are the same', () => {
    const plan = fc.record({
      length: fc.integer({ min: 1, max: MESSAGE.length }),
      isn: fc.oneof(fc.constant(0xffffff00), fc.nat(0xffffffff)),
      cuts: fc.uniqueArray(fc.nat(MESSAGE.length), { maxLength: 60 }),
      extra: fc.array(fc.tuple(fc.nat(MESSAGE.length), fc.integer({ min: 1, max: 400 })), { maxLength: 20 }),
      seed: fc.nat(0x7fffffff),
    });
    fc.assert(
      fc.property(plan, ({ length, isn, cuts, extra, seed }) => {
        const at = [0, ...cuts.filter((c) => c > 0 && c < length).sort((a, b) => a - b), length];
        const pieces = at.slice(1).map((end, i) => [at[i], end]);
        for (const [from, count] of extra) if (from < length) pieces.push([from, Math.min(length, from + count)]);
        const r = new Recorded();
        r.send(isn - 1, '', { flags: SYN });
        for (const [from, end] of shuffled(pieces, seed)) r.send(isn + from, MESSAGE.slice(from, end));
        expect(r.seen).toEqual([MESSAGE.slice(0, length)]);
        expect(r.streams).toMatchObject({ gaps: 0, misplaced: 0, bufferedBytes: 0 });
      }),
      { numRuns: 400 },
    );
  });

  it('one byte at a time, in any order', () => {
    const message = MESSAGE.slice(0, 700);
    const r = new Recorded();
    r.send(-1, '', { flags: SYN });
    for (const [i] of shuffled(
      Array.from(message, (_, i) => [i]),
      7,
    ))
      r.send(i, message[i]);
    expect(r.seen).toEqual([message]);
  });

  it('whatever comes, nothing throws and the bounds hold', () => {
    const step = fc.record({
      seq: fc.oneof(fc.nat(5000), fc.nat(0xffffffff)),
      length: fc.nat(900),
      flags: fc.nat(63),
      urgent: fc.nat(20),
      port: fc.nat(5),
      wait: fc.oneof({ weight: 9, arbitrary: fc.nat(500) }, fc.nat(20_000)),
    });
    const limits = {
      streamsMax: 8,
      bufferedBytesMax: 1,
      bufferedBytesPerStreamMax: 8192,
      segmentsPerStreamMax: 3,
      idleMs: 15_000,
    };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        const r = new Recorded(limits);
        for (const { seq, length, flags, urgent, port, wait } of steps) {
          r.wait(wait).send(seq, 'x'.repeat(length), { flags, urgent, srcPort: port });
          expect(r.streams.size).toBeLessThanOrEqual(8);
          expect(r.streams.bufferedBytes).toBeLessThanOrEqual(64 * 2048);
        }
        r.streams.expire(Infinity);
        expect(r.streams).toMatchObject({ size: 0, bufferedBytes: 0 });
        expect(r.seen.every((log) => log.endsWith('.') && log.indexOf('.') === log.length - 1)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

function shuffled<E>(items: E[], seed: number): E[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    const j = (seed >>> 8) % (i + 1);
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

it('PSH and the like change nothing', () => {
  expect(
    play([
      [100, 'A', PSH | ACK],
      [101, 'B', 0],
      [102, 'C', PSH],
    ]),
  ).toEqual(['ABC']);
});
