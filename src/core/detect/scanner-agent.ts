/**
 * Requests of a listed scanner. The user agent is the value of that header in any legal spelling – the decoder found it – never a
 * string anywhere in the packet (product.md, rule 5). Certain agents are reported on sight, suspicious ones add to the score.
 */
import { BoundedMap } from '../base/bounded-map.ts';
import type { ScannerAgentPolicy } from '../base/policy.ts';
import { hashSpan, spanText } from '../decode/sip/text.ts';
import { HEADER_USER_AGENT } from '../decode/sip/header-names.ts';
import { headerField, VALUE_END, VALUE_START } from '../decode/sip/message.ts';
import { AgentList, type AgentTier } from './agent-list.ts';
import { COUNTED_SOURCES_MAX, type Detector, type Findings, type Tally } from './detector.ts';
import type { Sighting } from './sighting.ts';

const SLUG = 'scanner-agent';
const CODE = `${SLUG}.certain`;
/** Distinct user agents whose tier is remembered, by hash. */
const AGENTS_MAX = 4096;
const HARMLESS_SLOTS = 1024;
/** User-Agent header fields looked at in one message. Evasion: a harmless one first, the scanner's after it. */
const FIELDS_MAX = 4;

export class ScannerAgent implements Detector {
  readonly slug = SLUG;
  private readonly policy: ScannerAgentPolicy;
  private readonly list: AgentList;
  private readonly tiers = new BoundedMap<AgentTier | 'none'>(AGENTS_MAX);
  /** Hashes of agents that are on no list, the last one for each slot: nearly every message of a phone. */
  private readonly harmless = new Uint32Array(HARMLESS_SLOTS);
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
    let worst = first;
    for (let i = 0, seen = 0; i < s.sip.headerCount && seen < FIELDS_MAX; i++) {
      if (headerField(s.sip, i, 0) !== HEADER_USER_AGENT) continue;
      seen++;
      const [start, end] = [headerField(s.sip, i, VALUE_START), headerField(s.sip, i, VALUE_END)];
      const tier = this.tierOf(s, start, end);
      if (tier !== 'certain' && worst !== 'none') continue;
      worst = tier;
      // People are shown the scanner's name, not the one in front of it.
      if (tier !== 'none') [s.sip.userAgentStart, s.sip.userAgentEnd] = [start, end];
      if (tier === 'certain') break;
    }
    return worst;
  }

  private tierOf(s: Sighting, start: number, end: number): AgentTier | 'none' {
    const key = hashSpan(s.sip.bytes, start, end, this.seed) || 1;
    const slot = key & (HARMLESS_SLOTS - 1);
    if (this.harmless[slot] === key) return 'none';
    let tier = this.tiers.get(key);
    if (tier === undefined) {
      tier = this.list.tierOf(spanText(s.sip.bytes, start, end)) ?? 'none';
      this.tiers.set(key, tier);
    }
    if (tier === 'none') this.harmless[slot] = key;
    return tier;
  }
}
