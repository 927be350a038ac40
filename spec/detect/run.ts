/** Runs built traffic through the engine, as the live tap would, and keeps everything that is said. */
import type { Address, AddressRange } from '../../src/core/base/address.ts';
import { packRanges } from '../../src/core/base/packed-ranges.ts';
import type { Policy } from '../../src/core/base/policy.ts';
import { Engine } from '../../src/core/engine.ts';
import type { Incident } from '../../src/core/judge/incident.ts';
import type { Verdict } from '../../src/core/judge/verdict.ts';
import type { TimedFrame } from '../traffic/datagram.ts';
import { ASNS } from '../traffic/provider.ts';
import { DEFAULT_POLICY } from './policies.ts';

export interface RunOptions {
  policy?: Policy;
  allow?: AddressRange[];
  deny?: AddressRange[];
  own?: Address[];
  seed?: number;
  /** As `replay` does. */
  simulateDrops?: boolean;
  /** What the engine before it remembered. */
  memory?: Uint32Array | undefined;
}

/** A verdict and the number of frames that had been seen when it fell, this one included. */
export interface Judged extends Verdict {
  afterFrames: number;
}

export interface Outcome {
  verdicts: Judged[];
  incidents: Incident[];
  engine: Engine;
}

export function run(frames: readonly TimedFrame[], options: RunOptions = {}): Outcome {
  const { policy = DEFAULT_POLICY, seed = 7, allow = [], deny = [], own, simulateDrops } = options;
  const lists = { allow: packRanges(allow), deny: packRanges(deny), own };
  const engine = new Engine({ policy, seed, ...lists, simulateDrops });
  engine.memory.asns = ASNS;
  if (options.memory) engine.memory.restore(options.memory, engine.sources, frames[0].at);
  const verdicts: Judged[] = [];
  const incidents = new Map<string, Incident>();
  let seen = 0;
  const say = (said: readonly Verdict[]) => {
    for (const verdict of said) verdicts.push({ ...verdict, afterFrames: seen });
    for (const { incident } of engine.takeChanges()) incidents.set(incident.id, incident);
  };
  for (const { frame, at } of frames) {
    if (engine.wakeAt() <= at) say(engine.wake(at));
    seen++;
    const said = engine.step(frame, at);
    if (said.length > 0) say(said);
  }
  say([]);
  return { verdicts, incidents: [...incidents.values()], engine };
}

/** The actions that keep somebody out. */
export const harmfulActions: ReadonlySet<Verdict['action']> = new Set(['block', 'deny', 'limit']);

export function harmful(verdicts: readonly Verdict[]): Verdict[] {
  return verdicts.filter((v) => harmfulActions.has(v.action));
}
