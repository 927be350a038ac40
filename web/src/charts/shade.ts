/** Shades for counts that differ by powers of ten: equal steps would leave all but the largest white. */
export const SHADES = 5;

/** 0: none; 1 … `SHADES`: by the logarithm of the count, the largest is the darkest. */
export function shadeOf(count: number, largest: number): number {
  if (count <= 0) return 0;
  if (largest <= 1) return SHADES;
  return Math.min(SHADES, 1 + Math.floor((Math.log(count) / Math.log(largest)) * SHADES));
}
