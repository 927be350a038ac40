/** Which country each address is in, and which addresses a country rule blocks. */
import type { Address } from '../core/base/address.ts';
import { NO_RANGES, type PackedRanges } from '../core/base/packed-ranges.ts';
import { NO_SEGMENTS, NOTHING, valueAt, type Segments } from '../core/base/segments.ts';
import { codeOfNumber, numberOfCode } from './country-codes.ts';
import { eachSegment, overlay, rangesWhere } from './segments.ts';
import { SPECIAL_RANGES } from './special-ranges.ts';

/** As the policy has it (`countries`). */
export interface CountryRule {
  /** `block`: the countries of the list are blocked. `allow`: all others are. */
  mode: 'off' | 'block' | 'allow';
  /** ISO 3166-1 alpha-2. */
  list: readonly string[];
  /** What happens to addresses without a country. */
  unknown: 'pass' | 'block';
}

export interface CountrySize {
  code: string;
  /** Ranges as they lie in the address space, neighbours joined. */
  rangesV4: number;
  rangesV6: number;
  addressesV4: number;
  /** Networks of 2^64 addresses: the smallest that a site gets; rounded up. */
  networksV6: number;
}

/** The number of addresses that are in no country because of what they are. No code has it: those are two letters. */
const SPECIAL = 1;
const V6_NETWORK = 2 ** 64;

export class CountryTable {
  readonly segments: Segments;
  #sizes: CountrySize[] | null = null;

  constructor(segments: Segments) {
    this.segments = segments;
  }

  /** Measured when somebody asks: some 50 ms, which no start needs. */
  get sizes(): CountrySize[] {
    return (this.#sizes ??= measure(this.segments));
  }

  /** The table of a data file's segments: special addresses are taken out. */
  static of(data: Segments): CountryTable {
    return new CountryTable({
      v4: overlay(data.v4, SPECIAL_RANGES.v4, SPECIAL, 1),
      v6: overlay(data.v6, SPECIAL_RANGES.v6, SPECIAL, 4),
    });
  }

  country(address: Address): string | null {
    const value = valueAt(this.segments, address);
    return value === NOTHING || value === SPECIAL ? null : codeOfNumber(value);
  }

  /** Private, loopback and the like: no rule of countries is for it. */
  isSpecial(address: Address): boolean {
    return valueAt(this.segments, address) === SPECIAL;
  }

  /** Aggregated; 20 ms for all countries but one. */
  blocked(rule: CountryRule): PackedRanges {
    if (rule.mode === 'off') return NO_RANGES;
    const chosen = new Uint8Array(0x10000);
    if (rule.mode === 'allow') chosen.fill(1);
    for (const code of rule.list) chosen[numberOfCode(code)] = rule.mode === 'block' ? 1 : 0;
    chosen[NOTHING] = rule.unknown === 'block' ? 1 : 0;
    // Invariant: no country rule covers a special address, in none of its modes.
    chosen[SPECIAL] = 0;
    const isChosen = (value: number) => chosen[value] === 1;
    return {
      v4: rangesWhere(this.segments.v4, 1, isChosen),
      v6: rangesWhere(this.segments.v6, 4, isChosen),
    };
  }

  /** Bytes that the table occupies. */
  get bytes(): number {
    const { v4, v6 } = this.segments;
    return [v4, v6].reduce((sum, list) => sum + list.starts.byteLength + list.values.byteLength, 0);
  }
}

export const NO_COUNTRIES = CountryTable.of(NO_SEGMENTS);

function measure({ v4, v6 }: Segments): CountrySize[] {
  const sizes = new Map<number, CountrySize>();
  const sizeOf = (value: number) => {
    let size = sizes.get(value);
    if (!size) {
      size = { code: codeOfNumber(value), rangesV4: 0, rangesV6: 0, addressesV4: 0, networksV6: 0 };
      sizes.set(value, size);
    }
    return size;
  };
  eachSegment(v4, 1, (value, addresses) => {
    if (value === NOTHING || value === SPECIAL) return;
    const size = sizeOf(value);
    size.rangesV4++;
    size.addressesV4 += addresses;
  });
  eachSegment(v6, 4, (value, addresses) => {
    if (value === NOTHING || value === SPECIAL) return;
    const size = sizeOf(value);
    size.rangesV6++;
    size.networksV6 += addresses / V6_NETWORK;
  });
  for (const size of sizes.values()) size.networksV6 = Math.ceil(size.networksV6);
  return [...sizes.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}
