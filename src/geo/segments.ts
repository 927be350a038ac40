/** Segments made, changed and looked through; what they are, and how one is found: `core/base/segments.ts`. */
import { compareWords, HIGHEST, wordsAfter, wordsBefore, type Width } from '../core/base/address-words.ts';
import { NOTHING, type SegmentList } from '../core/base/segments.ts';

/** The addresses whose number is chosen, as packed ranges of one family (`core/base/packed-ranges.ts`). */
export function rangesWhere(list: SegmentList, width: Width, chosen: (value: number) => boolean): Uint32Array {
  const { starts, values } = list;
  // Between two runs of chosen segments lies one that is not.
  const result = new Uint32Array((values.length + 1) * width);
  let used = 0;
  for (let i = 0; i < values.length; i++) {
    if (!chosen(values[i])) continue;
    for (let k = 0; k < width; k++) result[used++] = starts[i * width + k];
    while (i + 1 < values.length && chosen(values[i + 1])) i++;
    if (i + 1 < values.length) wordsBefore(starts, (i + 1) * width, result, used, width);
    else result.fill(HIGHEST, used, used + width);
    used += width;
  }
  return result.slice(0, used);
}

/** Calls `visit` with every segment and how many addresses it has: exact in IPv4, a float in IPv6. */
export function eachSegment(list: SegmentList, width: Width, visit: (value: number, addresses: number) => void): void {
  const { starts, values } = list;
  const at = (i: number) => {
    if (i === values.length) return 2 ** (32 * width);
    let sum = 0;
    for (let k = 0; k < width; k++) sum = sum * 2 ** 32 + starts[i * width + k];
    return sum;
  };
  for (let i = 0; i < values.length; i++) visit(values[i], at(i + 1) - at(i));
}

/** `list` with `value` on every address of the packed `ranges`, whatever it says there. */
export function overlay(list: SegmentList, ranges: Uint32Array, value: number, width: Width): SegmentList {
  const { starts, values } = list;
  const writer = new SegmentWriter(width, values.length + ranges.length / width);
  const after = new Uint32Array(width);
  let i = 0;
  let under = NOTHING;
  for (let r = 0; r < ranges.length; r += 2 * width) {
    for (; i < values.length && compareWords(starts, i * width, ranges, r, width) < 0; i++) {
      under = values[i];
      writer.begin(starts, i * width, under);
    }
    writer.begin(ranges, r, value);
    for (; i < values.length && compareWords(starts, i * width, ranges, r + width, width) <= 0; i++) under = values[i];
    if (wordsAfter(ranges, r + width, after, width)) writer.begin(after, 0, under);
  }
  for (; i < values.length; i++) writer.begin(starts, i * width, values[i]);
  return writer.finish();
}

/** Takes segments in ascending order; of two that begin at the same address the later one counts, equal neighbours become one. */
export class SegmentWriter {
  private readonly width: Width;
  private readonly starts: Uint32Array;
  private readonly values: Uint32Array;
  private used = 1;

  /** `most`: calls of `begin` at most. */
  constructor(width: Width, most: number) {
    this.width = width;
    this.starts = new Uint32Array((most + 1) * width);
    this.values = new Uint32Array(most + 1);
  }

  begin(list: Uint32Array, at: number, value: number): void {
    const { width, starts } = this;
    if (compareWords(starts, (this.used - 1) * width, list, at, width) === 0) this.used--;
    if (this.used > 0 && this.values[this.used - 1] === value) return;
    for (let k = 0; k < width; k++) starts[this.used * width + k] = list[at + k];
    this.values[this.used++] = value;
  }

  finish(): SegmentList {
    return { starts: this.starts.slice(0, this.used * this.width), values: this.values.slice(0, this.used) };
  }
}
