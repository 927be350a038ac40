/** One host name of the allowlist: what it means now, since when, and what the name servers say. */
import { formatAddress, parseAddress, type Address } from '../core/base/address.ts';
import { specialUse } from './implausible.ts';
import { ADDRESSES_MAX, type FamilyAnswer, type HostAnswer } from './resolve-host.ts';
import type { StoredAnswer } from './host-answers.ts';

export const HOST_PROBLEM_CODES = [
  'host-name-unresolved',
  'host-name-gone',
  'host-name-private',
  'host-name-many',
] as const;

export interface HostProblem {
  code: (typeof HOST_PROBLEM_CODES)[number];
  text: string;
}

export interface HostNameStatus {
  name: string;
  addresses: string[];
  /** When a name server last confirmed all of it; null: never. */
  confirmedAt: number | null;
  nextAt: number | null;
  /** Null: all is well. `host-name-private` and `host-name-many` are remarks: the answer is in force. */
  problem: (HostProblem & { since: number }) | null;
}

/** A name server that says 0 s would be asked all the time; one that says a week would be believed after a move. */
export const TTL_MIN_MS = 60_000;
export const TTL_MAX_MS = 3_600_000;
const RETRY_FIRST_MS = 60_000;
const RETRY_MAX_MS = 600_000;

export class HostName {
  readonly name: string;
  nextAt: number | null = null;
  problem: HostNameStatus['problem'] = null;
  private v4: Address[] = [];
  private v6: Address[] = [];
  private confirmedAt: number | null = null;
  private failures = 0;

  constructor(name: string, stored: StoredAnswer | undefined) {
    this.name = name;
    if (!stored) return;
    this.v4 = parseAll(stored.v4);
    this.v6 = parseAll(stored.v6);
    this.confirmedAt = stored.at;
  }

  get addresses(): Address[] {
    return [...this.v4, ...this.v6];
  }

  get status(): HostNameStatus {
    const { name, confirmedAt, nextAt, problem } = this;
    return { name, addresses: this.addresses.map(formatAddress), confirmedAt, nextAt, problem };
  }

  /** Null: nothing was ever known of it. */
  get stored(): StoredAnswer | null {
    if (this.confirmedAt === null) return null;
    return { v4: this.v4.map(formatAddress), v6: this.v6.map(formatAddress), at: this.confirmedAt };
  }

  /**
   * Takes an answer: each family that was answered has its new addresses, one that failed keeps its old ones. `pauseMs`: until it
   * should be asked again.
   *
   * A name without any address, or one that does not exist any more, keeps its last addresses: phones are not cut off because a
   * domain was not paid for in time. It is reported, and who means it takes the name off the list.
   */
  take({ v4, v6 }: HostAnswer, now: number): { changed: boolean; pauseMs: number } {
    const before = this.addresses.map(formatAddress).join();
    const isAnswer = v4.state === 'found' || v6.state === 'found';
    if (isAnswer) {
      this.v4 = familyOf(v4, this.v4);
      this.v6 = familyOf(v6, this.v6);
    }
    const complete = isAnswer && v4.state !== 'failed' && v6.state !== 'failed';
    if (complete) this.confirmedAt = now;
    this.confirmedAt ??= isAnswer ? now : null;
    this.failures = complete ? 0 : this.failures + 1;
    this.note(isAnswer && complete ? this.remark() : trouble(this.name, v4, v6, before !== ''), now);
    return { changed: this.addresses.map(formatAddress).join() !== before, pauseMs: this.pauseMs(v4, v6) };
  }

  private note(problem: HostProblem | null, now: number): void {
    const since = problem?.code === this.problem?.code ? (this.problem?.since ?? now) : now;
    this.problem = problem && { ...problem, since };
  }

  private remark(): HostProblem | null {
    const special = this.addresses.find((address) => specialUse(address) !== null);
    if (special) {
      const text = `${this.name} is ${formatAddress(special)}, which is ${specialUse(special)}; it is on the allowlist all the same`;
      return { code: 'host-name-private', text };
    }
    if (this.v4.length < ADDRESSES_MAX && this.v6.length < ADDRESSES_MAX) return null;
    return {
      code: 'host-name-many',
      text: `${this.name} has ${ADDRESSES_MAX} addresses or more; the first ${ADDRESSES_MAX} of each family count`,
    };
  }

  private pauseMs(v4: FamilyAnswer, v6: FamilyAnswer): number {
    if (this.failures > 0) return Math.min(RETRY_FIRST_MS * 2 ** Math.min(this.failures - 1, 20), RETRY_MAX_MS);
    const ttl = Math.min(...[v4, v6].map((answer) => (answer.state === 'found' ? answer.ttlSeconds : Infinity)));
    return Math.min(Math.max(ttl * 1000, TTL_MIN_MS), TTL_MAX_MS);
  }
}

function familyOf(answer: FamilyAnswer, before: Address[]): Address[] {
  if (answer.state === 'found') return answer.addresses;
  return answer.state === 'failed' ? before : [];
}

function trouble(name: string, v4: FamilyAnswer, v6: FamilyAnswer, known: boolean): HostProblem {
  const kept = known ? 'its last addresses stay on the allowlist' : 'nothing is on the allowlist for it';
  const failed = [v4, v6].find((answer) => answer.state === 'failed');
  if (failed) return { code: 'host-name-unresolved', text: `${name} could not be looked up: ${failed.why}; ${kept}` };
  const why = v4.state === 'gone' || v6.state === 'gone' ? 'does not exist' : 'has no address';
  return { code: 'host-name-gone', text: `${name} ${why}; ${kept}` };
}

function parseAll(texts: string[]): Address[] {
  return texts.flatMap((text) => parseAddress(text) ?? []).slice(0, ADDRESSES_MAX);
}
