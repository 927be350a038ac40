/**
 * A kernel in memory: the same answers as the real sets and table, for fast tests of what stands above them. It keeps the time it
 * is given, lets elements expire, and can be meddled with as an administrator would. `contract.kernel.test.ts` holds it to the real one.
 */
import type { Address } from '../core/base/address.ts';
import { formatTarget, scopeOf, type Target } from '../core/base/target.ts';
import { KernelError } from '../ffi/kernel-error.ts';
import { kernelSetOf, kernelSets } from './element-key.ts';
import {
  BRIEF_MARGIN_MS,
  type Element,
  type ElementState,
  type KernelElements,
  type NewElement,
  type TargetSet,
} from './kernel-elements.ts';
import type { KernelLists, ListStep, Selection } from './kernel-lists.ts';
import type { KernelStructure } from './kernel-structure.ts';
import type { Structure } from './structure.ts';
import { CHAINS, SETS } from './table.ts';

interface Held {
  target: Target;
  timeoutMs: number | null;
  expiresAt: number | null;
  packets: number;
}

const ENOENT = 2;
const ENFILE = 23;
/** As many as one portion of the real dump holds. */
const PORTION = 380;

export interface FakeKernelOptions {
  /** Milliseconds, from any zero. */
  now: () => number;
  /** As in ElementsOptions. */
  commits?: Int32Array;
  /** Elements in one of the kernel's sets (`deny4`), at most; the real sizes unless given. */
  sizes?: { [set: string]: number };
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
  private readonly sizes: { [set: string]: number | undefined };
  /** By the kernel's name of the set, then by the target's text. */
  private readonly sets = new Map<string, Map<string, Held>>();
  /** The long lists: keys of hash sets as text, ranges of interval sets, and the selectors' chains by map and family. */
  private readonly keys = new Map<string, Set<string>>();
  private readonly intervals = new Map<string, Uint32Array>();
  private readonly selected = new Map<string, Selection>();
  private gen = 1;
  private edits: string[] = [];

  constructor(options: FakeKernelOptions) {
    this.now = options.now;
    this.commits = options.commits ?? null;
    const real = Object.fromEntries(SETS.map(({ name, size }) => [name, size]));
    this.sizes = { ...real, ...options.sizes };
    this.ruleset = options.table ? '' : null;
  }

  // KernelElements

  block(target: Target, durationMs: number | null): void {
    if (target.port === undefined && this.get('brief', target) !== null) this.take('brief', target);
    this.put('block', target, durationMs);
  }

  blockBriefly(target: Target, durationMs: number): void {
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
    if (elements.length === 0) return;
    this.requireTable(`load ${elements.length} elements into ${set}`);
    const changed = new Set<string>();
    for (const { target, timeoutMs, packets = 0 } of elements) {
      if (this.live(set, target) !== null) continue;
      this.hold(set, target, timeoutMs, packets);
      changed.add(kernelSetOf(set, target));
    }
    // One transaction for each set of the kernel.
    for (let i = 0; i < changed.size; i++) this.committed();
  }

  renew(set: 'trusted' | 'known', elements: readonly NewElement[]): void {
    if (elements.length === 0) return;
    this.requireTable(`load ${elements.length} elements into ${set}`);
    for (const { target, timeoutMs } of elements) this.hold(set, target, timeoutMs, 0);
    this.committed();
  }

  get(set: TargetSet, target: Target): ElementState | null {
    this.requireTable(`look ${formatTarget(target)} up in ${set}`);
    const held = this.live(set, target);
    return held === null ? null : this.stateOf(held);
  }

  list(set: TargetSet): Element[] {
    return [...this.dump(set)].flat();
  }

  *dump(set: TargetSet): IterableIterator<Element[]> {
    this.requireTable(`list ${set}`);
    for (const { name } of kernelSets(set)) {
      const all = [...this.contentOf(name).values()].filter((held) => this.live(set, held.target) !== null);
      for (let i = 0; i < all.length; i += PORTION) {
        yield all.slice(i, i + PORTION).map((held) => ({ target: held.target, ...this.stateOf(held) }));
      }
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
  editRules(chain: string): void {
    this.edits.push(chain);
    this.gen++;
  }

  /** `nft add element …` or `nft delete element …`. */
  meddle(set: TargetSet, target: Target, change: 'remove' | { timeoutMs: number | null }): void {
    if (change === 'remove') this.contentOf(kernelSetOf(set, target)).delete(formatTarget(target));
    else this.hold(set, target, change.timeoutMs, 0);
    this.gen++;
  }

  /** Packets of a target arrive: those of a blocked one are counted and, with `extendMs`, start its time anew. */
  traffic(target: Target, packets: number, extendMs: number | null = null): void {
    const denied = scopeOf(target) === 'address' ? this.live('deny', target) : null;
    const held = denied ?? this.live('block', target);
    if (held === null) return;
    held.packets += packets;
    const blocked = held !== denied;
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

  private put(set: TargetSet, target: Target, durationMs: number | null): void {
    this.requireTable(`add ${formatTarget(target)} to ${set}`);
    const before = this.live(set, target);
    this.hold(set, target, durationMs, before?.packets ?? 0);
    this.committed();
  }

  private hold(set: TargetSet, target: Target, timeoutMs: number | null, packets: number): void {
    const name = kernelSetOf(set, target);
    const content = this.contentOf(name);
    const key = formatTarget(target);
    if (content.size >= (this.sizes[name] ?? Infinity) && !content.has(key)) {
      throw new KernelError('kernel-set-full', `add ${key} to ${set}`, ENFILE, 'ENFILE');
    }
    const expiresAt = timeoutMs === null ? null : this.now() + timeoutMs;
    content.set(key, { target, timeoutMs, expiresAt, packets });
  }

  take(set: TargetSet, target: Target): boolean {
    this.requireTable(`delete ${formatTarget(target)} from ${set}`);
    if (this.live(set, target) === null) return false;
    this.contentOf(kernelSetOf(set, target)).delete(formatTarget(target));
    this.committed();
    return true;
  }

  private live(set: TargetSet, target: Target): Held | null {
    const content = this.contentOf(kernelSetOf(set, target));
    const key = formatTarget(target);
    const held = content.get(key);
    if (held === undefined) return null;
    if (held.expiresAt === null || held.expiresAt > this.now()) return held;
    content.delete(key);
    return null;
  }

  private contentOf(name: string): Map<string, Held> {
    let content = this.sets.get(name);
    if (content === undefined) this.sets.set(name, (content = new Map()));
    return content;
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
    for (const map of [this.sets, this.keys, this.intervals, this.selected]) map.clear();
  }
}

function keyText(keys: Uint32Array, at: number, v4: boolean): string {
  return v4 ? `${keys[at]}` : keys.slice(at, at + 4).join();
}
