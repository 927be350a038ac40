/** Backups of everything that is remembered: made while protection goes on, kept in the data directory, restored. */
import { mkdirSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { layReady } from '../store/sqlite/backup.ts';
import { BACKUP_ENDING, BACKUPS_FOLDER, isNightly } from '../store/sqlite/nightly.ts';
import { DATABASE_FILE } from '../store/sqlite/open.ts';
import { changeByCaller } from './caller.ts';
import { inStore, type OperationsContext } from './context.ts';
import { checkInput } from './inputs.ts';
import { OperationError } from './operation-error.ts';

/** A copy may be no more than this much longer than the database, whose log is not in it yet. */
const ROOM = 1.2;
/** Of those that people asked for. Whoever wants more of them moves them elsewhere. */
export const BACKUPS_MAX = 20;

/** A name, never a path: letters, digits and dashes, then the ending. */
const backupName = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,80}\.ringfence-backup$/, 'the name of a backup as `GET /backups` lists it');
export const restoreInput = z.strictObject({ yes: z.boolean().optional() });

export interface BackupFile {
  name: string;
  /** Absolute, on this machine. */
  path: string;
  bytes: number;
  /** Milliseconds since the epoch. */
  madeAt: number;
}

/** The newest first. */
export function backups(context: OperationsContext): { items: BackupFile[]; next: null } {
  const folder = folderOf(context);
  const names = onDisk(() => readdirSync(folder).filter((name) => name.endsWith(BACKUP_ENDING)), []);
  const items = names.flatMap((name) => onDisk(() => [described(folder, name)], []));
  return { items: items.sort((a, b) => b.madeAt - a.madeAt), next: null };
}

/** Errors: `backups-full`, `backup-no-space`, those of the store; nothing is left behind then. */
export function backupMake(context: OperationsContext): Promise<BackupFile> {
  return context.turns.take(async () => {
    const folder = folderOf(context);
    if (backups(context).items.filter(({ name }) => !isNightly(name)).length >= BACKUPS_MAX)
      throw new OperationError(
        'refused',
        'backups-full',
        `There are ${BACKUPS_MAX} backups in ${folder} already.`,
        'Move some elsewhere, or remove them.',
      );
    const name = `ringfence-${new Date(context.now()).toISOString().replace(/[:.]/g, '-')}${BACKUP_ENDING}`;
    const made = await copyTo(context, name);
    note(context, 'backup.make', name);
    return made;
  });
}

/** Errors: `backup-no-space`, those of the store. */
export async function copyTo(context: OperationsContext, name: string): Promise<BackupFile> {
  const folder = folderOf(context);
  const needed = statSync(join(context.dataDirectory, DATABASE_FILE)).size * ROOM;
  const { bavail, bsize } = statfsSync(context.dataDirectory);
  if (bavail * bsize < needed)
    throw new OperationError(
      'failed',
      'backup-no-space',
      `A backup needs ${Math.ceil(needed / 1_048_576)} MB, and there are ${Math.floor((bavail * bsize) / 1_048_576)} MB free on ${folder}.`,
      'Free some space on that file system.',
    );
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await inStore(() => context.store.backup(join(folder, name)));
  return described(folder, name);
}

export function backupRemove(context: OperationsContext, input: unknown): { name: string } {
  const { name, path } = known(context, input);
  rmSync(path, { force: true });
  note(context, 'backup.remove', name);
  return { name };
}

/**
 * What is remembered becomes what the backup holds; what was remembered is set aside. The answer comes before the console opens it, which takes a
 * second; protection goes on meanwhile. Errors: `backup-unknown`, `needs-confirmation`, `store-backup-invalid`, `store-newer`.
 */
export function backupRestore(
  context: OperationsContext,
  name: unknown,
  input: unknown,
): Promise<{ name: string; madeAt: number }> {
  const { yes = false } = checkInput(restoreInput, input ?? {});
  return context.turns.take(async () => {
    const found = known(context, name);
    if (!yes) {
      const made = new Date(found.madeAt).toISOString();
      throw new OperationError(
        'refused',
        'needs-confirmation',
        `Policy, lists, accounts, attack log and blocks become those of ${found.name}, which was written at ${made}. What is there now is set aside.`,
        'Send it again with "yes": true (command line: --yes).',
      );
    }
    inStore(() => layReady(found.path, join(context.dataDirectory, DATABASE_FILE)));
    note(context, 'backup.restore', found.name);
    context.startAgain();
    return { name: found.name, madeAt: found.madeAt };
  });
}

function known(context: OperationsContext, input: unknown): BackupFile {
  const name = checkInput(backupName, input);
  const found = backups(context).items.find((one) => one.name === name);
  if (found) return found;
  throw new OperationError('no', 'backup-unknown', `There is no backup ${name}.`, 'They are in GET /backups.');
}

function folderOf({ dataDirectory }: OperationsContext): string {
  return join(dataDirectory, BACKUPS_FOLDER);
}

function described(folder: string, name: string): BackupFile {
  const path = join(folder, name);
  const { size, mtimeMs } = statSync(path);
  return { name, path, bytes: size, madeAt: Math.floor(mtimeMs) };
}

/** A folder that nobody has made yet, a file that went meanwhile. */
function onDisk<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return otherwise;
    throw error;
  }
}

function note(context: OperationsContext, what: string, subject: string): void {
  const { now, by, origin = '' } = changeByCaller(context);
  inStore(() =>
    context.store.noteAudit({ at: now, who: by, origin, what, subject, before: null, after: null, comment: '' }),
  );
}
