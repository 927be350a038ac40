/** `ringfence allow add|remove|list` and `ringfence deny add|remove|list`. */
import type { ListAddAnswer, ListEntryAnswer } from '../../src/serve/answers.ts';
import { ask } from '../client.ts';
import { escapeText } from '../escape.ts';
import { EXIT_OK } from '../exit-codes.ts';
import type { Globals } from '../program.ts';
import { renderTable } from '../table.ts';
import { clockTime } from '../when.ts';
import { plural, print, printJson } from '../terminal.ts';

type ListName = 'allow' | 'deny';

export async function listAdd(
  globals: Globals,
  list: ListName,
  range: string,
  options: { comment?: string },
): Promise<number> {
  const comment = options.comment ?? '';
  const answer = await ask<ListAddAnswer>(globals.data, 'POST', `/v1/lists/${list}`, { range, comment });
  if (globals.json) {
    printJson(answer);
    return EXIT_OK;
  }
  const what = answer.added ? 'is now on' : 'was already on';
  print(`${answer.entry.range} ${what} the ${list}list.`);
  if (answer.lifted.length > 0) {
    const shown = answer.lifted.slice(0, 10).join(', ');
    print(`${plural(answer.lifted.length, 'block')} lifted: ${shown}${answer.lifted.length > 10 ? ' …' : ''}`);
  }
  return EXIT_OK;
}

export async function listRemove(globals: Globals, list: ListName, range: string): Promise<number> {
  const path = `/v1/lists/${list}/${encodeURIComponent(range)}`;
  const answer = await ask<{ range: string }>(globals.data, 'DELETE', path);
  if (globals.json) printJson(answer);
  else print(`${answer.range} is off the ${list}list.`);
  return EXIT_OK;
}

export async function listShow(globals: Globals, list: ListName): Promise<number> {
  const entries = await ask<ListEntryAnswer[]>(globals.data, 'GET', `/v1/lists/${list}`);
  if (globals.json) printJson(entries);
  else print(entries.length === 0 ? `The ${list}list is empty.` : renderEntries(entries, Date.now()));
  return EXIT_OK;
}

export function renderEntries(entries: ListEntryAnswer[], now: number): string {
  return renderTable<ListEntryAnswer>(
    [
      { title: 'RANGE', cell: (entry) => entry.range },
      { title: 'ADDED', cell: (entry) => clockTime(entry.addedAt, now), leaveOut: 1 },
      { title: 'BY', cell: (entry) => escapeText(entry.addedBy, 40), leaveOut: 2 },
      { title: 'COMMENT', cell: (entry) => escapeText(entry.comment, 200), widthMin: 10 },
    ],
    entries,
  );
}
