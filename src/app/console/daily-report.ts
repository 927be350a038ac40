/** The daily report as the stages want it. */
import type { MakeReport } from '../../notify/channel.ts';
import { localDay } from '../../notify/report/local-day.ts';
import { reportNotice } from '../../notify/report/publish.ts';
import type { OperationsContext } from '../../serve/context.ts';
import { reportOf } from '../../serve/reports.ts';

export function dailyReportMaker(context: () => OperationsContext): MakeReport {
  return async (day, zone) => {
    const span = localDay(day, zone);
    if (span === null) throw new Error(`there is no ${day} in ${zone}`);
    const consoleUrl = context().notify?.policy().consoleUrl ?? null;
    const { notice } = await reportNotice(await reportOf(context(), span), consoleUrl);
    const { subject, text, html, attachments } = notice;
    return { day, subject, text, html, attachments };
  };
}
