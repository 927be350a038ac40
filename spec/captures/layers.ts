/** What stands around an IP packet in a frame, and IP fragments of a packet. */
import { addToSum, foldSum } from '../../src/capture/checksum.ts';
import { concat, int, text } from './files.ts';

const MAC_A = [2, 0, 0, 0, 0, 1];
const MAC_B = [2, 0, 0, 0, 0, 2];
const be16 = (n: number) => int(n, 2, false);
const be32 = (n: number) => int(n, 4, false);

export function ethernet(type: number, payload: Uint8Array): Uint8Array {
  return concat(MAC_B, MAC_A, be16(type), payload);
}

/** The tags behind the first EtherType: VLAN number and the type that follows. */
export function vlan(tags: [number, number][], payload: Uint8Array): Uint8Array {
  return concat(...tags.map(([id, type]) => concat(be16(id), be16(type))), payload);
}

/** RFC 2516 session data: version 1, type 1, code 0, session 17, length, then PPP's protocol. */
export function pppoe(packet: Uint8Array): Uint8Array {
  const protocol = packet[0] >>> 4 === 4 ? 0x0021 : 0x0057;
  return concat([0x11, 0], be16(17), be16(packet.length + 2), be16(protocol), packet);
}

export function arp(): Uint8Array {
  const request = concat(
    be16(1),
    be16(0x0800),
    [6, 4],
    be16(1),
    MAC_A,
    [192, 0, 2, 7],
    [0, 0, 0, 0, 0, 0],
    [192, 0, 2, 1],
  );
  return ethernet(0x0806, request);
}

/** LINKTYPE_LINUX_SLL: packet type (to us), ARPHRD (Ethernet), address length, address in 8 bytes, protocol. */
export function linuxCooked(type: number, packet: Uint8Array): Uint8Array {
  return concat(be16(0), be16(1), be16(6), MAC_A, [0, 0], be16(type), packet);
}

/** LINKTYPE_LINUX_SLL2: protocol, reserved, interface, ARPHRD, packet type, address length, address in 8 bytes. */
export function linuxCooked2(type: number, packet: Uint8Array): Uint8Array {
  return concat(be16(type), be16(0), be32(2), be16(1), [0, 6], MAC_A, [0, 0], packet);
}

/** LINKTYPE_NULL and _LOOP: the family, as FreeBSD numbers it. */
export function loopback(packet: Uint8Array, little: boolean): Uint8Array {
  return concat(int(packet[0] >>> 4 === 4 ? 2 : 28, 4, little), packet);
}

/** LINKTYPE_NFLOG, as Linux on a little-endian machine writes it: prefix (10), packet (9), time (3) behind it. */
export function nflog(packet: Uint8Array): Uint8Array {
  const attribute = (kind: number, value: Uint8Array) =>
    concat(int(value.length + 4, 2, true), int(kind, 2, true), value, new Uint8Array((4 - (value.length % 4)) % 4));
  const family = packet[0] >>> 4 === 4 ? 2 : 10;
  return concat(
    [family, 0],
    be16(5),
    attribute(10, text('sip in\0')),
    attribute(9, packet),
    attribute(3, new Uint8Array(16)),
  );
}

/** Fragments of `size` bytes each (a multiple of 8), header checksum included. */
export function ipv4Fragments(packet: Uint8Array, size: number): Uint8Array[] {
  const body = packet.subarray(20);
  return pieces(body.length, size).map(([from, to]) => {
    const header = packet.slice(0, 20);
    header.set(be16(20 + to - from), 2);
    header.set(be16(body.length), 4);
    header.set(be16((to < body.length ? 0x2000 : 0) | (from >>> 3)), 6);
    header.set([0, 0], 10);
    header.set(be16(foldSum(addToSum(0, header, 0, 20))), 10);
    return concat(header, body.subarray(from, to));
  });
}

export function ipv6Fragments(packet: Uint8Array, size: number): Uint8Array[] {
  const body = packet.subarray(40);
  return pieces(body.length, size).map(([from, to]) => {
    const header = packet.slice(0, 40);
    header.set(be16(8 + to - from), 4);
    header[6] = 44;
    const fragment = concat([packet[6], 0], be16(from | (to < body.length ? 1 : 0)), be32(0xfeed0000 + body.length));
    return concat(header, fragment, body.subarray(from, to));
  });
}

function pieces(length: number, size: number): [number, number][] {
  const count = Math.ceil(length / size);
  return Array.from({ length: count }, (_, i) => [i * size, Math.min(length, (i + 1) * size)]);
}
