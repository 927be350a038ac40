/** The daily report: once for each day, soon after its time, also when the machine was off at that time. */
import type { NotifyPolicy } from '../policy/compile-notify.ts';
import { StoreError } from '../store/error.ts';
import type { NotifyStore } from '../store/notify-store.ts';
import type { MakeReport } from './channel.ts';
import type { Clock } from './clock.ts';
import type { Notice } from './notice.ts';
import { dayBefore, lastDaily } from './quiet/quiet-hours.ts';
import { recipientsOf } from './routes.ts';
import { trouble } from './trouble.ts';

const LAST = 'reported-day';
/** A report that could not be made is tried again after it. */
const AGAIN_MS = 300_000;

export class DailyTurn {
  private readonly options: { store: { notify: NotifyStore }; clock: Clock; makeReport: MakeReport };
  private making = false;
  private notBefore = -Infinity;

  constructor(options: DailyTurn['options']) {
    this.options = options;
  }

  /** Makes the report of yesterday when its time has come. Of more days that were missed, people ask `ringfence report --day`. */
  async look(policy: NotifyPolicy, tell: (notice: Notice) => void): Promise<void> {
    const { store, clock, makeReport } = this.options;
    const wanted = policy.report !== null && policy.channels.some((to) => recipientsOf(to, ['report']).length > 0);
    if (!wanted || this.making || clock.steady() < this.notBefore) return;
    const day = dayBefore(lastDaily(clock.wall(), policy.report!.atMinute, policy.timeZone).day);
    const last = store.notify.read((rows) => rows.state<string>(LAST));
    if (last === day) return;
    // The first day of an installation has no report; and a clock that went back has told this day already (the notice's id).
    if (last === null || day < last) return store.notify.write((rows) => rows.setState(LAST, day));
    this.making = true;
    try {
      const report = await makeReport(day, policy.timeZone);
      tell({ kind: 'daily-report', id: `report-${day}`, at: clock.wall(), ...report });
      store.notify.write((rows) => rows.setState(LAST, day));
    } catch (error) {
      this.notBefore = clock.steady() + AGAIN_MS;
      if (error instanceof StoreError) throw error;
      const text = `The report of ${day} could not be made: ${(error as Error).message}`;
      const hint = `ringfence report --day ${day}`;
      tell(trouble({ level: 'warning', code: 'notify-report-failed', text, hint }, clock.wall(), policy.consoleUrl));
    } finally {
      this.making = false;
    }
  }
}
