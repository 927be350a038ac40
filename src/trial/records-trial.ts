/** Recorded attacks under the present policy and under a changed one: who would be blocked, newly or no longer. */
import { parseAddress } from '../core/base/address.ts';
import { packRanges } from '../core/base/packed-ranges.ts';
import type { Policy } from '../core/base/policy.ts';
import { Engine } from '../core/engine.ts';
import { compilePolicy } from '../policy/compile.ts';
import type { PolicyDocument } from '../policy/schema.ts';
import { framesOf, type TimedFrame } from './evidence-frames.ts';
import { fateByCounts } from './counts.ts';
import { limitsOfRecords } from './limits.ts';
import { resultOf, type Fate, type SourceTrial, type TrialRecord, type TrialResult } from './record.ts';

/** A fixed secret: the same records always give the same answer. */
const SEED = 0x54_52_49_41;

export function tryRecords(
  records: readonly TrialRecord[],
  present: PolicyDocument,
  changed: PolicyDocument,
): TrialResult {
  const policies = { present: compilePolicy(present), changed: compilePolicy(changed) };
  const bySource = new Map<string, TrialRecord[]>();
  for (const record of records) {
    const known = bySource.get(record.incident.source);
    if (known) known.push(record);
    else bySource.set(record.incident.source, [record]);
  }
  const frames = framesOf(records);
  const found = {
    present: blockedIn(frames, records, policies.present),
    changed: blockedIn(frames, records, policies.changed),
  };
  const trials: SourceTrial[] = [];
  for (const [source, own] of bySource) {
    const fate = (which: 'present' | 'changed') => fateOf(own, which, policies[which], found[which].get(source));
    trials.push({ source, present: fate('present'), changed: fate('changed') });
  }
  return resultOf(trials, limitsOfRecords(records, present, changed));
}

/** Findings that the engine blocks for when it sees the evidence, by source. */
function blockedIn(
  frames: readonly TimedFrame[],
  records: readonly TrialRecord[],
  policy: Policy,
): Map<string, string> {
  const allowed = records.filter((record) => record.allowed).map(({ incident }) => parseAddress(incident.source)!);
  const allow = packRanges(allowed.map((address) => ({ first: address, last: address })));
  const engine = new Engine({ policy, seed: SEED, allow });
  const blocked = new Map<string, string>();
  for (const { frame, at } of frames) {
    for (const verdict of engine.step(frame, at)) {
      const blocks = verdict.action === 'block' || verdict.action === 'deny';
      if (blocks && !blocked.has(verdict.source)) blocked.set(verdict.source, verdict.finding);
    }
    engine.takeChanges();
  }
  return blocked;
}

function fateOf(
  records: readonly TrialRecord[],
  which: 'present' | 'changed',
  policy: Policy,
  finding: string | undefined,
): Fate {
  const surely = (outcome: Fate['outcome'], why: string): Fate => ({ outcome, sure: true, why });
  const [{ allowed, shutOut }] = records;
  if (allowed) return surely('open', 'it is on the allowlist');
  if (policy.mode === 'monitor') return surely('open', 'the policy says monitor');
  if (shutOut[which] !== null) return surely('blocked', shutOut[which]);
  if (finding !== undefined) return surely('blocked', `${finding}, by the evidence`);
  const fates = records.map((record) => fateByCounts(record, policy));
  const first = (outcome: Fate['outcome'], sure: boolean) => {
    return fates.find((fate) => fate.outcome === outcome && fate.sure === sure);
  };
  return first('blocked', true) ?? first('blocked', false) ?? first('unknown', true) ?? fates[0];
}
