/**
 * Keeps the kernel what it should be: at start takes over what a crash left in force, then looks every few seconds, repairs what
 * others changed and says so, reports blocks that ended, and reads the counters.
 *
 * Cheap while nobody interferes: the ruleset's generation is what it was plus our own transactions, and then only elements that
 * are due and a share of the counters are read. Never stands still for long: work goes in slices of a few milliseconds.
 */
import type { Address } from '../core/base/address.ts';
import { formatTarget, type Target } from '../core/base/target.ts';
import type { KernelError } from '../ffi/kernel-error.ts';
import { Desired, UNSEEN_SETS, type RestoredSet, type Wanted, type WantedSet } from './desired.ts';
import { BRIEF_MARGIN_MS, type KernelElements, type NewElement } from './kernel-elements.ts';
import { ForeignChanges } from './foreign-changes.ts';
import { unlessMissing } from './missing-table.ts';
import type { KernelStructure } from './kernel-structure.ts';
import { EARLY_MS, MissingElements } from './missing-elements.ts';
import { LongLists, type ListContents, type ListStanding } from './long-lists.ts';
import type { Count, ReconcileEvent } from './reconcile-event.ts';
import type { ReconcilerOptions } from './reconciler-options.ts';
import { feedsIn, renderFeedRemoval } from './ruleset.ts';
import { Slices } from './slices.ts';
import { differences, type Structure } from './structure.ts';
import { shapeProblems, strayFeeds } from './table.ts';

/** Elements whose counters one `tick` reads: 7 µs each. */
const COUNTERS_PER_TICK = 500;
/** One transaction's worth (`elements.ts`). */
const RESTORE_PART = 2000;
/** Addresses named in an event; it says how many there are besides. */
const NAMED_MAX = 20;
const WANTED_SETS: readonly WantedSet[] = ['deny', 'block'];
/** Put back when somebody removed them, never adopted: the sensor alone puts them there. */
const HELD_SETS = ['limit', 'trusted', 'known'] as const;
/** A mark comes before what it marks: no packet in between prolongs the block. */
const RESTORED_SETS: readonly RestoredSet[] = ['brief', ...WANTED_SETS, ...HELD_SETS];

export class Reconciler {
  readonly desired: Desired;
  /** False: there was no table before `start`. */
  tookOver = true;
  private readonly elements: KernelElements;
  private readonly kernel: KernelStructure;
  private readonly now: () => number;
  private readonly commits: Int32Array;
  private readonly onEvent: (event: ReconcileEvent) => void;
  private readonly lists: LongLists;
  private ruleset: string;
  private expected: Structure | null = null;
  private readonly foreign: ForeignChanges;
  /** Found in the kernel by the last look and not in our account: perhaps another thread's block whose notice is on its way. */
  private readonly strangers: Record<WantedSet, Set<string>> = { deny: new Set(), block: new Set() };
  private counterCursor: Iterator<[WantedSet, string]> | null = null;
  private readonly slices = new Slices();
  private readonly missing: MissingElements;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(options: ReconcilerOptions) {
    this.elements = options.elements;
    this.kernel = options.structure;
    this.ruleset = options.ruleset;
    this.desired = options.desired;
    this.now = options.now;
    this.commits = options.commits;
    this.onEvent = options.onEvent;
    this.missing = new MissingElements(options.elements, options.desired, options.now, this.slices);
    this.foreign = new ForeignChanges(options.elements, options.commits);
    this.lists = new LongLists({
      kernel: options.lists,
      now: options.now,
      onLoaded: (list, ranges, tookMs) => this.onEvent({ type: 'loaded', list, ranges, tookMs }),
    });
  }

  /**
   * Takes over, applies the ruleset, makes kernel and account the same. Rejects with NftError or KernelError. The allowlist is in
   * the kernel then; the other lists come behind it, while what a crash left of them stays in force.
   */
  start(): Promise<void> {
    return this.alone(async () => {
      const { allow, ...others } = this.desired.lists;
      this.tookOver = this.kernel.structure() !== null;
      if (this.tookOver) {
        for (const set of WANTED_SETS) await this.adoptHeld(set);
        UNSEEN_SETS.forEach((set) => this.remember(set));
      }
      this.foreign.accept(this.foreign.standing());
      await this.install();
      this.lists.setExempt(this.desired.exempt);
      this.lists.distrust();
      // The allowlist first: from here on nothing that is added can hurt it.
      await this.lists.set({ allow });
      this.lists.set(others).catch((error: Error & { code?: string }) => this.failed(error));
      await this.restoreElements();
      await this.readDue();
    });
  }

  /** One round; call it every few seconds, and at once when a block was refused with `kernel-table-missing`. Never rejects. */
  tick(): Promise<void> {
    return this.alone(async () => {
      try {
        if (this.disturbed()) await this.look();
        await this.readDue();
        await this.readCounters();
      } catch (error) {
        const failure = error as Error & { code?: string };
        if (failure.code !== 'kernel-table-missing') this.failed(failure);
        // Deleted between our questions: the generation tells the next tick.
        this.foreign.suspect();
      }
    });
  }

  /** A changed policy. Rejects and changes nothing when the kernel refuses. */
  setRuleset(text: string): Promise<void> {
    return this.alone(async () => {
      const before = this.ruleset;
      this.ruleset = text;
      try {
        await this.install();
      } catch (error) {
        this.ruleset = before;
        throw error;
      }
    });
  }

  /**
   * Whole new content of the lists and feeds that are named, and the addresses that nothing ever blocks. Resolves when the kernel
   * holds all of it (while the table is missing: when it is noted for it); blocks do not wait meanwhile. Of several contents of one list the
   * last one counts. Rejects with KernelError or `list-too-long`; the content before then stays in force.
   */
  async setLongLists(contents: Partial<ListContents>, exempt?: readonly Address[]): Promise<void> {
    if (exempt !== undefined) unlessMissing(() => this.lists.setExempt(exempt));
    await this.lists.set(contents);
  }

  /** How every long list stands in the kernel, by its name there (`allow`, `deny`, `country`, `feed_…`). Throws KernelError. */
  listStanding(): { [list: string]: ListStanding } {
    return this.lists.standing();
  }

  /** Puts a target into the kernel and our account. `durationMs` null: for ever. */
  add(set: WantedSet, target: Target, durationMs: number | null): Promise<void> {
    return this.alone(async () => {
      unlessMissing(() => this.elements[set](target, durationMs));
      this.note(set, target, durationMs);
    });
  }

  /** False when neither the kernel nor our account had it. */
  remove(set: RestoredSet, target: Target): Promise<boolean> {
    return this.alone(async () => {
      if (set === 'block') this.desired.forget('brief', target);
      const wanted = this.desired.forget(set, target);
      const held = unlessMissing(() => this.elements.take(set, target));
      return wanted || held === true;
    });
  }

  /** Another thread has put it into the kernel: into our account. */
  note(set: RestoredSet, target: Target, durationMs: number | null): void {
    if (set === 'block') this.desired.forget('brief', target);
    this.desired.want(set, target, durationMs === null ? null : this.now() + durationMs);
    if (set === 'block' || set === 'deny') this.strangers[set].delete(formatTarget(target));
  }

  /** The same of a block that nothing prolongs. */
  noteBrief(target: Target, durationMs: number): void {
    this.note('block', target, durationMs);
    this.desired.want('brief', target, this.now() + durationMs + BRIEF_MARGIN_MS);
  }

  /** A clean stop: the table goes. */
  stop(): Promise<void> {
    this.lists.stop();
    return this.alone(() => this.kernel.remove());
  }

  /** Applies the ruleset; a table that does not take it, or holds what is not ours, is made anew and filled again. */
  private async install(): Promise<void> {
    try {
      await this.kernel.apply(this.ruleset);
    } catch (error) {
      if (this.kernel.structure() === null) throw error;
      return this.makeAnew();
    }
    Atomics.add(this.commits, 0, 1);
    this.expected = this.kernel.structure();
    const feeds = feedsIn(this.ruleset);
    const strays = this.expected === null ? [] : strayFeeds(this.expected, feeds);
    // Feeds that the policy has no more: nothing is loaded into them while they go.
    this.lists.useFeeds(feeds);
    if (strays.length > 0) {
      await this.kernel.apply(this.ruleset + renderFeedRemoval(strays));
      Atomics.add(this.commits, 0, 1);
      this.expected = this.kernel.structure();
    }
    if (this.expected !== null && shapeProblems(this.expected, feeds).length > 0) await this.makeAnew();
  }

  /** Another thread's blocks whose notice is on its way are in the kernel alone: taken into our account before it is emptied. */
  private async makeAnew(): Promise<void> {
    for (const set of WANTED_SETS) await this.adoptHeld(set);
    await this.kernel.recreate(this.ruleset);
    Atomics.add(this.commits, 0, 1);
    this.expected = this.kernel.structure();
    this.lists.useFeeds(feedsIn(this.ruleset));
    this.lists.distrust();
    await this.restoreElements();
  }

  private async look(): Promise<void> {
    // Taken before looking: what changes meanwhile brings the next look.
    const standing = this.foreign.standing();
    const found = this.kernel.structure();
    if (found === null || this.expected === null) {
      await this.install();
      this.lists.distrust();
      await this.restoreElements();
      this.onEvent({ type: 'repaired', problem: 'table-missing', details: ['table inet ringfence missing'] });
    } else {
      const details = differences(this.expected, found);
      if (details.length > 0) {
        await this.install();
        this.onEvent({ type: 'repaired', problem: 'structure-changed', details: details.slice(0, NAMED_MAX) });
      }
      this.repairLists();
      await this.restore('brief');
      for (const set of WANTED_SETS)
        this.reportPutBack(set, await this.missing.putBack(set, await this.adopt(set, false)));
      for (const set of HELD_SETS) this.reportPutBack(set, await this.missing.putBackHeld(set));
    }
    this.foreign.accept(standing);
  }

  private repairLists(): void {
    const details = this.lists.repair().map((list) => `${list} changed`);
    if (details.length > 0) this.onEvent({ type: 'repaired', problem: 'ranges-changed', details });
  }

  private reportPutBack(set: RestoredSet, keys: string[]): void {
    if (keys.length === 0) return;
    const named = keys.slice(0, NAMED_MAX).map((key) => `${key} removed from ${set}`);
    if (keys.length > NAMED_MAX) named.push(`and ${keys.length - NAMED_MAX} more`);
    this.onEvent({ type: 'repaired', problem: 'elements-removed', details: named });
  }

  /** As `adopt` at start; a set that is missing from a damaged table holds nothing. */
  private async adoptHeld(set: WantedSet): Promise<void> {
    try {
      await this.adopt(set, true);
    } catch (error) {
      if ((error as KernelError).code !== 'kernel-table-missing') throw error;
    }
  }

  /**
   * Reads a whole set. What is not in our account is adopted: at once at start, else when a second look finds it still there.
   * Returns the keys of all that the kernel holds.
   */
  private async adopt(set: WantedSet, atOnce: boolean): Promise<Set<string>> {
    const keys = new Set<string>();
    const before = this.strangers[set];
    const strangers = (this.strangers[set] = new Set());
    for (const portion of this.elements.dump(set)) {
      for (const element of portion) {
        const key = formatTarget(element.target);
        keys.add(key);
        const until = element.expiresMs === null ? null : this.now() + element.expiresMs;
        const wanted = this.desired[set].get(key);
        if (wanted !== undefined) {
          wanted.until = until;
        } else if (atOnce || before.has(key)) {
          this.desired[set].set(key, { target: element.target, until, packets: element.packets });
          this.onEvent({ type: 'adopted', set, target: key, until, packets: element.packets });
        } else {
          strangers.add(key);
        }
      }
      if (this.slices.tired) await this.slices.rest();
    }
    return keys;
  }

  /** What the kernel holds of a set that nobody else looks after, so that it is there again after a repair. */
  private remember(set: (typeof UNSEEN_SETS)[number]): void {
    // A table of an older version may not have the set.
    for (const { target, expiresMs } of unlessMissing(() => this.elements.list(set)) ?? [])
      this.desired.want(set, target, this.now() + (expiresMs ?? 0));
  }

  /** Everything wanted that has not ended; what is there already stays as it is. */
  private async restoreElements(): Promise<void> {
    for (const set of RESTORED_SETS) await this.restore(set);
  }

  private async restore(set: RestoredSet): Promise<void> {
    let part: NewElement[] = [];
    for (const wanted of this.desired[set].values()) {
      if (wanted.until === null || wanted.until > this.now()) part.push(this.missing.renewed(wanted));
      if (part.length < RESTORE_PART) continue;
      this.elements.addMany(set, part);
      part = [];
      if (this.slices.tired) await this.slices.rest();
    }
    if (part.length > 0) this.elements.addMany(set, part);
  }

  /** Whatever should have ended: the kernel knows, since it may have extended it. */
  private async readDue(): Promise<void> {
    const counts: Count[] = [];
    for (const set of WANTED_SETS) {
      for (const [key, wanted] of this.desired[set]) {
        if (this.slices.tired) await this.slices.rest();
        if (wanted.until === null || wanted.until > this.now()) continue;
        if (this.read(set, key, wanted))
          counts.push({ set, target: key, packets: wanted.packets, until: wanted.until });
      }
    }
    if (counts.length > 0) this.onEvent({ type: 'counted', counts });
    this.desired.forgetEnded(this.now());
  }

  /** Some of the elements in each round, all of them in turn. */
  private async readCounters(): Promise<void> {
    const counts: Count[] = [];
    this.counterCursor ??= this.everything();
    for (let i = 0; i < COUNTERS_PER_TICK; i++) {
      const next = this.counterCursor.next();
      if (next.done) {
        this.counterCursor = null;
        break;
      }
      const [set, key] = next.value;
      const wanted = this.desired[set].get(key);
      if (wanted !== undefined && this.read(set, key, wanted)) {
        counts.push({ set, target: key, packets: wanted.packets, until: wanted.until });
      }
      if (this.slices.tired) await this.slices.rest();
    }
    if (counts.length > 0) this.onEvent({ type: 'counted', counts });
  }

  /** Brings one element up to date; true when its counter grew or its end moved on. Reports and forgets one that has ended. */
  private read(set: WantedSet, key: string, wanted: Wanted): boolean {
    const state = this.elements.get(set, wanted.target);
    if (state === null) {
      // Missing before its time: somebody's doing, which the generation shows; the look restores it.
      if (!this.missing.endsSoon(wanted)) return false;
      this.desired[set].delete(key);
      this.onEvent({ type: 'expired', set, target: key, packets: wanted.packets });
      return false;
    }
    const until = state.expiresMs === null ? null : this.now() + state.expiresMs;
    const moved =
      until !== wanted.until && (until === null || wanted.until === null || until > wanted.until + EARLY_MS);
    const changed = state.packets !== wanted.packets || moved;
    wanted.until = until;
    wanted.packets = state.packets;
    return changed;
  }

  private *everything(): Generator<[WantedSet, string], void> {
    for (const set of WANTED_SETS) for (const key of this.desired[set].keys()) yield [set, key];
  }

  private disturbed(): boolean {
    return this.missing.pending || WANTED_SETS.some((set) => this.strangers[set].size > 0) || this.foreign.any();
  }

  private failed({ code, message }: Error & { code?: string }): void {
    this.onEvent({ type: 'failed', code: code ?? 'internal', text: message });
  }

  /** One piece of work at a time, in the order of the calls. */
  private alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => {});
    return done;
  }
}
