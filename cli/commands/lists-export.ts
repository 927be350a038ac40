/** `ringfence allow export` and `ringfence deny export`: CSV that a spreadsheet opens and that an import takes back unchanged. */
import { csvOf, csvRow } from '../../src/lists/csv-writer.ts';
import type { ListName } from '../../src/store/store.ts';
import { escapeText } from '../escape.ts';
import { EXIT_OK } from '../exit-codes.ts';
import { writeOutput } from '../output-file.ts';
import type { Globals } from '../program.ts';
import { plural, print, printJson } from '../terminal.ts';
import { drained, pages } from './lists.ts';

const PAGE_ENTRIES = 2000;

export async function listExport(
  globals: Globals,
  list: ListName,
  options: { output: string; force?: true; bom?: true },
): Promise<number> {
  const { output } = options;
  if (output === '-') {
    await writeCsv(globals, list, options, async (text) => {
      if (!process.stdout.write(text)) await drained();
    });
    return EXIT_OK;
  }
  const entries = await writeOutput(output, options.force ?? false, (write) =>
    writeCsv(globals, list, options, async (text) => write(text)),
  );
  if (globals.json) printJson({ list, file: output, entries });
  else print(`${escapeText(output)}: ${plural(entries, 'entry', 'entries')} of the ${list}list`);
  return EXIT_OK;
}

async function writeCsv(
  globals: Globals,
  list: ListName,
  { bom = false }: { bom?: boolean },
  write: (text: string) => Promise<void>,
): Promise<number> {
  let count = 0;
  for (const header of csvOf([], { bom })) await write(header);
  for await (const page of pages(globals, list, { limit: PAGE_ENTRIES, overlaps: false })) {
    // Blocks that became permanent by themselves are no entries: imported somewhere they would become some.
    const entries = page.items.filter(({ automatic }) => !automatic);
    await write(entries.map((entry) => csvRow({ ...entry, address: entry.range })).join(''));
    count += entries.length;
  }
  return count;
}
