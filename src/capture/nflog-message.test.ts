/** NFLOG messages from bytes: what the kernel sends, and anything else. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { SIDE_IN, SIDE_OUT, SIDE_UNKNOWN, type Frame } from '../core/base/frame.ts';
import { NetlinkWriter } from '../ffi/netlink-message.ts';
import { NflogParser } from './nflog-message.ts';

const PACKET = 4 << 8;
const PAYLOAD = 9;
const PREFIX = 10;
const SEQ = 12;

interface Logged {
  prefix?: string;
  seq?: number;
  payload?: Uint8Array;
}

/** A batch as the kernel writes it. */
function batch(...packets: Logged[]): Uint8Array {
  const writer = new NetlinkWriter(65_536);
  for (const { prefix, seq, payload } of packets) {
    writer.begin(PACKET, 0, 0, 2, 7);
    if (prefix !== undefined) writer.text(PREFIX, prefix);
    if (seq !== undefined) writer.u32(SEQ, seq);
    if (payload !== undefined) writer.raw(PAYLOAD, payload);
    writer.end();
    writer.length = (writer.length + 3) & ~3;
  }
  return writer.bytes.slice(0, writer.length);
}

function parse(bytes: Uint8Array): { parser: NflogParser; frames: (Frame & { data: number[] })[]; packets: number } {
  const parser = new NflogParser(bytes);
  const frames: (Frame & { data: number[] })[] = [];
  const packets = parser.batch(bytes.length, (f) => frames.push({ ...f, data: [...f.bytes.subarray(f.start, f.end)] }));
  return { parser, frames, packets };
}

const IP = Uint8Array.from([0x45, 0, 0, 30, ...Array<number>(26).fill(7)]);

test('the prefix is the side', () => {
  const { frames, parser } = parse(
    batch(
      { prefix: 'in', seq: 0, payload: IP },
      { prefix: 'out', seq: 1, payload: IP },
      { prefix: 'x', seq: 2, payload: IP },
    ),
  );
  expect(frames.map((f) => f.side)).toEqual([SIDE_IN, SIDE_OUT, SIDE_UNKNOWN]);
  expect(frames.every((f) => f.data.join() === [...IP].join())).toBe(true);
  expect([parser.frames, parser.bytes, parser.lost, parser.malformed]).toEqual([3, 90, 0, 0]);
});

test.each([
  // sequence numbers seen          lost
  [[0, 1, 2], 0],
  [[3], 3],
  [[0, 5, 6, 10], 7],
  [[0xffffffff, 0, 1], 0], // a first number that far ahead is a step back
  [[5, 2, 3], 5], // another instance of the group
])('numbers %j: %i lost', (numbers, lost) => {
  expect(parse(batch(...numbers.map((seq) => ({ seq, payload: IP })))).parser.lost).toBe(lost);
});

test('the wire length is the IP header’s when the copy was cut', () => {
  const v4 = Uint8Array.from([0x45, 0, 0x40, 0, ...Array<number>(40).fill(0)]);
  const v6 = Uint8Array.from([0x60, 0, 0, 0, 0x10, 0, ...Array<number>(40).fill(0)]);
  expect(parse(batch({ payload: v4 }, { payload: v6 })).frames.map((f) => f.wireLength)).toEqual([0x4000, 40 + 0x1000]);
});

describe('anything else', () => {
  test('a message without a packet is counted, and the next one read', () => {
    const { parser, packets } = parse(batch({ seq: 0 }, { seq: 1, payload: IP }));
    expect([packets, parser.malformed]).toEqual([1, 1]);
  });

  test('no bytes make it throw, or hand over bytes outside the batch', () => {
    const good = batch({ prefix: 'in', seq: 0, payload: IP }, { prefix: 'out', seq: 1, payload: IP });
    const mutated = fc
      .array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 8 })
      .map((changes) => changes.reduce((bytes, [at, value]) => ((bytes[at] = value), bytes), good.slice()));
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 300 })), (bytes) => {
        for (const frame of parse(bytes).frames) {
          expect(frame.start).toBeGreaterThanOrEqual(0);
          expect(frame.end).toBeGreaterThanOrEqual(frame.start);
          expect(frame.end).toBeLessThanOrEqual(bytes.length);
        }
      }),
      { numRuns: 5000 },
    );
  });
});
