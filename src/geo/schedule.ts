/** When country data are looked for again. */

const RETRY_FIRST_MS = 60_000;
const RETRY_MAX_MS = 6 * 3_600_000;

export interface Attempts {
  everyMs: number;
  /** The last time that the data were confirmed or replaced; null: never for these settings. */
  checkedAt: number | null;
  /** The last failure after that, and how many in a row. */
  failedAt: number | null;
  failures: number;
}

/** Milliseconds since the epoch. After failures 1, 2, 4 … minutes up to 6 h, and never later than the ordinary time from the failure on. */
export function nextCheck({ everyMs, checkedAt, failedAt, failures }: Attempts, now: number): number {
  if (failures > 0 && failedAt !== null) {
    return failedAt + Math.min(RETRY_FIRST_MS * 2 ** Math.min(failures - 1, 20), RETRY_MAX_MS, everyMs);
  }
  // A clock that was set back must not postpone it for years.
  if (checkedAt === null || checkedAt > now + everyMs) return now;
  return checkedAt + everyMs;
}
