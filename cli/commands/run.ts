/** `ringfence run`: becomes the guard until it is stopped. */
import { resolve } from 'node:path';
import { requireReadable } from '../input-file.ts';
import type { Globals } from '../program.ts';

export async function run(globals: Globals, options: { policy?: string }): Promise<number> {
  // A file that is not there is a slip of the pen; a file with errors is reported and the previous policy stays in force.
  if (options.policy !== undefined) requireReadable(options.policy, 'a policy file');
  const { runGuard } = await import('../../src/app/guard.ts');
  return runGuard({
    data: resolve(globals.data),
    ...(options.policy === undefined ? {} : { policy: resolve(options.policy) }),
  });
}
