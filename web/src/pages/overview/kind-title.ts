/** Kinds of the statistics: those of attacks, and what else was dropped. */
import { kindName } from '../../text/attack-words.tsx';

export function kindTitle(kind: string): string {
  return kind === 'other' ? 'Blocked by hand, or not known' : kindName(kind);
}
