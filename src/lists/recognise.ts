/** What kind of file it is, by its first lines. */
import { parseRange } from '../core/base/address.ts';
import { delimiterOf, readHeader } from './columns.ts';
import type { ListFormat } from './entry.ts';
import { parseHostName } from './host-name.ts';

/** Characters that are looked at. */
export const SNIFF_CHARS = 16_384;

export interface Recognised {
  format: ListFormat;
  /** Of CSV and plain lists. */
  delimiter: string;
  /** A first line `sep=;`, which Excel writes and reads, is no row. */
  skipFirstLine: boolean;
}

const ADDRESS = String.raw`[0-9a-f.:]*[.:][0-9a-f.:]*(?:[/-][0-9a-f.:]+)?`;
/** In this order; the first line that is neither empty nor a `#` remark, with what follows it. */
const SIGNS: readonly (readonly [ListFormat, RegExp])[] = [
  ['nft-json', /^\{\s*"nftables"/],
  ['ipset', /^(?:create|-N) \S+ (?:hash|bitmap|list):/],
  ['ipset', new RegExp(`^(?:add|-A) \\S+ ${ADDRESS}[, \\r\\n]`, 'i')],
  ['ipset', /^Name: .*\r?\nType: /],
  ['nft', /^(?:table|set|map) \S.*\{/],
  ['nft', /^(?:flush ruleset|(?:add|create|delete|flush) (?:table|set|element|map|chain|rule) )/],
  ['nft', /^elements = \{/],
  ['fail2ban', /^[|`]- Banned IP list:/],
  ['fail2ban', /^Status\b.*\r?\n[|`]-/],
  ['fail2ban', /^(?:\[\s*\]|\[?\{\s*'|\[\s*')/],
  ['fail2ban', new RegExp(`^${ADDRESS}\\s+\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d \\+ `, 'i')],
  // get JAIL banip: at least two addresses with one space between.
  ['fail2ban', new RegExp(`^${ADDRESS} ${ADDRESS}(?: |\\r?\\n|$)`, 'i')],
];
const SIPPROT = /^[ \t]*(?:monit_period|hit_count|block_time|block_threshold)\b[ \t]*[=: \t]/m;

/** `head`: the beginning of the text. `wanted`: the format that was asked for. */
export function recognise(head: string, wanted: ListFormat | undefined): Recognised {
  const separator = /^"?sep=(.)"?(?:\r|\n|$)/i.exec(head);
  const text = withoutRemarks(separator === null ? head : head.slice(separator[0].length));
  const first = text.split(/[\r\n]/, 1)[0];
  const delimiter = separator?.[1] ?? delimiterOf(first);
  const found = (format: ListFormat): Recognised => ({ format, delimiter, skipFirstLine: separator !== null });
  if (wanted === undefined) {
    const sign = SIGNS.find(([, pattern]) => pattern.test(text));
    if (sign !== undefined) return found(sign[0]);
    if (SIPPROT.test(head)) return found('sipprot');
  } else if (wanted !== 'csv') return found(wanted);
  return found(isHeader(first, delimiter) ? 'csv' : 'plain');
}

/** A row of titles, and none of addresses: `192.0.2.1,note` has a title in it by accident. */
function isHeader(line: string, delimiter: string): boolean {
  const cells = line.split(delimiter).map((cell) => cell.trim().replace(/^"|"$/g, '').trim());
  if (cells.some((cell) => parseRange(cell) !== null || 'name' in parseHostName(cell))) return false;
  const header = readHeader(cells);
  return header !== null && (header.at.address >= 0 || cells[0] !== '');
}

/** Remarks before the first row, with `#` or `;`. A header may begin with a semicolon too: its first column has no title. */
function withoutRemarks(text: string): string {
  const line = /[ \t]*([#;][^\r\n]*)?(?:\r\n|\r|\n)/y;
  let from = 0;
  for (let match = line.exec(text); match !== null; match = line.exec(text)) {
    if (match[1]?.startsWith(';') && isHeader(match[1], ';')) break;
    from = line.lastIndex;
  }
  return text.slice(from).trimStart();
}
