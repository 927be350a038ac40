/**
 * One long list on its way to the guard: sends what the list is now, one version at a time, and tries again when the guard does not
 * take it. Lanes know nothing of each other, so that an entry more on the denylist does not wait for a continent.
 */
import type { RangeEdit, RangesAnswer } from '../../channel/protocol.ts';
import { sameAddresses, type PackedRanges } from '../../core/base/packed-ranges.ts';
import { differenceOf } from '../../enforce/range-difference.ts';

/** Changes of one burst (a refreshed feed, answers of the name server) go together. */
export const GATHER_MS = 20;
export const RETRY_MS = 1_000;
export const RETRY_MS_MAX = 60_000;

const NOTHING_LIFTED: RangesAnswer = { lifted: [], liftedCount: 0 };

export interface LaneOptions {
  /** `the allowlist`, `the feed sip` */
  what: string;
  /** What the list is now; null: not known yet, the guard keeps what it has. */
  compose: () => PackedRanges | null;
  /** `version` names this content from now on; with a `base` the guard has that one, which differs in `gone` and `come`. */
  send: (ranges: PackedRanges, version: number, edit: LaneEdit | null) => Promise<RangesAnswer>;
  /** The guard did not take it and nobody was waiting to hear so; null: it has taken it after all. */
  trouble: (error: (Error & { code?: string }) | null) => void;
}

export type LaneEdit = Omit<RangeEdit, 'list'>;

/** Ranges by which a list may differ to be sent as a change; each family counts for itself. */
export const EDIT_RANGES_MAX = 1000;

/** Invariant: no number is given twice, also not by a console before or after this one: it begins anywhere, and clocks play no part. */
let lastVersion = Math.floor(Math.random() * 2 ** 52);

interface Waiter {
  resolve: (answer: RangesAnswer) => void;
  reject: (error: unknown) => void;
}

export class RangeLane {
  private readonly options: LaneOptions;
  /** What the guard is known to have; null: not known. */
  private inForce: PackedRanges | null = null;
  /** What the guard calls it; null: it has no name for it. */
  private version: number | null = null;
  private waiters: Waiter[] = [];
  private timer: NodeJS.Timeout | null = null;
  private working = false;
  /** It changed while it was being sent. */
  private again = false;
  private retryMs = RETRY_MS;
  /** Why the guard has not taken it; null: it has, or whoever waited for it knows. */
  trouble: Error | null = null;
  private closed = false;

  constructor(options: LaneOptions) {
    this.options = options;
  }

  /** The guard has this already (the orders that it starts from). */
  begin(ranges: PackedRanges): void {
    this.inForce = ranges;
  }

  /** The list may be another one than before. */
  changed(): void {
    this.wake(GATHER_MS);
  }

  get what(): string {
    return this.options.what;
  }

  /** The guard may have forgotten it (a feed that left the policy and came back). */
  forget(): void {
    this.inForce = null;
    this.version = null;
  }

  /**
   * Resolves when the kernel holds the list as it is at this moment. Rejects when it cannot be composed or the guard does not take it;
   * whoever asked takes the change back, or the lane tries again.
   */
  now(): Promise<RangesAnswer> {
    return new Promise((resolve, reject) => {
      this.waiters.push({ resolve, reject });
      void this.work();
    });
  }

  close(): void {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private wake(ms: number): void {
    if (this.closed || this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.work();
    }, ms);
  }

  private async work(): Promise<void> {
    if (this.working) {
      this.again = true;
      return;
    }
    this.working = true;
    do {
      this.again = false;
      const waiters = this.waiters;
      this.waiters = [];
      try {
        const answer = await this.bring();
        for (const { resolve } of waiters) resolve(answer);
        this.recovered();
      } catch (error) {
        this.forget();
        for (const { reject } of waiters) reject(error);
        this.failed(error as Error, waiters.length > 0);
        break;
      }
    } while (this.again || this.waiters.length > 0);
    this.working = false;
    // Came in while the failure was being told.
    if (this.waiters.length > 0) void this.work();
  }

  private async bring(): Promise<RangesAnswer> {
    const wanted = this.options.compose();
    if (wanted === null) return NOTHING_LIFTED;
    if (this.inForce !== null && (wanted === this.inForce || sameAddresses(wanted, this.inForce))) {
      this.inForce = wanted;
      return NOTHING_LIFTED;
    }
    const version = ++lastVersion;
    const answer = await this.sent(wanted, version);
    this.inForce = wanted;
    this.version = version;
    return answer;
  }

  /** As a change where it is one. A guard that does not know the base gets the whole list. */
  private async sent(wanted: PackedRanges, version: number): Promise<RangesAnswer> {
    const edit = this.edit(wanted);
    if (edit === null) return this.options.send(wanted, version, null);
    try {
      return await this.options.send(wanted, version, edit);
    } catch (error) {
      if ((error as { code?: string }).code !== 'other-base') throw error;
      return this.options.send(wanted, version, null);
    }
  }

  private edit(wanted: PackedRanges): LaneEdit | null {
    const { inForce, version } = this;
    if (inForce === null || version === null) return null;
    const v4 = differenceOf(inForce.v4, wanted.v4, true, EDIT_RANGES_MAX);
    const v6 = differenceOf(inForce.v6, wanted.v6, false, EDIT_RANGES_MAX);
    if (v4 === null || v6 === null) return null;
    return { base: version, gone: { v4: v4.gone, v6: v6.gone }, come: { v4: v4.come, v6: v6.come } };
  }

  private recovered(): void {
    this.retryMs = RETRY_MS;
    if (this.trouble) this.options.trouble(null);
    this.trouble = null;
  }

  private failed(error: Error, told: boolean): void {
    if (this.closed) return;
    if (!told) {
      const isNews = this.trouble === null;
      this.trouble = error;
      if (isNews) this.options.trouble(error);
    }
    this.wake(this.retryMs);
    this.retryMs = Math.min(RETRY_MS_MAX, this.retryMs * 2);
  }
}
