/** A whole list file as one request: read while it comes, all of it or nothing. */
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { ReadResult } from '../lists/entry.ts';
import type { FileImportAnswer, Problem } from './answers.ts';
import { checkInput, listName } from './inputs.ts';
import type { ListImports } from './lists-import.ts';
import { importFileInput } from './lists-inputs.ts';
import { ImportReading } from './lists-import-reading.ts';
import { setsProblem } from './lists-import-sets.ts';
import { OperationError } from './operation-error.ts';

/** Bytes of one upload; longer files go over the command line. */
export const UPLOAD_BYTES_MAX = 64 * 1024 * 1024;
/** Additions and changes that are named. */
const PLAN_MAX = 200;

/** Errors: as of an import in chunks; what is wrong with the file is in the answer. */
export async function listImportFile(
  imports: ListImports,
  now: () => number,
  name: unknown,
  input: unknown,
  body: unknown,
): Promise<FileImportAnswer> {
  const list = checkInput(listName, name);
  const { fileName, dryRun, skipBad, yes, set, allSets, allowWide, format, encoding } = checkInput(
    importFileInput,
    input,
  );
  if (!(body instanceof Readable)) {
    throw new OperationError('usage', 'file-missing', 'The request has no body: a file is expected as text/csv.');
  }
  const { id } = await imports.begin(list, { subject: fileName });
  try {
    const options = { list, now: now(), bytesMax: UPLOAD_BYTES_MAX, sets: set, allowWide, format, encoding };
    const stage = (entries: object[], show: number) => imports.stage(id, { entries, show });
    const reading = new ImportReading(options, stage, PLAN_MAX);
    const read = await readAll(reading, body);
    const stopped = whyStopped(read, { set, allSets, skipBad });
    const applied = stopped === null && !dryRun;
    const answer = await imports.end(id, { dryRun: !applied, yes });
    const { counts, problems, notes, sets } = read;
    return {
      ...answer,
      ...{ applied, dryRun, stopped, format: read.format, problems, notes, sets, plan: reading.plan },
      ...{ duplicates: counts.duplicates, over: counts.over, refused: counts.refused },
    };
  } catch (error) {
    // Over already when its connection has gone.
    await imports.abort(id).catch(() => {});
    throw error;
  }
}

async function readAll(reading: ImportReading, body: Readable): Promise<ReadResult> {
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      await reading.push(chunk as Buffer);
      if (reading.stopped) break;
    }
  } catch (error) {
    if (error instanceof OperationError) throw error;
    throw new OperationError('usage', 'upload-broken', `The file did not come whole: ${(error as Error).message}.`);
  }
  // Who is still sending would not hear the answer.
  if (reading.stopped) await finished(body.resume()).catch(() => {});
  return reading.end();
}

function whyStopped(
  read: ReadResult,
  { skipBad, ...wanted }: { set: string[] | undefined; allSets: boolean; skipBad: boolean },
): Problem | null {
  const { fatal, counts } = read;
  if (fatal !== null) return { code: fatal.code, text: `The file cannot be read: ${fatal.why}.`, hint: fatal.expected };
  const sets = setsProblem(read, wanted);
  if (sets !== null) return { code: sets.code, text: `The file ${sets.text}`, hint: 'Say which are meant.' };
  if (counts.refused === 0 || skipBad) return null;
  const text = `${counts.refused} ${counts.refused === 1 ? 'line is' : 'lines are'} no entry.`;
  return { code: 'bad-lines', text, hint: 'Correct them, or leave them out.' };
}
