/** What the pages of all tables share: cursors, sizes, and conditions put together with their values. */
import type { DatabaseSync } from 'node:sqlite';
import { formatAddress, inRange, isV4, parseAddress, parseRange, type AddressRange } from '../../core/base/address.ts';
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
const SEARCH_CHARS_MAX = 200;

/** `%` and `_` of people's own mean themselves. */
function likePattern(wanted: string): string {
  return `%${wanted
    .slice(0, SEARCH_CHARS_MAX)
    .toWellFormed()
    .replace(/[\\%_]/g, '\\$&')}%`;
}

/** The address in the column is within the range that people wrote. Throws `store-query-invalid`. */
export function addRange(conditions: Conditions, column: string, text: string): void {
  const range = parseRange(text);
  if (!range) throw new StoreError('store-query-invalid', `${column} is neither an address nor a range`);
  const prefix = sharedText(range);
  // Texts that begin so, found without calling `within`; no character of an address comes after this one.
  if (prefix !== '') conditions.add(`${column} > ? AND ${column} < ?`, prefix, `${prefix}~`);
  conditions.add(`within(${column}, ?)`, text);
}

/** What the texts of all addresses of a range begin with, in whole octets or groups; '' when that is nothing. */
export function sharedText({ first, last }: AddressRange): string {
  const separator = isV4(first) ? '.' : ':';
  const [low, high] = [formatAddress(first).split(separator), formatAddress(last).split(separator)];
  let shared = 0;
  // An IPv6 text leaves zeros out (RFC 5952): from the first of them on, groups have no fixed place. The last part is nobody's beginning.
  const fixed = (part: string) => isV4(first) || (part !== '' && part !== '0');
  while (
    shared < 7 &&
    shared + 1 < Math.min(low.length, high.length) &&
    low[shared] === high[shared] &&
    fixed(low[shared])
  )
    shared++;
  return low
    .slice(0, shared)
    .map((part) => part + separator)
    .join('');
}

/** Ranges of one query: source and victim. */
const RANGES_REMEMBERED = 2;

/** `within(address, range)` in SQL, 4 µs a row: addresses are stored as text, as people see them. */
export function defineWithin(db: DatabaseSync): void {
  const ranges = new Map<string, AddressRange>();
  db.function('within', { deterministic: true }, (address, text) => {
    let range = ranges.get(String(text));
    if (range === undefined) {
      if (ranges.size >= RANGES_REMEMBERED) ranges.clear();
      ranges.set(String(text), (range = parseRange(String(text))!));
    }
    // A blocked network is written as its prefix.
    const one = String(address);
    const parsed = one.includes('/') ? (parseRange(one)?.first ?? null) : parseAddress(one);
    return parsed !== null && inRange(parsed, range) ? 1 : 0;
  });
}
