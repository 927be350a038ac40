/** Accounts, as administrators manage them, and the one-time links by which people choose their own passwords. */
import type { Account, IdentityRows, IdentityStore, LinkRecord, Role } from '../store/identity-store.ts';
import type { Change } from '../store/store.ts';
import { IdentityError } from './identity-error.ts';
import type { PasswordHasher } from './password-hash.ts';
import { passwordProblem } from './password-rules.ts';
import { digestOf, newSecret } from './secrets.ts';

export const LINK_MS = 86_400_000;
export const ACCOUNTS_MAX = 1000;
/** What nobody can take for another one; safe in logs, URLs and terminals. */
export const ACCOUNT_NAME = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;

/** What an administrator sees. */
export interface AccountView {
  name: string;
  role: Role;
  disabled: boolean;
  /** False: the link was not used yet. */
  hasPassword: boolean;
  secondFactor: boolean;
  createdAt: number;
  signedInAt: number | null;
}

/** What a link is good for. */
export interface LinkView {
  /** Null: for the first account, whose name is still to be chosen. */
  name: string | null;
  until: number;
}

export class Accounts {
  private readonly store: IdentityStore;
  private readonly hasher: PasswordHasher;
  private readonly now: () => number;

  constructor(store: IdentityStore, hasher: PasswordHasher, now: () => number) {
    this.store = store;
    this.hasher = hasher;
    this.now = now;
  }

  list(): AccountView[] {
    return this.store.read((rows) => rows.accounts()).map(viewOf);
  }

  none(): boolean {
    return this.store.read((rows) => rows.accounts()).length === 0;
  }

  /** Errors: `account-name`, `account-exists`, `accounts-full`. The answer is the secret of the link to its password. */
  add(name: string, role: Role, change: Change): string {
    checkName(name);
    return this.store.decide(change, (rows, note) => {
      const account = this.insert(rows, name, role);
      note('user.add', name, null, told(account));
      return this.link(rows, account.id, false);
    });
  }

  /**
   * Its sessions end; while it is disabled its tokens are good for nothing. What is absent stays. Errors: `account-unknown`,
   * `last-administrator`.
   */
  change(
    name: string,
    { role, disabled }: { role?: Role | undefined; disabled?: boolean | undefined },
    change: Change,
  ) {
    this.store.decide(change, (rows, note) => {
      const before = known(rows, name);
      const after = { ...before, role: role ?? before.role, disabled: disabled ?? before.disabled };
      if (after.role === before.role && after.disabled === before.disabled) return;
      if (after.role !== 'administrator' || after.disabled) keepOneAdministrator(rows, before);
      rows.saveAccount(after);
      // Whoever is signed in begins a new session, or none at all.
      rows.removeSessions(after.id);
      note('user.change', after.name, told(before), told(after));
    });
  }

  /** With its sessions and tokens. Errors: as above. */
  remove(name: string, change: Change): void {
    this.store.decide(change, (rows, note) => {
      const account = known(rows, name);
      keepOneAdministrator(rows, account);
      rows.removeAccount(account.id);
      note('user.remove', account.name, told(account), null);
    });
  }

  /** Until it is used the old password is good. Errors: `account-unknown`. */
  resetLink(name: string, removesSecondFactor: boolean, change: Change): string {
    return this.store.decide(change, (rows, note) => {
      const account = known(rows, name);
      note('user.link', account.name, null, { removesSecondFactor });
      return this.link(rows, account.id, removesSecondFactor);
    });
  }

  /** Null: there are accounts. An earlier link for the first account is good no more. */
  firstLink(): string | null {
    const change: Change = { now: this.now(), by: 'Ringfence' };
    return this.none() ? this.store.decide(change, (rows) => this.link(rows, null, false)) : null;
  }

  /** Errors: `link-unknown`. */
  linkView(secret: string): LinkView {
    return this.store.read((rows) => {
      const link = this.knownLink(rows, secret);
      return { name: link.account === null ? null : rows.account(link.account)!.name, until: link.until };
    });
  }

  /**
   * Sets the password, of the first account also its name; the link is used up, earlier sessions end. Errors: `link-unknown`,
   * `account-name`, `password-weak`, `sign-in-busy`.
   */
  async useLink(secret: string, name: string | null, password: string, origin: string): Promise<Account> {
    const view = this.linkView(secret);
    const account = view.name ?? name ?? '';
    checkName(account);
    checkPassword(password, account);
    const phc = await this.hasher.hash(password);
    const change: Change = { now: this.now(), by: account, origin, comment: 'with a link' };
    return this.store.decide(change, (rows, note) => {
      const link = this.knownLink(rows, secret);
      rows.removeLink(link.account);
      if (link.account === null) {
        const first = this.insert(rows, account, 'administrator', phc);
        note('user.add', account, null, told(first));
        return first;
      }
      const before = rows.account(link.account)!;
      const after = {
        ...before,
        password: phc,
        ...(link.removesSecondFactor ? { totpSecret: null, totpStep: 0 } : {}),
      };
      rows.saveAccount(after);
      rows.removeSessions(after.id);
      if (link.removesSecondFactor) rows.setRecoveryCodes(after.id, []);
      note('user.password', after.name, told(before), told(after));
      return after;
    });
  }

  private insert(rows: IdentityRows, name: string, role: Role, password: string | null = null): Account {
    if (rows.accountNamed(name))
      throw new IdentityError('refused', 'account-exists', `There is an account ${name} already.`);
    if (rows.accounts().length >= ACCOUNTS_MAX)
      throw new IdentityError(
        'refused',
        'accounts-full',
        `There are ${ACCOUNTS_MAX} accounts: more than one console is for.`,
      );
    const fresh = { totpSecret: null, totpStep: 0, createdAt: this.now(), signedInAt: null };
    return rows.addAccount({ name, role, disabled: false, password, ...fresh });
  }

  private link(rows: IdentityRows, account: number | null, removesSecondFactor: boolean): string {
    const secret = newSecret();
    rows.putLink({ digest: digestOf(secret), account, until: this.now() + LINK_MS, removesSecondFactor });
    return secret;
  }

  private knownLink(rows: IdentityRows, secret: string): LinkRecord {
    const link = rows.link(digestOf(secret));
    const spent = link?.account === null && rows.accounts().length > 0;
    if (link && !spent && this.now() < link.until) return link;
    const text = 'This link is not good any more: it was used, a newer one was made, or its 24 hours are over.';
    throw new IdentityError(
      'refused',
      'link-unknown',
      text,
      'Make a new one on the machine itself: ringfence web link',
    );
  }
}

/** Errors: `password-weak`. */
export function checkPassword(password: string, name: string): void {
  const problem = passwordProblem(password, name);
  if (problem !== null) throw new IdentityError('usage', 'password-weak', `password: ${problem}`);
}

function checkName(name: string): void {
  if (ACCOUNT_NAME.test(name)) return;
  const text = 'name: up to 64 letters (a–z), digits and the characters . _ @ - are expected, a letter or digit first';
  throw new IdentityError('usage', 'account-name', text);
}

function known(rows: IdentityRows, name: string): Account {
  const account = rows.accountNamed(name);
  if (account) return account;
  throw new IdentityError(
    'no',
    'account-unknown',
    `There is no account ${name}.`,
    'List them with: ringfence users list',
  );
}

/** Somebody must be able to come in and change things. */
function keepOneAdministrator(rows: IdentityRows, account: Account): void {
  const able = (one: Account) => one.role === 'administrator' && !one.disabled;
  const others = rows.accounts().filter((one) => one.id !== account.id && able(one) && one.password !== null);
  if (!able(account) || others.length > 0) return;
  const text = `${account.name} is the last administrator who can sign in.`;
  throw new IdentityError('refused', 'last-administrator', text, 'Make somebody else an administrator first.');
}

function viewOf({ name, role, disabled, password, totpSecret, createdAt, signedInAt }: Account): AccountView {
  const factors = { hasPassword: password !== null, secondFactor: totpSecret !== null };
  return { name, role, disabled, ...factors, createdAt, signedInAt };
}

/** For the audit log. */
function told({ role, disabled, totpSecret }: Account) {
  return { role, disabled, secondFactor: totpSecret !== null };
}
