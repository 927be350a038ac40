/**
 * The bad registrations of one source, user by user, so that a phone with an old password is told from somebody who guesses.
 *
 * What an observer can know: the digest's response covers nonce, URI, cnonce and count, so two responses say something about the secret
 * only when all of these are equal. Equal responses then mean the same secret, different ones another secret: nobody's phone does that.
 * With a new nonce each time nothing tells, and one user at a phone's pace is all there is. A guesser can do that, too; but at that pace
 * he stays below the threshold of every window anyway (ADR 0017 has the sums), and `retriesPerHour` ends it.
 */
import { EventWindow } from '../base/window.ts';

/** Users of one source that are told apart; with more it is no phone. */
const LINES_MAX = 64;
const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
/** Many phones try twice at once, and again when the server offers a second algorithm. */
const BURST_MS = 10_000;
export const BURST_MAX = 3;

/** What a phone keeps to: so many within ten seconds, and within a minute. */
export interface Pace {
  burst: number;
  perMinute: number;
}

interface Line {
  hour: EventWindow;
  /** Until when its events count as guesses: it was too fast, or tried another secret. */
  guessingUntil: number;
  /** Everything of the credentials but the response, and the response, as hashes. */
  context: number;
  response: number;
  /** The address that it came from, in a line of IPv6; 0: it cannot be told. */
  host: number;
  /** No other user came from there. */
  alone: boolean;
  /** It came again: so does a phone, and who goes through his addresses does not. */
  returned: boolean;
}

export class RegisterGuesses {
  private readonly lines = new Map<number, Line>();
  /** Events of users beyond `LINES_MAX`. */
  private readonly others = new EventWindow();

  /** `context` 0: there were no credentials, or they are gone. `host`: as in `base/lines.ts`. */
  add(user: number, host: number, now: number, context: number, response: number, windowMs: number, pace: Pace): void {
    let line = this.lines.get(user);
    if (line === undefined) {
      if (this.lines.size >= LINES_MAX && !this.dropIdle(now)) {
        this.others.add(now, user, windowMs);
        return;
      }
      const alone = host !== 0 && !this.shareHost(host);
      line = { hour: new EventWindow(), guessingUntil: 0, context: 0, response: 0, host, alone, returned: false };
      this.lines.set(user, line);
    } else if (line.host !== host) {
      // Evasion: one user, every password from another address of the line.
      line.guessingUntil = now + Math.max(windowMs, HOUR_MS);
    } else line.returned = true;
    line.hour.add(now, user, Math.max(HOUR_MS, windowMs));
    const other = context !== 0 && context === line.context && response !== line.response;
    const fast = line.hour.since(now - BURST_MS) > pace.burst || line.hour.since(now - MINUTE_MS) > pace.perMinute;
    if (other || fast) line.guessingUntil = now + Math.max(windowMs, HOUR_MS);
    line.context = context;
    line.response = response;
  }

  /** Whether this user's attempts are known to be guesses for some time, so that nothing more need be found out about them. */
  isGuessing(user: number, now: number): boolean {
    return (this.lines.get(user)?.guessingUntil ?? 0) > now;
  }

  /** Whether this user's attempts look like a phone's, where `linesMax` users may have a wrong password at once. */
  isSteady(user: number, now: number, linesMax: number): boolean {
    const line = this.lines.get(user);
    return line !== undefined && line.guessingUntil <= now && (isPhone(line) || this.active(now) <= linesMax);
  }

  /** Of one user, since then. */
  ofUser(user: number, since: number): number {
    return this.lines.get(user)?.hour.since(since) ?? 0;
  }

  /** Those within the window that are no phone's. */
  guesses(now: number, windowMs: number, linesMax: number): number {
    const phones = this.active(now) <= linesMax;
    let count = this.others.count(now, windowMs);
    for (const line of this.lines.values()) {
      if ((!phones && !isPhone(line)) || line.guessingUntil > now) count += line.hour.since(now - windowMs);
    }
    return count;
  }

  forgive(user: number): void {
    this.lines.delete(user);
    this.others.forgive(user);
  }

  /** Users with a bad registration within the hour, phones of a line not counted. */
  private active(now: number): number {
    let count = 0;
    for (const line of this.lines.values()) if (!isPhone(line) && line.hour.since(now - HOUR_MS) > 0) count++;
    return count;
  }

  /** Two users of one address are no phone each. */
  private shareHost(host: number): boolean {
    let shared = false;
    for (const line of this.lines.values()) {
      if (line.host !== host) continue;
      line.alone = false;
      shared = true;
    }
    return shared;
  }

  private dropIdle(now: number): boolean {
    for (const [user, { hour }] of this.lines) {
      if (hour.since(now - HOUR_MS) > 0) continue;
      this.lines.delete(user);
      return true;
    }
    return false;
  }
}

/** In IPv6 every phone has its own address, so an office is told from a guesser: one user from one address, again and again. */
function isPhone({ alone, returned }: Line): boolean {
  return alone && returned;
}
