/** What the pages of all tables share: cursors, sizes, and conditions put together with their values. */
import type { DatabaseSync } from 'node:sqlite';
import { inRange, parseAddress, parseRange, type AddressRange } from '../../core/base/address.ts';
import { StoreError } from '../error.ts';

export function pageSize(limit: number | undefined, max: number, usual = 100): number {
  return Math.max(1, Math.min(max, Math.trunc(limit ?? usual)));
}

/** `TIME.ROW`, where the page before ended. */
export function cursorOf(cursor: string): [time: number, row: number] {
  const match = /^(-?\d{1,16})\.(\d{1,16})$/.exec(cursor);
  if (!match) throw new StoreError('store-query-invalid', 'the cursor is none of this store');
  return [Number(match[1]), Number(match[2])];
}

type Value = string | number;

/** Conditions that must all hold. SQL comes from this program alone, values of others are bound. */
export class Conditions {
  readonly #parts: string[] = [];
  readonly values: Value[] = [];

  get empty(): boolean {
    return this.#parts.length === 0;
  }

  get sql(): string {
    return this.empty ? 'TRUE' : this.#parts.join(' AND ');
  }

  add(sql: string, ...values: Value[]): void {
    this.#parts.push(sql);
    this.values.push(...values);
  }

  /** The text stands in one of the columns, in any case of ASCII letters; `json`: columns that hold JSON arrays of texts. */
  addText({ plain, json = [] }: { plain: readonly string[]; json?: readonly string[] }, wanted: string): void {
    const like = (column: string) => `${column} LIKE ? ESCAPE '\\'`;
    const quoted = JSON.stringify(wanted).slice(1, -1);
    this.add(
      `(${[...plain, ...json].map(like).join(' OR ')})`,
      ...plain.map(() => likePattern(wanted)),
      ...json.map(() => likePattern(quoted)),
    );
  }

  with(more: Conditions): Conditions {
    const all = new Conditions();
    for (const { parts, values } of [this.#content(), more.#content()]) {
      all.#parts.push(...parts);
      all.values.push(...values);
    }
    return all;
  }

  #content(): { parts: string[]; values: Value[] } {
    return { parts: this.#parts, values: this.values };
  }
}

/** Characters of a text that is searched for. */
export const SEARCH_CHARS_MAX = 200;

/** `%` and `_` of people's own mean themselves. */
function likePattern(wanted: string): string {
  return `%${wanted
    .slice(0, SEARCH_CHARS_MAX)
    .toWellFormed()
    .replace(/[\\%_]/g, '\\$&')}%`;
}

/** Ranges of one query: source and victim. */
const RANGES_REMEMBERED = 2;

/** `within(address, range)` in SQL, 1 µs a row: addresses are stored as text, as people see them, and no index knows their ranges. */
export function defineWithin(db: DatabaseSync): void {
  const ranges = new Map<string, AddressRange>();
  db.function('within', { deterministic: true }, (address, text) => {
    let range = ranges.get(String(text));
    if (range === undefined) {
      if (ranges.size >= RANGES_REMEMBERED) ranges.clear();
      ranges.set(String(text), (range = parseRange(String(text))!));
    }
    const parsed = parseAddress(String(address));
    return parsed !== null && inRange(parsed, range) ? 1 : 0;
  });
}
