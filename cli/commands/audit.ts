/** `ringfence audit`: who changed what, when, from where, and what was before. */
import type { AuditEntry } from '../../src/store/store.ts';
import { askAll } from '../client.ts';
import { escapeText } from '../escape.ts';
import { EXIT_OK } from '../exit-codes.ts';
import type { Globals } from '../program.ts';
import { renderTable } from '../table.ts';
import { clockTime, fullTime } from '../when.ts';
import { print, printJson } from '../terminal.ts';

export async function audit(
  globals: Globals,
  filter: { since?: number; until?: number; what?: string; limit: number },
): Promise<number> {
  const { limit, ...query } = filter;
  const entries = await askAll<AuditEntry>(globals.data, '/audit', query, limit);
  if (globals.json) printJson(entries);
  else print(entries.length === 0 ? 'Nothing was changed.' : renderAudit(entries, Date.now()));
  return EXIT_OK;
}

export function renderAudit(entries: AuditEntry[], now: number): string {
  return renderTable<AuditEntry>(
    [
      { title: 'AT', cell: (entry) => clockTime(entry.at, now) },
      { title: 'WHO', cell: (entry) => escapeText(entry.who, 40) },
      { title: 'FROM', cell: (entry) => escapeText(entry.origin, 40), leaveOut: 2 },
      { title: 'WHAT', cell: (entry) => escapeText(entry.what, 40) },
      { title: 'SUBJECT', cell: (entry) => escapeText(entry.subject, 200), widthMin: 16 },
      { title: 'CHANGE', cell: (entry) => escapeText(changeText(entry), 300), widthMin: 30 },
      { title: 'COMMENT', cell: (entry) => escapeText(entry.comment, 200), widthMin: 10, leaveOut: 1 },
    ],
    entries,
  );
}

/** `comment "office" → "the new office"`: what differs; of what is new or gone, all of it. */
function changeText({ before, after }: AuditEntry): string {
  const [old, fresh] = [fieldsOf(before), fieldsOf(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(fresh)])];
  return names
    .filter((name) => JSON.stringify(old[name]) !== JSON.stringify(fresh[name]))
    .filter((name) => !empty(old[name]) || !empty(fresh[name]))
    .map((name) => `${name} ${before === null ? '' : `${shown(name, old[name])} → `}${shown(name, fresh[name])}`)
    .join(', ');
}

/** Told in their own columns, or too long for one: the first entries of an import. */
const ELSEWHERE = new Set(['range', 'addedBy', 'addedAt', 'first']);

function fieldsOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([name]) => !ELSEWHERE.has(name)));
}

const empty = (value: unknown): boolean => value === undefined || value === null || value === '';

function shown(name: string, value: unknown): string {
  if (empty(value)) return '–';
  if (name === 'until' && typeof value === 'number') return fullTime(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
