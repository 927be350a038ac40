/** Everything of the lab outside its own memory carries its process id in its name, so that a later run can remove what a killed one left. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeNamespace } from './network.ts';
import { LAB, run } from './process.ts';

export function temporaryDirectory(what: string): string {
  return mkdtempSync(join(tmpdir(), `${LAB}${process.pid}-${what}-`));
}

/** Removes namespaces (with the processes in them) and directories of runs that are gone. Returns their names. */
export async function sweep(): Promise<string[]> {
  const swept: string[] = [];
  for (const name of await orphans('/run/netns')) {
    await removeNamespace(name);
    swept.push(name);
  }
  for (const name of await orphans(tmpdir())) {
    const path = join(tmpdir(), name);
    await run(['umount', path], { mayFail: true }); // the full disk is a mount
    await rm(path, { recursive: true, force: true });
    swept.push(name);
  }
  return swept;
}

async function orphans(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => [] as string[]);
  return names.filter((name) => {
    const pid = name.startsWith(LAB) ? Number.parseInt(name.slice(LAB.length), 10) : NaN;
    return !Number.isNaN(pid) && !alive(pid);
  });
}

/** A process that was killed but not yet waited for has no command line any more. */
function alive(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`).length > 0;
  } catch {
    return false;
  }
}
