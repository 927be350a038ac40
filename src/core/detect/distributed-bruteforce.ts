/**
 * Many sources that guess together, each too little to be noticed: one user tried from many places, one program at work in many places, a
 * network that sends one address after the other, a provider whose networks guess in turn. A campaign lowers what is asked of each source
 * that takes part; it blocks nobody for what others did. Only a network whose addresses proved hostile one by one is blocked as a whole, and the judge has the last word on it.
 */
import type { DistributedBruteforcePolicy } from '../base/policy.ts';
import type { Detector, Findings, Hint, Tally } from './detector.ts';
import { GOOD_KEY, type BadEvent, type PatientDetector } from './patient/bad-events.ts';
import type { Ledger, Tallied } from './patient/ledger.ts';
import { DAY_S, WEEK_S, type PatientMemory } from './patient/memory.ts';
import { isV4Source, LENGTHS_V4, LENGTHS_V6, networkOf } from './patient/places.ts';
import { GIVEN_UP_S, STUBBORN } from './patient/suspects.ts';
import type { Sighting } from './sighting.ts';

const SLUG = 'distributed-bruteforce';
const OF_USER = `${SLUG}.one-user`;
const OF_PROGRAM = `${SLUG}.one-program`;
const OF_NETWORK = `${SLUG}.network`;
const OF_SYSTEM = `${SLUG}.one-asn`;
/** Findings in which a source is judged by guesses of its own, and asked for fewer of them because of what others do. */
export const CAMPAIGNS: readonly string[] = [OF_USER, OF_PROGRAM, OF_SYSTEM];
const OWN_GUESSES = `${SLUG}.guesses`;
/** Within a week twice as many are asked for as within a day. */
const WINDOWS: readonly Window[] = [
  { seconds: DAY_S, factor: 1 },
  { seconds: WEEK_S, factor: 2 },
];
/** A person who mistypes a password does so within minutes; who comes back for more is part of the campaign. */
const RETURNED_S = 1800;
/** A program that got in from so many regions within the week is somebody's phone. */
const GOOD_REGIONS = 2;
/** Hostile addresses that only ever tried one user or two may be one person who moves about; so many more of them are not. */
const USERS_MIN = 3;
const MOVING_FACTOR = 3;
/** One user from so many addresses of a network within a minute: nobody moves as fast. */
const RUSH_S = 60;
const RUSH_MEMBERS = 5;
/** A network that may not be blocked is looked at again after this long, and people are told again. */
const RETELL_S = 3600;
const TOLD: Hint = { most: 'watch' };

interface Window {
  seconds: number;
  /** The policy's thresholds, which are for a day, times this. */
  factor: number;
}

export class DistributedBruteforce implements Detector, PatientDetector {
  readonly slug = SLUG;
  private readonly policy: DistributedBruteforcePolicy;
  private readonly memory: PatientMemory;

  constructor(policy: DistributedBruteforcePolicy, memory: PatientMemory) {
    this.policy = policy;
    this.memory = memory;
  }

  failed(event: BadEvent, s: Sighting, findings: Findings): void {
    if (event.what === STUBBORN) return;
    if (this.ofNetwork(event, s, findings)) return;
    const { users, programs } = this.memory;
    if (event.user >= 0 && this.campaign(users, event.user, OF_USER, event, s, findings)) return;
    if (event.program >= 0 && !this.isPhone(event))
      if (this.campaign(programs, event.program, OF_PROGRAM, event, s, findings)) return;
    if (event.system >= 0) this.ofSystem(event, s, findings);
  }

  tally(row: number, now: number): Tally[] {
    const { tries } = this.memory.suspects.guesses(row, Math.floor(now / 1000), WEEK_S);
    const { guesses } = this.policy;
    return [{ kind: SLUG, what: OWN_GUESSES, count: tries, threshold: guesses, windowMs: WEEK_S * 1000 }];
  }

  /** True when it was reported. */
  private campaign(
    ledger: Ledger,
    row: number,
    code: string,
    event: BadEvent,
    s: Sighting,
    findings: Findings,
  ): boolean {
    const { guesses } = this.policy;
    const { regions } = this.policy.campaign;
    const window = WINDOWS.find(
      ({ seconds, factor }) => ledger.tally(row, event.second, seconds, 0).hostile >= regions * factor,
    );
    if (window === undefined) return false;
    const { seconds, factor } = window;
    const { hostile } = ledger.tally(row, event.second, seconds, 0);
    const own = this.memory.suspects.guesses(s.row, event.second, WEEK_S);
    const part =
      own.tries >= findings.effective(findings.thresholdFor(OWN_GUESSES, guesses, s), s) &&
      own.spanSeconds >= RETURNED_S;
    const told = event.second - ledger.told[row] < DAY_S;
    if (!part && told) return false;
    // The proof of a call comes with its ACK and belongs to the finding of the minute.
    if (s.method === 'INVITE' && s.proof === null) return false;
    ledger.told[row] = event.second;
    const proven = own.provenTries >= guesses ? hostile : 0;
    const hint = part ? { of: code, proven } : TOLD;
    findings.report(SLUG, code, hostile, regions * factor, seconds * 1000, s, s.now, hint);
    return true;
  }

  /**
   * The rule: at least `asn.networks` networks of the autonomous system are hostile – a source in each tried three users – and they are most
   * of those in which anybody failed. Then a source in it that tried `asn.users` users itself, over more than half an hour, all of them
   * proven, is blocked; the system never is, nor anybody in it who got in.
   */
  private ofSystem({ system, second }: BadEvent, s: Sighting, findings: Findings): void {
    const { networks, share, users } = this.policy.asn;
    const { systems, suspects } = this.memory;
    const window = WINDOWS.find(({ seconds, factor }) =>
      isMost(systems.tally(system, second, seconds, Infinity), networks * factor, share),
    );
    if (window === undefined) return;
    const { seconds, factor } = window;
    const { hostile } = systems.tally(system, second, seconds, Infinity);
    const own = suspects.guesses(s.row, second, WEEK_S);
    const guesses = findings.effective(findings.thresholdFor(OWN_GUESSES, this.policy.guesses, s), s);
    const part =
      own.users >= users &&
      own.provenTries >= Math.max(users, guesses) &&
      own.spanSeconds >= RETURNED_S &&
      !findings.isKnown(s);
    if (!part && second - systems.told[system] < DAY_S) return;
    systems.told[system] = second;
    const hint = part ? { of: OF_SYSTEM, proven: hostile } : TOLD;
    findings.report(SLUG, OF_SYSTEM, hostile, networks * factor, seconds * 1000, s, s.now, hint);
  }

  private isPhone({ programHigh, programLow, second }: BadEvent): boolean {
    const { programs } = this.memory;
    const row = programs.keys.find(programHigh, programLow, GOOD_KEY, 0);
    return row >= 0 && programs.tally(row, second, WEEK_S, 0).phones >= GOOD_REGIONS;
  }

  private ofNetwork(event: BadEvent, s: Sighting, findings: Findings): boolean {
    const lengths = isV4Source(s) ? LENGTHS_V4 : LENGTHS_V6;
    const { networks } = this.memory;
    for (let i = 0; i < event.networks.length; i++) {
      const row = event.networks[i];
      const rush = i === 0 && this.isRush(row, event.second);
      const window = WINDOWS.find((each) => this.isHostile(row, event.second, each));
      if (!rush && window === undefined) continue;
      // Who lives in a network is not asked for each of its messages.
      if (event.second - networks.told[row] < RETELL_S) continue;
      networks.told[row] = event.second;
      const { seconds, factor } = window ?? WINDOWS[0];
      const { hostile } = networks.tally(row, event.second, seconds, GIVEN_UP_S);
      const least = rush ? RUSH_MEMBERS : this.policy.network.addresses * factor;
      const windowMs = (rush ? RUSH_S : seconds) * 1000;
      if (findings.mayWiden(networkOf(s, lengths[i]), s)) {
        const count = rush ? Math.max(hostile, RUSH_MEMBERS) : hostile;
        const bits = lengths[i];
        const hint: Hint = { scope: 'network', bits4: bits, bits6: bits, of: OF_NETWORK, proven: count };
        findings.report(SLUG, OF_NETWORK, count, least, windowMs, s, s.now, hint);
        // Counting begins anew, as for a source that was blocked.
        networks.forget(row);
        return true;
      }
      findings.report(SLUG, OF_NETWORK, hostile, least, windowMs, s, s.now, TOLD);
    }
    return false;
  }

  private isHostile(row: number, second: number, { seconds, factor }: Window): boolean {
    const { networks } = this.memory;
    const { addresses, share } = this.policy.network;
    const found = networks.tally(row, second, seconds, GIVEN_UP_S);
    if (!isMost(found, addresses * factor, share)) return false;
    const { distinct } = networks.labelsOf(row, second, seconds, GIVEN_UP_S);
    // Tolerance: a line whose address changes every night is seven addresses in a week, and a few such lines are a village.
    if (seconds > DAY_S) return distinct >= addresses;
    return distinct >= USERS_MIN || found.hostile >= addresses * MOVING_FACTOR;
  }

  private isRush(row: number, second: number): boolean {
    const { networks } = this.memory;
    if (networks.tally(row, second, RUSH_S, 0).hostile < RUSH_MEMBERS) return false;
    return networks.labelsOf(row, second, RUSH_S, 0).commonest >= RUSH_MEMBERS;
  }
}

function isMost({ hostile, phones }: Tallied, least: number, share: number): boolean {
  return hostile >= least && hostile >= share * (hostile + phones);
}
