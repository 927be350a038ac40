/**
 * Link layers → IP packet. Numbers of the link types: https://www.tcpdump.org/linktypes.html
 */

export const LINKTYPE_NULL = 0;
export const LINKTYPE_ETHERNET = 1;
/** Raw IP: 101 everywhere in files; 12 and 14 are what BSDs wrote (DLT_RAW); 228 and 229 hold one family only. */
export const LINKTYPE_RAW = 101;
export const LINKTYPE_RAW_12 = 12;
export const LINKTYPE_RAW_14 = 14;
export const LINKTYPE_LOOP = 108;
export const LINKTYPE_LINUX_SLL = 113;
export const LINKTYPE_IPV4 = 228;
export const LINKTYPE_IPV6 = 229;
export const LINKTYPE_NFLOG = 239;
export const LINKTYPE_LINUX_SLL2 = 276;

const LINK_TYPES = new Set([
  ...[LINKTYPE_NULL, LINKTYPE_ETHERNET, LINKTYPE_RAW, LINKTYPE_RAW_12, LINKTYPE_RAW_14, LINKTYPE_LOOP],
  ...[LINKTYPE_LINUX_SLL, LINKTYPE_IPV4, LINKTYPE_IPV6, LINKTYPE_NFLOG, LINKTYPE_LINUX_SLL2],
]);

export function linkTypeSupported(linkType: number): boolean {
  return LINK_TYPES.has(linkType);
}

const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_IPV6 = 0x86dd;
const ETHERTYPE_PPPOE_SESSION = 0x8864;
const PPP_IPV4 = 0x0021;
const PPP_IPV6 = 0x0057;

/** Tags in front of one packet: 802.1Q, 802.1ad, and the older numbers of QinQ. Two are usual, four are generous. */
export const VLAN_TAGS_MAX = 4;

/** Attributes looked at in one NFLOG frame; the kernel writes at most one of each of its 21 kinds. */
const NFLOG_ATTRIBUTES_MAX = 64;
const NFULA_PAYLOAD = 9;

/** Where the IP packet lies in a frame; `start === end`: the frame holds none. */
export interface IpBounds {
  start: number;
  end: number;
}

/** Finds the IP packet in the frame at `bytes[start, end)` and writes its place into `found`. */
export function findIp(linkType: number, bytes: Uint8Array, start: number, end: number, found: IpBounds): void {
  found.end = end;
  let at = -1;
  switch (linkType) {
    case LINKTYPE_ETHERNET:
      at = end - start < 14 ? -1 : afterEtherType(bytes, start + 12, end);
      break;
    case LINKTYPE_LINUX_SLL:
      at = end - start < 16 ? -1 : afterEtherType(bytes, start + 14, end);
      break;
    case LINKTYPE_LINUX_SLL2:
      // The protocol comes first here, the header has 20 bytes.
      at = end - start < 20 ? -1 : payloadOf(u16(bytes, start), bytes, start + 20, end);
      break;
    case LINKTYPE_RAW:
    case LINKTYPE_RAW_12:
    case LINKTYPE_RAW_14:
    case LINKTYPE_IPV4:
    case LINKTYPE_IPV6:
      at = start;
      break;
    case LINKTYPE_NULL:
    case LINKTYPE_LOOP:
      at = isLoopbackIp(bytes, start, end) ? start + 4 : -1;
      break;
    case LINKTYPE_NFLOG:
      at = nflogPayload(bytes, start, end, found);
      break;
  }
  if (at < 0 || !isIp(bytes, at, found.end)) {
    found.start = end;
    found.end = end;
    return;
  }
  found.start = at;
}

/** The packet behind an EtherType at `at`, and behind the tags that it may announce; -1: no IP. */
function afterEtherType(bytes: Uint8Array, at: number, end: number): number {
  let type = u16(bytes, at);
  at += 2;
  for (let tags = 0; isVlanTag(type); tags++) {
    if (tags === VLAN_TAGS_MAX || at + 4 > end) return -1;
    type = u16(bytes, at + 2);
    at += 4;
  }
  return payloadOf(type, bytes, at, end);
}

function isVlanTag(type: number): boolean {
  return type === 0x8100 || type === 0x88a8 || type === 0x9100 || type === 0x9200;
}

function payloadOf(type: number, bytes: Uint8Array, at: number, end: number): number {
  if (type === ETHERTYPE_IPV4 || type === ETHERTYPE_IPV6) return at;
  // Linux cooked captures can hold tags as well: the tag is then what the EtherType names.
  if (isVlanTag(type) && at + 4 <= end) return afterEtherType(bytes, at + 2, end);
  if (type !== ETHERTYPE_PPPOE_SESSION || at + 8 > end) return -1;
  // RFC 2516 §4: version and type 1, code 0, session, length; then PPP's protocol.
  const protocol = u16(bytes, at + 6);
  return bytes[at] === 0x11 && (protocol === PPP_IPV4 || protocol === PPP_IPV6) ? at + 8 : -1;
}

/**
 * The address family stands in the byte order of the machine that captured (NULL) or in network order (LOOP).
 * Tolerance: both orders are read for both. AF_INET is 2; AF_INET6 is 10 on Linux, 24, 28 and 30 on the BSDs and macOS.
 */
function isLoopbackIp(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 4) return false;
  const little = bytes[start + 1] === 0 && bytes[start + 2] === 0 && bytes[start + 3] === 0;
  const big = bytes[start] === 0 && bytes[start + 1] === 0 && bytes[start + 2] === 0;
  const family = little ? bytes[start] : big ? bytes[start + 3] : 0;
  return family === 2 || family === 10 || family === 24 || family === 28 || family === 30;
}

/**
 * nflog(4 bytes: family, version, resource), then attributes: length, kind (both in the capturing machine's order), value, padding.
 * The packet is attribute 9.
 */
function nflogPayload(bytes: Uint8Array, start: number, end: number, found: IpBounds): number {
  let at = start + 4;
  for (let i = 0; i < NFLOG_ATTRIBUTES_MAX && at + 4 <= end; i++) {
    // Kinds are below 256: the zero byte tells the order.
    const little = bytes[at + 3] === 0;
    const length = little ? bytes[at] | (bytes[at + 1] << 8) : u16(bytes, at);
    const kind = little ? bytes[at + 2] : bytes[at + 3];
    if (length < 4) return -1;
    if (kind === NFULA_PAYLOAD) {
      found.end = Math.min(end, at + length);
      return at + 4;
    }
    at += (length + 3) & ~3;
  }
  return -1;
}

function isIp(bytes: Uint8Array, at: number, end: number): boolean {
  if (at >= end) return false;
  const version = bytes[at] >>> 4;
  return version === 4 || version === 6;
}

function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 8) | bytes[at + 1];
}
