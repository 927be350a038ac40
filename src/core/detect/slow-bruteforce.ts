/**
 * Guessing with patience: a source that stays below every threshold of a minute, and is counted over an hour, a day and a week. What
 * counts as a guess, and what is only a phone with an old password, says `patient/suspects.ts`.
 */
import type { DetectorAction, SlowBruteforcePolicy } from '../base/policy.ts';
import type { Detector, Findings, Hint, OwnThreshold, Tally } from './detector.ts';
import type { BadEvent, PatientDetector } from './patient/bad-events.ts';
import { DAY_S, HOUR_S, WEEK_S, type PatientMemory } from './patient/memory.ts';
import { STUBBORN, type Guesses } from './patient/suspects.ts';
import type { Sighting } from './sighting.ts';

const SLUG = 'slow-bruteforce';
interface Window {
  code: string;
  seconds: number;
  threshold: number;
}

/** Strangers that come faster than any client tries again. */
const HASTE: Window = { code: `${SLUG}.in-haste`, seconds: 900, threshold: 32 };

export class SlowBruteforce implements Detector, PatientDetector {
  readonly slug = SLUG;
  private readonly memory: PatientMemory;
  private readonly windows: readonly Window[];
  private readonly few: Window;

  constructor(policy: SlowBruteforcePolicy, memory: PatientMemory) {
    this.memory = memory;
    this.few = { code: `${SLUG}.few-users`, seconds: DAY_S, threshold: policy.dayThreshold };
    this.windows = [
      { code: `${SLUG}.in-an-hour`, seconds: HOUR_S, threshold: policy.hourThreshold },
      { code: `${SLUG}.in-a-day`, seconds: DAY_S, threshold: policy.dayThreshold },
      { code: `${SLUG}.in-a-week`, seconds: WEEK_S, threshold: policy.weekThreshold },
    ];
  }

  failed(event: BadEvent, s: Sighting, findings: Findings): void {
    if (event.what === STUBBORN) return;
    const { suspects } = this.memory;
    let brewing: Window | null = null;
    let brewed: Guesses | null = null;
    for (const window of this.windows) {
      const found = suspects.guesses(s.row, event.second, window.seconds);
      if (found.count >= findings.effective(window.threshold, s)) return this.report(window, found, s, findings);
      if (brewed !== null && found.count * brewing!.threshold <= brewed.count * window.threshold) continue;
      [brewing, brewed] = [window, found];
    }
    const hasty = suspects.guesses(s.row, event.second, HASTE.seconds);
    if (hasty.tries >= HASTE.threshold)
      return this.report(HASTE, { ...hasty, count: hasty.tries, proven: hasty.provenTries }, s, findings);
    const today = suspects.guesses(s.row, event.second, DAY_S);
    // One user, or few: a badly written client that comes as a stranger each time looks the same. People are told; nobody is shut out.
    if (today.tries >= this.few.threshold)
      this.report(this.few, { ...today, count: today.tries, proven: today.provenTries }, s, findings, 'watch');
    // The message is kept as evidence of what may come.
    else if (brewed!.count > 0) this.report(brewing!, brewed!, s, findings);
  }

  tally(row: number, now: number, _own: OwnThreshold): Tally[] {
    const second = Math.floor(now / 1000);
    return this.windows.map(({ code, seconds, threshold }) => {
      const { count } = this.memory.suspects.guesses(row, second, seconds);
      return { kind: SLUG, what: code, count, threshold, windowMs: seconds * 1000 };
    });
  }

  private report(
    { code, seconds, threshold }: Window,
    { count, proven, spanSeconds }: Guesses,
    s: Sighting,
    findings: Findings,
    most?: DetectorAction,
  ): void {
    // The proof of a call comes with its ACK and belongs to the finding of the minute; at a known address it is needed now.
    const underway = s.method === 'INVITE' && s.proof === null;
    if (underway && (count < threshold || findings.phonesOf(s.row) > 0)) return;
    const hint: Hint = { proven };
    if (!underway) hint.of = code;
    if (most !== undefined) hint.most = most;
    findings.report(SLUG, code, count, threshold, seconds * 1000, s, s.now - spanSeconds * 1000, hint);
  }
}
