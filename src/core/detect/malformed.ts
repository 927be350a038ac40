/**
 * Messages that no working client sends: fuzzers, exploits, junk on a SIP port. Only severe anomalies count (the decoder's table says
 * which are); keep-alives and the small sins of real phones never do.
 */
import { BoundedMap } from '../base/bounded-map.ts';
import type { CountPolicy } from '../base/policy.ts';
import { EventWindow } from '../base/window.ts';
import { COUNTED_SOURCES_MAX, type Detector, type Findings, type Tally } from './detector.ts';
import type { Sighting } from './sighting.ts';

const SLUG = 'malformed';
const CODE = `${SLUG}.messages`;

export class Malformed implements Detector {
  readonly slug = SLUG;
  private readonly policy: CountPolicy;
  private readonly seen = new BoundedMap<EventWindow>(COUNTED_SOURCES_MAX);

  constructor(policy: CountPolicy) {
    this.policy = policy;
  }

  malformed(s: Sighting, findings: Findings): void {
    let window = this.seen.get(s.row);
    if (!window) this.seen.set(s.row, (window = new EventWindow()));
    const { threshold, windowMs } = this.policy;
    findings.report(SLUG, CODE, window.add(s.now, 0, windowMs), threshold, windowMs, s);
  }

  forget(row: number): void {
    this.seen.delete(row);
  }

  tally(row: number, now: number): Tally[] {
    const { threshold, windowMs } = this.policy;
    return [{ kind: SLUG, what: CODE, count: this.seen.peek(row)?.count(now, windowMs) ?? 0, threshold, windowMs }];
  }
}
