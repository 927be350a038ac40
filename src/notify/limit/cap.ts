/** Whether a notice may go to a channel now, waits for the digest, and when the digest goes. Pure; each decision with its reason. */
import type { HoldCause } from '../../store/notify-store.ts';

export const HOUR_MS = 3_600_000;
/** A digest waits for more to come, so that the first one of a storm is not two lines long. */
export const DIGEST_WAIT_MS = 120_000;

export type Decision = { pass: true; reason: string } | { pass: false; cause: HoldCause; reason: string };

export interface ChannelState {
  /** Messages queued within the last hour. */
  usedInHour: number;
  perHourMax: number;
  /** What is held back, and when the first of it was. */
  held: number;
  /** End of the quiet hours; null: there are none now. */
  quietUntil: number | null;
  /** The channel's last try failed, and something waits for it. */
  failing: boolean;
}

/** `loud`: goes out in quiet hours, too. */
export function decide(state: ChannelState, loud: boolean): Decision {
  const { usedInHour, perHourMax, held, quietUntil, failing } = state;
  if (quietUntil !== null && !loud) return { pass: false, cause: 'quiet-hours', reason: 'quiet hours' };
  // What is tried again for hours would all arrive at once.
  if (failing) return { pass: false, cause: 'outage', reason: 'the channel does not deliver' };
  if (held > 0 && quietUntil === null) return { pass: false, cause: 'cap', reason: 'joins what is held back' };
  // The last one of the hour is the digest's.
  if (usedInHour >= perHourMax - 1) {
    return { pass: false, cause: 'cap', reason: `${usedInHour} messages in this hour, at most ${perHourMax}` };
  }
  return { pass: true, reason: `message ${usedInHour + 1} of ${perHourMax} in this hour` };
}

/** Whether the digest of what is held goes out now. `first`: the oldest of it. */
export function digestDue(
  state: ChannelState,
  first: { queued: number; cause: HoldCause },
  now: number,
): { due: boolean; reason: string } {
  if (state.quietUntil !== null) return { due: false, reason: 'quiet hours' };
  if (state.failing) return { due: false, reason: 'the channel does not deliver' };
  if (state.usedInHour >= state.perHourMax) return { due: false, reason: `the hour's ${state.perHourMax} are used` };
  if (first.cause === 'cap' && now - first.queued < DIGEST_WAIT_MS) return { due: false, reason: 'more may come' };
  return { due: true, reason: first.cause };
}
