/** The long lists' sets in the kernel, over a netlink socket of their own. What is loaded, and when, `long-lists.ts` knows. */
import { compareAddress, isV4, type Address } from '../core/base/address.ts';
import { packRanges } from '../core/base/packed-ranges.ts';
import { ENFILE, ENOENT } from '../ffi/libc.ts';
import type { KernelError, KernelErrorCode } from '../ffi/kernel-error.ts';
import { ATTRIBUTE_BYTES_MAX, NetlinkWriter } from '../ffi/netlink-message.ts';
import { kernelError } from '../ffi/netlink-socket.ts';
import * as message from './element-message.ts';
import { fromIntervalEnds, packedEnds, type IntervalEnd } from './intervals.ts';
import type { KernelLists, ListStep, Selection } from './kernel-lists.ts';
import { TABLE } from './table.ts';
import { DumpRefused, NftSocket } from './transaction.ts';

const NFPROTO_IPV4 = 2;
const NFPROTO_IPV6 = 10;
/** The longest transaction: 2,000 keys of both kinds, or eight lists' short sets; a kilobyte over for the headers of each. */
const TRANSACTION_BYTES_MAX = 2 * 1024 * 1024;
const KEY_BYTES_MAX = 36;

export interface ListElementsOptions {
  /** As in ElementsOptions. */
  commits?: Int32Array;
  table?: string;
}

export class ListElements implements KernelLists {
  private readonly nft = new NftSocket();
  private readonly table: string;
  private readonly commits: Int32Array | null;
  private readonly small = new NetlinkWriter(1024);
  private readonly large = new NetlinkWriter(TRANSACTION_BYTES_MAX);

  constructor(options: ListElementsOptions = {}) {
    this.table = options.table ?? TABLE;
    this.commits = options.commits ?? null;
  }

  edit(all: readonly ListStep[]): void {
    const steps = all.filter(changesSomething);
    if (steps.length === 0) return;
    const before = this.generation();
    const errno = this.nft.transaction(this.large, (writer) => {
      let seq = 0;
      for (const step of steps) seq = this.write(writer, step);
      return seq;
    });
    if (errno !== 0) throw this.refused('change the lists', errno, steps);
    // What changed nothing (an empty set emptied) made no new generation.
    if (this.commits !== null && this.generation() !== before) Atomics.add(this.commits, 0, 1);
  }

  selection(map: string): Selection {
    const found: Selection = { v4: null, v6: null };
    this.dump(map, (reader, at, end) =>
      message.readJumps(reader, at, end, (family, chain) => {
        if (family === NFPROTO_IPV4) found.v4 = chain;
        if (family === NFPROTO_IPV6) found.v6 = chain;
      }),
    );
    return found;
  }

  has(set: string, v4: boolean, keys: Uint32Array, at: number): boolean {
    const seq = this.nft.nextSeq();
    this.small.reset();
    message.writeGetKey(this.small, seq, this.table, set, v4, keys, at);
    const errno = this.nft.ask(this.small, seq, message.MSG_NEWSETELEM, () => {});
    if (errno !== 0 && errno !== ENOENT) throw kernelError(`look into ${set}`, errno);
    return errno === 0;
  }

  count(set: string): number | null {
    const seq = this.nft.nextSeq();
    this.small.reset();
    message.writeGetSet(this.small, seq, this.table, set);
    let count: number | null = null;
    const errno = this.nft.ask(this.small, seq, message.MSG_NEWSET, (reader, at, end) => {
      count = message.readSetCount(reader, at, end);
    });
    if (errno !== 0) throw kernelError(`count ${set}`, errno, codes.get(errno));
    return count;
  }

  ranges(set: string, v4: boolean): Uint32Array {
    const ends: IntervalEnd[] = [];
    this.dump(set, (reader, at, end) =>
      message.readElements(reader, at, end, ({ key: address, flags }) =>
        ends.push({ address, closes: (flags & message.FLAG_INTERVAL_END) !== 0 }),
      ),
    );
    // Where one range ends and the next begins, the end comes first.
    ends.sort((a, b) => compareAddress(a.address, b.address) || Number(b.closes) - Number(a.closes));
    const packed = packRanges(fromIntervalEnds(ends, v4));
    return v4 ? packed.v4 : packed.v6;
  }

  packets(counter: string): number {
    const seq = this.nft.nextSeq();
    this.small.reset();
    message.writeGetCounter(this.small, seq, this.table, counter);
    let packets = 0;
    const errno = this.nft.ask(this.small, seq, message.MSG_NEWOBJ, (reader, at, end) => {
      packets = message.readCounterPackets(reader, at, end);
    });
    if (errno !== 0 && errno !== ENOENT) throw kernelError(`read the counter ${counter}`, errno);
    return packets;
  }

  /** The addresses of a small set of addresses. */
  addresses(set: string): Address[] {
    const found: Address[] = [];
    this.dump(set, (reader, at, end) => message.readElements(reader, at, end, ({ key }) => found.push(key)));
    return found;
  }

  close(): void {
    this.nft.close();
  }

  /** Returns the number of the last message. */
  private write(writer: NetlinkWriter, step: ListStep): number {
    switch (step.do) {
      case 'empty': {
        const seq = this.nft.nextSeq();
        message.writeFlush(writer, seq, this.table, step.set);
        return seq;
      }
      case 'add':
      case 'remove': {
        const { v4, keys, count } = step;
        const words = v4 ? 1 : 4;
        return this.writeMany(writer, step.do === 'add', step.set, count, (i) =>
          message.writeKey(writer, v4, keys, i * words, 0),
        );
      }
      case 'fill': {
        const { v4 } = step;
        const ends = packedEnds(step.list, v4);
        const words = v4 ? 1 : 4;
        return this.writeMany(writer, true, step.set, ends.closes.length, (i) =>
          message.writeKey(writer, v4, ends.keys, i * words, ends.closes[i] ? message.FLAG_INTERVAL_END : 0),
        );
      }
      case 'select': {
        const family = step.v4 ? NFPROTO_IPV4 : NFPROTO_IPV6;
        const one = (type: number, flags: number, chain: string | null) => {
          const seq = this.nft.nextSeq();
          const list = message.openElements(writer, type, flags | message.ACK, seq, this.table, step.map);
          message.writeJump(writer, family, chain);
          message.closeElements(writer, list);
          return seq;
        };
        const removed = step.from === null ? 0 : one(message.MSG_DELSETELEM, 0, null);
        return step.to === null ? removed : one(message.MSG_NEWSETELEM, message.CREATE, step.to);
      }
    }
  }

  private writeMany(
    writer: NetlinkWriter,
    add: boolean,
    set: string,
    count: number,
    write: (i: number) => void,
  ): number {
    const type = add ? message.MSG_NEWSETELEM : message.MSG_DELSETELEM;
    let seq = 0;
    for (let i = 0; i < count;) {
      seq = this.nft.nextSeq();
      const flags = (add ? message.CREATE : 0) | message.ACK;
      const list = message.openElements(writer, type, flags, seq, this.table, set);
      while (i < count && writer.nestedBytes(list) < ATTRIBUTE_BYTES_MAX - KEY_BYTES_MAX) write(i++);
      message.closeElements(writer, list);
    }
    return seq;
  }

  private dump(set: string, onMessage: Parameters<NftSocket['dumpPortion']>[3]): void {
    const seq = this.nft.nextSeq();
    this.small.reset();
    message.writeDump(this.small, seq, this.table, set);
    try {
      this.nft.send(this.small);
      while (this.nft.dumpPortion(seq, message.MSG_NEWSETELEM, `list ${set}`, onMessage));
    } catch (error) {
      throw error instanceof DumpRefused ? kernelError(`list ${set}`, error.errno, codes.get(error.errno)) : error;
    }
  }

  private generation(): number {
    const seq = this.nft.nextSeq();
    this.small.reset();
    message.writeGetGeneration(this.small, seq);
    let generation = -1;
    this.nft.ask(this.small, seq, message.MSG_NEWGEN, (reader, at, end) => {
      generation = message.readGeneration(reader, at, end);
    });
    return generation;
  }

  /** ENOENT means the set, or an element that was to be removed. */
  private refused(doing: string, errno: number, steps: readonly ListStep[]): KernelError {
    if (errno !== ENOENT) return kernelError(doing, errno, codes.get(errno));
    const seq = this.nft.nextSeq();
    const [step] = steps;
    this.small.reset();
    message.writeGetSet(this.small, seq, this.table, step.do === 'select' ? step.map : step.set);
    const missing = this.nft.ask(this.small, seq, message.MSG_NEWSET, () => {}) !== 0;
    return kernelError(doing, errno, missing ? 'kernel-table-missing' : 'kernel-element-missing');
  }
}

const codes = new Map<number, KernelErrorCode>([
  [ENOENT, 'kernel-table-missing'],
  [ENFILE, 'kernel-set-full'],
]);

/** A step without a message would leave a transaction without an answer. */
function changesSomething(step: ListStep): boolean {
  if (step.do === 'select') return step.from !== step.to;
  if (step.do === 'fill') return step.list.length > 0;
  return step.do === 'empty' || step.count > 0;
}

/** The exempt set's keys. */
export function addressKeys(addresses: readonly Address[], v4: boolean): { keys: Uint32Array; count: number } {
  const family = addresses.filter((address) => isV4(address) === v4);
  const keys = family.flatMap(({ w0, w1, w2, w3 }) => (v4 ? [w3] : [w0, w1, w2, w3]));
  return { keys: Uint32Array.from(keys), count: family.length };
}
