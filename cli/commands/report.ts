/** `ringfence report`: what happened on a day, for people or for programs. */
import type { DailyReport } from '../../src/notify/report/daily-report.ts';
import { ask } from '../client.ts';
import { escapeJson, escapeLines, escapeText } from '../escape.ts';
import { EXIT_OK } from '../exit-codes.ts';
import { writeOutput } from '../output-file.ts';
import type { Globals } from '../program.ts';
import { print, printJson } from '../terminal.ts';

type ReportFormat = 'text' | 'html' | 'csv' | 'json';

interface Options {
  day: string;
  zone?: string;
  format?: ReportFormat;
  output?: string;
  force?: boolean;
}

export async function report(globals: Globals, options: Options): Promise<number> {
  const { day, zone, output, force = false } = options;
  const format = options.format ?? (globals.json ? 'json' : 'text');
  const query = zone === undefined ? '' : `?${new URLSearchParams({ zone })}`;
  const made = await ask<DailyReport>(globals.data, 'GET', `/reports/${encodeURIComponent(day)}${query}`);
  if (output === undefined || output === '-') {
    if (format === 'json') printJson(made);
    else print((await rendered(made, format)).trimEnd());
    return EXIT_OK;
  }
  await writeOutput(output, force, async (write) => write(await rendered(made, format)));
  if (globals.json) printJson({ file: output, day: made.day, zone: made.zone, format });
  else print(`${escapeText(output)}: ${made.day} in ${made.zone}`);
  return EXIT_OK;
}

/** Charts are drawn for a page alone; a terminal needs none of it. */
async function rendered(made: DailyReport, format: ReportFormat): Promise<string> {
  switch (format) {
    case 'json':
      return `${escapeJson(JSON.stringify(made, null, 2))}\n`;
    case 'html':
      return (await import('../../src/notify/report/publish.ts')).reportFile(made, null);
    case 'csv':
      return (await import('../../src/notify/report/csv.ts')).reportCsv(made);
    case 'text':
      return escapeLines((await import('../../src/notify/report/text.ts')).reportText(made));
  }
}
