/** From name and password, and a code where the account wants one, to a session. */
import type { Account, IdentityStore } from '../store/identity-store.ts';
import type { Change } from '../store/store.ts';
import { IdentityError } from './identity-error.ts';
import { WAITING_KNOWN_MAX, WAITING_MAX, type PasswordHasher } from './password-hash.ts';
import { digestOf, newSecret } from './secrets.ts';
import { beginSession, type Visit } from './sessions.ts';
import type { Attempt, SignInDelays } from './sign-in-delays.ts';
import { recoveryDigest, stepOfCode } from './time-codes.ts';

/** Between password and code. */
export const CHALLENGE_MS = 5 * 60_000;
export const CHALLENGE_TRIES = 5;
/** People between password and code; one more ends the oldest. */
const CHALLENGES_MAX = 1000;

/** Either a session, or what has to come back with the code. */
export type Step = { session: string } | { challenge: string };

interface Challenge {
  account: number;
  /** As it was shown: changed meanwhile, the sign-in begins again. */
  password: string | null;
  until: number;
  tries: number;
}

export interface SignInParts {
  store: IdentityStore;
  hasher: PasswordHasher;
  delays: SignInDelays;
  now: () => number;
  /** An address has used up its free tries. */
  onGuessing: (address: string) => void;
}

export class SignIn {
  private readonly parts: SignInParts;
  /** By digest. In memory: after a restart people begin again with the password. */
  private readonly challenges = new Map<string, Challenge>();

  constructor(parts: SignInParts) {
    this.parts = parts;
  }

  /** Errors: `IdentityError` `sign-in-refused`, `sign-in-delayed`, `sign-in-busy`: the same for a name that is not there. */
  async withPassword(name: string, password: string, visit: Visit): Promise<Step> {
    const { store, hasher, delays } = this.parts;
    const known = store.read((rows) => rows.accountNamed(name));
    const attempt = this.begin(name, visit, known);
    const right = await this.check(attempt, password, known);
    // Meanwhile the account may have been disabled, or its password changed.
    const account = store.read((rows) => rows.accountNamed(name));
    if (!right || !account || account.disabled || account.password !== known?.password) throw refused();
    if (hasher.isOutdated(account.password!)) await this.renewHash(account, password);
    delays.refund(attempt, account.totpSecret === null);
    return this.proceed(account, visit);
  }

  /** Whoever has shown the password, or has just set it with a link. */
  proceed(account: Account, visit: Visit): Step {
    if (account.totpSecret !== null) return { challenge: this.challenge(account) };
    return { session: this.enter(account, visit) };
  }

  /** `code`: of the authenticator, or a recovery code. Errors: as above, and `challenge-unknown`. */
  withCode(challenge: string, code: string, visit: Visit): Step {
    const { store, delays, now } = this.parts;
    const key = keyOf(challenge);
    const pending = this.challenges.get(key);
    const account = pending && store.read((rows) => rows.account(pending.account));
    const over = !pending || now() >= pending.until || pending.tries >= CHALLENGE_TRIES;
    if (over || !account || account.disabled || account.password !== pending.password) {
      this.challenges.delete(key);
      const text = 'This sign-in has taken too long, too many codes were wrong, or the password is another one now.';
      throw new IdentityError('unauthenticated', 'challenge-unknown', text, 'Begin again with the password.');
    }
    const attempt = this.begin(account.name, visit, account);
    pending.tries++;
    if (!this.takeCode(account, code, visit)) {
      const hint = 'A code is good for half a minute and once; check the clock of the phone.';
      throw new IdentityError('unauthenticated', 'code-refused', 'The code is wrong.', hint);
    }
    this.challenges.delete(key);
    delays.refund(attempt, true);
    return { session: this.enter(account, visit) };
  }

  /** Of somebody who is signed in and does what only they may. Errors: `password-refused`, `sign-in-delayed`, `sign-in-busy`. */
  async confirm(account: Account, password: string, visit: Visit): Promise<void> {
    const attempt = this.begin(account.name, visit, account);
    if (!(await this.check(attempt, password, account)))
      throw new IdentityError('refused', 'password-refused', 'The password is wrong.');
    this.parts.delays.refund(attempt, false);
  }

  private enter(account: Account, visit: Visit): string {
    const { store, now } = this.parts;
    const change: Change = { now: now(), by: account.name, origin: visit.address };
    return store.decide(change, (rows, note) => {
      const fresh = rows.account(account.id);
      if (!fresh || fresh.disabled) throw refused();
      rows.saveAccount({ ...fresh, signedInAt: now() });
      note('session.begin', account.name, null, { agent: visit.agent });
      return beginSession(rows, fresh, visit, now());
    });
  }

  private challenge({ id }: Account): string {
    const { store, now } = this.parts;
    for (const [key] of this.challenges) {
      if (this.challenges.size < CHALLENGES_MAX) break;
      this.challenges.delete(key);
    }
    const secret = newSecret();
    // From the store: its hash may just have been renewed.
    const password = store.read((rows) => rows.account(id))?.password ?? null;
    this.challenges.set(keyOf(secret), { account: id, password, until: now() + CHALLENGE_MS, tries: 0 });
    return secret;
  }

  private begin(name: string, { address }: Visit, account: Account | null): Attempt {
    const { store, delays, now, onGuessing } = this.parts;
    const sessions = account ? store.read((rows) => rows.sessions(account.id)) : [];
    const attempt = { name, address, familiar: sessions.some((session) => session.address === address) };
    const waitMs = delays.waitMs(attempt, now());
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000);
      const text = 'There were too many wrong passwords or codes.';
      throw new IdentityError('too-many', 'sign-in-delayed', text, `Try again in ${seconds} s.`, waitMs);
    }
    if (delays.charge(attempt, now())) onGuessing(address);
    return attempt;
  }

  /** Nothing was tried when the hasher is busy: then it does not count. */
  private async check(attempt: Attempt, password: string, account: Account | null): Promise<boolean> {
    try {
      const waitingMax = attempt.familiar ? WAITING_KNOWN_MAX : WAITING_MAX;
      return await this.parts.hasher.matches(password, account?.password ?? null, waitingMax);
    } catch (error) {
      this.parts.delays.refund(attempt, false);
      throw error;
    }
  }

  private async renewHash(account: Account, password: string): Promise<void> {
    const { store, hasher } = this.parts;
    const fresh = await hasher.hash(password);
    store.write((rows) => {
      const now = rows.account(account.id);
      if (now?.password === account.password) rows.saveAccount({ ...now, password: fresh });
    });
  }

  /** Evasion: a code that was seen over a shoulder or on the wire is not good again: its step is kept, in the same transaction. */
  private takeCode({ id, name }: Account, code: string, visit: Visit): boolean {
    const { store, now } = this.parts;
    const change: Change = { now: now(), by: name, origin: visit.address };
    return store.decide(change, (rows, note) => {
      const account = rows.account(id);
      if (!account?.totpSecret) return false;
      const step = stepOfCode(account.totpSecret, code, now());
      if (step !== null && step > account.totpStep) {
        rows.saveAccount({ ...account, totpStep: step });
        return true;
      }
      if (!rows.useRecoveryCode(id, recoveryDigest(code))) return false;
      note('user.recovery-code', name, null, { left: rows.recoveryCodesLeft(id) });
      return true;
    });
  }
}

const keyOf = (secret: string) => digestOf(secret).toString('hex');

function refused(): IdentityError {
  const hint = 'Forgotten? On the machine itself: ringfence web link --reset NAME';
  return new IdentityError('unauthenticated', 'sign-in-refused', 'Name or password is wrong.', hint);
}
