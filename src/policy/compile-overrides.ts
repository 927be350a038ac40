/** Thresholds for single sources, brought into the forms that the judge and the detectors work with. */
import { compareAddress, inRange, parseRange, type AddressRange } from '../core/base/address.ts';
import type { InviteLimitOverride, ThresholdName, ThresholdOverride } from '../core/base/policy.ts';
import type { PolicyDocument } from './schema.ts';

const SIMULTANEOUS = 'invite-limit.simultaneous';
const RATE = 'invite-limit.threshold';
/** Of detectors that report, or count, up to their own threshold only. */
const LOWERED = ['enumeration.pendingThreshold', 'register-bruteforce.attemptsThreshold'] as const;

interface CompiledOverrides {
  all: ThresholdOverride[];
  ofInvites: InviteLimitOverride[];
  /** The lowest value that any source has. */
  lowest: (name: ThresholdName) => number;
}

export function compileOverrides(document: PolicyDocument): CompiledOverrides {
  const general = document.overrides.map(({ source, set }) => ({ range: addressRange(source), set: { ...set } }));
  const ofInvites = document.detect['invite-limit'].overrides.map(({ source, simultaneous, threshold }) => ({
    range: addressRange(source),
    set: { [SIMULTANEOUS]: simultaneous, [RATE]: threshold },
  }));
  // Behind the general ones: of two for the same source the detector's own wins.
  const said: ThresholdOverride[] = [...general, ...ofInvites];
  const lowest = (name: ThresholdName) => {
    const values = said.flatMap(({ set }) => (set[name] === undefined ? [] : [set[name]]));
    return Math.min(baseOf(document, name), ...values);
  };
  return { all: [...restored(document, lowest), ...said], ofInvites: inviteLimits(document, said), lowest };
}

/**
 * Detectors that look no further than their threshold are given the lowest that any source has; the judge gets the policy's own value
 * for all other sources, as an override for everybody.
 */
function restored(document: PolicyDocument, lowest: (name: ThresholdName) => number): ThresholdOverride[] {
  const lowered = LOWERED.filter((name) => lowest(name) < baseOf(document, name));
  if (lowered.length === 0) return [];
  const set = Object.fromEntries(lowered.map((name) => [name, baseOf(document, name)]));
  return ['0.0.0.0/0', '::/0'].map((source) => ({ range: addressRange(source), set }));
}

/** The limits of INVITEs come in pairs: what an override leaves out is the next broader one's, or the policy's. */
function inviteLimits(document: PolicyDocument, said: ThresholdOverride[]): InviteLimitOverride[] {
  const relevant = said.filter(({ set }) => set[SIMULTANEOUS] !== undefined || set[RATE] !== undefined);
  const valueFor = (range: AddressRange, name: typeof SIMULTANEOUS | typeof RATE): number => {
    let best: ThresholdOverride | null = null;
    for (const one of relevant) {
      const fits = one.set[name] !== undefined && isInside(range, one.range);
      if (fits && (best === null || isInside(one.range, best.range))) best = one;
    }
    return best?.set[name] ?? baseOf(document, name);
  };
  return relevant.map(({ range, set }) => ({
    range,
    simultaneous: set[SIMULTANEOUS] ?? valueFor(range, SIMULTANEOUS),
    threshold: set[RATE] ?? valueFor(range, RATE),
  }));
}

function baseOf(document: PolicyDocument, name: ThresholdName): number {
  const [detector, field] = name.split('.');
  return (document.detect as unknown as Record<string, Record<string, number>>)[detector][field];
}

function isInside(inner: AddressRange, outer: AddressRange): boolean {
  return inRange(inner.first, outer) && compareAddress(inner.last, outer.last) <= 0;
}

export function addressRange(text: string): AddressRange {
  const range = parseRange(text);
  if (!range) throw new TypeError('unchecked policy document: no address');
  return range;
}
