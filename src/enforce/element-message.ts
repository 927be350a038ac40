/** nf_tables' netlink messages for set elements (linux/netfilter/nf_tables.h): bytes in, bytes out, no I/O. */
import { isV4, type Address } from '../core/base/address.ts';
import type { ElementKey } from './element-key.ts';
import {
  align4,
  ATTRIBUTE_HEADER_BYTES,
  NFGEN_BYTES,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_REQUEST,
  NLMSG_HEADER_BYTES,
  type NetlinkReader,
  type NetlinkWriter,
} from '../ffi/netlink-message.ts';

export const SUBSYS_NFTABLES = 10;
export const NFPROTO_INET = 1;
const BATCH_BEGIN = 16;
const BATCH_END = 17;
export const MSG_NEWSET = (SUBSYS_NFTABLES << 8) | 9;
const MSG_GETSET = (SUBSYS_NFTABLES << 8) | 10;
export const MSG_NEWSETELEM = (SUBSYS_NFTABLES << 8) | 12;
const MSG_GETSETELEM = (SUBSYS_NFTABLES << 8) | 13;
export const MSG_DELSETELEM = (SUBSYS_NFTABLES << 8) | 14;
export const MSG_NEWGEN = (SUBSYS_NFTABLES << 8) | 15;
export const MSG_NEWOBJ = (SUBSYS_NFTABLES << 8) | 18;
const MSG_GETOBJ = (SUBSYS_NFTABLES << 8) | 19;
const MSG_GETGEN = (SUBSYS_NFTABLES << 8) | 16;

const SET_TABLE = 1;
const SET_NAME = 2;
const LIST_TABLE = 1;
const LIST_SET = 2;
const LIST_ELEMENTS = 3;
const LIST_ELEM = 1;
const ELEM_KEY = 1;
const ELEM_DATA = 2;
const ELEM_FLAGS = 3;
const ELEM_TIMEOUT = 4;
const ELEM_EXPIRATION = 5;
const ELEM_EXPR = 7;
const ELEM_EXPRESSIONS = 11;
const DATA_VALUE = 1;
const DATA_VERDICT = 2;
const VERDICT_CODE = 1;
const VERDICT_CHAIN = 2;
/** NFT_JUMP of enum nft_verdicts. */
const NFT_JUMP = -3;
const OBJ_TABLE = 1;
const OBJ_NAME = 2;
const OBJ_TYPE = 3;
const OBJ_DATA = 4;
const OBJECT_COUNTER = 1;
/** NFTA_SET_COUNT, newer than Debian 12's headers. */
const SET_COUNT = 20;
const EXPR_NAME = 1;
const EXPR_DATA = 2;
const COUNTER_BYTES = 1;
const COUNTER_PACKETS = 2;
const GEN_ID = 1;

export const FLAG_INTERVAL_END = 1;

/** Bytes of one element with every attribute that we write, IPv6: what a message must have room for before another is added. */
export const ELEMENT_BYTES_MAX = 120;
/** Batch begin and end, and a message's own header with table and set names. */
export const MESSAGE_OVERHEAD_BYTES = 128;

export const CREATE = NLM_F_CREATE;
export const ACK = NLM_F_ACK;

export function writeBatchBegin(writer: NetlinkWriter, seq: number): void {
  writer.begin(BATCH_BEGIN, NLM_F_REQUEST, seq, 0, SUBSYS_NFTABLES);
  writer.end();
}

export function writeBatchEnd(writer: NetlinkWriter, seq: number): void {
  writer.begin(BATCH_END, NLM_F_REQUEST, seq, 0, SUBSYS_NFTABLES);
  writer.end();
}

/** Opens a message that adds or deletes elements; hand the answer to `closeElements`. */
export function openElements(
  writer: NetlinkWriter,
  type: number,
  flags: number,
  seq: number,
  table: string,
  set: string,
): number {
  openSetMessage(writer, type, flags, seq, table, set);
  return writer.nest(LIST_ELEMENTS);
}

export function closeElements(writer: NetlinkWriter, list: number): void {
  writer.close(list);
  writer.end();
}

/** Empties a set. */
export function writeFlush(writer: NetlinkWriter, seq: number, table: string, set: string): void {
  openSetMessage(writer, MSG_DELSETELEM, NLM_F_ACK, seq, table, set);
  writer.end();
}

function openSetMessage(
  writer: NetlinkWriter,
  type: number,
  flags: number,
  seq: number,
  table: string,
  set: string,
): void {
  writer.begin(type, NLM_F_REQUEST | flags, seq, NFPROTO_INET, 0);
  writer.text(LIST_TABLE, table);
  writer.text(LIST_SET, set);
}

/** One element. `timeoutMs` 0: none. `packets` above 0: the element's counter starts there. */
export function writeElement(writer: NetlinkWriter, key: ElementKey, timeoutMs: number, packets: number): void {
  const element = writer.nest(LIST_ELEM);
  const nest = writer.nest(ELEM_KEY);
  if (key.port !== undefined) writer.raw(DATA_VALUE, portKey(key, key.protocol ?? 0, key.port));
  else if (isV4(key)) writer.words(DATA_VALUE, 1, key.w3, 0, 0, 0);
  else writer.words(DATA_VALUE, 4, key.w0, key.w1, key.w2, key.w3);
  writer.close(nest);
  if (timeoutMs > 0) writer.u64(ELEM_TIMEOUT, timeoutMs);
  if (packets > 0) {
    const expression = writer.nest(ELEM_EXPR);
    writer.text(EXPR_NAME, 'counter');
    const data = writer.nest(EXPR_DATA);
    writer.u64(COUNTER_BYTES, 0);
    writer.u64(COUNTER_PACKETS, packets);
    writer.close(data);
    writer.close(expression);
  }
  writer.close(element);
}

/** Address, protocol and port; each part of a concatenation starts a word of its own. */
function portKey(key: Address, protocol: number, port: number): Uint8Array {
  const words = isV4(key) ? [key.w3] : [key.w0, key.w1, key.w2, key.w3];
  words.push(protocol << 24, port << 16);
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [i, word] of words.entries()) view.setUint32(i * 4, word >>> 0);
  return bytes;
}

/** An element of a long list: a key out of packed words, nothing else. `flags`: of an interval's end. */
export function writeKey(writer: NetlinkWriter, v4: boolean, keys: Uint32Array, at: number, flags: number): void {
  const element = writer.nest(LIST_ELEM);
  const key = writer.nest(ELEM_KEY);
  if (v4) writer.words(DATA_VALUE, 1, keys[at], 0, 0, 0);
  else writer.words(DATA_VALUE, 4, keys[at], keys[at + 1], keys[at + 2], keys[at + 3]);
  writer.close(key);
  if (flags !== 0) writer.u32(ELEM_FLAGS, flags);
  writer.close(element);
}

/** An element of a map from family to chain; `chain` null: only its key, for deleting. */
export function writeJump(writer: NetlinkWriter, family: number, chain: string | null): void {
  const element = writer.nest(LIST_ELEM);
  const key = writer.nest(ELEM_KEY);
  writer.raw(DATA_VALUE, Uint8Array.of(family));
  writer.close(key);
  if (chain !== null) {
    const data = writer.nest(ELEM_DATA);
    const verdict = writer.nest(DATA_VERDICT);
    writer.u32(VERDICT_CODE, NFT_JUMP);
    writer.text(VERDICT_CHAIN, chain);
    writer.close(verdict);
    writer.close(data);
  }
  writer.close(element);
}

/** Calls back with family and chain for each element of such a map. */
export function readJumps(
  reader: NetlinkReader,
  at: number,
  end: number,
  onJump: (family: number, chain: string) => void,
): void {
  forEachElement(reader, at, end, (first, stop) => {
    const key = inside(reader, ELEM_KEY, first, stop, DATA_VALUE);
    const data = reader.find(ELEM_DATA, first, stop);
    if (key < 0 || data < 0) return;
    const chain = inside(
      reader,
      DATA_VERDICT,
      data + ATTRIBUTE_HEADER_BYTES,
      data + reader.attributeBytes(data, stop),
      VERDICT_CHAIN,
    );
    if (chain >= 0) onJump(reader.bytes[key + ATTRIBUTE_HEADER_BYTES], reader.text(chain, stop));
  });
}

/** Asks for a named counter. */
export function writeGetCounter(writer: NetlinkWriter, seq: number, table: string, name: string): void {
  writer.begin(MSG_GETOBJ, NLM_F_REQUEST, seq, NFPROTO_INET, 0);
  writer.text(OBJ_TABLE, table);
  writer.text(OBJ_NAME, name);
  writer.u32(OBJ_TYPE, OBJECT_COUNTER);
  writer.end();
}

export function readCounterPackets(reader: NetlinkReader, at: number, end: number): number {
  const packets = inside(reader, OBJ_DATA, at + NLMSG_HEADER_BYTES + NFGEN_BYTES, end, COUNTER_PACKETS);
  return packets < 0 ? 0 : reader.net64(packets + ATTRIBUTE_HEADER_BYTES);
}

/** Elements in the set that a NEWSET message describes; null where the kernel does not say. */
export function readSetCount(reader: NetlinkReader, at: number, end: number): number | null {
  const count = reader.find(SET_COUNT, at + NLMSG_HEADER_BYTES + NFGEN_BYTES, end);
  return count < 0 ? null : reader.net32(count + ATTRIBUTE_HEADER_BYTES);
}

/** The attribute `type` within the nested attribute `outer`; -1 when either is missing. */
function inside(reader: NetlinkReader, outer: number, at: number, end: number, type: number): number {
  const nest = reader.find(outer, at, end);
  return nest < 0 ? -1 : reader.find(type, nest + ATTRIBUTE_HEADER_BYTES, nest + reader.attributeBytes(nest, end));
}

export function writeGetKey(
  writer: NetlinkWriter,
  seq: number,
  table: string,
  set: string,
  v4: boolean,
  keys: Uint32Array,
  at: number,
): void {
  const list = openElements(writer, MSG_GETSETELEM, 0, seq, table, set);
  writeKey(writer, v4, keys, at, 0);
  closeElements(writer, list);
}

export function writeGet(writer: NetlinkWriter, seq: number, table: string, set: string, key: ElementKey): void {
  const list = openElements(writer, MSG_GETSETELEM, 0, seq, table, set);
  writeElement(writer, key, 0, 0);
  closeElements(writer, list);
}

export function writeDump(writer: NetlinkWriter, seq: number, table: string, set: string): void {
  openSetMessage(writer, MSG_GETSETELEM, NLM_F_DUMP, seq, table, set);
  writer.end();
}

/** Asks whether a set is there; its description comes back. */
export function writeGetSet(writer: NetlinkWriter, seq: number, table: string, set: string): void {
  writer.begin(MSG_GETSET, NLM_F_REQUEST, seq, NFPROTO_INET, 0);
  writer.text(SET_TABLE, table);
  writer.text(SET_NAME, set);
  writer.end();
}

export function writeGetGeneration(writer: NetlinkWriter, seq: number): void {
  writer.begin(MSG_GETGEN, NLM_F_REQUEST, seq, 0, 0);
  writer.end();
}

/** The generation of a NEWGEN message in `[at, end)`, or -1. */
export function readGeneration(reader: NetlinkReader, at: number, end: number): number {
  const id = reader.find(GEN_ID, at + NLMSG_HEADER_BYTES + NFGEN_BYTES, end);
  return id < 0 ? -1 : reader.net32(id + ATTRIBUTE_HEADER_BYTES);
}

/** One element as the kernel told it. */
export interface RawElement {
  key: ElementKey;
  flags: number;
  /** 0: none. */
  timeoutMs: number;
  expiresMs: number;
  packets: number;
}

/** Calls back for each element of a NEWSETELEM message in `[at, end)`; a fresh object each. What it cannot read it leaves out. */
export function readElements(
  reader: NetlinkReader,
  at: number,
  end: number,
  onElement: (element: RawElement) => void,
): void {
  forEachElement(reader, at, end, (first, stop) => {
    const element = readElement(reader, first, stop);
    if (element !== null) onElement(element);
  });
}

function forEachElement(
  reader: NetlinkReader,
  at: number,
  end: number,
  onElement: (at: number, end: number) => void,
): void {
  const list = reader.find(LIST_ELEMENTS, at + NLMSG_HEADER_BYTES + NFGEN_BYTES, end);
  if (list < 0) return;
  const stop = list + reader.attributeBytes(list, end);
  let item = list + ATTRIBUTE_HEADER_BYTES;
  for (let length = reader.attributeBytes(item, stop); length !== 0; length = reader.attributeBytes(item, stop)) {
    onElement(item + ATTRIBUTE_HEADER_BYTES, item + length);
    item += align4(length);
  }
}

function readElement(reader: NetlinkReader, at: number, end: number): RawElement | null {
  let key: ElementKey | null = null;
  let flags = 0;
  let timeoutMs = 0;
  let expiresMs = 0;
  let packets = 0;
  for (let length = reader.attributeBytes(at, end); length !== 0; length = reader.attributeBytes(at, end)) {
    const value = at + ATTRIBUTE_HEADER_BYTES;
    const stop = at + length;
    switch (reader.attributeType(at)) {
      case ELEM_KEY:
        key = readKey(reader, value, stop);
        break;
      case ELEM_FLAGS:
        flags = reader.net32(value);
        break;
      case ELEM_TIMEOUT:
        timeoutMs = reader.net64(value);
        break;
      case ELEM_EXPIRATION:
        expiresMs = reader.net64(value);
        break;
      case ELEM_EXPR:
        packets = readCounter(reader, value, stop);
        break;
      case ELEM_EXPRESSIONS:
        // Several expressions to an element (we ask for one): the first is the counter.
        packets = readCounter(reader, value + ATTRIBUTE_HEADER_BYTES, stop);
        break;
    }
    at += align4(length);
  }
  return key === null ? null : { key, flags, timeoutMs, expiresMs, packets };
}

/** By its length: 4 and 16 bytes are an address, 12 and 24 one with protocol and port. */
function readKey(reader: NetlinkReader, at: number, end: number): ElementKey | null {
  const value = reader.find(DATA_VALUE, at, end);
  if (value < 0) return null;
  const bytes = reader.attributeBytes(value, end) - ATTRIBUTE_HEADER_BYTES;
  const first = value + ATTRIBUTE_HEADER_BYTES;
  const addressBytes = bytes === 4 || bytes === 12 ? 4 : 16;
  if (bytes !== addressBytes && bytes !== addressBytes + 8) return null;
  const address =
    addressBytes === 4
      ? { w0: 0, w1: 0, w2: 0xffff, w3: reader.net32(first) }
      : {
          w0: reader.net32(first),
          w1: reader.net32(first + 4),
          w2: reader.net32(first + 8),
          w3: reader.net32(first + 12),
        };
  if (bytes === addressBytes) return address;
  const behind = first + addressBytes;
  return { ...address, protocol: reader.net32(behind) >>> 24, port: reader.net32(behind + 4) >>> 16 };
}

function readCounter(reader: NetlinkReader, at: number, end: number): number {
  const data = reader.find(EXPR_DATA, at, end);
  if (data < 0) return 0;
  const packets = reader.find(COUNTER_PACKETS, data + ATTRIBUTE_HEADER_BYTES, data + reader.attributeBytes(data, end));
  return packets < 0 ? 0 : reader.net64(packets + ATTRIBUTE_HEADER_BYTES);
}
