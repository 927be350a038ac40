/** Packets for tests: built byte by byte, so that a test can lie in any field. */
import { parseAddress } from '../../base/address.ts';

export interface IpFields {
  src?: string;
  dst?: string;
  protocol?: number;
  /** Overrides of what would be correct. */
  totalLength?: number;
  identification?: number;
  /** IPv4: flags and offset field as it is in the header. IPv6: a fragment header with this offset and M bit is added. */
  fragment?: { offset: number; more: boolean };
  /** IPv4 options, or IPv6 extension headers as they are (the first one's kind in `extensionKind`, the last names `protocol`). */
  options?: Uint8Array;
  extensionKind?: number;
}

export function concat(...parts: (Uint8Array | number[])[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export const text = (s: string): Uint8Array => Uint8Array.from(s, (c) => c.charCodeAt(0));
export const u16 = (n: number): number[] => [(n >>> 8) & 255, n & 255];
export const u32 = (n: number): number[] => [...u16(n >>> 16), ...u16(n)];

function addressBytes(address: string, length: 4 | 16): number[] {
  const a = parseAddress(address)!;
  return [...u32(a.w0), ...u32(a.w1), ...u32(a.w2), ...u32(a.w3)].slice(16 - length);
}

export function ipv4(payload: Uint8Array, fields: IpFields = {}): Uint8Array {
  const { src = '192.0.2.1', dst = '198.51.100.1', protocol = 17, identification = 7, fragment } = fields;
  const options = fields.options ?? new Uint8Array(0);
  const headerLength = 20 + options.length;
  const field = fragment ? (fragment.more ? 0x2000 : 0) | (fragment.offset >>> 3) : 0;
  return concat(
    [0x40 | (headerLength >>> 2), 0, ...u16(fields.totalLength ?? headerLength + payload.length)],
    [...u16(identification), ...u16(field), 64, protocol, 0, 0],
    [...addressBytes(src, 4), ...addressBytes(dst, 4)],
    options,
    payload,
  );
}

export function ipv6(payload: Uint8Array, fields: IpFields = {}): Uint8Array {
  const { src = '2001:db8::1', dst = '2001:db8::2', protocol = 17, identification = 7, fragment } = fields;
  const options = fields.options ?? new Uint8Array(0);
  const fragmentHeader = fragment
    ? [protocol, 0, ...u16(fragment.offset | (fragment.more ? 1 : 0)), ...u32(identification)]
    : [];
  const first = fields.extensionKind ?? (fragment ? 44 : protocol);
  const length = fields.totalLength ?? options.length + fragmentHeader.length + payload.length;
  return concat(
    [0x60, 0, 0, 0, ...u16(length), first, 64],
    [...addressBytes(src, 16), ...addressBytes(dst, 16)],
    options,
    fragmentHeader,
    payload,
  );
}

export function udp(data: Uint8Array, srcPort = 5060, dstPort = 5060, length = 8 + data.length): Uint8Array {
  return concat([...u16(srcPort), ...u16(dstPort), ...u16(length), 0, 0], data);
}

export interface TcpFields {
  srcPort?: number;
  dstPort?: number;
  seq?: number;
  flags?: number;
  urgent?: number;
  options?: Uint8Array;
  /** Header length in 4-byte words, where it shall be wrong. */
  dataOffset?: number;
}

export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const PSH = 8;
export const ACK = 16;
export const URG = 32;

export function tcp(data: Uint8Array, fields: TcpFields = {}): Uint8Array {
  const { srcPort = 40000, dstPort = 5060, seq = 1, flags = ACK | PSH, urgent = 0 } = fields;
  const options = fields.options ?? new Uint8Array(0);
  const words = fields.dataOffset ?? 5 + options.length / 4;
  return concat(
    [...u16(srcPort), ...u16(dstPort), ...u32(seq), 0, 0, 0, 0, words << 4, flags, 0xff, 0xff, 0, 0, ...u16(urgent)],
    options,
    data,
  );
}
