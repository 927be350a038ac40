/** Middle and tail of a few repeated measurements: the mean of a shared machine says little. */

/** Nearest rank: always a value that was measured. `percent` 0 … 100; NaN of nothing. */
export function percentile(values: readonly number[], percent: number): number {
  if (values.length === 0) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.ceil((percent / 100) * sorted.length);
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1];
}

/** Of an even number of values the lower of the two in the middle. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** How much slower (or larger) `other` is, e.g. `9.1 ×`. */
export function times(other: number, ours: number): string {
  return `${(other / ours).toPrecision(2)} ×`;
}
