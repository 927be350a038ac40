/** Rows of a data file – from, to, number – in any order and overlapping as they like, become segments. */
import { NOTHING, type SegmentList, type Segments } from '../core/base/segments.ts';
import { SegmentWriter } from './segments.ts';
import { compareWords, wordsAfter, type Width } from '../core/base/address-words.ts';

/** Rows of one family; the largest public country and ASN data have a tenth. Beyond it a file is refused. */
export const ROWS_MAX = 6_000_000;

export class SegmentBuilder {
  private readonly v4 = new Rows(1);
  private readonly v6 = new Rows(4);

  get rows(): number {
    return this.v4.count + this.v6.count;
  }

  /** `ends`: first and last address, 2 words in IPv4, 8 in IPv6. False: there are `ROWS_MAX` already. */
  add(family: 4 | 6, ends: Uint32Array, value: number): boolean {
    return (family === 4 ? this.v4 : this.v6).add(ends, value);
  }

  build(): Segments {
    return { v4: this.v4.build(), v6: this.v6.build() };
  }
}

class Rows {
  count = 0;
  private readonly width: Width;
  private readonly stride: number;
  private ends: Uint32Array;
  private values = new Uint32Array(1024);
  private ascending = true;

  constructor(width: Width) {
    this.width = width;
    this.stride = 2 * width;
    this.ends = new Uint32Array(1024 * this.stride);
  }

  add(ends: Uint32Array, value: number): boolean {
    if (this.count === ROWS_MAX) return false;
    if (this.count === this.values.length) {
      this.ends = doubled(this.ends);
      this.values = doubled(this.values);
    }
    const { stride, width } = this;
    const at = this.count * stride;
    for (let k = 0; k < stride; k++) this.ends[at + k] = ends[k];
    this.values[this.count] = value;
    if (this.count > 0 && compareWords(this.ends, at, this.ends, at - width, width) <= 0) this.ascending = false;
    this.count++;
    return true;
  }

  /** Where rows overlap the one that begins later counts, that is the more specific one; of equal ones the later in the file. */
  build(): SegmentList {
    const { ends, values, stride, width } = this;
    const order = this.order();
    const writer = new SegmentWriter(width, 2 * this.count);
    const after = new Uint32Array(width);
    /** Rows that hold the place reached, the innermost last. */
    const open: number[] = [];
    const lastOf = (row: number) => row * stride + width;
    const closeOne = () => {
      const row = open.pop()!;
      if (!wordsAfter(ends, lastOf(row), after, width)) {
        // Nothing lies behind the highest address: the rows below have ended there or before.
        open.length = 0;
        return;
      }
      while (open.length > 0 && compareWords(ends, lastOf(open.at(-1)!), after, 0, width) < 0) open.pop();
      writer.begin(after, 0, open.length === 0 ? NOTHING : values[open.at(-1)!]);
    };
    for (let i = 0; i < this.count; i++) {
      const row = order === null ? i : order[i];
      while (open.length > 0 && compareWords(ends, lastOf(open.at(-1)!), ends, row * stride, width) < 0) closeOne();
      writer.begin(ends, row * stride, values[row]);
      open.push(row);
    }
    while (open.length > 0) closeOne();
    return writer.finish();
  }

  /** By first address, wider ones first; null: as they came. */
  private order(): Uint32Array | null {
    if (this.ascending) return null;
    const { ends, stride, width } = this;
    const order = new Uint32Array(this.count);
    for (let i = 0; i < order.length; i++) order[i] = i;
    return order.sort(
      (a, b) =>
        compareWords(ends, a * stride, ends, b * stride, width) ||
        compareWords(ends, b * stride + width, ends, a * stride + width, width) ||
        a - b,
    );
  }
}

function doubled(list: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(list.length * 2);
  larger.set(list);
  return larger;
}
