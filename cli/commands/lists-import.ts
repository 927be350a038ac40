/** `ringfence allow import` and `ringfence deny import`. */
import { createReadStream, statSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import type { Encoding, ListFormat, ReadResult } from '../../src/lists/entry.ts';
import type { ImportAnswer } from '../../src/serve/answers.ts';
import { ImportReading, type Plan, type Stage } from '../../src/serve/lists-import-reading.ts';
import { setsProblem } from '../../src/serve/lists-import-sets.ts';
import type { ListName } from '../../src/store/store.ts';
import { AnswerError, Connection } from '../client.ts';
import { escapeLines, escapeText } from '../escape.ts';
import { CliError, EXIT_OK, EXIT_REFUSED, EXIT_USAGE } from '../exit-codes.ts';
import { requireReadable } from '../input-file.ts';
import { ProgressBar } from '../progress-bar.ts';
import type { Globals } from '../program.ts';
import { byteSize } from '../when.ts';
import { colour, complain, number, plural, print, printJson } from '../terminal.ts';
import { noteLine, problemLine, summary, tellPlan, tellProblems } from './lists-import-plan.ts';

export interface ImportOptions {
  format?: ListFormat;
  encoding?: Encoding;
  dryRun?: true;
  skipBad?: true;
  /** Of a file with several sets. */
  set?: string[];
  allSets?: true;
  allowWide?: boolean;
  yes?: true;
}

/** Planned changes that are kept for showing, of each kind. */
const PLAN_KEPT_MAX = 1000;

const SETS_HINTS = {
  'set-unknown': 'Name one that is there: --set NAME',
  'several-sets': 'Say which are meant: --set NAME (more than once for several), or --all-sets',
};

export async function listImport(
  globals: Globals,
  list: ListName,
  file: string,
  options: ImportOptions,
): Promise<number> {
  if (file !== '-') requireReadable(file, 'a list');
  const connection = new Connection(globals.data);
  const bar = new ProgressBar(process.stderr);
  try {
    const { id } = await connection.ask<{ id: number }>('POST', `/lists/${list}/imports`, { subject: file });
    const stage: Stage = (entries, show) => connection.ask('POST', `/imports/${id}/entries`, { entries, show });
    const reading = new ImportReading(readOptions(file, list, options), stage, options.dryRun ? PLAN_KEPT_MAX : 0);
    const read = await readFile(file, reading, bar);
    bar.end();
    const problem = setsProblem(read, options);
    if (problem !== null) {
      await connection.ask('DELETE', `/imports/${id}`);
      if (globals.json) printJson({ list, file, format: read.format, changed: false, sets: read.sets });
      const text = `${escapeText(file)} ${escapeLines(problem.text)} The ${list}list is as it was.`;
      throw new CliError(EXIT_USAGE, text, SETS_HINTS[problem.code]);
    }
    const stop = read.fatal !== null || (read.counts.refused > 0 && !options.skipBad);
    if (stop && !options.dryRun) {
      await connection.ask('DELETE', `/imports/${id}`);
      return refuse(globals, list, file, read);
    }
    const answer = await conclude(connection, id, options);
    tell(globals, list, file, options, { read, answer, plan: reading.plan });
    return stop ? EXIT_USAGE : EXIT_OK;
  } finally {
    bar.end();
    connection.close();
  }
}

async function readFile(file: string, reading: ImportReading, bar: ProgressBar): Promise<ReadResult> {
  const stream = file === '-' ? process.stdin : createReadStream(file);
  const bytesTotal = file === '-' ? 0 : statSync(file).size;
  let bytes = 0;
  reading.onSent = () => {
    if (bytesTotal === 0) return;
    // Of the entries that the whole file has, going by what was read of it.
    const share = (reading.sent / reading.taken) * (bytes / bytesTotal);
    bar.update(share, `${number(reading.sent)} entries, ${byteSize(bytesTotal * share)}`);
  };
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      await reading.push(chunk);
      if (reading.stopped) break;
    }
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(EXIT_USAGE, `${escapeText(file)} cannot be read: ${escapeText((error as Error).message)}`);
  }
  return reading.end();
}

function readOptions(file: string, list: ListName, { format, encoding, set, allowWide = false }: ImportOptions) {
  const now = Date.now();
  return {
    ...{ list, now, allowWide, format, encoding, sets: set },
    ...(file === '-' ? {} : { writtenAt: Math.min(now, statSync(file).mtimeMs) }),
  };
}

/** Into force. What wants a confirmation is asked for where somebody sits, and refused where nobody does. */
async function conclude(connection: Connection, id: number, options: ImportOptions): Promise<ImportAnswer> {
  const end = (yes: boolean) =>
    connection.ask<ImportAnswer>('POST', `/imports/${id}/end`, { dryRun: options.dryRun ?? false, yes });
  try {
    return await end(options.yes ?? false);
  } catch (error) {
    const asks = error instanceof AnswerError && error.code === 'needs-confirmation';
    if (!asks || !process.stdin.isTTY || !process.stderr.isTTY) throw error;
    complain(error.message);
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    const said = await terminal.question('Import all the same? [y/N] ');
    terminal.close();
    if (!/^y(es)?$/i.test(said.trim())) throw new CliError(EXIT_REFUSED, 'Nothing was changed.');
    return end(true);
  }
}

interface Outcome {
  read: ReadResult;
  answer: ImportAnswer;
  plan: Plan;
}

function tell(globals: Globals, list: ListName, file: string, options: ImportOptions, outcome: Outcome): void {
  const { read, answer, plan } = outcome;
  const dryRun = options.dryRun ?? false;
  if (globals.json) {
    const { counts, problems, notes, fatal, format } = read;
    const planned = dryRun ? { plan } : {};
    printJson({ list, file, format, dryRun, counts, problems, notes, fatal, ...answer, ...planned });
    return;
  }
  if (dryRun) tellPlan(plan, answer, read);
  else tellProblems(read.problems, read.counts.refused);
  print(summary(list, read, answer, dryRun));
  for (const note of read.notes.slice(0, NOTES_SHOWN)) complain(noteLine(note));
  if (read.notesTotal > NOTES_SHOWN) complain(`… and ${plural(read.notesTotal - NOTES_SHOWN, 'more note')}`);
  noEffect(answer.allowlistedCount, 'on the allowlist, where the denylist has no effect', answer.allowlisted);
  noEffect(
    answer.exemptCount,
    'of this machine, its gateway or no source at all, which are never blocked',
    answer.exempt,
  );
  if (dryRun && answer.shutOut.length > 0)
    complain(colour.yellow(`It would want --yes:\n  ${escapeLines(answer.shutOut.slice(0, 20).join('\n  '))}`));
  if (answer.liftedCount > 0) print(`${plural(answer.liftedCount, 'block')} lifted.`);
}

const NOTES_SHOWN = 5;

function noEffect(count: number, which: string, ranges: string[]): void {
  if (count === 0) return;
  const named = ranges.slice(0, 5).join(', ');
  complain(colour.yellow(`${plural(count, 'range')} ${which}: ${named}${count > 5 ? ' …' : ''}`));
}

function refuse(globals: Globals, list: ListName, file: string, read: ReadResult): never {
  const { problems, counts, fatal, format } = read;
  if (globals.json) printJson({ list, file, format, dryRun: false, counts, problems, fatal, changed: false });
  else tellProblems(problems, counts.refused);
  const what = fatal === null ? plural(counts.refused, 'bad line') : problemLine(fatal);
  const settings =
    fatal?.code === 'settings-file' ? 'See what they would change: ringfence policy import FILE --dry-run' : undefined;
  const hint = fatal === null ? 'Correct them, or leave them out: --skip-bad' : settings;
  throw new CliError(EXIT_USAGE, `${escapeText(file)}: ${what}. The ${list}list is as it was.`, hint);
}
