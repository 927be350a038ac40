/** Addresses inside long typed arrays: 1 word each in IPv4, 4 in IPv6, most significant first. */
export type Width = 1 | 4;

export const HIGHEST = 0xffffffff;

export function compareWords(a: Uint32Array, i: number, b: Uint32Array, j: number, width: Width): number {
  if (a[i] !== b[j]) return a[i] < b[j] ? -1 : 1;
  for (let k = 1; k < width; k++) if (a[i + k] !== b[j + k]) return a[i + k] < b[j + k] ? -1 : 1;
  return 0;
}

/** The next address into `target`; false after the highest. */
export function wordsAfter(list: Uint32Array, at: number, target: Uint32Array, width: Width): boolean {
  let carry = 1;
  for (let k = width - 1; k >= 0; k--) {
    const word = list[at + k] + carry;
    target[k] = word;
    carry = word > HIGHEST ? 1 : 0;
  }
  return carry === 0;
}

/** The address before into `target` from `to` on; `list[at]` is not the lowest. */
export function wordsBefore(list: Uint32Array, at: number, target: Uint32Array, to: number, width: Width): void {
  let borrow = 1;
  for (let k = width - 1; k >= 0; k--) {
    const word = list[at + k] - borrow;
    target[to + k] = word;
    borrow = word < 0 ? 1 : 0;
  }
}
