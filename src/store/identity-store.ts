/**
 * Who may come in: accounts, sessions, tokens of programs, and one-time links. Rows only; the rules are in `src/identity`. Secrets are
 * kept as digests, except what a time code is made from, which nobody could check otherwise.
 */
import type { Change } from './store.ts';

export type Role = 'administrator' | 'viewer';

export interface Account {
  id: number;
  /** Unique in any case of its letters. */
  name: string;
  role: Role;
  disabled: boolean;
  /** PHC string; null: not set yet, nobody can sign in with it. */
  password: string | null;
  /** Base32; null: no second factor. */
  totpSecret: string | null;
  /** The time step of the last code that was taken: a code is good once. */
  totpStep: number;
  createdAt: number;
  signedInAt: number | null;
}

export interface SessionRecord {
  id: number;
  digest: Uint8Array;
  account: number;
  createdAt: number;
  /** Of the last request, to the minute. */
  seenAt: number;
  address: string;
  /** The browser, in its own words. */
  agent: string;
}

export interface TokenRecord {
  id: number;
  digest: Uint8Array;
  name: string;
  /** Whose it is: it may never do more than its account. Null: made on the machine itself. */
  account: number | null;
  scopes: string[];
  createdAt: number;
  /** Null: no end. */
  until: number | null;
  /** To the minute. */
  usedAt: number | null;
}

export interface LinkRecord {
  digest: Uint8Array;
  /** Null: for the first account. */
  account: number | null;
  until: number;
  /** Whoever lost the phone, too. */
  removesSecondFactor: boolean;
}

/** Rows of one transaction. A name, a digest that is not there: null. */
export interface IdentityRows {
  accounts(): Account[];
  account(id: number): Account | null;
  accountNamed(name: string): Account | null;
  addAccount(account: Omit<Account, 'id'>): Account;
  saveAccount(account: Account): void;
  /** With everything that is its own. */
  removeAccount(id: number): void;

  recoveryCodesLeft(account: number): number;
  setRecoveryCodes(account: number, digests: readonly Uint8Array[]): void;
  /** False: no such code, or it was used. */
  useRecoveryCode(account: number, digest: Uint8Array): boolean;

  session(digest: Uint8Array): SessionRecord | null;
  /** The one that was seen last first. */
  sessions(account: number): SessionRecord[];
  addSession(session: Omit<SessionRecord, 'id'>): void;
  touchSession(id: number, seenAt: number, address: string): void;
  removeSession(id: number): void;
  removeSessions(account: number): void;
  /** Those that nobody used since, or that began before. */
  expireSessions(seenBefore: number, createdBefore: number): void;

  tokens(): TokenRecord[];
  token(digest: Uint8Array): TokenRecord | null;
  addToken(token: Omit<TokenRecord, 'id'>): TokenRecord;
  touchToken(id: number, usedAt: number): void;
  removeToken(id: number): void;

  link(digest: Uint8Array): LinkRecord | null;
  /** In the place of an earlier one for the same account. */
  putLink(link: LinkRecord): void;
  removeLink(account: number | null): void;
}

/** For the audit log, in the same transaction: `user.add`, its name, what was before and is after. Never a secret. */
export type NoteChange = (what: string, subject: string, before: unknown, after: unknown) => void;

export interface IdentityStore {
  read<T>(work: (rows: IdentityRows) => T): T;
  /** What need not survive a power cut: when a session was last seen. */
  write<T>(work: (rows: IdentityRows) => T): T;
  /** A decision of a person: on the disk before the call returns. */
  decide<T>(change: Change, work: (rows: IdentityRows, note: NoteChange) => T): T;
}
