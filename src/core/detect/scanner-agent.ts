/**
 * Requests of a listed scanner. The user agent is the value of that header in any legal spelling – the decoder found it – never a
 * string anywhere in the packet (product.md, rule 5). Certain agents are reported on sight, suspicious ones add to the score.
 */
import { BoundedMap } from '../base/bounded-map.ts';
import type { ScannerAgentPolicy } from '../base/policy.ts';
import { hashSpan, spanText } from '../decode/sip/text.ts';
import { HEADER_USER_AGENT } from '../decode/sip/header-names.ts';
import { AgentList, type AgentTier } from './agent-list.ts';
import { COUNTED_SOURCES_MAX, type Detector, type Findings, type Tally } from './detector.ts';
import type { Sighting } from './sighting.ts';

const SLUG = 'scanner-agent';
const CODE = `${SLUG}.certain`;
/** Distinct user agents whose tier is remembered, by hash. */
const AGENTS_MAX = 4096;
/** User-Agent header fields looked at in one message. Evasion: a harmless one first, the scanner's after it. */
const FIELDS_MAX = 4;

export class ScannerAgent implements Detector {
  readonly slug = SLUG;
  private readonly policy: ScannerAgentPolicy;
  private readonly list: AgentList;
  private readonly tiers = new BoundedMap<AgentTier | 'none'>(AGENTS_MAX);
  private readonly suspects = new BoundedMap<number>(COUNTED_SOURCES_MAX);
  private readonly seed: number;

  constructor(policy: ScannerAgentPolicy, seed: number) {
    this.policy = policy;
    this.list = new AgentList(policy.certain, policy.suspicious);
    this.seed = seed;
  }

  request(s: Sighting, findings: Findings): void {
    const m = s.sip;
    if (m.userAgentCount === 0) return;
    let tier = this.tierOf(s, m.userAgentStart, m.userAgentEnd);
    if (m.userAgentCount > 1) tier = this.worstTier(s, tier);
    if (tier === 'certain') findings.report(SLUG, CODE, 1, 1, this.policy.windowMs, s);
    if (tier === 'suspicious') {
      this.suspects.set(s.row, s.now + this.policy.windowMs);
      findings.suspect(s.row, s.now + this.policy.windowMs);
    }
  }

  forget(row: number): void {
    this.suspects.delete(row);
  }

  tally(row: number, now: number): Tally[] {
    const suspicious = (this.suspects.peek(row) ?? 0) > now;
    const { windowMs } = this.policy;
    return suspicious ? [{ kind: SLUG, what: `${SLUG}.suspicious`, count: 0, threshold: 1, windowMs }] : [];
  }

  private worstTier(s: Sighting, first: AgentTier | 'none'): AgentTier | 'none' {
    const { headers, headerCount } = s.sip;
    let worst = first;
    for (let i = 0, seen = 0; i < headerCount && seen < FIELDS_MAX; i++) {
      if (headers.id[i] !== HEADER_USER_AGENT) continue;
      seen++;
      const tier = this.tierOf(s, headers.valueStart[i], headers.valueEnd[i]);
      if (tier !== 'certain' && worst !== 'none') continue;
      worst = tier;
      // People are shown the scanner's name, not the one in front of it.
      if (tier !== 'none') [s.sip.userAgentStart, s.sip.userAgentEnd] = [headers.valueStart[i], headers.valueEnd[i]];
      if (tier === 'certain') break;
    }
    return worst;
  }

  private tierOf(s: Sighting, start: number, end: number): AgentTier | 'none' {
    const key = hashSpan(s.sip.bytes, start, end, this.seed);
    let tier = this.tiers.get(key);
    if (tier === undefined) {
      tier = this.list.tierOf(spanText(s.sip.bytes, start, end)) ?? 'none';
      this.tiers.set(key, tier);
    }
    return tier;
  }
}
