/**
 * One message in HEP version 3 (https://github.com/sipcapture/HEP): `HEP3`, the length of all, then chunks. Each chunk is a vendor (0: the
 * generic ones), a type and a length that counts its own six bytes; numbers are big-endian.
 */
import { isV4, parseAddress } from '../core/base/address.ts';
import type { EvidenceItem } from '../core/base/evidence.ts';

export interface HepIdentity {
  /** Who captured it: Homer shows and filters by this number. */
  captureId: number;
  /** Null: the server asks for none. */
  key: string | null;
}

const CHUNK = {
  family: 0x0001,
  protocol: 0x0002,
  source4: 0x0003,
  destination4: 0x0004,
  source6: 0x0005,
  destination6: 0x0006,
  sourcePort: 0x0007,
  destinationPort: 0x0008,
  seconds: 0x0009,
  microseconds: 0x000a,
  payloadType: 0x000b,
  captureId: 0x000c,
  key: 0x000e,
  payload: 0x000f,
  correlation: 0x0011,
} as const;

/** Address families and protocols by their numbers in Linux and IANA. */
const INET = 2;
const INET6 = 10;
const PROTOCOLS = { udp: 17, tcp: 6 };
const SIP = 1;
const HEADER_BYTES = 6;

/**
 * `correlation`: the same for all messages of one attack; Homer finds messages by it. Null when the addresses are none, which the engine never
 * makes.
 */
export function hepPacket(item: EvidenceItem, correlation: string, { captureId, key }: HepIdentity): Buffer | null {
  const source = addressBytes(item.from);
  const destination = addressBytes(item.to);
  if (source === null || destination === null) return null;
  const v4 = source.length === 4;
  const chunks = [
    chunk(CHUNK.family, uint8(v4 ? INET : INET6)),
    chunk(CHUNK.protocol, uint8(PROTOCOLS[item.transport])),
    chunk(v4 ? CHUNK.source4 : CHUNK.source6, source),
    chunk(v4 ? CHUNK.destination4 : CHUNK.destination6, destination),
    chunk(CHUNK.sourcePort, uint16(item.fromPort)),
    chunk(CHUNK.destinationPort, uint16(item.toPort)),
    chunk(CHUNK.seconds, uint32(Math.floor(item.at / 1000))),
    chunk(CHUNK.microseconds, uint32(Math.floor((item.at % 1000) * 1000))),
    chunk(CHUNK.payloadType, uint8(SIP)),
    chunk(CHUNK.captureId, uint32(captureId)),
    ...(key === null ? [] : [chunk(CHUNK.key, Buffer.from(key))]),
    chunk(CHUNK.correlation, Buffer.from(correlation)),
    chunk(CHUNK.payload, item.bytes),
  ];
  const body = Buffer.concat(chunks);
  return Buffer.concat([Buffer.from('HEP3'), uint16(HEADER_BYTES + body.length), body]);
}

/** Of at most 65,535 bytes: evidence of one message has 4,096 at most. */
function chunk(type: number, value: Uint8Array): Buffer {
  return Buffer.concat([uint16(0), uint16(type), uint16(HEADER_BYTES + value.length), value]);
}

function addressBytes(text: string): Buffer | null {
  const address = parseAddress(text);
  if (address === null) return null;
  const bytes = Buffer.concat([address.w0, address.w1, address.w2, address.w3].map(uint32));
  return isV4(address) ? bytes.subarray(12) : bytes;
}

function uint8(value: number): Buffer {
  return Buffer.of(value);
}

function uint16(value: number): Buffer {
  return Buffer.of(value >>> 8, value & 0xff);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
