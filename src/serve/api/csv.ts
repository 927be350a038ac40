/** The twin of a list as a file that a spreadsheet opens: the same filters, page by page, formulas defused (`lists/formula.ts`). */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { BYTE_ORDER_MARK, csvLine, type CsvCell } from '../../lists/csv-writer.ts';
import { escapeControls } from '../../policy/policy-error.ts';
import { LIST_ENTRIES_MAX } from '../../store/store.ts';
import { checkInput } from '../inputs.ts';
import { OperationError } from '../operation-error.ts';
import type { Operations } from '../operations.ts';
import type { Asked, Endpoint } from './endpoint.ts';

export const CSV_TYPE = 'text/csv; charset=utf-8';
/** The longest list that there can be. */
const CSV_ROWS_MAX = LIST_ENTRIES_MAX;
/** Items of one page: some 10 ms, during which nobody else is answered. */
const PAGE_ITEMS = 1000;

/** What the twin understands beside the filters of its list. */
export const csvInput = z.looseObject({
  limit: z.coerce.number().int().min(1).max(CSV_ROWS_MAX).optional().describe('Rows at most; left out: all.'),
  bom: z.enum(['true', 'false']).default('false').describe('Begin with a byte order mark, for Excel.'),
});

interface Page {
  items: never[];
  next: string | null;
}

/** The first piece is made before this resolves, so that what is wrong with the question is said instead of a file. */
export async function csvFile(row: Endpoint, operations: Operations, asked: Asked): Promise<AsyncIterable<string>> {
  const { limit = CSV_ROWS_MAX, bom, ...filters } = checkInput(csvInput, asked.query);
  const query = { ...filters, ...row.csv!.query };
  const pageOf = (more: object) => row.run(operations, { ...asked, query: { ...query, ...more } }) as Page;
  const first = await pageOf({ limit: Math.min(PAGE_ITEMS, limit) });
  return pieces(row, first, limit, bom === 'true', pageOf);
}

async function* pieces(
  row: Endpoint,
  first: Page,
  rowsMax: number,
  bom: boolean,
  pageOf: (more: object) => Page | Promise<Page>,
): AsyncGenerator<string> {
  const { columns, exact = false, where = () => true } = row.csv!;
  const cells = Object.values(columns);
  const shown = (cell: CsvCell) => (exact || typeof cell !== 'string' ? cell : escapeControls(cell));
  yield (bom ? BYTE_ORDER_MARK : '') + csvLine(Object.keys(columns));
  let left = rowsMax;
  for (let page = first; ; page = await pageOf({ limit: Math.min(PAGE_ITEMS, left), cursor: page.next })) {
    const items = page.items.filter(where).slice(0, left);
    yield items.map((item) => csvLine(cells.map((cell) => shown(cell(item))))).join('');
    left -= items.length;
    if (page.next === null) return;
    if (left === 0 && rowsMax < CSV_ROWS_MAX) return;
    // A client that reads fast must not keep others waiting for the whole file.
    await nextTurn();
    // A cut connection is noticed; a file that ends too early is not.
    if (left === 0) throw new OperationError('failed', 'csv-too-long', `There are more than ${CSV_ROWS_MAX} rows.`);
  }
}

/** `/lists/deny` → `ringfence-deny-2026-11-22.csv`. */
export function csvName(path: string, now: number): string {
  const noun = path
    .split('/')
    .at(-1)!
    .replace(/[^\w-]/g, '');
  return `ringfence-${noun}-${new Date(now).toISOString().slice(0, 10)}.csv`;
}
