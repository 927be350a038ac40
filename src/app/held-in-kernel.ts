/** A list whose copy was lost, from what a guard before us left in force. */
import { NO_RANGES, type PackedRanges } from '../core/base/packed-ranges.ts';
import type { KernelLists } from '../enforce/kernel-lists.ts';
import { bufferName, FEED_PREFIX, selector } from '../enforce/table.ts';
import type { Standing } from './standing.ts';

/**
 * Copies of lists that cannot be read any more: the console brings them, or the kernel still has them. What to tell people, a sentence for
 * each.
 */
export function replaceLost(standing: Standing, kernel: KernelLists, console: boolean): string[] {
  return standing.lost.map(({ list, why }) => {
    const feed = list.startsWith('feed.') ? list.slice('feed.'.length) : null;
    const held = heldInKernel(kernel, feed === null ? list : FEED_PREFIX + feed);
    if (held)
      standing.ranges = standing.taken(feed === null ? { [list]: held } : { feeds: [{ name: feed, ranges: held }] });
    const next = console
      ? 'the console has it'
      : held
        ? 'it is what the kernel holds'
        : 'it is empty until the console comes';
    return `The guard's copy of the list ${list} is lost (${why}); ${next}.`;
  });
}

/**
 * Null when the kernel has no such list, or holds it as hashes, which a list of more than a thousand ranges is: they are not read
 * back.
 */
function heldInKernel(kernel: KernelLists, list: string): PackedRanges | null {
  try {
    const used = kernel.selection(selector(list));
    const read = (v4: boolean) => {
      const chain = v4 ? used.v4 : used.v6;
      if (chain === null) return v4 ? NO_RANGES.v4 : NO_RANGES.v6;
      return chain === bufferName(list, 's', v4) ? kernel.ranges(chain, v4) : null;
    };
    const [v4, v6] = [read(true), read(false)];
    return v4 === null || v6 === null || v4.length + v6.length === 0 ? null : { v4, v6 };
  } catch {
    // No table: the machine was started anew.
    return null;
  }
}
