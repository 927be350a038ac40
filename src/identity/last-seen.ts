/** When something was last used: nice to know, and no reason to keep anybody out when it cannot be written down. */
import { StoreError } from '../store/error.ts';

/** A write for every request would be one too many. */
export const LAST_SEEN_MS = 60_000;

/** Tolerance: on a full disk whoever is in goes on; a session then ends by the time that was written last. */
export function noteLastSeen(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
  }
}
