/** Today's and yesterday's report are counted before anybody opens their page, so that it has something to show at once. */
import { OperationError } from '../../serve/operation-error.ts';
import type { Operations } from '../../serve/operations.ts';

const EVERY_MS = 60 * 60_000;
/** Soon after the start, but not in it. */
const FIRST_MS = 20_000;

export class ReportsAhead {
  private readonly operations: Pick<Operations, 'report'>;
  private timer: NodeJS.Timeout;
  private stopped = false;

  constructor(operations: Pick<Operations, 'report'>) {
    this.operations = operations;
    this.timer = setTimeout(() => void this.work(), FIRST_MS);
  }

  private async work(): Promise<void> {
    for (const day of ['yesterday', 'today']) {
      if (this.stopped) return;
      try {
        await this.operations.report(day, {});
      } catch (error) {
        // A full disk or a busy file, which the intake of reports tells of. The next hour tries again.
        if (!(error instanceof OperationError)) throw error;
      }
    }
    if (!this.stopped) this.timer = setTimeout(() => void this.work(), EVERY_MS);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }
}
