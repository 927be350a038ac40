/** `ringfence allow export` and `ringfence deny export`: CSV that a spreadsheet opens and that an import takes back unchanged. */
import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { csvOf, csvRow } from '../../src/lists/csv-writer.ts';
import type { ListName } from '../../src/store/store.ts';
import { escapeText } from '../escape.ts';
import { CliError, EXIT_NO_PERMISSION, EXIT_OK, EXIT_USAGE } from '../exit-codes.ts';
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
  // The file has its name only when it is complete.
  const unfinished = `${output}.${randomBytes(4).toString('hex')}.unfinished`;
  let entries: number;
  try {
    // Comments name customers: for its owner only.
    const file = openSync(unfinished, 'wx', 0o600);
    try {
      entries = await writeCsv(globals, list, options, async (text) => void writeSync(file, text));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (options.force) renameSync(unfinished, output);
    // Unlike a rename it fails when somebody has made a file of that name meanwhile.
    else linkSync(unfinished, output);
  } catch (error) {
    throw error instanceof CliError ? error : unwritable(error as NodeJS.ErrnoException, output);
  } finally {
    rmSync(unfinished, { force: true });
  }
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

function unwritable(error: NodeJS.ErrnoException, output: string): CliError {
  const shown = escapeText(output);
  if (error.code === 'EEXIST') {
    return new CliError(EXIT_USAGE, `${shown} is there already; nothing was written.`, 'Write over it: --force');
  }
  const exitCode = error.code === 'EACCES' || error.code === 'EPERM' ? EXIT_NO_PERMISSION : EXIT_USAGE;
  return new CliError(exitCode, `${shown} cannot be written: ${escapeText(error.message)}`);
}
