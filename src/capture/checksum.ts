/** The internet checksum (RFC 1071): one's complement of the one's complement sum of 16-bit words. */

/** Adds `bytes[start, end)` to a sum; an odd last byte counts as the upper half of a word. */
export function addToSum(sum: number, bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  for (; at + 1 < end; at += 2) sum += (bytes[at] << 8) | bytes[at + 1];
  if (at < end) sum += bytes[at] << 8;
  return sum;
}

/** The checksum field's value for a sum. */
export function foldSum(sum: number): number {
  while (sum > 0xffff) sum = (sum % 0x10000) + Math.floor(sum / 0x10000);
  return sum ^ 0xffff;
}
