/** When a delivery is tried again: soon at first, every few hours through an outage of days, and not for ever. */
import { hash } from 'node:crypto';

const FIRST_MS = 15_000;
/** A server that works again is noticed so late at the most. */
const LONGEST_MS = 2 * 3_600_000;
/** RFC 5321 §4.5.4.1: at least four to five days. */
export const GIVE_UP_MS = 5 * 86_400_000;
/** After so many tries it is given up, whatever a clock says: 100 tries at the longest pause are eight days. */
export const TRIES_MAX = 100;
/** What a server may ask for. */
const ASKED_MAX_MS = 6 * 3_600_000;

/** No delivery is due later than this from now. */
export const DUE_MAX_MS = ASKED_MAX_MS * 1.2;

/** `tries`: those that failed, 1 or more. `waitingMs`: since it was queued. */
export function nextTry(
  delivery: { messageId: string; tries: number; waitingMs: number },
  askedMs: number | undefined,
): { pauseMs: number; reason: string } | { giveUp: true; reason: string } {
  const { tries, waitingMs, messageId } = delivery;
  if (waitingMs >= GIVE_UP_MS) return { giveUp: true, reason: `tried for ${Math.round(waitingMs / 3_600_000)} hours` };
  if (tries >= TRIES_MAX) return { giveUp: true, reason: `tried ${tries} times` };
  const doubled = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries - 1, 20));
  const asked = Math.min(ASKED_MAX_MS, askedMs ?? 0);
  const pauseMs = Math.round(Math.max(doubled, asked) * spread(messageId, tries));
  return { pauseMs, reason: asked > doubled ? 'the server asked for this pause' : `try ${tries} failed` };
}

/** 1 … 1.2, from the message itself: what failed together is not tried together, and a test sees the same each time. */
function spread(messageId: string, tries: number): number {
  return 1 + (hash('sha1', `${messageId} ${tries}`, 'buffer')[0] / 255) * 0.2;
}
