/** Entries of the allowlist and the denylist: from what people write to a row, and back. */
import { parseRange } from '../../core/base/address.ts';
import { parseHostName } from '../../lists/host-name.ts';
import { rangeProblem } from '../../policy/address-text.ts';
import { StoreError } from '../error.ts';
import type { Change, ListEntry, ListName, NewListEntry } from '../store.ts';
import { keyOfName, keyOfRange, textOfKey, type RangeKey } from './range-key.ts';
import { PROSE_CHARS_MAX, int, intOrNull, text } from './values.ts';
import type { Row } from './values.ts';

/** Throws `store-range-invalid`. Host bits are cleared; a name is for the allowlist only: an attacker could make it resolve to anybody. */
export function keyOf(list: ListName, written: string): RangeKey {
  const trimmed = written.trim();
  const range = parseRange(trimmed);
  if (range) return keyOfRange(range);
  const host = parseHostName(trimmed);
  if ('name' in host && list === 'allow') return keyOfName(host.name);
  const why = rangeProblem(trimmed) + ('name' in host ? '; a host name can be on the allowlist only' : '');
  throw new StoreError('store-range-invalid', `${text(written, 80)}: ${why}`);
}

export function madeEntry(key: RangeKey, entry: NewListEntry, change: Change): ListEntry {
  return {
    range: textOfKey(key),
    comment: text(entry.comment ?? '', PROSE_CHARS_MAX),
    addedBy: text(entry.addedBy ?? change.by),
    addedAt: int(entry.addedAt ?? change.now),
    until: intOrNull(entry.until),
  };
}

/** What an entry becomes when it is written again: what is not said stays. Null: nothing changes. */
export function changedEntry(before: ListEntry, entry: NewListEntry): ListEntry | null {
  const comment = entry.comment === undefined ? before.comment : text(entry.comment, PROSE_CHARS_MAX);
  const until = entry.until === undefined ? before.until : intOrNull(entry.until);
  return comment === before.comment && until === before.until ? null : { ...before, comment, until };
}

export function toEntry(row: Row): ListEntry {
  return {
    range: textOfKey(row as never as RangeKey),
    comment: row.comment,
    addedBy: row.added_by,
    addedAt: row.added_at,
    until: row.until,
  };
}
