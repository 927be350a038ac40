/**
 * Counting a day of 33,000 attacks takes a second. So the latest report of each day is kept, and shown at once while a newer one is counted;
 * the console counts today and yesterday by itself every hour (`app/console/reports-ahead.ts`).
 */
import type { DailyReport } from '../notify/report/daily-report.ts';
import type { LocalDay } from '../notify/report/local-day.ts';
import { StoreError } from '../store/error.ts';
import { dailyReport } from './api/reports.ts';
import { inStore, type OperationsContext } from './context.ts';
import { OperationError } from './operation-error.ts';

/** Of the same age as one that somebody who reads it has on the screen. */
const NEW_MS = 60_000;

export type CountReport = (day: LocalDay) => Promise<DailyReport>;

export class KeptReports {
  readonly #context: OperationsContext;
  readonly #count: CountReport;
  readonly #counting = new Map<string, Promise<DailyReport>>();
  #failedAt = -Infinity;

  constructor(context: OperationsContext, count: CountReport) {
    this.#context = context;
    this.#count = count;
  }

  /** Counted now. Two who ask at the same time get the same. */
  counted(day: LocalDay): Promise<DailyReport> {
    const key = `${day.day} ${day.zone}`;
    const running = this.#counting.get(key);
    if (running) return running;
    const counting = this.#count(day).finally(() => this.#counting.delete(key));
    this.#counting.set(key, counting);
    return counting;
  }

  /** The one that is kept, when there is one; `renewing`: a newer one is being counted. */
  async latest(day: LocalDay): Promise<{ report: DailyReport; renewing: boolean }> {
    const report = this.#kept(day);
    if (report === null) return { report: await this.counted(day), renewing: false };
    const recently = (at: number) => Math.abs(this.#context.now() - at) < NEW_MS;
    const renewing = !recently(report.madeAt) && !recently(this.#failedAt);
    if (renewing) void this.counted(day).catch((error: Error) => this.#noteFailure(error));
    return { report, renewing };
  }

  /** Null, too, for one that another release wrote in another shape. */
  #kept({ day, zone }: LocalDay): DailyReport | null {
    const text = inStore(() => this.#context.store.spans.kept(day, zone));
    if (text === null) return null;
    try {
      return dailyReport.parse(JSON.parse(text)) as DailyReport;
    } catch {
      return null;
    }
  }

  #noteFailure(error: Error): void {
    this.#failedAt = this.#context.now();
    const text = `A newer report could not be counted: ${error.message}`;
    try {
      this.#context.store.noteEvent({ at: this.#context.now(), level: 'warning', code: 'report-not-counted', text });
    } catch (failure) {
      // A full disk or a damaged file is told by the intake of reports, and every page shows it.
      if (!(failure instanceof StoreError)) throw failure;
    }
  }
}

/** For reading on: one that cannot be kept was counted all the same. */
export function keep({ store }: OperationsContext, report: DailyReport): void {
  const { day, zone, madeAt } = report;
  try {
    inStore(() => store.spans.keep({ day, zone, madeAt, report: JSON.stringify(report) }));
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
  }
}
