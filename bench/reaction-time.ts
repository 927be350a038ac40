/** From what was seen of an attack to how late its defence was. Pure. */
import type { Seen } from './reaction-watch.ts';

export interface Reaction {
  /** From the refusal that crosses the threshold leaving the PBX, to the first probe that was dropped arriving there. */
  fromAnswerMs: number;
  /** The same, from the arrival of the request that was refused: the PBX's own time is in it. */
  fromRequestMs: number;
  /** The drop began at most so much earlier: the probe before the first dropped one came through. Infinity: none did. */
  resolutionMs: number;
  /** Requests that reached the PBX after the refusal that crossed the threshold had left it. */
  reachedAfter: number;
}

/** No figure: too few refusals left while the attack was watched (the PBX did not keep up), or it was not stopped meanwhile. */
export type Unstopped = 'never-crossed' | 'never-dropped';

/**
 * `passed`: how many of the source's probes and requests came through every filter. Probes of one source stay in order, so those are
 * the first ones.
 */
export function reactionOf(
  seen: Seen,
  passed: { requests: number; probes: number },
  threshold: number,
): Reaction | Unstopped {
  const crossing = [...seen.refusals].sort((a, b) => a.at - b.at)[threshold - 1];
  // A PBX that was too slow is not crossed by an attack that had ended.
  if (crossing === undefined || crossing.at >= seen.probes[seen.probes.length - 1]) return 'never-crossed';
  if (passed.probes >= seen.probes.length) return 'never-dropped';
  const dropped = seen.probes[passed.probes];
  const before = seen.requests.filter((at) => at <= crossing.at).length;
  return {
    fromAnswerMs: dropped - crossing.at,
    fromRequestMs: dropped - seen.guessAt.get(crossing.guess)!,
    resolutionMs: passed.probes === 0 ? Infinity : dropped - seen.probes[passed.probes - 1],
    reachedAfter: passed.requests - before,
  };
}
