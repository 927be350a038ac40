/** Netlink bytes: written and read back, and walked safely whatever they are. */
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { align4, ATTRIBUTE_HEADER_BYTES, NetlinkReader, NetlinkWriter } from './netlink-message.ts';

const FIRST_ATTRIBUTE = 20;

test('the bytes of a message, as linux/netlink.h lays them out (little-endian machine)', () => {
  const writer = new NetlinkWriter(256);
  writer.begin(0x0a0c, 0x0405, 7, 1, 0x0203);
  writer.text(1, 'abc');
  const nest = writer.nest(3);
  writer.u32(1, 0x01020304);
  writer.close(nest);
  writer.u64(4, 0x1_0000_0002);
  writer.end();
  // prettier-ignore
  expect([...writer.bytes.subarray(0, writer.length)]).toEqual([
    52, 0, 0, 0,  0x0c, 0x0a,  0x05, 0x04,  7, 0, 0, 0,  0, 0, 0, 0,   1, 0, 2, 3,
    8, 0, 1, 0,  97, 98, 99, 0,
    12, 0, 3, 0x80,   8, 0, 1, 0,  1, 2, 3, 4,
    12, 0, 4, 0,  0, 0, 0, 1,  0, 0, 0, 2,
  ]);
});

test('padding is zero whatever the buffer held', () => {
  const writer = new NetlinkWriter(256);
  writer.bytes.fill(0xff);
  writer.begin(1, 1, 1, 1, 0);
  writer.u8(1, 5);
  writer.u16(2, 6);
  writer.text(3, 'xy');
  writer.raw(4, Uint8Array.of(1, 2, 3));
  writer.end();
  const reader = new NetlinkReader(writer.bytes);
  for (let at = FIRST_ATTRIBUTE; at < writer.length;) {
    const length = reader.attributeBytes(at, writer.length);
    for (let i = at + length; i < at + align4(length); i++) expect(writer.bytes[i]).toBe(0);
    at += align4(length);
  }
});

test('what was written is found again', () => {
  fc.assert(
    fc.property(fc.nat(0xffffffff), fc.maxSafeNat(), (small, large) => {
      const writer = new NetlinkWriter(256);
      writer.begin(1, 2, small, 1, 0);
      writer.u32(5, small);
      writer.u64(6, large);
      writer.end();
      const reader = new NetlinkReader(writer.bytes);
      expect(reader.messageBytes(0, writer.length)).toBe(writer.length);
      expect(reader.messageSeq(0)).toBe(small);
      expect(reader.net32(reader.find(5, FIRST_ATTRIBUTE, writer.length) + ATTRIBUTE_HEADER_BYTES)).toBe(small);
      expect(reader.net64(reader.find(6, FIRST_ATTRIBUTE, writer.length) + ATTRIBUTE_HEADER_BYTES)).toBe(large);
      expect(reader.find(7, FIRST_ATTRIBUTE, writer.length)).toBe(-1);
    }),
  );
});

test('a walk over any bytes ends, inside them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(40), (bytes, type) => {
      const found = new NetlinkReader(bytes).find(type, 0, bytes.length);
      expect(found).toBeGreaterThanOrEqual(-1);
      if (found >= 0) expect(found + ATTRIBUTE_HEADER_BYTES).toBeLessThanOrEqual(bytes.length);
    }),
    { numRuns: 5000 },
  );
});
