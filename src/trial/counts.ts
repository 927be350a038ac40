/** Where a threshold alone decides, what was counted says how another threshold would have decided. */
import { parseAddress } from '../core/base/address.ts';
import type { CountPolicy, Policy } from '../core/base/policy.ts';
import { ThresholdTable } from '../core/base/threshold-table.ts';
import { decisiveName } from '../core/judge/overrides.ts';
import type { Fate, TrialRecord } from './record.ts';

/** The rate seen over a whole attack says what a window held only roughly: within this factor of the threshold it says nothing. */
const MARGIN = 2;

export function fateByCounts({ incident, verdict, evidence }: TrialRecord, policy: Policy): Fate {
  const rules = policy.detect[incident.kind];
  const surely = (outcome: Fate['outcome'], why: string): Fate => ({ outcome, sure: true, why });
  if (!rules.enabled) return surely('open', `${incident.kind} is switched off`);
  if (rules.action === 'watch' || rules.action === 'limit')
    return surely('open', `${incident.kind} says ${rules.action}`);
  const threshold = thresholdOf(incident.finding, incident.source, policy);
  if (threshold === null) {
    // Scanners are known by one message, and that message is the evidence.
    if (evidence.length === 0) return surely('unknown', `no evidence of ${incident.finding} is kept any more`);
    return surely('open', `no ${incident.finding} in the evidence`);
  }
  const { windowMs } = rules as CountPolicy;
  const needed = suspected(verdict) ? discounted(threshold, policy) : threshold;
  const counted = verdict?.count ?? 0;
  if (counted >= needed && (verdict === null || windowMs >= verdict.windowMs)) {
    return surely('blocked', `${incident.finding}: ${counted} counted, the threshold is ${threshold}`);
  }
  const total = Math.max(incident.count + incident.dropped, incident.usersTotal);
  if (total < needed) return surely('open', `${incident.finding}: ${total} seen in all, the threshold is ${threshold}`);
  const span = Math.max(1, incident.last - incident.first);
  // INVITEs at one moment (window 0) have no rate.
  const inWindow = windowMs === 0 ? 0 : Math.round(total * Math.min(1, windowMs / span));
  const why = `${incident.finding}: about ${inWindow} in ${windowMs / 1000} s at the rate seen, the threshold is ${threshold}`;
  if (inWindow >= needed * MARGIN) return { outcome: 'blocked', sure: false, why };
  if (windowMs > 0 && inWindow * MARGIN < needed) return { outcome: 'open', sure: false, why };
  return surely('unknown', `${incident.finding}: ${total} seen in all, the threshold is ${threshold}`);
}

/** What a finding of this source is held against; null: one message suffices. */
function thresholdOf(finding: string, source: string, policy: Policy): number | null {
  const address = parseAddress(source);
  const name = decisiveName(finding);
  if (name === null || address === null) return null;
  const [detector, field] = name.split('.');
  const base = (policy.detect as unknown as Record<string, Record<string, number>>)[detector][field];
  const { w0, w1, w2, w3 } = address;
  const own = new ThresholdTable(policy.overrides).at(name, base, w0, w1, w2, w3);
  // The limit of INVITEs itself is allowed.
  return detector === 'invite-limit' ? own + 1 : own;
}

/** A suspicious user agent was judged by less than the threshold. */
function suspected(verdict: TrialRecord['verdict']): boolean {
  return verdict !== null && verdict.count < verdict.threshold && verdict.action !== 'watch';
}

function discounted(threshold: number, { detect }: Policy): number {
  const weight = detect['scanner-agent'].suspicionWeight;
  return Math.max(Math.min(2, threshold), Math.ceil(threshold * (1 - weight)));
}
