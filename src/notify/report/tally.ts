/** Counts what the day's incidents and verdicts say, one after the other, in bounded memory. */
import type { DetectorSlug } from '../../core/base/policy.ts';
import type { Action, Verdict } from '../../core/judge/verdict.ts';
import type { StoredIncident } from '../../store/store.ts';
import type { DecisionRule } from './daily-report.ts';
import type { LocalHour } from './local-day.ts';

/** Keys of one dimension. Evasion: forged sources and invented users cost an attacker nothing; beyond it, those with the least go. */
export const KEYS_MAX = 50_000;
/** Sources that are candidates for a decision by one rule. */
export const CANDIDATES_MAX = 5000;

export interface Count {
  attacks: number;
  messages: number;
}

/** Counts by key; `atLeast` when some were let go. */
export class Counts {
  readonly keys = new Map<string, Count>();
  atLeast = false;

  add(key: string, attacks: number, messages: number): void {
    const known = this.keys.get(key);
    if (known) {
      known.attacks += attacks;
      known.messages += messages;
      return;
    }
    if (this.keys.size >= KEYS_MAX) this.#shrink();
    this.keys.set(key, { attacks, messages });
  }

  #shrink(): void {
    const sorted = [...this.keys].sort(([, a], [, b]) => b.messages - a.messages || b.attacks - a.attacks);
    this.keys.clear();
    for (const [key, count] of sorted.slice(0, KEYS_MAX / 2)) this.keys.set(key, count);
    this.atLeast = true;
  }
}

/** What is known of a source that somebody may have to decide about. */
export interface Candidate {
  last: number;
  kinds: Set<DetectorSlug>;
  /** Blocks of it so far, as the verdicts said. */
  blocks: number;
}

export interface TallyOptions {
  hours: readonly LocalHour[];
  /** Sources with an account that got in lately. */
  registered: ReadonlySet<string>;
  /** `block.permanentAfter`; 0: never. */
  permanentAfter: number;
}

export class DayTally {
  readonly kinds = new Counts();
  readonly countries = new Counts();
  readonly networks = new Counts();
  readonly victims = new Counts();
  readonly sources = new Counts();
  readonly users = new Counts();
  readonly places = new Map<string, { country: string | null; network: string | null }>();
  /** Attacks of each hour of the day. */
  readonly hours: number[];
  readonly actions: Record<Action, number> = { pass: 0, watch: 0, limit: 0, block: 0, deny: 0 };
  readonly candidates: Record<DecisionRule, Map<string, Candidate>> = {
    ...{ 'registered-attacker': new Map(), 'exempt-attacker': new Map() },
    ...{ 'near-permanent': new Map(), 'invite-limit': new Map() },
  };
  readonly #options: TallyOptions;

  constructor(options: TallyOptions) {
    this.#options = options;
    this.hours = options.hours.map(() => 0);
  }

  incident(incident: StoredIncident): void {
    const { kind, source, victim, country, asn, network, count, action, users } = incident;
    this.kinds.add(kind, 1, count);
    this.countries.add(country ?? '', 1, count);
    if (asn !== null) this.networks.add(`${asn} ${network ?? ''}`, 1, count);
    this.victims.add(victim, 1, count);
    this.sources.add(source, 1, count);
    if (this.places.size < KEYS_MAX) this.places.set(source, { country, network });
    for (const user of users) this.users.add(user, 1, 0);
    if (action in this.actions) this.actions[action]++;
    const hour = this.#options.hours.findIndex(({ to }) => incident.first < to);
    if (hour >= 0) this.hours[hour]++;
    const guesses = kind === 'register-bruteforce' || kind === 'auth-bruteforce';
    if (guesses && this.#options.registered.has(source)) this.#suspect('registered-attacker', incident);
    if (action === 'pass') this.#suspect('exempt-attacker', incident);
    if (kind === 'invite-limit' && action === 'watch') this.#suspect('invite-limit', incident);
  }

  verdict({ source, action, kind, at, blocksBefore }: Verdict): void {
    const near = this.candidates['near-permanent'];
    if (action === 'deny') near.delete(source);
    const { permanentAfter } = this.#options;
    if (action !== 'block' || permanentAfter === 0 || blocksBefore + 1 < Math.max(1, permanentAfter - 1)) return;
    this.#suspect('near-permanent', { source, kind, last: at }, blocksBefore + 1);
  }

  #suspect(
    rule: DecisionRule,
    { source, kind, last }: Pick<StoredIncident, 'source' | 'kind' | 'last'>,
    blocks = 0,
  ): void {
    const candidates = this.candidates[rule];
    let candidate = candidates.get(source);
    if (candidate === undefined) {
      if (candidates.size >= CANDIDATES_MAX) return;
      candidates.set(source, (candidate = { last, kinds: new Set(), blocks }));
    }
    candidate.kinds.add(kind);
    candidate.last = Math.max(candidate.last, last);
    candidate.blocks = Math.max(candidate.blocks, blocks);
  }
}
