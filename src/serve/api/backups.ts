/** Backups of everything that is remembered. */
import { z } from 'zod';
import { BACKUPS_MAX, restoreInput } from '../backups.ts';
import { endpoint, type Group } from './endpoint.ts';
import { count, moment, page } from './shapes.ts';

const backup = z
  .strictObject({
    name: z.string(),
    path: z
      .string()
      .describe('Where it is, on the machine itself. It is a secret: password hashes and second factors are in it.'),
    bytes: count,
    madeAt: moment,
  })
  .meta({ id: 'Backup' });

export const backupsGroup: Group = {
  name: 'Backups',
  description: `Policy, lists, accounts, attack log and blocks in one file, made while protection goes on. The data directory keeps ${BACKUPS_MAX} at most. Not in it: secrets of channels, keys of TLS.`,
  endpoints: [
    endpoint({
      method: 'GET',
      path: '/backups',
      id: 'listBackups',
      summary: 'The backups in the data directory, the newest first.',
      scope: 'accounts',
      answer: page(backup),
      run: (operations) => operations.backups(),
    }),
    endpoint({
      method: 'POST',
      path: '/backups',
      id: 'makeBackup',
      summary: 'Make a backup.',
      scope: 'accounts',
      answer: backup,
      run: (operations) => operations.backupMake(),
    }),
    endpoint({
      method: 'DELETE',
      path: '/backups/{name}',
      id: 'removeBackup',
      summary: 'Remove a backup.',
      scope: 'accounts',
      answer: z.strictObject({ name: z.string() }),
      run: (operations, { params }) => operations.backupRemove(params.name),
    }),
    endpoint({
      method: 'POST',
      path: '/backups/{name}/restore',
      id: 'restoreBackup',
      summary: 'Put a backup in the place of what is remembered.',
      description:
        'What was remembered is set aside in the data directory. Nobody is signed in afterwards. Blocks of the backup that have not ended are in force again; those that stand stay. The console needs a second to open it; protection goes on meanwhile.',
      scope: 'accounts',
      body: restoreInput,
      answer: z.strictObject({ name: z.string(), madeAt: moment }),
      run: (operations, { params, body }) => operations.backupRestore(params.name, body),
    }),
  ],
};
