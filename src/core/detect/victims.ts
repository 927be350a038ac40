/**
 * What a victim's answers tell about it: which methods it asks credentials for, and whether they can be seen at all. On a mirror port that carries one direction, or behind a PBX that drops what it does
 * not like, they cannot, and attempts must be counted instead of failures (product.md, rule 2).
 */
import { BoundedMap } from '../base/bounded-map.ts';

export const VICTIMS_MAX = 4096;
/**
 * For so long, whoever comes may have a nonce or a call from before this victim was watched: the usual registration period (RFC 3261
 * §10.2.1.1); session timers come round within it, too (RFC 4028 §4).
 */
export const NEW_VICTIM_MS = 3_600_000;
/** Timer B and F of RFC 3261 §17.1: a request that got no answer for this long never will. */
export const ANSWER_MEMORY_MS = 32_000;

/** Methods whose credentials a server may check, one bit each; CANCEL and ACK never are (RFC 3261 §22.1). */
const CHALLENGED = [
  'REGISTER',
  'INVITE',
  'SUBSCRIBE',
  'MESSAGE',
  'OPTIONS',
  'PUBLISH',
  'REFER',
  'NOTIFY',
  'BYE',
  'INFO',
];

export class Victims {
  private readonly lastAnswer = new BoundedMap<Victim>(VICTIMS_MAX);
  /** The one that was asked for last: nearly always the next one, too. */
  private recentKey = -1;
  private recent: Victim | undefined;

  answered(v0: number, v1: number, v2: number, v3: number, now: number): void {
    const entry = this.entry(v0, v1, v2, v3);
    if (entry) {
      entry.at = now;
      return;
    }
    this.recent = { at: now, since: now, challenges: 0 };
    this.lastAnswer.set(this.recentKey, this.recent);
  }

  /** The victim asked for credentials of this method; `answered` was told before. */
  challenged(v0: number, v1: number, v2: number, v3: number, method: string): void {
    const entry = this.entry(v0, v1, v2, v3);
    if (entry) entry.challenges |= bitOf(method);
  }

  /** Whether this victim was ever seen to ask for credentials of this method. */
  challenges(v0: number, v1: number, v2: number, v3: number, method: string): boolean {
    return ((this.entry(v0, v1, v2, v3)?.challenges ?? 0) & bitOf(method)) !== 0;
  }

  blind(v0: number, v1: number, v2: number, v3: number, now: number): boolean {
    const entry = this.entry(v0, v1, v2, v3);
    return entry === undefined || now - entry.at > ANSWER_MEMORY_MS;
  }

  /** Not watched for long: the machine, or Ringfence, was started a while ago. */
  isNew(v0: number, v1: number, v2: number, v3: number, now: number): boolean {
    const entry = this.entry(v0, v1, v2, v3);
    return entry === undefined || now - entry.since < NEW_VICTIM_MS;
  }

  private entry(v0: number, v1: number, v2: number, v3: number): Victim | undefined {
    const key = keyOf(v0, v1, v2, v3);
    if (key !== this.recentKey) {
      this.recent = this.lastAnswer.get(key);
      this.recentKey = key;
    }
    return this.recent;
  }
}

interface Victim {
  /** Of its last answer. */
  at: number;
  /** Of the first one. */
  since: number;
  /** Bits of the methods that it asked credentials for. */
  challenges: number;
}

function bitOf(method: string): number {
  const index = CHALLENGED.indexOf(method);
  return index < 0 ? 0 : 1 << index;
}

/** 53 bits of the address: the last word whole, the others folded. Victims are few and ours; nobody can aim collisions at them. */
function keyOf(v0: number, v1: number, v2: number, v3: number): number {
  const folded = (Math.imul(v0, 31) ^ Math.imul(v1, 17) ^ v2) & 0x1fffff;
  return folded * 4294967296 + v3;
}
