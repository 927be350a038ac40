/**
 * The judge: takes findings and decides pass, watch, limit, block or deny – always with a reason, once for each step up the ladder.
 */
import { formatWords, type Address } from '../base/address.ts';
import { BoundedMap } from '../base/bounded-map.ts';
import type { DetectorSlug, Policy, ThresholdName } from '../base/policy.ts';
import { grown, type SourceColumn, type SourceTable } from '../base/source-table.ts';
import { ThresholdTable } from '../base/threshold-table.ts';
import { COUNTED_SOURCES_MAX, type Findings } from '../detect/detector.ts';
import type { Sighting } from '../detect/sighting.ts';
import { BlockHistory, type BlockHistoryEntry } from './block-history.ts';
import type { Incidents, OpenIncident } from './incidents.ts';
import { Lists, type ListsInput } from './lists.ts';
import { nameOf } from './overrides.ts';
import type { Action, Verdict } from './verdict.ts';

/** A decision that blocks nothing is looked at again after this long: lists and policy may have changed the answer. */
const DECISION_MS = 60_000;

interface Decision {
  action: Action;
  reason: string;
  until: number | null;
  blocksBefore: number;
  /** A step up: people and the kernel must hear of it. */
  news: boolean;
}

export class Judge implements Findings, SourceColumn {
  lists: Lists;
  readonly history: BlockHistory;
  /** Replay: a source on the denylist gets a verdict of its own; live the kernel drops it before anybody looks. */
  tellsDenied = false;
  /** Verdicts of this step, for the engine to hand on. */
  verdicts: Verdict[] = [];
  /** Told at each new block, so that counting begins anew: after it has ended, a threshold must be crossed again. */
  onBlocked: (row: number) => void = () => {};
  private rules!: Policy;
  /** Null: no source has thresholds of its own. */
  private overrides: ThresholdTable | null = null;
  private readonly sources: SourceTable;
  private readonly incidents: Incidents;
  /** Milliseconds since the epoch; 0: never, Infinity: permanent. */
  private blockedUntil = new Float64Array(0);
  /** Few sources are limited or suspicious: by row, until when. */
  private readonly limitedUntil = new BoundedMap<number>(COUNTED_SOURCES_MAX);
  private readonly suspiciousUntil = new BoundedMap<number>(COUNTED_SOURCES_MAX);

  constructor(
    policy: Policy,
    lists: ListsInput,
    history: BlockHistoryEntry[],
    sources: SourceTable,
    incidents: Incidents,
  ) {
    this.policy = policy;
    this.lists = new Lists(lists);
    this.history = new BlockHistory(history);
    this.sources = sources;
    this.incidents = incidents;
  }

  get policy(): Policy {
    return this.rules;
  }

  set policy(policy: Policy) {
    this.rules = policy;
    this.overrides = policy.overrides.length === 0 ? null : new ThresholdTable(policy.overrides);
  }

  grow(rows: number): void {
    this.blockedUntil = grown(this.blockedUntil, new Float64Array(rows));
  }

  forget(row: number): void {
    this.blockedUntil[row] = 0;
    this.limitedUntil.delete(row);
    this.suspiciousUntil.delete(row);
  }

  report(
    kind: DetectorSlug,
    code: string,
    count: number,
    base: number,
    windowMs: number,
    s: Sighting,
    sinceMs = s.now,
  ): void {
    const name = this.overrides === null ? undefined : nameOf(code);
    const threshold = name === undefined ? base : this.thresholdFor(name, base, s);
    const incident = this.incidents.count(kind, s);
    if (incident) {
      const again = s.now >= incident.decidedUntil && count >= this.effective(threshold, s);
      if (again) this.rule(incident, code, count, threshold, windowMs, s);
      return;
    }
    this.sources.keep(s.row);
    if (count < this.effective(threshold, s)) {
      this.incidents.brew(kind, s, windowMs, sinceMs);
      return;
    }
    this.rule(this.incidents.begin(kind, code, count, s, sinceMs), code, count, threshold, windowMs, s);
  }

  suspect(row: number, untilMs: number): void {
    this.suspiciousUntil.set(row, untilMs);
  }

  /** Until when the source is blocked: 0 not at all, Infinity for ever. */
  blocked(row: number, now: number): number {
    const until = this.blockedUntil[row];
    return until > now ? until : 0;
  }

  limited(row: number, now: number): number {
    const until = this.limitedUntil.peek(row) ?? 0;
    return until > now ? until : 0;
  }

  suspicious(row: number, now: number): boolean {
    return (this.suspiciousUntil.peek(row) ?? 0) > now;
  }

  /** A packet of a blocked source was seen (replay): it would have been dropped, and the kernel would have extended the block. */
  wouldDrop(row: number, now: number): void {
    const { extend, durationMs } = this.policy.block;
    if (extend && this.blockedUntil[row] !== Infinity)
      this.blockedUntil[row] = Math.max(this.blockedUntil[row], now + durationMs);
    this.incidents.dropped(row, 1, now);
  }

  setBlocked(row: number, until: number): void {
    this.blockedUntil[row] = until;
  }

  thresholdFor(name: ThresholdName, base: number, s: Sighting): number {
    return this.overrides === null ? base : this.overrides.at(name, base, s.source0, s.source1, s.source2, s.source3);
  }

  thresholdAt(name: ThresholdName, base: number, { w0, w1, w2, w3 }: Address): number {
    return this.overrides === null ? base : this.overrides.at(name, base, w0, w1, w2, w3);
  }

  /** A suspicious source reaches every threshold sooner. Never alone: at least one event of the detector's own is needed. */
  effective(threshold: number, s: Sighting): number {
    if (!this.suspicious(s.row, s.now)) return threshold;
    const weight = this.policy.detect['scanner-agent'].suspicionWeight;
    return Math.max(Math.min(2, threshold), Math.ceil(threshold * (1 - weight)));
  }

  private rule(
    incident: OpenIncident,
    code: string,
    count: number,
    threshold: number,
    windowMs: number,
    s: Sighting,
  ): void {
    const decision = this.decide(incident, code, s);
    incident.decidedUntil = decision.until ?? (decision.action === 'deny' ? Infinity : s.now + DECISION_MS);
    const told = incident.ruled && incident.action === decision.action && incident.reason === decision.reason;
    const harmless = decision.action === 'pass' || decision.action === 'watch';
    const denied = this.tellsDenied && decision.reason === 'denylisted';
    if (denied) this.blockedUntil[s.row] = Infinity;
    incident.action = decision.action;
    incident.reason = decision.reason;
    incident.ruled = true;
    const blocks = decision.action === 'block' || decision.action === 'deny';
    // An attack that goes on after its incident was closed (replay): what is dropped belongs to the new one.
    if (blocks && (decision.news || !this.incidents.blames(incident.row))) this.incidents.blame(incident);
    if (!decision.news && (told || !(harmless || denied))) return;
    this.verdicts.push({
      at: s.now,
      source: incident.source,
      sourcePort: s.sourcePort,
      victim: incident.victim,
      victimPort: s.servicePort,
      transport: s.tcp ? 'tcp' : 'udp',
      action: decision.action,
      scope: incident.scope,
      target: incident.target,
      proof: incident.proof,
      reason: decision.reason,
      finding: code,
      kind: incident.file.kind,
      count,
      threshold,
      windowMs,
      until: decision.until,
      blocksBefore: decision.blocksBefore,
      incident: incident.id,
    });
  }

  private decide(incident: OpenIncident, code: string, s: Sighting): Decision {
    const address = { w0: s.source0, w1: s.source1, w2: s.source2, w3: s.source3 };
    const text = formatWords(s.source0, s.source1, s.source2, s.source3);
    const { block, limit, mode, detect } = this.policy;
    const blocksBefore = this.history.count(text, s.now, block.rememberMs);
    const still = (action: Action, reason: string): Decision => ({
      action,
      reason,
      until: null,
      blocksBefore,
      news: false,
    });
    const exemption = this.lists.exemption(address);
    if (exemption !== null) return still('pass', exemption);
    if (this.lists.denied(address)) return still('deny', 'denylisted');
    const asked = detect[incident.file.kind].action;
    if (asked === 'watch') return still('watch', code);
    if (mode === 'monitor') return still('watch', 'monitor-only');
    const blockedUntil = this.blocked(s.row, s.now);
    if (blockedUntil === Infinity) return still('deny', code);
    if (blockedUntil > 0) return { ...still('block', code), until: blockedUntil };
    if (asked === 'limit') {
      const news = this.limited(s.row, s.now) === 0;
      if (news) this.limitedUntil.set(s.row, s.now + limit.durationMs);
      return { action: 'limit', reason: code, until: this.limited(s.row, s.now), blocksBefore, news };
    }
    this.history.add(text, s.now, block.rememberMs);
    this.onBlocked(s.row);
    const repeated = block.permanentAfter > 0 && blocksBefore >= block.permanentAfter;
    if (asked === 'deny' || repeated) {
      this.blockedUntil[s.row] = Infinity;
      return { action: 'deny', reason: repeated ? 'repeat-offender' : code, until: null, blocksBefore, news: true };
    }
    const until = s.now + block.durationMs;
    this.blockedUntil[s.row] = until;
    return { action: 'block', reason: code, until, blocksBefore, news: true };
  }
}
