/** What happens to the console's own parts, for people: into the store's events, and what is wrong into the daemon's output, too. */
import { StoreError } from '../../store/error.ts';
import type { Store } from '../../store/store.ts';
import { complain } from '../daemon-output.ts';

export interface ToldEvent {
  level: 'info' | 'warning' | 'error';
  code: string;
  text: string;
}

export function noteEvents(store: Store, now: () => number): (event: ToldEvent) => void {
  return ({ level, code, text }) => {
    if (level !== 'info') complain(text);
    try {
      store.noteEvent({ at: now(), level, code, text });
    } catch (error) {
      // A full disk takes no event; it is in the daemon's output.
      if (!(error instanceof StoreError)) throw error;
    }
  };
}
