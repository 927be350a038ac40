/**
 * Netlink messages as bytes (RFC 3549 §2.3; linux/netlink.h): headers in the machine's byte order, nftables' payloads in network
 * byte order, every attribute padded to four bytes. One writer over one preallocated buffer; attributes nest by offset.
 */
export const NLMSG_HEADER_BYTES = 16;
/** struct nfgenmsg: family, version, resource id (network order). */
export const NFGEN_BYTES = 4;
export const ATTRIBUTE_HEADER_BYTES = 4;
/** nla_len is 16 bits wide: what one attribute may hold with its header. */
export const ATTRIBUTE_BYTES_MAX = 0xffff;

export const NLM_F_REQUEST = 0x1;
export const NLM_F_ACK = 0x4;
export const NLM_F_DUMP = 0x300;
export const NLM_F_CREATE = 0x400;
export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;

export const NLA_NESTED = 0x8000;
export const NLA_TYPE_MASK = 0x3fff;

const LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
const ascii = new TextEncoder();

export const align4 = (n: number): number => (n + 3) & ~3;

export class NetlinkWriter {
  readonly bytes: Uint8Array;
  /** Where the next byte goes: the length of what was written. */
  length = 0;
  private readonly view: DataView;
  private messageStart = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  reset(): void {
    this.length = 0;
  }

  room(): number {
    return this.bytes.length - this.length;
  }

  /** Starts a message with its nfgenmsg; `end` fills in its length. `resource` is the subsystem or group, host order. */
  begin(type: number, flags: number, seq: number, family: number, resource: number): void {
    const at = (this.messageStart = this.length);
    this.view.setUint16(at + 4, type, LITTLE);
    this.view.setUint16(at + 6, flags, LITTLE);
    this.view.setUint32(at + 8, seq >>> 0, LITTLE);
    this.view.setUint32(at + 12, 0, LITTLE);
    this.bytes[at + 16] = family;
    this.bytes[at + 17] = 0;
    this.view.setUint16(at + 18, resource);
    this.length = at + NLMSG_HEADER_BYTES + NFGEN_BYTES;
  }

  end(): void {
    this.view.setUint32(this.messageStart, this.length - this.messageStart, LITTLE);
  }

  /** Opens a nested attribute; hand the answer to `close`. */
  nest(type: number): number {
    const at = this.length;
    this.view.setUint16(at + 2, type | NLA_NESTED, LITTLE);
    this.length = at + ATTRIBUTE_HEADER_BYTES;
    return at;
  }

  close(at: number): void {
    this.view.setUint16(at, this.length - at, LITTLE);
  }

  /** Bytes of an attribute opened by `nest` so far, its header included. */
  nestedBytes(at: number): number {
    return this.length - at;
  }

  u8(type: number, value: number): void {
    const at = this.header(type, 1);
    this.bytes.fill(0, at, at + 4);
    this.bytes[at] = value;
  }

  u16(type: number, value: number): void {
    const at = this.header(type, 2);
    this.bytes.fill(0, at, at + 4);
    this.view.setUint16(at, value);
  }

  u32(type: number, value: number): void {
    this.view.setUint32(this.header(type, 4), value >>> 0);
  }

  /** Exact up to 2^53. */
  u64(type: number, value: number): void {
    const at = this.header(type, 8);
    this.view.setUint32(at, Math.floor(value / 0x1_0000_0000));
    this.view.setUint32(at + 4, value % 0x1_0000_0000);
  }

  /** A string with its closing NUL. */
  text(type: number, value: string): void {
    const at = this.header(type, value.length + 1);
    this.bytes.fill(0, at, this.length);
    ascii.encodeInto(value, this.bytes.subarray(at));
  }

  raw(type: number, value: Uint8Array): void {
    const at = this.header(type, value.length);
    this.bytes.fill(0, at + value.length, this.length);
    this.bytes.set(value, at);
  }

  /** An attribute of `count` 32-bit words in network order, out of at most four. */
  words(type: number, count: number, a: number, b: number, c: number, d: number): void {
    const at = this.header(type, count * 4);
    this.view.setUint32(at, a);
    if (count < 4) return;
    this.view.setUint32(at + 4, b);
    this.view.setUint32(at + 8, c);
    this.view.setUint32(at + 12, d);
  }

  private header(type: number, payload: number): number {
    const at = this.length;
    this.view.setUint16(at, ATTRIBUTE_HEADER_BYTES + payload, LITTLE);
    this.view.setUint16(at + 2, type, LITTLE);
    this.length = at + ATTRIBUTE_HEADER_BYTES + align4(payload);
    return at + ATTRIBUTE_HEADER_BYTES;
  }
}

/** Reads fields out of a receive buffer by offset. Nothing is allocated; callers check lengths before they read. */
export class NetlinkReader {
  readonly bytes: Uint8Array;
  readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  host16(at: number): number {
    return this.view.getUint16(at, LITTLE);
  }

  host32(at: number): number {
    return this.view.getUint32(at, LITTLE);
  }

  hostInt32(at: number): number {
    return this.view.getInt32(at, LITTLE);
  }

  net32(at: number): number {
    return this.view.getUint32(at);
  }

  /** Rounded above 2^53, which no timeout or packet count reaches. */
  net64(at: number): number {
    return this.view.getUint32(at) * 0x1_0000_0000 + this.view.getUint32(at + 4);
  }

  /** Length of the message at `at`, header included; 0 when it is impossible within `end`. */
  messageBytes(at: number, end: number): number {
    if (end - at < NLMSG_HEADER_BYTES) return 0;
    const length = this.host32(at);
    return length < NLMSG_HEADER_BYTES || length > end - at ? 0 : length;
  }

  messageType(at: number): number {
    return this.host16(at + 4);
  }

  messageFlags(at: number): number {
    return this.host16(at + 6);
  }

  messageSeq(at: number): number {
    return this.host32(at + 8);
  }

  /** Length of the attribute at `at`, header included; 0 when it is impossible within `end`: the walk ends there. */
  attributeBytes(at: number, end: number): number {
    if (end - at < ATTRIBUTE_HEADER_BYTES) return 0;
    const length = this.host16(at);
    return length < ATTRIBUTE_HEADER_BYTES || length > end - at ? 0 : length;
  }

  attributeType(at: number): number {
    return this.host16(at + 2) & NLA_TYPE_MASK;
  }

  /** The text of the attribute at `at`, up to its NUL, one character a byte. */
  text(at: number, end: number): string {
    const stop = at + this.attributeBytes(at, end);
    let characters = '';
    for (let i = at + ATTRIBUTE_HEADER_BYTES; i < stop && this.bytes[i] !== 0; i++)
      characters += String.fromCharCode(this.bytes[i]);
    return characters;
  }

  /** Offset of the first attribute of `type` in `[at, end)`, or -1. */
  find(type: number, at: number, end: number): number {
    for (let length = this.attributeBytes(at, end); length !== 0; length = this.attributeBytes(at, end)) {
      if (this.attributeType(at) === type) return at;
      at += align4(length);
    }
    return -1;
  }
}
