/** `ringfence allow add|remove|list` and `ringfence deny add|remove|list`. */
import type { ListAddAnswer, ListEntryAnswer, ListPageAnswer, Overlap } from '../../src/serve/answers.ts';
import type { ListName } from '../../src/store/store.ts';
import { ask, Connection } from '../client.ts';
import { escapeJson, escapeText } from '../escape.ts';
import { EXIT_OK } from '../exit-codes.ts';
import type { Globals } from '../program.ts';
import { renderTable } from '../table.ts';
import { clockTime, relativeTime, timeAndAge } from '../when.ts';
import { colour, number, plural, print, printJson } from '../terminal.ts';

/** Rows that people are shown; the rest is told by its number. */
const SHOWN_MAX = 1000;
const PAGE_ENTRIES = 2000;

export async function listAdd(
  globals: Globals,
  list: ListName,
  ranges: string[],
  options: { comment?: string; for?: number; until?: number; yes?: true },
): Promise<number> {
  const body = {
    ...(options.comment === undefined ? {} : { comment: options.comment }),
    ...endOf(options),
    yes: options.yes ?? false,
  };
  const answers: ListAddAnswer[] = [];
  for (const range of ranges) {
    const answer = await ask<ListAddAnswer>(globals.data, 'POST', `/lists/${list}`, { ...body, range });
    answers.push(answer);
    if (!globals.json) tellAdded(list, answer);
  }
  if (globals.json) printJson(answers.length === 1 ? answers[0] : answers);
  return EXIT_OK;
}

function endOf(options: { for?: number; until?: number }): { until?: number | null } {
  if (options.until !== undefined) return { until: options.until };
  if (options.for === undefined) return {};
  return { until: Number.isFinite(options.for) ? Date.now() + options.for : null };
}

function tellAdded(list: ListName, { entry, added, changed, lifted, overlaps }: ListAddAnswer): void {
  const what = added ? 'is now on' : changed ? 'was already on' : 'was already on';
  const end = entry.until === null ? '' : `, until ${timeAndAge(entry.until, Date.now())}`;
  print(`${entry.range} ${what} the ${list}list${added || changed ? end : ''}${changed ? ': changed' : ''}.`);
  if (overlaps.length > 0) print(colour.yellow(`It overlaps ${overlapText(list, overlaps)}; each entry stays.`));
  if (lifted.length > 0) {
    const shown = lifted.slice(0, 10).join(', ');
    print(`${plural(lifted.length, 'block')} lifted: ${shown}${lifted.length > 10 ? ' …' : ''}`);
  }
}

/** Entries of the other list with its name. */
function overlapText(list: ListName, overlaps: Overlap[]): string {
  return overlaps.map((other) => (other.list === list ? other.range : `${other.range} (${other.list}list)`)).join(', ');
}

export async function listRemove(globals: Globals, list: ListName, ranges: string[]): Promise<number> {
  const answers: { range: string }[] = [];
  for (const range of ranges) {
    const path = `/lists/${list}/${encodeURIComponent(range)}`;
    const answer = await ask<{ range: string }>(globals.data, 'DELETE', path);
    answers.push(answer);
    if (!globals.json) print(`${answer.range} is off the ${list}list.`);
  }
  if (globals.json) printJson(answers.length === 1 ? answers[0] : answers);
  return EXIT_OK;
}

export async function listShow(globals: Globals, list: ListName, options: { filter?: string }): Promise<number> {
  if (globals.json) return printAll(globals, list, options);
  const query = { limit: SHOWN_MAX, ...options };
  for await (const { items: entries, next, total } of pages(globals, list, query)) {
    const filtered = options.filter !== undefined;
    if (entries.length === 0 && next !== null) continue;
    if (entries.length === 0) print(filtered && total > 0 ? 'No entry matches.' : `The ${list}list is empty.`);
    else print(renderEntries(list, entries, Date.now()));
    if (next !== null) {
      const all = filtered ? 'and there are more' : `of ${number(total)} entries`;
      print(`\n${number(entries.length)} are shown, ${all}. All: --json, or ringfence ${list} export`);
    }
    break;
  }
  return EXIT_OK;
}

/** Page by page: a million entries are 200 MB of JSON. */
async function printAll(globals: Globals, list: ListName, options: { filter?: string }): Promise<number> {
  let separator = '[';
  for await (const { items } of pages(globals, list, { limit: PAGE_ENTRIES, ...options })) {
    for (const entry of items) {
      const text = `${separator}\n  ${escapeJson(JSON.stringify(entry))}`;
      if (!process.stdout.write(text)) await drained();
      separator = ',';
    }
  }
  print(separator === '[' ? '[]' : '\n]');
  return EXIT_OK;
}

export function drained(): Promise<void> {
  return new Promise((resolve) => void process.stdout.once('drain', resolve));
}

export async function* pages(
  globals: Globals,
  list: ListName,
  query: { limit: number; filter?: string; overlaps?: boolean },
): AsyncGenerator<ListPageAnswer> {
  const connection = new Connection(globals.data);
  try {
    for (let cursor: string | null = '0'; cursor !== null;) {
      const values = new URLSearchParams({ cursor });
      for (const [name, value] of Object.entries(query)) values.set(name, String(value));
      const page: ListPageAnswer = await connection.ask('GET', `/lists/${list}?${values}`);
      yield page;
      cursor = page.next;
    }
  } finally {
    connection.close();
  }
}

function renderEntries(list: ListName, entries: ListEntryAnswer[], now: number): string {
  const ends = entries.some(({ until }) => until !== null);
  const overlaps = entries.some((entry) => entry.overlaps.length > 0);
  return renderTable<ListEntryAnswer>(
    [
      { title: 'RANGE', cell: (entry) => entry.range },
      ...(ends
        ? [
            {
              title: 'ENDS',
              cell: ({ until }: ListEntryAnswer) => (until === null ? 'never' : relativeTime(until, now)),
            },
          ]
        : []),
      { title: 'ADDED', cell: (entry) => clockTime(entry.addedAt, now), leaveOut: 2 },
      { title: 'BY', cell: (entry) => escapeText(entry.addedBy, 40), leaveOut: 3 },
      { title: 'COMMENT', cell: (entry) => escapeText(entry.comment, 200), widthMin: 10 },
      ...(overlaps
        ? [
            {
              title: 'OVERLAPS',
              cell: (entry: ListEntryAnswer) => overlapText(list, entry.overlaps),
              widthMin: 18,
              leaveOut: 1,
            },
          ]
        : []),
    ],
    entries,
  );
}
