/** What an import would change or has changed, for people. */
import type { Note, Problem, ReadResult } from '../../src/lists/entry.ts';
import type { ImportAnswer } from '../../src/serve/answers.ts';
import type { Plan } from '../../src/serve/lists-import-reading.ts';
import type { ListEntry, ListName } from '../../src/store/store.ts';
import { escapeText } from '../escape.ts';
import { colour, complain, number, plural, print } from '../terminal.ts';
import { timeAndAge } from '../when.ts';

const PROBLEMS_SHOWN = 20;

/** One line for each entry: `+` added, `~` changed, `!` refused. */
export function tellPlan(plan: Plan, answer: ImportAnswer, read: ReadResult): void {
  const now = Date.now();
  for (const { line, after } of plan.added) {
    print(`${colour.green('+')} line ${line}: ${after.range}${details(after, now)}`);
  }
  more('added', answer.added - plan.added.length);
  for (const { line, before, after } of plan.changed) {
    print(`${colour.yellow('~')} line ${line}: ${after.range}${differences(before, after, now)}`);
  }
  more('changed', answer.changed - plan.changed.length);
  for (const problem of read.problems) print(`${colour.red('!')} ${problemLine(problem)}`);
  more('refused', read.counts.refused - read.problems.length);
}

function more(what: string, count: number): void {
  if (count > 0) print(`  … and ${number(count)} more ${what}`);
}

function details({ comment, until }: ListEntry, now: number): string {
  const end = until === null ? '' : `, until ${timeAndAge(until, now)}`;
  return `${end}${comment === '' ? '' : `  ${escapeText(comment, 200)}`}`;
}

function differences(before: ListEntry, after: ListEntry, now: number): string {
  const moment = (at: number | null) => (at === null ? 'no end' : timeAndAge(at, now));
  const told: string[] = [];
  if (before.comment !== after.comment)
    told.push(`comment "${escapeText(before.comment, 100)}" → "${escapeText(after.comment, 100)}"`);
  if (before.until !== after.until) told.push(`end ${moment(before.until)} → ${moment(after.until)}`);
  return `  ${told.join(', ')}`;
}

/** On standard error: what was refused. Values of the file are escaped by its reader. */
export function tellProblems(problems: Problem[], total: number): void {
  for (const problem of problems.slice(0, PROBLEMS_SHOWN)) complain(problemLine(problem));
  const shown = Math.min(problems.length, PROBLEMS_SHOWN);
  if (total > shown) complain(`… and ${plural(total - shown, 'more bad line')}`);
}

export function problemLine({ line, value, why, expected }: Problem): string {
  const place = line === 0 ? '' : `line ${line}: `;
  const quoted = value === '' ? '' : `"${value}": `;
  // What is wrong with an address is often told with the right spelling.
  return `${place}${quoted}${why}${why.includes(expected) ? '' : `; expected ${expected}`}`;
}

/** A note about the whole file has neither line nor value. */
export function noteLine({ line, value, text }: Note): string {
  return line === 0 ? text : `line ${line}: ${value}: ${text}`;
}

export function summary(list: ListName, { counts }: ReadResult, answer: ImportAnswer, dryRun: boolean): string {
  const parts = [
    `${number(answer.added)} added`,
    `${number(answer.changed)} changed`,
    `${number(answer.same)} the same`,
    ...(counts.duplicates > 0 ? [`${number(counts.duplicates)} twice in the file`] : []),
    ...(counts.over > 0 ? [`${number(counts.over)} over already`] : []),
    `${number(counts.refused)} refused`,
  ];
  const total = dryRun
    ? 'Nothing was changed: this was a dry run.'
    : `The ${list}list has ${plural(answer.total, 'entry', 'entries')} now.`;
  return `${dryRun ? 'Would be: ' : ''}${parts.join(', ')}. ${total}`;
}
