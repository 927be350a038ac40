/** Which network – AS number and its name – announces each address. */
import type { Address } from '../core/base/address.ts';
import { valueAt, type Segments } from '../core/base/segments.ts';

/** Names by AS number, as they lie in a file: one text, not 90,000 objects. */
export interface NetworkNames {
  /** Ascending. */
  readonly numbers: Uint32Array;
  /** Where the name of `numbers[i]` begins in `text`; it ends where the next one begins. One more than `numbers`. */
  readonly offsets: Uint32Array;
  /** UTF-8. */
  readonly text: Uint8Array;
}

export class NetworkTable {
  readonly segments: Segments;
  readonly names: NetworkNames;

  constructor(segments: Segments, names: NetworkNames) {
    this.segments = segments;
    this.names = names;
  }

  asn(address: Address): number | null {
    return valueAt(this.segments, address) || null;
  }

  name(asn: number): string | null {
    const { numbers, offsets, text } = this.names;
    let low = 0;
    let high = numbers.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      if (numbers[middle] === asn) return decoder.decode(text.subarray(offsets[middle], offsets[middle + 1]));
      if (numbers[middle] < asn) low = middle + 1;
      else high = middle - 1;
    }
    return null;
  }

  get bytes(): number {
    const { v4, v6 } = this.segments;
    const arrays = [v4.starts, v4.values, v6.starts, v6.values, ...Object.values(this.names)] as ArrayBufferView[];
    return arrays.reduce((sum, array) => sum + array.byteLength, 0);
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export function packNames(names: ReadonlyMap<number, string>): NetworkNames {
  const numbers = Uint32Array.from(names.keys()).sort();
  const encoder = new TextEncoder();
  const texts = Array.from(numbers, (number) => encoder.encode(names.get(number)!));
  const offsets = new Uint32Array(numbers.length + 1);
  texts.forEach((text, i) => (offsets[i + 1] = offsets[i] + text.length));
  const text = new Uint8Array(offsets[numbers.length]);
  texts.forEach((part, i) => text.set(part, offsets[i]));
  return { numbers, offsets, text };
}
