import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, int } from '../../spec/captures/files.ts';
import { ethernet, linuxCooked, linuxCooked2, nflog, pppoe, vlan } from '../../spec/captures/layers.ts';
import { findIp, linkTypeSupported } from './link.ts';

const IP4 = concat([0x45], new Uint8Array(19));
const IP6 = concat([0x60], new Uint8Array(39));

/** Start and length of the IP packet in the frame; null: none. */
function find(linkType: number, frame: Uint8Array): [number, number] | null {
  const buffer = concat(new Uint8Array(3), frame, new Uint8Array(3));
  const found = { start: 0, end: 0 };
  findIp(linkType, buffer, 3, 3 + frame.length, found);
  expect(found.end).toBeLessThanOrEqual(3 + frame.length);
  return found.start === found.end ? null : [found.start - 3, found.end - found.start];
}

// The usual frames of every link type are files: spec/captures. Here is what lies beside them.
// prettier-ignore
const rows: [string, number, Uint8Array, [number, number] | null][] = [
  ['Ethernet: ARP', 1, ethernet(0x0806, new Uint8Array(28)), null],
  ['Ethernet: shorter than its header', 1, ethernet(0x0800, IP4).slice(0, 13), null],
  ['Ethernet: nothing behind the header', 1, ethernet(0x0800, new Uint8Array(0)), null],
  ['Ethernet: 802.3 length that looks like nothing else', 1, ethernet(0x05dc, IP4), null],
  ['Ethernet: type IPv4, version 9', 1, ethernet(0x0800, concat([0x95], IP4)), null],
  ['Ethernet: four tags', 1, ethernet(0x8100, vlan([[1, 0x8100], [2, 0x8100], [3, 0x8100], [4, 0x0800]], IP4)), [30, 20]],
  ['Ethernet: five tags', 1, ethernet(0x8100, vlan([[1, 0x8100], [2, 0x8100], [3, 0x8100], [4, 0x8100], [5, 0x0800]], IP4)), null],
  ['Ethernet: cut in a tag', 1, ethernet(0x8100, new Uint8Array(3)), null],
  ['Ethernet: PPPoE in a tag', 1, ethernet(0x8100, vlan([[1, 0x8864]], pppoe(IP6))), [26, 40]],
  ['Ethernet: PPPoE control protocol', 1, ethernet(0x8864, concat([0x11, 0, 0, 1, 0, 4, 0xc0, 0x21], IP4)), null],
  ['Ethernet: PPPoE cut', 1, ethernet(0x8864, new Uint8Array(5)), null],
  ['cooked v1: tagged', 113, linuxCooked(0x8100, vlan([[7, 0x0800]], IP4)), [20, 20]],
  ['cooked v1: too short', 113, new Uint8Array(15), null],
  ['cooked v2: tagged', 276, linuxCooked2(0x8100, vlan([[7, 0x86dd]], IP6)), [24, 40]],
  ['cooked v2: too short', 276, new Uint8Array(19), null],
  ...[2, 10, 24, 28, 30].flatMap((family): typeof rows => [
    [`loopback: family ${family}, little-endian`, 0, concat(int(family, 4, true), IP6), [4, 40]],
    [`loopback: family ${family}, big-endian`, 108, concat(int(family, 4, false), IP6), [4, 40]],
  ]),
  ['loopback: another family', 0, concat(int(7, 4, true), IP4), null],
  ['NFLOG: the packet alone, behind it other attributes', 239, nflog(IP4), [20, 20]],
  ['NFLOG: big-endian', 239, concat([2, 0, 0, 5], int(24, 2, false), int(9, 2, false), IP4), [8, 20]],
  ['NFLOG: no packet', 239, concat([2, 0, 0, 5], int(8, 2, true), int(3, 2, true), new Uint8Array(4)), null],
  ['NFLOG: attribute of no length', 239, concat([2, 0, 0, 5], new Uint8Array(40)), null],
  ['NFLOG: packet longer than the frame', 239, concat([2, 0, 0, 5], int(999, 2, true), int(9, 2, true), IP4), [8, 20]],
  ['a link type that we do not know', 147, IP4, null],
];

describe('where the IP packet lies', () => {
  it.each(rows)('%s', (_, linkType, frame, place) => expect(find(linkType, frame)).toEqual(place));
});

it('any bytes: a place inside the frame', () => {
  const linkTypes = [0, 1, 12, 14, 101, 108, 113, 228, 229, 239, 276];
  expect(linkTypes.every(linkTypeSupported)).toBe(true);
  fc.assert(
    fc.property(fc.constantFrom(...linkTypes, 147), fc.uint8Array({ maxLength: 60 }), (linkType, frame) => {
      const place = find(linkType, frame);
      if (place !== null) expect(place[0] + place[1]).toBeLessThanOrEqual(frame.length);
    }),
    { numRuns: 3000 },
  );
});
