/**
 * People may name files for the console to read and write. Those of the data directory are not for that: passwords of channels, keys and
 * accounts lie there, and the first wrong line of a list is shown, a key is sent to another machine, a log is written to.
 */
import { resolve, sep } from 'node:path';
import type { PolicyDocument } from '../policy/schema.ts';
import type { OperationsContext } from './context.ts';
import { OperationError } from './operation-error.ts';

/** Errors: `OperationError` `own-file`. */
export function refuseOwnFile(
  { dataDirectory }: Pick<OperationsContext, 'dataDirectory'>,
  what: string,
  path: string,
): void {
  if (!resolve(path).startsWith(resolve(dataDirectory) + sep)) return;
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
