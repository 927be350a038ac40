/** `ringfence run`: becomes the guard until it is stopped. */
import { resolve } from 'node:path';
import { requireReadable } from '../input-file.ts';
import type { WebFlags } from '../../src/serve/web/settings.ts';
import type { Globals } from '../program.ts';

interface RunOptions extends WebFlags {
  policy?: string;
  console?: string;
  settings?: string;
}

export async function run(globals: Globals, { policy, console, settings, ...web }: RunOptions): Promise<number> {
  // A file that is not there is a slip of the pen; a file with errors is reported and the previous policy stays in force.
  if (policy !== undefined) requireReadable(policy, 'a policy file');
  const { runGuard } = await import('../../src/app/guard-program.ts');
  return runGuard({
    data: resolve(globals.data),
    web: { ...web, ...absolute(web) },
    ...(policy === undefined ? {} : { policy: resolve(policy) }),
    ...(console === undefined ? {} : { console: resolve(console) }),
    ...(settings === undefined ? {} : { settings: resolve(settings) }),
  });
}

/** Files are meant from where the command was typed. */
function absolute({ tlsCert, tlsKey }: WebFlags): WebFlags {
  for (const file of [tlsCert, tlsKey]) if (file !== undefined) requireReadable(file, 'a PEM file');
  return {
    ...(tlsCert === undefined ? {} : { tlsCert: resolve(tlsCert) }),
    ...(tlsKey === undefined ? {} : { tlsKey: resolve(tlsKey) }),
  };
}
