/** Lists that say by their content which generation they are of. */
import { RangePacker, type PackedRanges } from '../../core/base/packed-ranges.ts';
import type { RangeOrders } from '../../channel/protocol.ts';

/** Enough for a file of several writes of the file system, few enough for many generations a second. */
const RANGES = 20_000;
/** Nothing but the first address differs from generation to generation. */
const SPACING = 1 << 12;

export function generation(n: number): RangeOrders {
  const list = (which: number): PackedRanges => {
    const packer = new RangePacker();
    packer.addV4(n, n);
    for (let i = 1; i < RANGES; i++) packer.addV4(0x10000000 + i * SPACING + which, 0x10000000 + i * SPACING + which);
    packer.add({
      first: { w0: 0x20010db8, w1: which, w2: 0, w3: n },
      last: { w0: 0x20010db8, w1: which, w2: 1, w3: n },
    });
    return packer.pack();
  };
  return { allow: list(1), deny: list(2), country: list(3), feeds: [{ name: 'voip', ranges: list(4) }] };
}
