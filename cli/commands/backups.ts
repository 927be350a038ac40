/** `ringfence backup FILE`, `ringfence restore FILE`. The daemon makes the copy; moving it is the command's. */
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  lchownSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { BackupFile } from '../../src/serve/backups.ts';
import type { StatusAnswer } from '../../src/serve/answers.ts';
import { StoreError } from '../../src/store/error.ts';
import { layReady, requireBackupHeader } from '../../src/store/sqlite/backup.ts';
import { DATABASE_FILE } from '../../src/store/sqlite/open.ts';
import { AnswerError, ask } from '../client.ts';
import { escapeText } from '../escape.ts';
import { CliError, EXIT_FAILED, EXIT_OK, EXIT_REFUSED, EXIT_UNREACHABLE, EXIT_USAGE } from '../exit-codes.ts';
import { requireReadable } from '../input-file.ts';
import { unwritable } from '../output-file.ts';
import type { Globals } from '../program.ts';
import { print, printJson } from '../terminal.ts';
import { byteSize, fullTime } from '../when.ts';

/** A name of the command's own, which the daemon takes for a backup, and which no other run has. */
const BORROWED = (process.pid + Date.now()).toString(36);
const BACK_MS = 30_000;

export async function backup(globals: Globals, file: string, options: { force?: boolean }): Promise<number> {
  if (existsSync(file) && !options.force)
    throw new CliError(
      EXIT_USAGE,
      `${escapeText(file)} is there already; nothing was written.`,
      'Write over it: --force',
    );
  requireWritable(file);
  const made = await ask<BackupFile>(globals.data, 'POST', '/backups');
  try {
    moveTo(made.path, file);
  } finally {
    await ask(globals.data, 'DELETE', `/backups/${made.name}`);
  }
  const { madeAt, bytes } = made;
  if (globals.json) printJson({ file, bytes, madeAt });
  else {
    print(`${escapeText(file)}: policy, lists, accounts, attack log and blocks, ${byteSize(bytes)}.`);
    print('Keep it as a secret: password hashes and second factors are in it.');
  }
  return EXIT_OK;
}

export async function restore(globals: Globals, file: string, options: { yes?: boolean }): Promise<number> {
  requireReadable(file, 'a backup');
  requireBackup(file);
  const running = await isRunning(globals.data);
  if (!options.yes) {
    const written = fullTime(statSync(file).mtimeMs);
    throw new CliError(
      EXIT_REFUSED,
      `Policy, lists, accounts, attack log and blocks of ${globals.data} would become those of ${escapeText(file)}, written ${written}.`,
      'What is there now is set aside. Do it: --yes',
    );
  }
  if (running) await restoreInDaemon(globals, file);
  else restoreOnDisk(globals, file);
  if (globals.json) printJson({ file, running });
  else if (running) print(`${escapeText(file)} is restored. What was there before is set aside in ${globals.data}.`);
  else print(`${escapeText(file)} is laid ready in ${globals.data}: the next start of the daemon takes it.`);
  return EXIT_OK;
}

/** Before anybody is asked whether to go on. */
function requireBackup(file: string): void {
  try {
    requireBackupHeader(file);
  } catch (error) {
    throw error instanceof StoreError ? unusable(error) : error;
  }
}

const unusable = ({ message, hint }: StoreError) => new CliError(EXIT_USAGE, escapeText(message, 500), hint);

async function restoreInDaemon(globals: Globals, file: string): Promise<void> {
  const folder = join(globals.data, 'backups');
  const name = `restore-${BORROWED}.ringfence-backup`;
  const path = join(folder, name);
  const began = Date.now();
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    copyFileSync(file, path, constants.COPYFILE_EXCL);
    asTheDirectory(globals.data, folder, path);
    await ask(globals.data, 'POST', `/backups/${name}/restore`, { yes: true });
  } catch (error) {
    throw error instanceof CliError ? named(error, path, file) : unwritable(error as NodeJS.ErrnoException, path);
  } finally {
    rmSync(path, { force: true });
  }
  const late = Date.now() + BACK_MS;
  while (!(await answersAgain(globals.data, began))) {
    if (Date.now() > late)
      throw new CliError(
        EXIT_FAILED,
        'The backup is in its place, but the daemon does not answer yet.',
        'ringfence status',
      );
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/**
 * The one that ends answers no more after it has gone; the one that comes has the event of the restoring, and has heard the guard: until then it
 * would say that nothing is protected.
 */
async function answersAgain(data: string, since: number): Promise<boolean> {
  try {
    const { items } = await ask<{ items: { code: string }[] }>(
      data,
      'GET',
      `/events?text=store-restored&limit=1&since=${since}`,
    );
    if (items.length === 0) return false;
    const { problems } = await ask<StatusAnswer>(data, 'GET', '/status');
    return problems.every(({ code }) => code !== 'guard-starting');
  } catch {
    return false;
  }
}

function restoreOnDisk(globals: Globals, file: string): void {
  const database = join(globals.data, DATABASE_FILE);
  try {
    mkdirSync(globals.data, { recursive: true, mode: 0o700 });
    layReady(file, database);
    asTheDirectory(globals.data, `${database}.restore`);
  } catch (error) {
    if (error instanceof StoreError) throw unusable(error);
    throw unwritable(error as NodeJS.ErrnoException, globals.data);
  }
}

async function isRunning(data: string): Promise<boolean> {
  try {
    await ask<StatusAnswer>(data, 'GET', '/status');
    return true;
  } catch (error) {
    if (error instanceof CliError && error.exitCode === EXIT_UNREACHABLE) return false;
    throw error;
  }
}

/**
 * The daemon may run as somebody else than who gives the command. Evasion: it could have laid links in its directory for root to give away
 * what they lead to.
 */
function asTheDirectory(data: string, ...paths: string[]): void {
  const { uid, gid } = statSync(data);
  for (const path of paths) lchownSync(path, uid, gid);
}

/** The daemon speaks of the copy that it was given; that this is none is wrong use, with and without a daemon. */
function named(error: CliError, path: string, file: string): CliError {
  const wrongUse = error instanceof AnswerError && ['store-backup-invalid', 'store-newer'].includes(error.code);
  const exitCode = wrongUse ? EXIT_USAGE : error.exitCode;
  return new CliError(exitCode, error.message.replaceAll(path, escapeText(file)), error.hint);
}

/** Before the daemon copies a database of any size for nothing. */
function requireWritable(file: string): void {
  try {
    accessSync(dirname(file), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unwritable(error as NodeJS.ErrnoException, file);
  }
}

/**
 * Onto another file system it is copied; it has its name only when it is complete. Evasion: a link that somebody else laid where it is
 * written would lead root elsewhere, so the name is not to be guessed and must not be there.
 */
function moveTo(from: string, file: string): void {
  const unfinished = `${file}.${randomBytes(4).toString('hex')}.unfinished`;
  try {
    copyFileSync(from, unfinished, constants.COPYFILE_EXCL);
    chmodSync(unfinished, 0o600);
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw unwritable(error as NodeJS.ErrnoException, file);
  }
}
