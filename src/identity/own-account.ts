/** What people do with their own account. Each asks for the password again: an unattended browser must not give the account away. */
import type { Account, IdentityStore } from '../store/identity-store.ts';
import type { Change } from '../store/store.ts';
import { checkPassword } from './accounts.ts';
import { IdentityError } from './identity-error.ts';
import type { PasswordHasher } from './password-hash.ts';
import { beginSession, type SignedIn, type Visit } from './sessions.ts';
import type { SignIn } from './sign-in.ts';
import { newRecoveryCodes, newTotpSecret, otpauthUrl, recoveryDigest, stepOfCode } from './time-codes.ts';

/** Between showing the QR code and the first code from it. */
export const ENROLMENT_MS = 15 * 60_000;

interface OwnParts {
  store: IdentityStore;
  hasher: PasswordHasher;
  signIn: SignIn;
  now: () => number;
}

export class OwnAccount {
  private readonly parts: OwnParts;
  /** One for each account; in memory until the first code has come. */
  private readonly enrolments = new Map<number, { secret: string; until: number }>();

  constructor(parts: OwnParts) {
    this.parts = parts;
  }

  /** The answer is the secret of a new session; all others end. Errors: `password-refused`, `password-weak`, `sign-in-*`. */
  async changePassword({ account }: SignedIn, password: string, next: string, visit: Visit): Promise<string> {
    checkPassword(next, account.name);
    const { store, hasher, signIn, now } = this.parts;
    await signIn.confirm(account, password, visit);
    const phc = await hasher.hash(next);
    return store.decide(this.changeOf(account, visit), (rows, note) => {
      const after = { ...current(rows.account(account.id), account), password: phc };
      rows.saveAccount(after);
      rows.removeSessions(after.id);
      note('user.password', after.name, null, null);
      return beginSession(rows, after, visit, now());
    });
  }

  /** Nothing is changed before the first code of it has come. Errors: `second-factor-on`, `password-refused`, `sign-in-*`. */
  async beginSecondFactor(
    { account }: SignedIn,
    password: string,
    visit: Visit,
  ): Promise<{ secret: string; url: string }> {
    if (account.totpSecret !== null)
      throw new IdentityError(
        'refused',
        'second-factor-on',
        'The second factor is on already.',
        'Switch it off first.',
      );
    await this.parts.signIn.confirm(account, password, visit);
    const secret = newTotpSecret();
    this.enrolments.set(account.id, { secret, until: this.parts.now() + ENROLMENT_MS });
    return { secret, url: otpauthUrl(secret, account.name) };
  }

  /** The answer: recovery codes, told this once. Errors: `enrolment-unknown`, `code-refused`. */
  confirmSecondFactor({ account }: SignedIn, code: string, visit: Visit): string[] {
    const { now, store } = this.parts;
    const enrolment = this.enrolments.get(account.id);
    if (!enrolment || now() >= enrolment.until) {
      this.enrolments.delete(account.id);
      throw new IdentityError('refused', 'enrolment-unknown', 'It took too long: begin again with a new QR code.');
    }
    const step = stepOfCode(enrolment.secret, code, now());
    if (step === null) {
      const hint = 'Scan the QR code again, and check the clocks of the phone and of this machine.';
      throw new IdentityError('refused', 'code-refused', 'The code is wrong.', hint);
    }
    const codes = newRecoveryCodes();
    store.decide(this.changeOf(account, visit), (rows, note) => {
      rows.saveAccount({ ...current(rows.account(account.id), account), totpSecret: enrolment.secret, totpStep: step });
      rows.setRecoveryCodes(account.id, codes.map(recoveryDigest));
      note('user.second-factor', account.name, { secondFactor: false }, { secondFactor: true });
    });
    this.enrolments.delete(account.id);
    return codes;
  }

  /** Errors: `password-refused`, `sign-in-*`. */
  async removeSecondFactor({ account }: SignedIn, password: string, visit: Visit): Promise<void> {
    await this.parts.signIn.confirm(account, password, visit);
    this.parts.store.decide(this.changeOf(account, visit), (rows, note) => {
      const before = current(rows.account(account.id), account);
      if (before.totpSecret === null) return;
      rows.saveAccount({ ...before, totpSecret: null, totpStep: 0 });
      rows.setRecoveryCodes(account.id, []);
      note('user.second-factor', account.name, { secondFactor: true }, { secondFactor: false });
    });
  }

  /** New ones, told this once; the old ones are good no more. Errors: `second-factor-off`, `password-refused`, `sign-in-*`. */
  async renewRecoveryCodes({ account }: SignedIn, password: string, visit: Visit): Promise<string[]> {
    if (account.totpSecret === null)
      throw new IdentityError('refused', 'second-factor-off', 'There is no second factor to recover from.');
    await this.parts.signIn.confirm(account, password, visit);
    const codes = newRecoveryCodes();
    this.parts.store.decide(this.changeOf(account, visit), (rows, note) => {
      current(rows.account(account.id), account);
      rows.setRecoveryCodes(account.id, codes.map(recoveryDigest));
      note('user.recovery-codes', account.name, null, { left: codes.length });
    });
    return codes;
  }

  private changeOf({ name }: Account, { address }: Visit): Change {
    return { now: this.parts.now(), by: name, origin: address };
  }
}

/** Removed, or its password reset, while the one that was given was looked at. */
function current(fresh: Account | null, { password }: Account): Account {
  if (!fresh || fresh.disabled)
    throw new IdentityError('unauthenticated', 'session-unknown', 'This account is there no more.');
  if (fresh.password !== password)
    throw new IdentityError('refused', 'password-refused', 'The password was changed at this moment.');
  return fresh;
}
