/** A capture under the present policy and under a changed one. */
import { compilePolicy } from '../policy/compile.ts';
import type { PolicyDocument } from '../policy/schema.ts';
import { replayFile, type ReplayOptions, type ReplayProgress } from '../replay/replay.ts';
import type { ReplayResult } from '../replay/result.ts';
import { limitsOfCapture } from './limits.ts';
import { resultOf, type Fate, type TrialResult } from './record.ts';

/** `onProgress`: run 1 is the present policy, run 2 the changed one. */
export function tryCapture(
  path: string,
  present: PolicyDocument,
  changed: PolicyDocument,
  options: Omit<ReplayOptions, 'policy'> = {},
  onProgress?: (run: 1 | 2, progress: ReplayProgress) => void,
): TrialResult {
  const one = replayFile(path, { ...options, policy: compilePolicy(present) }, (p) => onProgress?.(1, p));
  const other = replayFile(path, { ...options, policy: compilePolicy(changed) }, (p) => onProgress?.(2, p));
  const [before, after] = [blockedIn(one), blockedIn(other)];
  const sources = new Set([...one.incidents, ...other.incidents].map(({ source }) => source));
  for (const source of [...before.keys(), ...after.keys()]) sources.add(source);
  const fate = (why: string | undefined): Fate => {
    const outcome = why === undefined ? 'open' : 'blocked';
    return { outcome, sure: true, why: why ?? 'nothing that blocks' };
  };
  const trials = [...sources].map((source) => {
    return { source, present: fate(before.get(source)), changed: fate(after.get(source)) };
  });
  const warnings = [...new Set([...one.warnings, ...other.warnings])];
  return resultOf(trials, [...limitsOfCapture(present, changed), ...warnings]);
}

function blockedIn({ verdicts }: ReplayResult): Map<string, string> {
  const blocked = new Map<string, string>();
  for (const { source, action, finding, count, threshold } of verdicts) {
    if (action !== 'block' && action !== 'deny') continue;
    if (!blocked.has(source)) blocked.set(source, `${finding}: ${count} counted, the threshold is ${threshold}`);
  }
  return blocked;
}
