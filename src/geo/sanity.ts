/** Whether new data may take the place of those in use: a provider's broken export must not open or close the ports to half the world. */
import type { CountrySize } from './country-table.ts';
import { GeoError } from './geo-error.ts';

interface Extent {
  ranges: number;
  /** Addresses in IPv4, networks of 2^64 in IPv6. */
  covered: number;
}

const FAMILIES = [
  ['IPv4', (s: CountrySize): Extent => ({ ranges: s.rangesV4, covered: s.addressesV4 })],
  ['IPv6', (s: CountrySize): Extent => ({ ranges: s.rangesV6, covered: s.networksV6 })],
] as const;

/** Errors: `GeoError` `geo-empty`, `geo-family-lost`, `geo-shrunk` with both figures. `shrinkMax`: 0 … 1. */
export function refuseLoss(inUse: readonly CountrySize[], fresh: readonly CountrySize[], shrinkMax: number): void {
  for (const [family, extentOf] of FAMILIES) {
    const before = total(inUse, extentOf);
    const after = total(fresh, extentOf);
    if (before.ranges > 0 && after.ranges === 0) {
      throw new GeoError(
        'geo-family-lost',
        `The new data say nothing about ${family}; those in use do.`,
        hint(shrinkMax),
      );
    }
    for (const [what, key] of [
      ['ranges', 'ranges'],
      [family === 'IPv4' ? 'addresses' : 'networks', 'covered'],
    ] as const) {
      const lost = 1 - after[key] / before[key];
      if (before[key] === 0 || lost <= shrinkMax) continue;
      const share = `${(lost * 100).toFixed(1)} %`;
      const text = `The new data have ${after[key]} ${family} ${what}, those in use ${before[key]}: ${share} fewer.`;
      throw new GeoError('geo-shrunk', text, hint(shrinkMax));
    }
  }
}

/** Data of a provider that has both families: one alone is half a download. Errors: `GeoError` `geo-family-lost`. */
export function refuseHalf(fresh: readonly CountrySize[]): void {
  const missing = FAMILIES.find(([, extentOf]) => total(fresh, extentOf).ranges === 0);
  if (missing === undefined) return;
  const text = `The new data say nothing about ${missing[0]}; this provider has both families.`;
  throw new GeoError('geo-family-lost', text, 'A file of your own may have one: countries.data.provider custom');
}

function hint(shrinkMax: number): string {
  const limit = `At most ${shrinkMax * 100} % may go (countries.data.shrinkMax).`;
  return `${limit} When the loss is meant: ringfence geo update --accept-loss`;
}

function total(sizes: readonly CountrySize[], extentOf: (size: CountrySize) => Extent): Extent {
  const sum = { ranges: 0, covered: 0 };
  for (const size of sizes) {
    const { ranges, covered } = extentOf(size);
    sum.ranges += ranges;
    sum.covered += covered;
  }
  return sum;
}
