/**
 * People may name files for the console to read and write. Those of the data directory are not for that: passwords of channels, keys and
 * accounts lie there, and the first wrong line of a list is shown, a key is sent to another machine, a log is written to.
 */
import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { PolicyDocument } from '../policy/schema.ts';
import type { OperationsContext } from './context.ts';
import { OperationError } from './operation-error.ts';

/** Whether the file lies in the data directory. Evasion: by a link, or by a way round as `/proc/self/root`. */
export function isOwnFile(dataDirectory: string, path: string): boolean {
  const asked = resolve(path);
  const found = realOf(asked) ?? join(realOf(dirname(asked)) ?? dirname(asked), basename(asked));
  return found.startsWith((realOf(dataDirectory) ?? resolve(dataDirectory)) + sep);
}

function realOf(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    // It does not exist, or may not be looked at.
    return null;
  }
}

/** Errors: `OperationError` `own-file`. */
export function refuseOwnFile(
  { dataDirectory }: Pick<OperationsContext, 'dataDirectory'>,
  what: string,
  path: string,
): void {
  if (!isOwnFile(dataDirectory, path)) return;
  throw new OperationError(
    'refused',
    'own-file',
    `${what}: ${path} is in Ringfence’s own directory, where its secrets are.`,
    'Put the file elsewhere, e.g. into /etc/ringfence',
  );
}

/** What was in force before stays allowed: nobody is kept from changing something else. Errors: `OperationError` `own-file`. */
export function refuseOwnFiles(context: OperationsContext, before: PolicyDocument, after: PolicyDocument): void {
  const known = new Set(filesOf(before).map(([, path]) => path));
  for (const [what, path] of filesOf(after)) if (path !== '' && !known.has(path)) refuseOwnFile(context, what, path);
}

function filesOf({ countries: { data }, hep, jsonLog, feeds }: PolicyDocument): [what: string, path: string][] {
  return [
    ['countries.data.file', data.file],
    ['countries.data.licenceKeyFile', data.licenceKeyFile],
    ['hep.keyFile', hep.keyFile],
    ['jsonLog.file', jsonLog.file],
    ...feeds.map(({ name, file }): [string, string] => [`the feed ${name}`, file]),
  ];
}
