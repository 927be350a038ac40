/**
 * Takes the guard's reports to the store: in one transaction at most every `BATCH_MS`, at once for what must not be lost, and
 * acknowledged only when it is on disk.
 */
import type { GuardReport } from '../../channel/protocol.ts';
import { ReportQueue } from './report-queue.ts';

/** At most this much of an open incident's counters is lost when everything dies at once (the promise is 200 ms). */
export const BATCH_MS = 100;
export const RETRY_MS = 1000;

export interface StoreTrouble {
  since: number;
  /** The store's error code, e.g. `store-disk-full`. */
  code: string;
  text: string;
  hint: string | null;
}

export interface CommitterOptions {
  apply: (reports: GuardReport[]) => void;
  acknowledge: (seq: number) => void;
  /** They are on disk now. */
  committed?: (reports: GuardReport[]) => void;
  now: () => number;
  /** The store failed, or works again (null). */
  onTrouble?: (trouble: StoreTrouble | null, lost: number) => void;
}

export class Committer {
  readonly queue = new ReportQueue();
  /** Null while the store works. */
  trouble: StoreTrouble | null = null;
  private readonly options: CommitterOptions;
  private timer: NodeJS.Timeout | null = null;
  private urgent = false;
  private guardStartedAt = 0;
  private acknowledged = 0;

  constructor(options: CommitterOptions) {
    this.options = options;
  }

  receive(seq: number, report: GuardReport): void {
    // Health is the present, not the past: the store only wants to know of a new run of the guard.
    const newRun = report.type === 'health' && report.health.startedAt !== this.guardStartedAt;
    if (report.type === 'health') this.guardStartedAt = report.health.startedAt;
    if (report.type === 'health' && !newRun) this.queue.lastSeq = seq;
    else this.queue.push(seq, report);
    if (this.trouble) return;
    const urgent = report.type === 'verdict' || report.type === 'blocked' || report.type === 'unblocked';
    if (urgent && !this.urgent) {
      this.urgent = true;
      // After the reports that came in the same read: one attack's verdict, block and incident are one transaction.
      setImmediate(() => {
        this.urgent = false;
        if (!this.trouble) this.commit();
      });
    } else {
      this.timer ??= setTimeout(() => this.commit(), BATCH_MS);
    }
  }

  /** Writes everything that waits. True: it is on disk and acknowledged. False: it waits for the next try. */
  commit(): boolean {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const seq = this.queue.lastSeq;
    const reports = this.queue.pending();
    try {
      if (reports.length > 0) this.options.apply(reports);
    } catch (error) {
      this.fail(error as Error & { code?: string; hint?: string });
      return false;
    }
    this.queue.committed();
    if (this.trouble) {
      this.trouble = null;
      this.options.onTrouble?.(null, this.queue.dropped);
    }
    if (seq > this.acknowledged) this.options.acknowledge(seq);
    this.acknowledged = seq;
    this.options.committed?.(reports);
    return true;
  }

  private fail(error: Error & { code?: string; hint?: string }): void {
    const first = this.trouble === null;
    const since = this.trouble?.since ?? this.options.now();
    this.trouble = { since, code: error.code ?? 'store-failed', text: error.message, hint: error.hint ?? null };
    if (first) this.options.onTrouble?.(this.trouble, this.queue.dropped);
    this.timer = setTimeout(() => this.commit(), RETRY_MS);
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }
}
