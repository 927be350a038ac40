/** Which column of a file is what, and what separates them. */

export const COLUMNS = ['address', 'comment', 'until', 'addedBy', 'addedAt'] as const;
export type Column = (typeof COLUMNS)[number];

/** Names in lower case without spaces, hyphens and underscores; the earlier ones win when a file has several. */
const NAMES: Record<Column, readonly string[]> = {
  address: ['address', 'ipaddress', 'ipaddr', 'ip', 'cidr', 'range', 'network', 'host'],
  comment: ['comment', 'note', 'description', 'reason'],
  until: ['until', 'expires', 'end'],
  addedBy: ['addedby'],
  addedAt: ['addedat'],
};

/** Comma, semicolon (spreadsheets where the comma is the decimal sign), tab. */
export const DELIMITERS = [',', ';', '\t'] as const;

export interface Header {
  /** Where each column stands; -1: not there. */
  at: Record<Column, number>;
  width: number;
  /** Titles of columns that mean nothing here. */
  ignored: string[];
}

/** Null: the cells are no header row. A header row without an address has `at.address` -1. */
export function readHeader(cells: readonly string[]): Header | null {
  const titles = cells.map((cell) => cell.toLowerCase().replace(/[\s_-]/g, ''));
  const at = Object.fromEntries(COLUMNS.map((column) => [column, placeOf(titles, NAMES[column])])) as Header['at'];
  const known = Object.values(at).filter((place) => place >= 0);
  if (known.length === 0) return null;
  const ignored = cells.filter((cell, i) => cell !== '' && !known.includes(i));
  return { at, width: cells.length, ignored };
}

function placeOf(titles: readonly string[], names: readonly string[]): number {
  for (const name of names) {
    const place = titles.indexOf(name);
    if (place >= 0) return place;
  }
  return -1;
}

/** What separates the cells of a line: what makes a header of it, else what it has most of outside quotation marks; comma for none. */
export function delimiterOf(line: string): string {
  const bare = line.replace(/"(?:[^"]|"")*"/g, '""');
  let best = ',';
  let bestCount = 0;
  for (const delimiter of DELIMITERS) {
    const cells = line.split(delimiter).map((cell) => cell.trim().replace(/^"|"$/g, ''));
    const header = readHeader(cells);
    if (header !== null && header.at.address >= 0 && cells.length > 1) return delimiter;
    const count = bare.split(delimiter).length - 1;
    if (count > bestCount) [best, bestCount] = [delimiter, count];
  }
  return best;
}
