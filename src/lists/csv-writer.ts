/** Lists as CSV (RFC 4180, UTF-8, LF) that no spreadsheet runs and that `ListReader` reads back as the same entries. */
import { compareAddress, isV4, parseRange, type AddressRange } from '../core/base/address.ts';
import { COLUMNS } from './columns.ts';
import { guarded } from './formula.ts';

export interface WritableEntry {
  /** Address, CIDR, range or host name. */
  address: string;
  comment: string;
  /** Milliseconds since the epoch; null: no end. */
  until: number | null;
  addedBy: string;
  addedAt: number;
}

/** Characters of one piece of text, about. */
const PIECE_CHARS = 65_536;
/** Excel takes a file without it for the encoding of the country. */
export const BYTE_ORDER_MARK = '\ufeff';

/** The file piece by piece, in the order of the entries. `bom`: for Excel. */
export function* csvOf(entries: Iterable<WritableEntry>, { bom = false } = {}): Generator<string, void, undefined> {
  let piece = `${bom ? BYTE_ORDER_MARK : ''}${COLUMNS.join(',')}\n`;
  for (const entry of entries) {
    piece += csvRow(entry);
    if (piece.length < PIECE_CHARS) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

export function csvRow({ address, comment, until, addedBy, addedAt }: WritableEntry): string {
  return csvLine([address, comment, timeCell(until), addedBy, timeCell(addedAt)]);
}

/** Null: an empty cell. */
export type CsvCell = string | number | boolean | null;

/** One line of any table, its cells quoted and guarded where they need it. */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map((cell) => (typeof cell === 'string' ? textCell(cell) : String(cell ?? ''))).join()}\n`;
}

function textCell(text: string): string {
  const safe = guarded(text);
  // Semicolon and tab too: who reads the file may take them for the separator. Leading and final space: unquoted cells are trimmed.
  return /[",;\t\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** ISO 8601, UTC. */
export function timeCell(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

/** IPv4 before IPv6 by address, the wider range first, host names last: the same list always makes the same file. */
export function inAddressOrder<E extends { address: string }>(entries: Iterable<E>): E[] {
  const keyed = Array.from(entries, (entry) => ({ entry, range: parseRange(entry.address) }));
  keyed.sort((a, b) => compareKeys(a.range, b.range) || (a.entry.address < b.entry.address ? -1 : 1));
  return keyed.map(({ entry }) => entry);
}

function compareKeys(a: AddressRange | null, b: AddressRange | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const family = Number(isV4(b.first)) - Number(isV4(a.first));
  return family || compareAddress(a.first, b.first) || compareAddress(b.last, a.last);
}
