/**
 * Guessing the names of provisioning files over TFTP: names that the server refused, and distinct names asked for at all (where its
 * answers cannot be seen, or where the guesses are good).
 */
import { BoundedMap } from '../base/bounded-map.ts';
import type { TftpBruteforcePolicy } from '../base/policy.ts';
import { DistinctWindow } from '../base/window.ts';
import { type Detector, type Findings, type Tally } from './detector.ts';
import type { Sighting } from './sighting.ts';

const SLUG = 'tftp-bruteforce';
const REFUSED = `${SLUG}.files-refused`;
const NAMES = `${SLUG}.files-asked`;

/** TFTP clients counted at one time; each costs about half a kilobyte. */
const CLIENTS_MAX = 1 << 14;

export class TftpBruteforce implements Detector {
  readonly slug = SLUG;
  private readonly policy: TftpBruteforcePolicy;
  private readonly asked = new BoundedMap<DistinctWindow>(CLIENTS_MAX);
  private readonly refused = new BoundedMap<DistinctWindow>(CLIENTS_MAX);

  constructor(policy: TftpBruteforcePolicy) {
    this.policy = policy;
  }

  tftpRequest(s: Sighting, findings: Findings): void {
    const { namesThreshold, windowMs } = this.policy;
    const window = windowOf(this.asked, s.row);
    const known = window.has(s.user);
    const count = window.add(s.user, s.now, windowMs);
    if (!known) findings.report(SLUG, NAMES, count, namesThreshold, windowMs, s);
  }

  tftpError(s: Sighting, findings: Findings): void {
    if (s.user === 0) return;
    const { threshold, windowMs } = this.policy;
    const window = windowOf(this.refused, s.row);
    const known = window.has(s.user);
    const count = window.add(s.user, s.now, windowMs);
    if (!known) findings.report(SLUG, REFUSED, count, threshold, windowMs, s);
  }

  forget(row: number): void {
    this.asked.delete(row);
    this.refused.delete(row);
  }

  tally(row: number, now: number): Tally[] {
    const { threshold, namesThreshold, windowMs } = this.policy;
    const refused = this.refused.peek(row)?.count(now, windowMs) ?? 0;
    const asked = this.asked.peek(row)?.count(now, windowMs) ?? 0;
    return [
      { kind: SLUG, what: REFUSED, count: refused, threshold, windowMs },
      { kind: SLUG, what: NAMES, count: asked, threshold: namesThreshold, windowMs },
    ];
  }
}

function windowOf(table: BoundedMap<DistinctWindow>, row: number): DistinctWindow {
  let window = table.get(row);
  if (!window) table.set(row, (window = new DistinctWindow()));
  return window;
}
