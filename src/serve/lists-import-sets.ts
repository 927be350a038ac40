/** Files with several sets: a ruleset holds lists of friends beside those of enemies, so nobody's are taken unasked. */
import type { ReadResult } from '../lists/entry.ts';

const SETS_SHOWN = 20;

interface Wanted {
  set?: readonly string[] | undefined;
  allSets?: boolean | undefined;
}

/** Why the sets of the file and those that were asked for do not fit, to be read after the file's name; null: they do. Names are not escaped. */
export function setsProblem(
  { format, sets }: ReadResult,
  { set, allSets }: Wanted,
): { code: 'set-unknown' | 'several-sets'; text: string } | null {
  const named = sets
    .slice(0, SETS_SHOWN)
    .map(({ name, records }) => `${name} (${records} ${records === 1 ? 'entry' : 'entries'})`);
  const all = `${named.join(', ')}${sets.length > SETS_SHOWN ? ' …' : ''}`;
  const missing = set?.find((name) => !sets.some((one) => one.name === name));
  if (missing !== undefined) {
    const there = sets.length === 0 ? 'It has no sets of addresses.' : `It has ${all}.`;
    return { code: 'set-unknown', text: `has no set "${missing}". ${there}` };
  }
  // The jails of fail2ban hold nothing but bans.
  if (sets.length < 2 || set !== undefined || allSets || format === 'fail2ban') return null;
  return { code: 'several-sets', text: `has ${sets.length} sets: ${all}.` };
}
