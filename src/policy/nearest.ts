/** "Did you mean …": the nearest valid name to one that was mistyped. */

/** Longer names are no slip of the pen; the bound keeps the work small for hostile input. */
const NAME_MAX = 64;

/** The candidate within a third of its length (at least 1, at most 3 edits), the nearest first; null when none is near. */
export function nearest(name: string, candidates: readonly string[]): string | null {
  if (name.length > NAME_MAX) return null;
  const wanted = squeeze(name);
  let best: string | null = null;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const target = squeeze(candidate);
    const allowed = Math.max(1, Math.min(3, Math.floor(target.length / 3)));
    const distance = editDistance(wanted, target);
    if (distance <= allowed && distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** `permanent_after`, `permanent-after` and `PermanentAfter` are the same word to a person. */
function squeeze(name: string): string {
  return name.toLowerCase().replace(/[-_\s]/g, '');
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = a[i - 1] === b[j - 1] ? 0 : 1;
      row.push(Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + swap));
    }
    previous = row;
  }
  return previous[b.length];
}
