/**
 * The judge: takes findings and decides pass, watch, limit, block or deny – always with a reason, once for each step up the ladder.
 */
import { formatWords, isV4, type Address, type AddressRange } from '../base/address.ts';
import { BoundedMap } from '../base/bounded-map.ts';
import { isLine, LINE_BITS } from '../base/lines.ts';
import type { DetectorAction, DetectorSlug, Policy, ThresholdName } from '../base/policy.ts';
import type { SourceColumn, SourceTable } from '../base/source-table.ts';
import { formatTarget, networkTarget, portTarget, type Scope, type Target } from '../base/target.ts';
import { ThresholdTable } from '../base/threshold-table.ts';
import { COUNTED_SOURCES_MAX, type Findings, type Hint } from '../detect/detector.ts';
import type { Exchanges } from '../detect/exchanges.ts';
import type { Sighting } from '../detect/sighting.ts';
import { argue } from './argue.ts';
import { BlockHistory, type BlockHistoryEntry } from './block-history.ts';
import { Blocks } from './blocks.ts';
import { hardness, softer } from './hardness.ts';
import type { Incidents, OpenIncident } from './incidents.ts';
import { Lists, type ListsInput } from './lists.ts';
import { Offences } from './offences.ts';
import { nameOf } from './overrides.ts';
import { phoneOfRow, portKey, Trust } from './trust.ts';
import { VOLUME, type Action, type Verdict } from './verdict.ts';
import { Widening } from './widening.ts';
import { Scales, type Finding, type Weight } from './weight.ts';

/** A decision that blocks nothing is looked at again after this long: lists and policy may have changed the answer. */
const DECISION_MS = 60_000;
const NO_HINT: Hint = {};
/** A network that a finding names without saying how large it is. */
const NETWORK_BITS_V4 = 24;

interface Decision {
  action: Action;
  reason: string;
  target: Target;
  scope: Scope;
  until: number | null;
  blocksBefore: number;
  /** A step up: people and the kernel must hear of it. */
  news: boolean;
}

export class Judge implements Findings, SourceColumn {
  lists: Lists;
  readonly history: BlockHistory;
  readonly trust: Trust;
  readonly blocks = new Blocks();
  readonly offences = new Offences();
  /** Replay: a source on the denylist gets a verdict of its own; live the kernel drops it before anybody looks. */
  tellsDenied = false;
  /** Verdicts of this step, for the engine to hand on. */
  verdicts: Verdict[] = [];
  /** Told at each new block of an address, so that counting begins anew: after it has ended, a threshold must be crossed again. */
  onBlocked: (row: number) => void = () => {};
  private rules!: Policy;
  /** Null: no source has thresholds of its own. */
  private overrides: ThresholdTable | null = null;
  private readonly sources: SourceTable;
  private readonly incidents: Incidents;
  private readonly exchanges: Exchanges;
  private readonly scales: Scales;
  private readonly widening = new Widening();
  private readonly finding: Finding = { code: '', count: 0, needed: 0, windowMs: 0, hint: NO_HINT };
  /** Few sources are limited or suspicious: by row, and by row and port, until when. */
  private readonly limitedUntil = new BoundedMap<number>(COUNTED_SOURCES_MAX);
  private readonly briefUntil = new BoundedMap<number>(COUNTED_SOURCES_MAX);
  private readonly limitedPorts = new BoundedMap<number>(COUNTED_SOURCES_MAX);
  private readonly suspiciousUntil = new BoundedMap<number>(COUNTED_SOURCES_MAX);

  constructor(
    policy: Policy,
    lists: ListsInput,
    history: BlockHistoryEntry[],
    sources: SourceTable,
    incidents: Incidents,
    exchanges: Exchanges,
  ) {
    this.trust = new Trust(sources);
    this.policy = policy;
    this.lists = new Lists(lists);
    this.history = new BlockHistory(history);
    this.sources = sources;
    this.incidents = incidents;
    this.exchanges = exchanges;
    this.scales = new Scales(this.trust, this.offences, exchanges);
  }

  get policy(): Policy {
    return this.rules;
  }

  set policy(policy: Policy) {
    this.rules = policy;
    this.trust.rememberMs = policy.trust.rememberMs;
    this.overrides = policy.overrides.length === 0 ? null : new ThresholdTable(policy.overrides);
  }

  grow(rows: number): void {
    this.blocks.grow(rows);
    this.offences.grow(rows);
  }

  /** The row is another address's from now on. */
  forget(row: number): void {
    this.trust.evicted(row);
    this.pardon(row);
  }

  /** Nothing is held against the source any more; who got in from it is still known. */
  pardon(row: number): void {
    this.blocks.forget(row);
    this.offences.forget(row);
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
    hint = NO_HINT,
  ): void {
    const name = this.overrides === null ? undefined : nameOf(code);
    const threshold = name === undefined ? base : this.thresholdFor(name, base, s);
    const f = this.finding;
    f.code = code;
    f.count = count;
    f.needed = this.effective(threshold, s);
    f.windowMs = windowMs;
    f.hint = hint;
    const weight = this.scales.weigh(f, s, this.policy);
    const incident = this.incidents.count(kind, s);
    if (incident) {
      if (weight.scope !== null && this.mustRule(incident, weight, hint, s)) this.rule(incident, threshold, weight, s);
      return;
    }
    this.sources.keep(s.row);
    if (weight.scope === null) {
      this.incidents.brew(kind, s, windowMs, sinceMs);
      return;
    }
    this.rule(this.incidents.begin(kind, code, count, s, sinceMs), threshold, weight, s);
  }

  suspect(row: number, untilMs: number): void {
    this.suspiciousUntil.set(row, untilMs);
  }

  acknowledged(s: Sighting, call: boolean): void {
    if (call) this.trust.called(s.row, s.now);
    this.offences.proveLate(s.row, this.exchanges.counted[s.exchange], s.sourcePort, s.user, s.now);
  }

  phonesOf(row: number): number {
    return this.trust.seen(row);
  }

  isKnown(s: Sighting): boolean {
    return this.trust.isKnown(s.row, s.now);
  }

  /** Until when the whole address is blocked: 0 not at all, Infinity for ever. */
  blocked(row: number, host: number, now: number): number {
    return this.blocks.ofAddress(row, host, now);
  }

  limited(row: number, host: number, now: number): number {
    const [table, key] = this.limitOf(row, host);
    const until = table.peek(key) ?? 0;
    return until > now ? until : 0;
  }

  suspicious(row: number, now: number): boolean {
    return (this.suspiciousUntil.peek(row) ?? 0) > now;
  }

  /** A packet of a blocked source was seen (replay): it would have been dropped, and the kernel would have extended the block. */
  wouldDrop(row: number, now: number): void {
    const { extend, durationMs } = this.policy.block;
    const until = this.blocks.ofAddress(row, 0, now);
    if (extend && until !== Infinity && until > 0 && until !== this.briefUntil.peek(row))
      this.blocks.setSource(row, Math.max(until, now + durationMs));
    this.incidents.dropped(row, 1, now);
  }

  thresholdFor(name: ThresholdName, base: number, s: Sighting): number {
    return this.overrides === null ? base : this.overrides.at(name, base, s.source0, s.source1, s.source2, s.source3);
  }

  thresholdAt(name: ThresholdName, base: number, { w0, w1, w2, w3 }: Address): number {
    return this.overrides === null ? base : this.overrides.at(name, base, w0, w1, w2, w3);
  }

  mayWiden(network: Target, s: Sighting): boolean {
    const { widen } = this.policy;
    // Whose line it is, and who got in from it, is known by the row.
    if (isLine(network))
      return s.host !== 0 && (widen.bits6 ?? Infinity) <= LINE_BITS && !this.trust.isKnown(s.row, s.now);
    const knownWithin = (range: AddressRange) => this.trust.knownWithin(range, s.now);
    return !this.blocks.networksFull(s.now) && this.widening.may(network, s.now, widen, this.lists, knownWithin);
  }

  /**
   * A suspicious source reaches every threshold sooner. Never alone: at least one event of the detector's own is needed. A phone whose
   * registration holds reaches it later, whatever it calls itself: soft phones are on the list of suspicious ones.
   */
  effective(threshold: number, s: Sighting): number {
    const registered = threshold > 1 && this.trust.standing(s.row, s.phone, s.tcp, s.now) === 'registered';
    if (registered) return threshold * this.policy.trust.thresholdFactor;
    if (!this.suspicious(s.row, s.now)) return threshold;
    const weight = this.policy.detect['scanner-agent'].suspicionWeight;
    return Math.max(Math.min(2, threshold), Math.ceil(threshold * (1 - weight)));
  }

  /** An incident is ruled on once, and again when what stands may be outdone: time is over, or the new evidence weighs more. */
  private mustRule(incident: OpenIncident, weight: Weight, hint: Hint, s: Sighting): boolean {
    if (s.now >= incident.decidedUntil) return true;
    // Evasion: the next address of a line that is not blocked as a whole.
    if (s.host !== incident.host && incident.scope !== 'network') return true;
    // At a known address one port after the other is ruled on, and proof comes after what was merely seen.
    if (weight.known && weight.confirmed) return true;
    return hardness(hint.most) > hardness(incident.most);
  }

  private rule(incident: OpenIncident, threshold: number, weight: Weight, s: Sighting): void {
    const { code, count, windowMs, hint } = this.finding;
    const decision = this.decide(incident, weight, s);
    const { action, reason, until, target, scope } = decision;
    incident.decidedUntil = until ?? (action === 'deny' ? Infinity : s.now + DECISION_MS);
    incident.most = hint.most;
    incident.host = s.host;
    const told = incident.ruled && incident.action === action && incident.reason === reason;
    const harmless = action === 'pass' || action === 'watch';
    const denied = this.tellsDenied && reason === 'denylisted';
    if (denied) this.blocks.setAddress(s.row, s.host, Infinity);
    incident.action = action;
    incident.reason = reason;
    incident.scope = scope;
    incident.target = formatTarget(target);
    incident.proof = weight.confirmed ? (s.proof ?? incident.proof ?? 'ack') : null;
    incident.ruled = true;
    incident.argument = argue(this.finding, weight, decision, this.standingOf(s), this.policy);
    const blocks = action === 'block' || action === 'deny';
    // An attack that goes on after its incident was closed (replay): what is dropped belongs to the new one.
    if (blocks && (decision.news || !this.incidents.blames(incident.row))) this.incidents.blame(incident);
    if (!decision.news && (told || !(harmless || denied))) return;
    this.verdicts.push({
      at: s.now,
      source: scope === 'network' ? incident.source : formatWords(s.source0, s.source1, s.source2, s.source3),
      sourcePort: s.sourcePort,
      victim: incident.victim,
      victimPort: s.servicePort,
      transport: s.tcp ? 'tcp' : 'udp',
      action,
      scope: incident.scope,
      target: incident.target,
      proof: incident.proof,
      argument: incident.argument,
      reason,
      finding: code,
      kind: incident.file.kind,
      count,
      threshold: Math.max(threshold, this.finding.needed),
      windowMs,
      until,
      blocksBefore: decision.blocksBefore,
      incident: incident.id,
    });
  }

  private standingOf(s: Sighting): {
    standing: 'unknown' | 'known' | 'registered';
    phones: number;
    portsBlocked: number;
  } {
    const { trust, offences } = this;
    return {
      standing: trust.standing(s.row, s.phone, s.tcp, s.now),
      phones: trust.phones(s.row, s.now),
      portsBlocked: offences.portsBlocked(s.row, s.host, s.now, this.policy.trust.portsWithinMs),
    };
  }

  private decide(incident: OpenIncident, weight: Weight, s: Sighting): Decision {
    const { code, hint } = this.finding;
    const { kind } = incident.file;
    const address = { w0: s.source0, w1: s.source1, w2: s.source2, w3: s.source3 };
    const { mode, detect } = this.policy;
    const { target, scope } = this.targetOf(weight, address, hint, s, detect[kind].action);
    const blocksBefore = this.history.count(formatTarget(target), s.now, this.policy.block.rememberMs);
    const decided = (action: Action, reason: string, until: number | null = null, news = false): Decision => {
      return { action, reason, target, scope, until, blocksBefore, news };
    };
    const exemption = this.lists.exemption(address);
    if (exemption !== null) return decided('pass', exemption);
    if (this.lists.denied(address)) return decided('deny', 'denylisted');
    const asked = softer(detect[kind].action, hint.most);
    if (asked === 'watch') return decided('watch', code);
    if (mode === 'monitor') return decided('watch', 'monitor-only');
    const blockedUntil = this.blocks.covering(s, () => address, s.now);
    if (blockedUntil === Infinity) return decided('deny', code);
    if (blockedUntil > 0) return decided('block', code, blockedUntil);
    const limited = () => this.limit(s, scope, decided, code);
    if (weight.known && !weight.confirmed) {
      // A phone needs few calls a second, whoever floods in its name; a trunk may need them all.
      const phone = this.trust.standing(s.row, s.phone, s.tcp, s.now) === 'registered';
      return kind === 'flood' && phone ? limited() : decided('watch', 'unconfirmed');
    }
    if (asked === 'limit') return limited();
    return this.block(asked, weight, s, kind, decided, { target, scope, blocksBefore });
  }

  private block(
    asked: DetectorAction,
    weight: Weight,
    s: Sighting,
    kind: DetectorSlug,
    decided: (action: Action, reason: string, until: number | null, news: boolean) => Decision,
    { target, scope, blocksBefore }: { target: Target; scope: Scope; blocksBefore: number },
  ): Decision {
    const { block, trust } = this.policy;
    const { code } = this.finding;
    const repeated = block.permanentAfter > 0 && blocksBefore >= block.permanentAfter;
    // Invariant: what anybody could have forged leaves no trace on the ladder. A port is soon another phone's, a wider network others' too.
    const whole = scope === 'address' || isLine(target);
    const forGood = weight.confirmed && whole && (asked === 'deny' || repeated);
    const brief = !weight.confirmed && VOLUME.has(kind);
    const until = forGood ? Infinity : s.now + (brief ? trust.unconfirmedMs : block.durationMs);
    if (brief) this.briefUntil.set(s.row, until);
    if (weight.confirmed) {
      this.history.add(formatTarget(target), s.now, block.rememberMs);
      if (scope === 'port') this.trust.lose(s.row, s.phone, s.tcp);
      else if (scope === 'address') this.trust.loseAll(s.row, s.host);
    }
    if (scope === 'port') {
      this.blocks.setPort(s.row, s.phone, s.tcp, until);
      this.offences.portBlocked(s.row, s.host, portKey(s.phone, s.tcp), s.now, trust.portsWithinMs);
      this.offences.forgetPort(s.row, s.phone);
    } else {
      if (isLine(target)) this.blocks.setSource(s.row, until);
      else if (scope === 'network') {
        this.blocks.setNetwork(target, until);
        this.widening.took(target, s.now);
      } else this.blocks.setAddress(s.row, s.host, until);
      this.offences.forget(s.row);
      this.onBlocked(s.row);
    }
    if (forGood) return decided('deny', repeated ? 'repeat-offender' : code, null, true);
    return decided('block', code, until, true);
  }

  private limit(
    s: Sighting,
    scope: Scope,
    decided: (action: Action, reason: string, until: number | null, news: boolean) => Decision,
    code: string,
  ): Decision {
    const [table, key] =
      scope === 'port' ? [this.limitedPorts, phoneOfRow(s.row, portKey(s.phone, s.tcp))] : this.limitOf(s.row, s.host);
    let until = table.peek(key) ?? 0;
    const news = until <= s.now;
    if (news) table.set(key, (until = s.now + this.policy.limit.durationMs));
    return decided('limit', code, until, news);
  }

  /** An address of a line stands among the phones, under its own hash. */
  private limitOf(row: number, host: number): [BoundedMap<number>, number] {
    return host === 0 ? [this.limitedUntil, row] : [this.limitedPorts, phoneOfRow(row, portKey(host, false))];
  }

  /**
   * Invariant: a network that holds a known or an exempt address is never acted on as a whole, nor more networks than may be. In IPv6 an
   * address stands for its line, a /64: the next packet would come from the next address. A limit is always of one address.
   */
  private targetOf(
    w: Weight,
    address: Address,
    hint: Hint,
    s: Sighting,
    asked: DetectorAction,
  ): { target: Target; scope: Scope } {
    const { scope, known } = w;
    if (scope === 'port') return { target: portTarget(address, s.sourcePort, s.tcp ? 'tcp' : 'udp'), scope };
    const alone = { target: address, scope: 'address' as const };
    const v4 = isV4(address);
    if (softer(asked, hint.most) === 'limit' || (scope === 'address' && (s.host === 0 || known))) return alone;
    const bits = scope === 'address' ? LINE_BITS : v4 ? (hint.bits4 ?? NETWORK_BITS_V4) : (hint.bits6 ?? LINE_BITS);
    const network = networkTarget(address, bits);
    return this.mayWiden(network, s) ? { target: network, scope: 'network' } : alone;
  }
}
