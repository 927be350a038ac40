/** Files with several sets: a ruleset holds lists of friends beside those of enemies, so nobody's are taken unasked. */
import type { ReadResult } from '../../src/lists/entry.ts';
import { escapeText } from '../escape.ts';
import { plural } from '../terminal.ts';

const SETS_SHOWN = 20;

interface Wanted {
  set?: readonly string[];
  allSets?: boolean;
}

/** Why the sets of the file and those that were asked for do not fit; null: they do. */
export function setsProblem(
  { format, sets }: ReadResult,
  { set, allSets }: Wanted,
): { text: string; hint: string } | null {
  const named = sets
    .slice(0, SETS_SHOWN)
    .map(({ name, records }) => `${escapeText(name)} (${plural(records, 'entry', 'entries')})`);
  const all = `${named.join(', ')}${sets.length > SETS_SHOWN ? ' …' : ''}`;
  const missing = set?.find((name) => !sets.some((one) => one.name === name));
  if (missing !== undefined) {
    const there = sets.length === 0 ? 'It has no sets of addresses.' : `It has ${all}.`;
    return { text: `has no set "${escapeText(missing)}". ${there}`, hint: 'Name one that is there: --set NAME' };
  }
  // The jails of fail2ban hold nothing but bans.
  if (sets.length < 2 || set !== undefined || allSets || format === 'fail2ban') return null;
  const hint = 'Say which are meant: --set NAME (more than once for several), or --all-sets';
  return { text: `has ${sets.length} sets: ${all}.`, hint };
}
