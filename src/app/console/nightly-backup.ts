/** A backup each night, a few of which are kept: what a damaged database is filled from (store/sqlite/repair.ts). */
import { join } from 'node:path';
import { copyTo } from '../../serve/backups.ts';
import type { OperationsContext } from '../../serve/context.ts';
import { OperationError } from '../../serve/operation-error.ts';
import { BACKUPS_FOLDER, keepNewest, nightlyBackups, nightlyName } from '../../store/sqlite/nightly.ts';
import type { ToldEvent } from './note-events.ts';

const LOOK_MS = 10 * 60_000;
/** Local time; a machine that was off then makes it later in the day. */
const FROM_HOUR = 3;

export class NightlyBackup {
  private readonly context: OperationsContext;
  private readonly report: (event: ToldEvent) => void;
  private readonly timer: NodeJS.Timeout;
  /** The day of the last failure: it is tried again, and told once. */
  private told: string | null = null;

  constructor(context: OperationsContext, report: (event: ToldEvent) => void) {
    this.context = context;
    this.report = report;
    this.timer = setInterval(() => void this.look(), LOOK_MS);
  }

  /** Makes the one of today when it is time and there is none. */
  async look(): Promise<void> {
    const { context } = this;
    const folder = join(context.dataDirectory, BACKUPS_FOLDER);
    const now = new Date(context.now());
    const day = now.toDateString();
    try {
      const [newest] = nightlyBackups(folder);
      if (now.getHours() < FROM_HOUR || (newest && new Date(newest.madeAt).toDateString() === day)) return;
      const { keep } = context.store.orders(context.now()).policy.backups;
      if (keep === 0) return;
      await context.turns.take(() => copyTo(context, nightlyName(context.now())));
      keepNewest(folder, keep);
    } catch (error) {
      if (this.told === day) return;
      this.told = day;
      const { code = 'backup-failed', message } = error as OperationError;
      this.report({ level: 'warning', code, text: `No backup was made tonight: ${message}` });
    }
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
