/**
 * A kernel in memory: the same answers as the real sets and table, for fast tests of what stands above them. It keeps the time it
 * is given, lets elements expire, and can be meddled with as an administrator would. `contract.kernel.test.ts` holds it to the real one.
 */
import { formatAddress, isV4, type Address } from '../core/base/address.ts';
import { KernelError } from '../ffi/kernel-error.ts';
import type { AddressSet, Element, ElementState, KernelElements, NewElement } from './kernel-elements.ts';
import type { KernelLists, ListStep, Selection } from './kernel-lists.ts';
import type { KernelStructure } from './kernel-structure.ts';
import type { Structure } from './structure.ts';
import { BLOCKS_MAX, CHAINS, DENIES_MAX, LIMITS_MAX, SETS } from './table.ts';

interface Held {
  address: Address;
  timeoutMs: number | null;
  expiresAt: number | null;
  packets: number;
}

const ENOENT = 2;
const ENFILE = 23;
const SIZES: Record<AddressSet, number> = { block: BLOCKS_MAX, deny: DENIES_MAX, limit: LIMITS_MAX };
/** As many as one portion of the real dump holds. */
const PORTION = 380;

export interface FakeKernelOptions {
  /** Milliseconds, from any zero. */
  now: () => number;
  /** As in ElementsOptions. */
  commits?: Int32Array;
  /** Elements in one family of a set, at most; the real sizes unless given. */
  sizes?: Partial<Record<AddressSet, number>>;
  /** Start with the table in place. */
  table?: boolean;
}

export class FakeKernel implements KernelElements, KernelStructure, KernelLists {
  /** The text last applied; null while there is no table. */
  ruleset: string | null;
  /** Set by a test: the next `apply` or `recreate` is refused with it. */
  refuse: Error | null = null;
  private readonly now: () => number;
  private readonly commits: Int32Array | null;
  private readonly sizes: Record<AddressSet, number>;
  private readonly sets: Record<AddressSet, Map<string, Held>> = {
    block: new Map(),
    deny: new Map(),
    limit: new Map(),
  };
  /** The long lists: keys of hash sets as text, ranges of interval sets, and the selectors' chains by map and family. */
  private readonly keys = new Map<string, Set<string>>();
  private readonly intervals = new Map<string, Uint32Array>();
  private readonly selected = new Map<string, Selection>();
  private gen = 1;
  private edits: string[] = [];

  constructor(options: FakeKernelOptions) {
    this.now = options.now;
    this.commits = options.commits ?? null;
    this.sizes = { ...SIZES, ...options.sizes };
    this.ruleset = options.table ? '' : null;
  }

  // KernelElements

  block(address: Address, durationMs: number | null): void {
    this.put('block', address, durationMs);
  }

  unblock(address: Address): boolean {
    return this.take('block', address);
  }

  deny(address: Address, durationMs: number | null): void {
    this.put('deny', address, durationMs);
  }

  undeny(address: Address): boolean {
    return this.take('deny', address);
  }

  limit(address: Address, durationMs: number): void {
    this.put('limit', address, durationMs);
  }

  unlimit(address: Address): boolean {
    return this.take('limit', address);
  }

  addMany(set: AddressSet, elements: readonly NewElement[]): void {
    if (elements.length === 0) return;
    this.requireTable(`load ${elements.length} elements into ${set}`);
    let added = 0;
    for (const { address, timeoutMs, packets = 0 } of elements) {
      if (this.live(set, address) !== null) continue;
      this.hold(set, address, timeoutMs, packets);
      added++;
    }
    if (added > 0) this.committed();
  }

  get(set: AddressSet, address: Address): ElementState | null {
    this.requireTable(`look ${formatAddress(address)} up in ${set}`);
    const held = this.live(set, address);
    return held === null ? null : this.stateOf(held);
  }

  list(set: AddressSet): Element[] {
    return [...this.dump(set)].flat();
  }

  *dump(set: AddressSet): IterableIterator<Element[]> {
    this.requireTable(`list ${set}`);
    const all = [...this.sets[set].values()].filter((held) => this.live(set, held.address) !== null);
    for (let i = 0; i < all.length; i += PORTION) {
      yield all.slice(i, i + PORTION).map((held) => ({ address: held.address, ...this.stateOf(held) }));
    }
  }

  generation(): number {
    return this.gen;
  }

  close(): void {}

  // KernelLists

  edit(steps: readonly ListStep[]): void {
    this.requireTable('change the lists');
    for (const step of steps) if (step.do === 'remove') this.requireKeys(step);
    let changed = false;
    for (const step of steps) changed = this.applyStep(step) || changed;
    if (changed) this.committed();
  }

  selection(map: string): Selection {
    this.requireTable(`list ${map}`);
    return { ...(this.selected.get(map) ?? { v4: null, v6: null }) };
  }

  has(set: string, v4: boolean, keys: Uint32Array, at: number): boolean {
    this.requireTable(`look into ${set}`);
    return this.keys.get(set)?.has(keyText(keys, at, v4)) ?? false;
  }

  count(set: string): number | null {
    this.requireTable(`count ${set}`);
    return this.keys.get(set)?.size ?? 0;
  }

  ranges(set: string): Uint32Array {
    this.requireTable(`list ${set}`);
    return this.intervals.get(set) ?? new Uint32Array(0);
  }

  packets(): number {
    return 0;
  }

  // KernelStructure

  async apply(text: string): Promise<void> {
    this.refuseOnce();
    this.ruleset = text;
    this.edits = [];
    this.gen++;
  }

  async recreate(text: string): Promise<void> {
    this.refuseOnce();
    this.empty();
    this.ruleset = text;
    this.edits = [];
    this.gen++;
  }

  async remove(): Promise<void> {
    this.deleteTable();
  }

  structure(): Structure | null {
    if (this.ruleset === null) return null;
    const structure: Structure = { parts: new Map(), sets: new Map(), chains: new Set(CHAINS) };
    for (const set of SETS) structure.parts.set(`set ${set.name}`, 'as defined');
    for (const chain of CHAINS) structure.parts.set(`rules of ${chain}`, this.ruleset);
    for (const chain of this.edits) structure.parts.set(`rules of ${chain}`, 'edited');
    return structure;
  }

  // What others do to it

  /** `nft delete table`, or `nft flush ruleset`. */
  deleteTable(): void {
    this.empty();
    this.ruleset = null;
    this.gen++;
  }

  /** `nft insert rule … chain …`. */
  editRules(chain: (typeof CHAINS)[number]): void {
    this.edits.push(chain);
    this.gen++;
  }

  /** `nft add element …` or `nft delete element …`. */
  meddle(set: AddressSet, address: Address, change: 'remove' | { timeoutMs: number | null }): void {
    if (change === 'remove') this.sets[set].delete(formatAddress(address));
    else this.hold(set, address, change.timeoutMs, 0);
    this.gen++;
  }

  /** Packets of `address` arrive: those of a blocked one are counted and, with `extendMs`, start its time anew. */
  traffic(address: Address, packets: number, extendMs: number | null = null): void {
    const held = this.live('deny', address) ?? this.live('block', address);
    if (held === null) return;
    held.packets += packets;
    const blocked = this.sets.block.get(formatAddress(address)) === held;
    if (blocked && extendMs !== null && held.expiresAt !== null) held.expiresAt = this.now() + extendMs;
  }

  /** `nft flush set …`, of a set of a long list. */
  flushSet(set: string): void {
    this.keys.delete(set);
    this.intervals.delete(set);
    this.gen++;
  }

  private requireKeys(step: Extract<ListStep, { do: 'add' | 'remove' }>): void {
    for (let i = 0; i < step.count; i++) {
      if (this.has(step.set, step.v4, step.keys, i * (step.v4 ? 1 : 4))) continue;
      throw new KernelError('kernel-element-missing', `change ${step.set}`, ENOENT, 'ENOENT');
    }
  }

  /** True when it changed anything. */
  private applyStep(step: ListStep): boolean {
    switch (step.do) {
      case 'empty': {
        const held = (this.keys.get(step.set)?.size ?? 0) + (this.intervals.get(step.set)?.length ?? 0);
        this.keys.delete(step.set);
        this.intervals.delete(step.set);
        return held > 0;
      }
      case 'fill':
        this.intervals.set(step.set, step.list);
        return step.list.length > 0;
      case 'select': {
        const selection = this.selection(step.map);
        selection[step.v4 ? 'v4' : 'v6'] = step.to;
        this.selected.set(step.map, selection);
        return step.from !== step.to;
      }
      default: {
        const keys = this.keys.get(step.set) ?? new Set();
        const before = keys.size;
        this.keys.set(step.set, keys);
        for (let i = 0; i < step.count; i++) {
          const key = keyText(step.keys, i * (step.v4 ? 1 : 4), step.v4);
          if (step.do === 'add') keys.add(key);
          else keys.delete(key);
        }
        return keys.size !== before;
      }
    }
  }

  private put(set: AddressSet, address: Address, durationMs: number | null): void {
    this.requireTable(`add ${formatAddress(address)} to ${set}`);
    const before = this.live(set, address);
    this.hold(set, address, durationMs, before?.packets ?? 0);
    this.committed();
  }

  private hold(set: AddressSet, address: Address, timeoutMs: number | null, packets: number): void {
    const v4 = isV4(address);
    const key = formatAddress(address);
    let family = 0;
    if (this.sets[set].size >= this.sizes[set]) {
      for (const held of this.sets[set].values()) if (isV4(held.address) === v4) family++;
    }
    if (family >= this.sizes[set] && !this.sets[set].has(key)) {
      throw new KernelError('kernel-set-full', `add ${key} to ${set}`, ENFILE, 'ENFILE');
    }
    const expiresAt = timeoutMs === null ? null : this.now() + timeoutMs;
    this.sets[set].set(key, { address, timeoutMs, expiresAt, packets });
  }

  private take(set: AddressSet, address: Address): boolean {
    this.requireTable(`delete ${formatAddress(address)} from ${set}`);
    if (this.live(set, address) === null) return false;
    this.sets[set].delete(formatAddress(address));
    this.committed();
    return true;
  }

  private live(set: AddressSet, address: Address): Held | null {
    const key = formatAddress(address);
    const held = this.sets[set].get(key);
    if (held === undefined) return null;
    if (held.expiresAt === null || held.expiresAt > this.now()) return held;
    this.sets[set].delete(key);
    return null;
  }

  private stateOf(held: Held): ElementState {
    const expiresMs = held.expiresAt === null ? null : held.expiresAt - this.now();
    return { timeoutMs: held.timeoutMs, expiresMs, packets: held.packets };
  }

  private committed(): void {
    this.gen++;
    if (this.commits !== null) Atomics.add(this.commits, 0, 1);
  }

  private requireTable(doing: string): void {
    if (this.ruleset === null) throw new KernelError('kernel-table-missing', doing, ENOENT, 'ENOENT');
  }

  private refuseOnce(): void {
    const error = this.refuse;
    this.refuse = null;
    if (error !== null) throw error;
  }

  private empty(): void {
    for (const set of Object.values(this.sets)) set.clear();
    for (const map of [this.keys, this.intervals, this.selected]) map.clear();
  }
}

function keyText(keys: Uint32Array, at: number, v4: boolean): string {
  return v4 ? `${keys[at]}` : keys.slice(at, at + 4).join();
}
