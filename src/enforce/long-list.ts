/**
 * One long list in the kernel, both families. A few ranges stand in an interval set. Many are hash sets, of which there are two: one is
 * asked by the rules while the other is filled in short transactions; then a single element of the selector map swaps them, and
 * the old one is emptied in short transactions again. A small change edits the sets in use, in one transaction.
 *
 * Invariant: between two `await`s the kernel's sets are what the fields here say, unless somebody else changed them.
 */
import { countRanges, NO_RANGES, type PackedRanges } from '../core/base/packed-ranges.ts';
import type { KernelError } from '../ffi/kernel-error.ts';
import type { KernelLists, ListStep } from './kernel-lists.ts';
import { batchSteps, EDIT_KEYS_MAX, keysOf, withoutCommon } from './list-steps.ts';
import { KeyBatch, PrefixCursor } from './prefix-keys.ts';
import { differenceOf } from './range-difference.ts';
import { bufferName, BUFFERS, prefixSet, selector, type Buffer } from './table.ts';

/** Ranges of a family that stand in an interval set: with each change it is written anew, in 0.3 ms. */
export const SHORT_RANGES_MAX = 1000;
/** Keys in one transaction of a load: half a millisecond with the lock held that blocks need. */
const TRANSACTION_KEYS = 500;
/** Ranges by which a list may differ to be changed in place. */
const EDIT_RANGES_MAX = 1000;
/** Elements of a family of one list: 64 bytes of kernel memory each. A list that would need more is refused. */
const KEYS_MAX = 8_000_000;
/** The thread's other work gets its turn after this long. */
const SLICE_MS = 2;
/** Loads of one content that somebody else disturbs, before it is given up until the next check. */
const ATTEMPTS_MAX = 3;
/** Ranges that a check looks up, in each family, where the kernel does not count. 7 µs each. */
const SAMPLES = 64;

interface Family {
  readonly v4: boolean;
  /** What the rules ask; null: nothing. */
  used: Buffer | null;
  /** What it holds; null: not known. */
  held: Uint32Array | null;
  /** Elements of a hash buffer in use. */
  addresses: number;
  prefixes: number;
  /** What is still in a buffer that is not in use; null: not known, or little. */
  readonly left: Map<Buffer, PrefixCursor | null>;
}

interface Waiter {
  version: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

export interface LongListOptions {
  name: string;
  kernel: KernelLists;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** The kernel holds a new content. */
  onLoaded: (ranges: number, tookMs: number) => void;
}

export class LongList {
  readonly name: string;
  /** When the kernel last took its content; null: not yet. */
  loadedAt: number | null = null;
  /** Share of a content that is on its way, 0 … 1; null: none is. */
  loading: number | null = null;
  private readonly kernel: KernelLists;
  private readonly now: () => number;
  private readonly onLoaded: LongListOptions['onLoaded'];
  private readonly families: readonly Family[] = [emptyFamily(true), emptyFamily(false)];
  private wanted: PackedRanges = NO_RANGES;
  /** What the kernel took last: wanted again when something else is refused. */
  private taken: PackedRanges = NO_RANGES;
  private version = 0;
  private heldVersion = 0;
  private waiters: Waiter[] = [];
  /** Grows when what the fields say of the kernel has become void: a load under way begins again. */
  private epoch = 0;
  private running = false;
  private awaitsTable = false;
  private stopped = false;
  private sliceStart = 0;
  private sampleAt = 0;

  constructor(options: LongListOptions) {
    this.name = options.name;
    this.kernel = options.kernel;
    this.now = options.now;
    this.onLoaded = options.onLoaded;
  }

  get ranges(): number {
    return countRanges(this.wanted);
  }

  /**
   * Resolves when the kernel holds this content or a later one (also while the table is missing: then it comes with the table).
   * Rejects with KernelError when the kernel refuses it; then the content before stays in force. A short list is in the kernel
   * when the call returns, unless a load is under way.
   */
  set(ranges: PackedRanges): Promise<void> {
    this.wanted = ranges;
    const version = ++this.version;
    const done = new Promise<void>((resolve, reject) => this.waiters.push({ version, resolve, reject }));
    this.wake();
    return done;
  }

  /** The table may hold anything: what its rules ask stays in force until what is wanted has been loaded, anew. */
  distrust(): void {
    this.epoch++;
    const selection = this.kernel.selection(selector(this.name));
    for (const family of this.families) {
      const chain = family.v4 ? selection.v4 : selection.v6;
      family.used = BUFFERS.find((buffer) => bufferName(this.name, buffer, family.v4) === chain) ?? null;
      family.held = null;
      family.left.clear();
      for (const buffer of BUFFERS) if (buffer !== family.used) family.left.set(buffer, null);
    }
    this.heldVersion = -1;
    this.awaitsTable = false;
    this.wake();
  }

  /** Is what the rules ask what it should be? Does not see what is in the buffer that nobody asks. */
  intact(): boolean {
    const selection = this.kernel.selection(selector(this.name));
    this.sampleAt++;
    return this.families.every((family) => {
      const chain = family.used === null ? null : bufferName(this.name, family.used, family.v4);
      if ((family.v4 ? selection.v4 : selection.v6) !== chain) return false;
      return family.held === null || chain === null || this.holds(family, chain, family.held);
    });
  }

  stop(): void {
    this.stopped = true;
    for (const { resolve } of this.waiters.splice(0)) resolve();
  }

  private holds(family: Family, set: string, held: Uint32Array): boolean {
    if (family.used === 's') return sameWords(this.kernel.ranges(set, family.v4), held);
    const addresses = this.kernel.count(set);
    const prefixes = this.kernel.count(prefixSet(set));
    if (addresses !== null && addresses !== family.addresses) return false;
    if (prefixes !== null && prefixes !== family.prefixes) return false;
    const stride = family.v4 ? 2 : 8;
    const ranges = held.length / stride;
    const batch = new KeyBatch(family.v4, 1);
    // Others from check to check: a step that shares no factor with most lengths.
    for (let i = 0; i < Math.min(SAMPLES, ranges); i++) {
      const at = ((this.sampleAt + Math.floor((i * ranges) / SAMPLES)) % ranges) * stride;
      new PrefixCursor(held.subarray(at, at + stride), family.v4).fill(batch);
      const [name, keys] = batch.addressCount > 0 ? [set, batch.addresses] : [prefixSet(set), batch.prefixes];
      if (!this.kernel.has(name, family.v4, keys, 0)) return false;
    }
    return true;
  }

  /** At the start nothing is wanted yet: what a crash left stays in force until something is. */
  private wake(): void {
    if (this.running || this.stopped || this.version === 0) return;
    this.running = true;
    void this.run();
  }

  /** Whatever is wanted, then the emptying of what is left: a change does not wait for that. */
  private async run(): Promise<void> {
    try {
      await this.work();
    } finally {
      this.running = false;
      // Changed since it looked for the last time.
      if (this.heldVersion !== this.version && !this.awaitsTable) this.wake();
    }
  }

  private async work(): Promise<void> {
    this.awaitsTable = false;
    this.sliceStart = performance.now();
    let attempts = 0;
    while (!this.stopped) {
      const { version, wanted } = this;
      try {
        if (this.heldVersion !== version) {
          const started = performance.now();
          await this.bring(wanted);
          if (this.stopped) return;
          this.heldVersion = version;
          this.taken = wanted;
          this.loadedAt = this.now();
          this.onLoaded(countRanges(wanted), performance.now() - started);
          this.settle(version, (waiter) => waiter.resolve());
          attempts = 0;
        } else if (!this.clean()) {
          return;
        }
      } catch (error) {
        if (error === BEGIN_AGAIN) continue;
        const { code } = error as KernelError;
        // It comes back with the reconciler's next look, which calls `distrust`.
        if (code === 'kernel-table-missing') {
          this.awaitsTable = true;
          return this.settle(version, (waiter) => waiter.resolve());
        }
        if (code === 'kernel-element-missing' && ++attempts < ATTEMPTS_MAX) this.distrust();
        else if (this.heldVersion === version) return;
        else return this.giveUp(version, error);
      } finally {
        this.loading = null;
      }
      await this.restWhenTired().catch(() => {});
    }
  }

  /** What is in force stays; what was refused is forgotten. */
  private giveUp(version: number, error: unknown): void {
    if (this.version === version) this.wanted = this.taken;
    this.heldVersion = this.version;
    this.settle(version, (waiter) => waiter.reject(error));
  }

  private settle(version: number, how: (waiter: Waiter) => void): void {
    const due = this.waiters.filter((waiter) => waiter.version <= version);
    this.waiters = this.waiters.filter((waiter) => waiter.version > version);
    for (const waiter of due) how(waiter);
  }

  /** Prepares both families, then changes what the rules ask of both in one transaction. */
  private async bring(wanted: PackedRanges): Promise<void> {
    const steps: ListStep[] = [];
    const after: (() => void)[] = [];
    for (const family of this.families) {
      const list = family.v4 ? wanted.v4 : wanted.v6;
      if (family.held !== null && sameWords(family.held, list)) continue;
      if (this.inPlace(family, list, steps, after)) continue;
      if (list.length / (family.v4 ? 2 : 8) <= SHORT_RANGES_MAX) this.asShort(family, list, steps, after);
      else await this.asLong(family, list, steps, after);
      if (this.stopped) return;
    }
    this.kernel.edit(steps);
    for (const note of after) note();
  }

  /** True when it was little: both kinds of keys go and come in the same transaction. */
  private inPlace(family: Family, list: Uint32Array, steps: ListStep[], after: (() => void)[]): boolean {
    const { used, held, v4 } = family;
    // Lists that have become short return to the interval set well below the limit, lest they go to and fro.
    const shortAgain = list.length / (v4 ? 2 : 8) < SHORT_RANGES_MAX / 2;
    if (held === null || (used !== 'a' && used !== 'b') || shortAgain) return false;
    const difference = differenceOf(held, list, v4, EDIT_RANGES_MAX);
    const gone = difference && keysOf(difference.gone, v4);
    const come = difference && keysOf(difference.come, v4);
    if (!gone || !come || gone.count + come.count > EDIT_KEYS_MAX) return false;
    const set = bufferName(this.name, used, v4);
    const [addressesGone, addressesCome] = withoutCommon(gone, come, 'addresses');
    const [prefixesGone, prefixesCome] = withoutCommon(gone, come, 'prefixes');
    steps.push({ do: 'remove', set, v4, ...addressesGone });
    steps.push({ do: 'remove', set: prefixSet(set), v4, ...prefixesGone });
    steps.push({ do: 'add', set, v4, ...addressesCome });
    steps.push({ do: 'add', set: prefixSet(set), v4, ...prefixesCome });
    after.push(() => {
      family.held = list;
      family.addresses += addressesCome.count - addressesGone.count;
      family.prefixes += prefixesCome.count - prefixesGone.count;
    });
    return true;
  }

  /**
   * An interval set that nobody asks yet is filled before it is selected: since Linux 6.18 its new content is found a moment after the
   * transaction's other changes are in force. One that is asked changes from the old content to the new at once.
   */
  private asShort(family: Family, list: Uint32Array, steps: ListStep[], after: (() => void)[]): void {
    if (list.length === 0) return this.select(family, null, list, steps, after);
    const set = bufferName(this.name, 's', family.v4);
    const content: ListStep[] = [
      { do: 'empty', set },
      { do: 'fill', set, v4: family.v4, list },
    ];
    if (family.used === 's') steps.push(...content);
    else {
      family.left.set('s', null);
      this.kernel.edit(content);
    }
    this.select(family, 's', list, steps, after);
  }

  private async asLong(family: Family, list: Uint32Array, steps: ListStep[], after: (() => void)[]): Promise<void> {
    const { v4 } = family;
    const buffer = family.used === 'a' ? 'b' : 'a';
    const set = bufferName(this.name, buffer, v4);
    while (this.cleanBuffer(family, buffer)) await this.restWhenTired();
    // Until it is done nobody knows what is in it.
    family.left.set(buffer, null);
    const cursor = new PrefixCursor(list, v4);
    const batch = new KeyBatch(v4, TRANSACTION_KEYS);
    let addresses = 0;
    let prefixes = 0;
    for (cursor.fill(batch); batch.count > 0 && !this.stopped; cursor.fill(batch)) {
      this.kernel.edit(batchSteps('add', set, batch));
      addresses += batch.addressCount;
      prefixes += batch.prefixCount;
      this.loading = cursor.rangesDone / (list.length / (v4 ? 2 : 8));
      if (addresses + prefixes > KEYS_MAX) throw tooLong(this.name);
      await this.restWhenTired();
    }
    this.select(family, buffer, list, steps, after);
    after.push(() => {
      family.addresses = addresses;
      family.prefixes = prefixes;
    });
  }

  private select(family: Family, to: Buffer | null, list: Uint32Array, steps: ListStep[], after: (() => void)[]): void {
    const { used, held, v4 } = family;
    const chain = (buffer: Buffer | null) => (buffer === null ? null : bufferName(this.name, buffer, v4));
    steps.push({ do: 'select', map: selector(this.name), v4, from: chain(used), to: chain(to) });
    after.push(() => {
      // Not in the same transaction: a packet may be on its way to the old one.
      if (used !== null) family.left.set(used, used === 's' || held === null ? null : new PrefixCursor(held, v4));
      if (to !== null) family.left.delete(to);
      family.used = to;
      family.held = list;
    });
  }

  /** A slice of the emptying; false when there is nothing left. */
  private clean(): boolean {
    return this.families.some((family) => [...family.left.keys()].some((buffer) => this.cleanBuffer(family, buffer)));
  }

  private cleanBuffer(family: Family, buffer: Buffer): boolean {
    const cursor = family.left.get(buffer);
    if (cursor === undefined) return false;
    const set = bufferName(this.name, buffer, family.v4);
    if (cursor !== null) {
      const batch = new KeyBatch(family.v4, TRANSACTION_KEYS);
      cursor.fill(batch);
      try {
        this.kernel.edit(batchSteps('remove', set, batch));
        if (batch.count === TRANSACTION_KEYS) return true;
        family.left.delete(buffer);
        return true;
      } catch (error) {
        if ((error as KernelError).code !== 'kernel-element-missing') throw error;
      }
    }
    // Somebody meddled, or a crash left it: whole, which takes 0.5 s for a million elements with the lock held.
    const prefixes: ListStep[] = buffer === 's' ? [] : [{ do: 'empty', set: prefixSet(set) }];
    this.kernel.edit([{ do: 'empty', set }, ...prefixes]);
    family.left.delete(buffer);
    return true;
  }

  private async restWhenTired(): Promise<void> {
    if (performance.now() - this.sliceStart < SLICE_MS) return;
    const { epoch } = this;
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.sliceStart = performance.now();
    if (epoch !== this.epoch) throw BEGIN_AGAIN;
  }
}

const BEGIN_AGAIN = new Error('the table changed while a list was being loaded');

function emptyFamily(v4: boolean): Family {
  return { v4, used: null, held: new Uint32Array(0), addresses: 0, prefixes: 0, left: new Map() };
}

function sameWords(a: Uint32Array, b: Uint32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function tooLong(name: string): Error {
  const text = `The list ${name} needs more than ${KEYS_MAX} kernel elements: shorten it, or use larger ranges.`;
  return Object.assign(new Error(text), { code: 'list-too-long' });
}
