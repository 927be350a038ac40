/** The backups that are made by themselves, some of which are kept: their names, and the newest that can be trusted. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { check } from './backup.ts';
import { discard } from './database.ts';

/** In the data directory, with those that people asked for. */
export const BACKUPS_FOLDER = 'backups';
export const BACKUP_ENDING = '.ringfence-backup';
const NIGHTLY = /^nightly-([\dT-]+Z)\.ringfence-backup/;

export interface NightlyBackup {
  path: string;
  /** Milliseconds since the epoch. */
  madeAt: number;
}

export function nightlyName(now: number): string {
  return `nightly-${new Date(now).toISOString().replace(/\.\d+/, '').replaceAll(':', '-')}${BACKUP_ENDING}`;
}

export function isNightly(name: string): boolean {
  return NIGHTLY.test(name);
}

/** The newest first. */
export function nightlyBackups(folder: string): NightlyBackup[] {
  const names = filesOf(folder).filter((name) => name.endsWith(BACKUP_ENDING));
  return names.map((name) => ({ path: join(folder, name), madeAt: timeOf(name) })).sort((a, b) => b.madeAt - a.madeAt);
}

/** The newest that can be restored. */
export function newestSound(folder: string): NightlyBackup | null {
  return nightlyBackups(folder).find(({ path }) => isSound(path)) ?? null;
}

/** Removes all but the newest, and what a crash left of one that was being made. */
export function keepNewest(folder: string, count: number): void {
  const kept = new Set(
    nightlyBackups(folder)
      .slice(0, count)
      .map(({ path }) => path),
  );
  for (const name of filesOf(folder)) if (!kept.has(join(folder, name))) discard(join(folder, name));
}

function filesOf(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter(isNightly) : [];
}

function timeOf(name: string): number {
  return Date.parse(NIGHTLY.exec(name)![1].replace(/T(\d+)-(\d+)-(\d+)Z/, 'T$1:$2:$3Z'));
}

function isSound(path: string): boolean {
  try {
    const db = new DatabaseSync(path, { readOnly: true });
    try {
      check(db, path);
    } finally {
      db.close();
    }
    return true;
  } catch {
    // Damaged, cut short, of a newer version: the one before may do.
    return false;
  }
}
