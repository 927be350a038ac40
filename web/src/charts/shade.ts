/** Shades for counts of which a few are much larger than the rest: equal steps would leave all but those white. */
export const SHADES = 5;

/** 0: none; 1 … `SHADES`: by the root of the count's part of the largest, which is the darkest. */
export function shadeOf(count: number, largest: number): number {
  return count <= 0 ? 0 : Math.min(SHADES, Math.ceil(Math.sqrt(count / Math.max(1, largest)) * SHADES));
}
