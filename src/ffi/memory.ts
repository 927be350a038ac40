/** What a piece of work left behind: garbage, memory that the allocator keeps for more work of the kind, pages of files that were read. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { trimAllocator } from './libc.ts';
import { forgetPages } from './mapped-file.ts';

/** 20 to 50 ms, in which this thread does nothing else. */
export function giveBack(): void {
  // Node's own flag at the start would cost it its prepared code: 10 MB more, for every process.
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (how: object) => void;
  setFlagsFromString('--no-expose-gc');
  collect({ flavor: 'last-resort' });
  trimAllocator();
  forgetPages();
}
