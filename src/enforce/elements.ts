/**
 * The elements of our sets, over one netlink socket of our own: a block takes effect before the call returns, in about 0.02 ms.
 * Not through `nft` or libnftables, which re-read whole sets for each change (measured: 137 ms for one block beside 20,000 ranges).
 */
import type { Address } from '../core/base/address.ts';
import { formatTarget, type Target } from '../core/base/target.ts';
import type { KernelError, KernelErrorCode } from '../ffi/kernel-error.ts';
import { EBUSY, ENFILE, ENOENT } from '../ffi/libc.ts';
import { ATTRIBUTE_BYTES_MAX, NetlinkWriter } from '../ffi/netlink-message.ts';
import { kernelError } from '../ffi/netlink-socket.ts';
import { kernelSetOf, kernelSets, keyOf, targetOf, type ElementKey } from './element-key.ts';
import * as message from './element-message.ts';
import {
  BRIEF_MARGIN_MS,
  type Element,
  type ElementState,
  type KernelElements,
  type NewElement,
  type TargetSet,
} from './kernel-elements.ts';
import { TABLE } from './table.ts';
import { DumpRefused, NftSocket } from './transaction.ts';

/** Elements in one transaction of `addMany`: other threads' blocks wait for the kernel's ruleset lock that long (about 6 ms). */
const TRANSACTION_ELEMENTS_MAX = 2000;
/** An element can come or go between the steps of `put` only as often as others are at work on the same address. */
const PUT_ATTEMPTS_MAX = 3;
/** As above; each of them may be two messages. */
const RENEWED_MAX = 500;
const SMALL_MESSAGE_BYTES = 4096;

export interface ElementsOptions {
  /**
   * Shared by all threads' sockets: word 0 counts the transactions that this program committed, so that the reconciler can tell
   * its own changes of the generation from others'.
   */
  commits?: Int32Array;
  table?: string;
}

export class Elements implements KernelElements {
  private readonly nft = new NftSocket();
  private readonly table: string;
  private readonly commits: Int32Array | null;
  private readonly small = new NetlinkWriter(SMALL_MESSAGE_BYTES);

  /** Throws KernelError `netlink-failed` where no netlink socket can be had; the table itself is looked for by each call. */
  constructor(options: ElementsOptions = {}) {
    this.table = options.table ?? TABLE;
    this.commits = options.commits ?? null;
  }

  block(target: Target, durationMs: number | null): void {
    if (target.port === undefined) this.take('brief', target);
    this.put('block', target, durationMs);
  }

  blockBriefly(target: Target, durationMs: number): void {
    // The mark goes after what it marks, so that no packet in between prolongs the block.
    this.put('brief', target, durationMs + BRIEF_MARGIN_MS);
    this.put('block', target, durationMs);
  }

  unblock(target: Target): boolean {
    return this.take('block', target);
  }

  deny(address: Address, durationMs: number | null): void {
    this.put('deny', address, durationMs);
  }

  undeny(address: Address): boolean {
    return this.take('deny', address);
  }

  limit(target: Target, durationMs: number): void {
    this.put('limit', target, durationMs);
  }

  unlimit(address: Address): boolean {
    return this.take('limit', address);
  }

  addMany(set: TargetSet, elements: readonly NewElement[]): void {
    const bySet = new Map<string, NewElement[]>();
    for (const element of elements) {
      const name = kernelSetOf(set, element.target);
      const part = bySet.get(name);
      if (part === undefined) bySet.set(name, [element]);
      else part.push(element);
    }
    for (const [name, all] of bySet) {
      for (let from = 0; from < all.length; from += TRANSACTION_ELEMENTS_MAX)
        this.load(name, all.slice(from, from + TRANSACTION_ELEMENTS_MAX));
    }
  }

  renew(set: 'trusted' | 'known', elements: readonly NewElement[]): void {
    for (let from = 0; from < elements.length; from += RENEWED_MAX)
      this.renewPart(set, elements.slice(from, from + RENEWED_MAX));
  }

  get(set: TargetSet, target: Target): ElementState | null {
    return this.look(kernelSetOf(set, target), target);
  }

  list(set: TargetSet): Element[] {
    const seen = new Map<string, Element>();
    for (const portion of this.dump(set)) for (const e of portion) seen.set(formatTarget(e.target), e);
    return [...seen.values()];
  }

  *dump(set: TargetSet): IterableIterator<Element[]> {
    for (const { name, networks } of kernelSets(set)) {
      for (const portion of this.dumpRaw(name)) {
        const elements: Element[] = [];
        for (const raw of portion) {
          const target = targetOf(raw.key, networks);
          if (target !== null) elements.push({ target, ...stateOf(raw) });
        }
        yield elements;
      }
    }
  }

  generation(): number {
    const seq = this.nft.nextSeq();
    this.small.reset();
    message.writeGetGeneration(this.small, seq);
    let generation = -1;
    const errno = this.nft.ask(this.small, seq, message.MSG_NEWGEN, (reader, at, end) => {
      generation = message.readGeneration(reader, at, end);
    });
    if (errno !== 0 || generation < 0) throw refused('read the generation of the ruleset', errno);
    return generation;
  }

  close(): void {
    this.nft.close();
  }

  /**
   * Adds, or replaces what is there and carries its packet count over. Asking first costs 7 µs; a refused transaction costs a
   * grace period of the kernel's RCU (measured: 16 ms), so none may fail in the ordinary course. Deleted and added, since kernels
   * before 6.12 keep the old timeout of an element that is added again.
   */
  private put(set: TargetSet, target: Target, durationMs: number | null): void {
    const name = kernelSetOf(set, target);
    const key = keyOf(target);
    const timeoutMs = wholeMs(durationMs);
    for (let attempt = 0; attempt < PUT_ATTEMPTS_MAX; attempt++) {
      const before = this.look(name, target);
      const errno = this.commit(this.small, (writer) => {
        if (before !== null) this.writeOne(writer, message.MSG_DELSETELEM, 0, name, key, 0, 0);
        const packets = before?.packets ?? 0;
        return this.writeOne(writer, message.MSG_NEWSETELEM, message.CREATE, name, key, timeoutMs, packets);
      });
      if (errno === 0) return;
      // It expired since it was looked up: ask again.
      if (errno !== ENOENT || before === null) throw refused(`add ${formatTarget(target)} to ${name}`, errno);
    }
    throw kernelError(`add ${formatTarget(target)} to ${name}`, EBUSY, 'kernel-busy');
  }

  /** As `put`, for many; the few that expire in this moment are put one by one. */
  private renewPart(set: TargetSet, elements: readonly NewElement[]): void {
    if (elements.length === 0) return;
    const writer = new NetlinkWriter(
      (2 * elements.length + 2) * (message.ELEMENT_BYTES_MAX + message.MESSAGE_OVERHEAD_BYTES),
    );
    const held = elements.map(({ target }) => this.get(set, target) !== null);
    const errno = this.commit(writer, () => {
      let seq = 0;
      for (const [i, { target, timeoutMs }] of elements.entries()) {
        const [name, key] = [kernelSetOf(set, target), keyOf(target)];
        if (held[i]) this.writeOne(writer, message.MSG_DELSETELEM, 0, name, key, 0, 0);
        seq = this.writeOne(writer, message.MSG_NEWSETELEM, message.CREATE, name, key, wholeMs(timeoutMs), 0);
      }
      return seq;
    });
    if (errno === ENOENT) for (const { target, timeoutMs } of elements) this.put(set, target, timeoutMs);
    else if (errno !== 0) throw refused(`load ${elements.length} elements into ${set}`, errno);
  }

  /** Asks first as `put` does: to delete what is not there is a refused transaction. */
  take(set: TargetSet, target: Target): boolean {
    if (this.get(set, target) === null) return false;
    const name = kernelSetOf(set, target);
    const errno = this.commit(this.small, (writer) =>
      this.writeOne(writer, message.MSG_DELSETELEM, 0, name, keyOf(target), 0, 0),
    );
    if (errno !== 0 && errno !== ENOENT) throw refused(`delete ${formatTarget(target)} from ${name}`, errno);
    return errno === 0;
  }

  private look(name: string, target: Target): ElementState | null {
    const seq = this.nft.nextSeq();
    this.small.reset();
    message.writeGet(this.small, seq, this.table, name, keyOf(target));
    let found: ElementState | null = null;
    const errno = this.nft.ask(this.small, seq, message.MSG_NEWSETELEM, (reader, at, end) => {
      message.readElements(reader, at, end, (raw) => (found = stateOf(raw)));
    });
    if (errno === ENOENT) this.requireSet(name);
    else if (errno !== 0) throw refused(`look ${formatTarget(target)} up in ${name}`, errno);
    return found;
  }

  /** Returns the message's number. */
  private writeOne(
    writer: NetlinkWriter,
    type: number,
    flags: number,
    set: string,
    key: ElementKey,
    timeoutMs: number,
    packets: number,
  ): number {
    const seq = this.nft.nextSeq();
    const list = message.openElements(writer, type, flags | message.ACK, seq, this.table, set);
    message.writeElement(writer, key, timeoutMs, packets);
    message.closeElements(writer, list);
    return seq;
  }

  /** Elements of one kernel set in one transaction, in messages below the 64 kB that an attribute holds. */
  private load(set: string, elements: readonly NewElement[]): void {
    const count = elements.length;
    const elementBytes = count * message.ELEMENT_BYTES_MAX;
    const messages = 1 + Math.ceil(elementBytes / (ATTRIBUTE_BYTES_MAX - message.ELEMENT_BYTES_MAX));
    const writer = new NetlinkWriter(elementBytes + (messages + 3) * message.MESSAGE_OVERHEAD_BYTES);
    // A load that changes nothing (elements that are there) makes no new generation.
    const before = this.generation();
    const errno = this.nft.transaction(writer, () => {
      let seq = 0;
      for (let i = 0; i < count;) {
        seq = this.nft.nextSeq();
        const list = message.openElements(
          writer,
          message.MSG_NEWSETELEM,
          message.CREATE | message.ACK,
          seq,
          this.table,
          set,
        );
        for (; i < count && writer.nestedBytes(list) < ATTRIBUTE_BYTES_MAX - message.ELEMENT_BYTES_MAX; i++) {
          const { target, timeoutMs, packets = 0 } = elements[i];
          message.writeElement(writer, keyOf(target), wholeMs(timeoutMs), packets);
        }
        message.closeElements(writer, list);
      }
      return seq;
    });
    if (errno !== 0) throw refused(`load ${count} elements into ${set}`, errno);
    if (this.generation() !== before) this.countCommit();
  }

  private commit(writer: NetlinkWriter, write: (writer: NetlinkWriter) => number): number {
    const errno = this.nft.transaction(writer, write);
    if (errno === 0) this.countCommit();
    return errno;
  }

  private countCommit(): void {
    if (this.commits !== null) Atomics.add(this.commits, 0, 1);
  }

  /** On a socket of its own, so that a dump that is read slowly disturbs no block. */
  private *dumpRaw(set: string): IterableIterator<message.RawElement[]> {
    const nft = new NftSocket();
    try {
      const writer = new NetlinkWriter(SMALL_MESSAGE_BYTES);
      const seq = nft.nextSeq();
      message.writeDump(writer, seq, this.table, set);
      nft.send(writer);
      for (let more = true; more;) {
        const portion: message.RawElement[] = [];
        more = nft.dumpPortion(seq, message.MSG_NEWSETELEM, `list ${set}`, (reader, at, end) => {
          message.readElements(reader, at, end, (raw) => portion.push(raw));
        });
        if (portion.length > 0) yield portion;
      }
    } catch (error) {
      throw error instanceof DumpRefused ? refused(`list ${set}`, error.errno) : error;
    } finally {
      nft.close();
    }
  }

  /** ENOENT for an element may mean the set: asks, and throws `kernel-table-missing` when it is so. */
  private requireSet(name: string): void {
    const seq = this.nft.nextSeq();
    this.small.reset();
    message.writeGetSet(this.small, seq, this.table, name);
    const errno = this.nft.ask(this.small, seq, message.MSG_NEWSET, () => {});
    if (errno !== 0) throw refused(`find the set ${name}`, errno);
  }
}

/** The kernel counts in whole milliseconds, and reads 0 as "for ever". */
function wholeMs(durationMs: number | null): number {
  return durationMs === null ? 0 : Math.max(1, Math.round(durationMs));
}

function stateOf(raw: message.RawElement): ElementState {
  const timed = raw.timeoutMs > 0;
  return {
    timeoutMs: timed ? raw.timeoutMs : null,
    expiresMs: timed ? raw.expiresMs : null,
    packets: raw.packets,
  };
}

function refused(doing: string, errno: number): KernelError {
  const codes = new Map<number, KernelErrorCode>([
    [ENOENT, 'kernel-table-missing'],
    [ENFILE, 'kernel-set-full'],
  ]);
  return kernelError(doing, errno, codes.get(errno));
}
