/** Who is signed in. A session is 256 random bits in a cookie, of which the store keeps the digest. */
import type { Account, IdentityRows, IdentityStore, SessionRecord } from '../store/identity-store.ts';
import type { Change } from '../store/store.ts';
import { IdentityError } from './identity-error.ts';
import { LAST_SEEN_MS, noteLastSeen } from './last-seen.ts';
import { digestOf, newSecret } from './secrets.ts';

/** Without a request for this long. An open page asks all the time: this is for closed browsers. */
export const SESSION_IDLE_MS = 4 * 3_600_000;
/** However busy. */
export const SESSION_MS_MAX = 7 * 86_400_000;
/** Of one account; one more ends the one that was seen longest ago. */
export const SESSIONS_MAX = 50;

/** Where somebody sits. */
export interface Visit {
  address: string;
  /** The browser, in its own words. */
  agent: string;
}

export interface SignedIn {
  account: Account;
  session: SessionRecord;
  /** What the cookie holds. */
  secret: string;
}

export class Sessions {
  private readonly store: IdentityStore;
  private readonly now: () => number;

  constructor(store: IdentityStore, now: () => number) {
    this.store = store;
    this.now = now;
  }

  /** Null: unknown, too old, or its account is disabled. */
  find(secret: string, address: string): SignedIn | null {
    const now = this.now();
    const found = this.store.read((rows) => {
      const session = rows.session(digestOf(secret));
      const account = session && rows.account(session.account);
      return session && account ? { session, account, secret } : null;
    });
    if (!found || found.account.disabled) return null;
    const { session } = found;
    if (now - session.seenAt >= SESSION_IDLE_MS || now - session.createdAt >= SESSION_MS_MAX) return null;
    if (now - session.seenAt >= LAST_SEEN_MS)
      noteLastSeen(() => this.store.write((rows) => rows.touchSession(session.id, now, address)));
    return found;
  }

  list(account: Account): SessionRecord[] {
    const now = this.now();
    return this.store
      .read((rows) => rows.sessions(account.id))
      .filter(({ seenAt, createdAt }) => now - seenAt < SESSION_IDLE_MS && now - createdAt < SESSION_MS_MAX);
  }

  /** The one that asks itself: nothing that anybody would look for in the audit log. */
  end({ session }: SignedIn): void {
    this.store.write((rows) => rows.removeSession(session.id));
  }

  /** Errors: `IdentityError` `session-unknown`. */
  revoke(account: Account, id: number, change: Change): void {
    this.store.decide(change, (rows, note) => {
      const session = rows.sessions(account.id).find((one) => one.id === id);
      if (!session) throw new IdentityError('no', 'session-unknown', `There is no session ${id}: it may have ended.`);
      rows.removeSession(id);
      const { address, agent, createdAt } = session;
      note('session.end', account.name, { address, agent, createdAt }, null);
    });
  }
}

/** A new secret each time: one that somebody else put into the browser before is worth nothing (session fixation). */
export function beginSession(rows: IdentityRows, account: Account, { address, agent }: Visit, now: number): string {
  rows.expireSessions(now - SESSION_IDLE_MS, now - SESSION_MS_MAX);
  for (const { id } of rows.sessions(account.id).slice(SESSIONS_MAX - 1)) rows.removeSession(id);
  const secret = newSecret();
  rows.addSession({ digest: digestOf(secret), account: account.id, createdAt: now, seenAt: now, address, agent });
  return secret;
}
