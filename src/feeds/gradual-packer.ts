/**
 * Packs a long list without holding up the process: small pieces are sorted by themselves and merged as in a merge sort. Sorting a
 * million ranges at once takes 0.6 s, 1.5 s in IPv6; here the longest step is one merge.
 */
import type { AddressRange } from '../core/base/address.ts';
import { countRanges, NO_RANGES, RangePacker, union, type PackedRanges } from '../core/base/packed-ranges.ts';

const PIECE_RANGES = 16_384;

export class GradualPacker {
  private piece = new RangePacker();
  private inPiece = 0;
  /** Each holds at least twice as much as the one after it. */
  private readonly runs: PackedRanges[] = [];

  add(range: AddressRange): void {
    this.piece.add(range);
    if (++this.inPiece === PIECE_RANGES) this.closePiece();
  }

  private closePiece(): void {
    this.runs.push(this.piece.pack());
    this.piece = new RangePacker();
    this.inPiece = 0;
    while (this.runs.length > 1 && countRanges(this.runs.at(-2)!) < 2 * countRanges(this.runs.at(-1)!)) this.merge();
  }

  private merge(): void {
    const [a, b] = this.runs.splice(-2);
    this.runs.push(union(a, b));
  }

  /** `pause` lets others work between two steps. */
  async pack(pause: () => Promise<void>): Promise<PackedRanges> {
    if (this.inPiece > 0) this.closePiece();
    while (this.runs.length > 1) {
      await pause();
      this.merge();
    }
    return this.runs[0] ?? NO_RANGES;
  }
}
