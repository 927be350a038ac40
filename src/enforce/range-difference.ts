/** What tells two packed lists of one family apart, when it is little. */

export interface RangeDifference {
  /** Ranges of the old list alone, and of the new one alone, as in `PackedRanges`. */
  gone: Uint32Array;
  come: Uint32Array;
}

/** Null: more than `rangesMax` ranges differ. Lists of a million ranges are compared in some milliseconds. */
export function differenceOf(
  old: Uint32Array,
  now: Uint32Array,
  v4: boolean,
  rangesMax: number,
): RangeDifference | null {
  const stride = v4 ? 2 : 8;
  const gone: number[] = [];
  const come: number[] = [];
  // Most changes are in one place: what is the same before and behind it is passed over in whole words.
  let same = 0;
  while (same < old.length && same < now.length && old[same] === now[same]) same++;
  let i = same - (same % stride);
  let j = i;
  let [oldEnd, nowEnd] = [old.length, now.length];
  while (oldEnd > i && nowEnd > j && sameRange(old, oldEnd - stride, now, nowEnd - stride, stride)) {
    oldEnd -= stride;
    nowEnd -= stride;
  }
  while (i < oldEnd || j < nowEnd) {
    const order = i === oldEnd ? 1 : j === nowEnd ? -1 : compare(old, i, now, j, stride);
    if (order <= 0) {
      if (order < 0) push(gone, old, i, stride);
      i += stride;
    }
    if (order >= 0) {
      if (order > 0) push(come, now, j, stride);
      j += stride;
    }
    if ((gone.length + come.length) / stride > rangesMax) return null;
  }
  return { gone: Uint32Array.from(gone), come: Uint32Array.from(come) };
}

/** By first address, then by last: any total order does, the lists are sorted. */
function compare(a: Uint32Array, i: number, b: Uint32Array, j: number, stride: number): number {
  for (let k = 0; k < stride; k++) if (a[i + k] !== b[j + k]) return a[i + k] < b[j + k] ? -1 : 1;
  return 0;
}

function sameRange(a: Uint32Array, i: number, b: Uint32Array, j: number, stride: number): boolean {
  for (let k = 0; k < stride; k++) if (a[i + k] !== b[j + k]) return false;
  return true;
}

function push(to: number[], list: Uint32Array, at: number, stride: number): void {
  for (let k = 0; k < stride; k++) to.push(list[at + k]);
}
