/**
 * Guessing gets slower and slower: by address, and by account for guesses that come from many addresses. An unknown name is delayed as a
 * known one is.
 *
 * Evasion: every try is charged before its password is looked at and given back when it was right, so that a hundred tries at the same
 * moment are a hundred. Evasion: a flood of addresses, each seen once, pushes out only its like (`BoundedMap`).
 *
 * Invariant: nobody is locked out for ever. The delay of an account ends after at most `ACCOUNT_MS_MAX`, and does not count where the
 * account is signed in already.
 */
import { createHash, randomBytes } from 'node:crypto';
import { parseAddress } from '../core/base/address.ts';
import { BoundedMap } from '../core/base/bounded-map.ts';

/** Slips of the pen that cost nothing. */
export const FREE_TRIES = 5;
const FIRST_MS = 1000;
export const ADDRESS_MS_MAX = 15 * 60_000;
export const ACCOUNT_MS_MAX = 30_000;
/** Without another failure they are forgotten. */
export const FORGET_MS = 3_600_000;
export const ENTRIES_MAX = 10_000;

interface Tries {
  failures: number;
  lastAt: number;
}

export interface Attempt {
  name: string;
  address: string;
  /** The account is signed in from this address: only the address's own delay counts. */
  familiar: boolean;
}

export class SignInDelays {
  private readonly addresses = new BoundedMap<Tries>(ENTRIES_MAX);
  private readonly accounts = new BoundedMap<Tries>(ENTRIES_MAX);
  /** So that nobody can choose names whose keys collide. */
  private readonly salt = randomBytes(16);

  /** How long until the next try is taken; 0: now. */
  waitMs({ name, address, familiar }: Attempt, now: number): number {
    const byAddress = left(this.addresses.peek(this.addressKey(address)), ADDRESS_MS_MAX, now);
    if (familiar) return byAddress;
    return Math.max(byAddress, left(this.accounts.peek(this.nameKey(name)), ACCOUNT_MS_MAX, now));
  }

  /** Before the password is looked at. The answer: this address has used up its free tries just now. */
  charge({ name, address }: Attempt, now: number): boolean {
    count(this.accounts, this.nameKey(name), now);
    return count(this.addresses, this.addressKey(address), now) === FREE_TRIES;
  }

  /** It was right: this try does not count. `complete`: nor do the earlier ones of the account; those of the address stay. */
  refund({ name, address }: Attempt, complete: boolean): void {
    // Evasion: who has an account of their own could clear their address with it and go on guessing.
    const byAddress = this.addresses.peek(this.addressKey(address));
    if (byAddress) byAddress.failures--;
    const byAccount = this.accounts.peek(this.nameKey(name));
    if (byAccount) byAccount.failures = complete ? 0 : byAccount.failures - 1;
  }

  private addressKey(address: string): number {
    return this.keyOf(network(address));
  }

  private nameKey(name: string): number {
    return this.keyOf(name.toLowerCase());
  }

  private keyOf(text: string): number {
    return createHash('sha256').update(this.salt).update(text).digest().readUIntBE(0, 6);
  }
}

function count(map: BoundedMap<Tries>, key: number, now: number): number {
  const known = map.get(key);
  const failures = (known && now - known.lastAt < FORGET_MS ? Math.max(0, known.failures) : 0) + 1;
  map.set(key, { failures, lastAt: now });
  return failures;
}

/** Five free, then 1 s, 2 s, 4 s … after the last try. */
function left(tries: Tries | undefined, delayMsMax: number, now: number): number {
  if (!tries || tries.failures < FREE_TRIES || now - tries.lastAt >= FORGET_MS) return 0;
  const { failures, lastAt } = tries;
  const delayMs = Math.min(delayMsMax, FIRST_MS * 2 ** Math.min(30, failures - FREE_TRIES));
  return Math.max(0, lastAt + delayMs - now);
}

/** Whoever has one IPv6 address has a /64 of them. */
export function network(text: string): string {
  const address = parseAddress(text);
  if (!address || (address.w0 === 0 && address.w1 === 0)) return text;
  return `${address.w0}:${address.w1}`;
}
