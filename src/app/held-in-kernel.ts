/** A list whose copy was lost, from what a guard before us left in force. */
import { NO_RANGES, type PackedRanges } from '../core/base/packed-ranges.ts';
import type { KernelLists } from '../enforce/kernel-lists.ts';
import { bufferName, selector } from '../enforce/table.ts';

/**
 * Null when the kernel has no such list, or holds it as hashes, which a list of more than a thousand ranges is: they are not read
 * back.
 */
export function heldInKernel(kernel: KernelLists, list: string): PackedRanges | null {
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
