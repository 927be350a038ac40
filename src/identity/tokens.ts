/** Tokens of programs: a secret with scopes instead of a person with a password. */
import type { Account, IdentityStore, TokenRecord } from '../store/identity-store.ts';
import type { Change } from '../store/store.ts';
import { IdentityError } from './identity-error.ts';
import { LAST_SEEN_MS, noteLastSeen } from './last-seen.ts';
import { SCOPES, scopesOf, type Scope } from './scopes.ts';
import { digestOf, newSecret } from './secrets.ts';

export const TOKEN_PREFIX = 'rf_';
export const TOKENS_MAX = 1000;

export interface TokenView {
  id: number;
  name: string;
  /** Null: made on the machine itself. */
  owner: string | null;
  scopes: Scope[];
  createdAt: number;
  until: number | null;
  usedAt: number | null;
}

export interface TokenHolder {
  name: string;
  account: Account | null;
  scopes: readonly Scope[];
}

export class Tokens {
  private readonly store: IdentityStore;
  private readonly now: () => number;

  constructor(store: IdentityStore, now: () => number) {
    this.store = store;
    this.now = now;
  }

  list(): TokenView[] {
    return this.store.read((rows) => rows.tokens().map((token) => viewOf(token, ownerOf(rows.accounts(), token))));
  }

  /** The secret is told this once. Errors: `tokens-full`, `token-until`. */
  add(
    { name, scopes, until }: { name: string; scopes: readonly Scope[]; until: number | null },
    owner: Account | null,
    change: Change,
  ): { token: TokenView; secret: string } {
    if (until !== null && until <= this.now())
      throw new IdentityError('usage', 'token-until', 'until: a moment to come is expected');
    const secret = newSecret(TOKEN_PREFIX);
    return this.store.decide(change, (rows, note) => {
      if (rows.tokens().length >= TOKENS_MAX)
        throw new IdentityError('refused', 'tokens-full', `There are ${TOKENS_MAX} tokens: remove some first.`);
      const made = { digest: digestOf(secret), name, account: owner?.id ?? null, scopes: [...scopes] };
      const token = rows.addToken({ ...made, createdAt: this.now(), until, usedAt: null });
      note('token.add', name, null, { id: token.id, scopes, until });
      return { token: viewOf(token, owner?.name ?? null), secret };
    });
  }

  /** Errors: `token-unknown`. */
  remove(id: number, change: Change): void {
    this.store.decide(change, (rows, note) => {
      const token = rows.tokens().find((one) => one.id === id);
      if (!token) throw new IdentityError('no', 'token-unknown', `There is no token ${id}.`);
      rows.removeToken(id);
      note('token.remove', token.name, { id, scopes: token.scopes, until: token.until }, null);
    });
  }

  /** Null: unknown, ended, or its account is disabled. Never more than its account may do today. */
  find(secret: string): TokenHolder | null {
    const now = this.now();
    const found = this.store.read((rows) => {
      const token = rows.token(digestOf(secret));
      return token && { token, account: token.account === null ? null : rows.account(token.account) };
    });
    if (!found) return null;
    const { token, account } = found;
    if (token.until !== null && now >= token.until) return null;
    if (token.account !== null && (!account || account.disabled)) return null;
    if (token.usedAt === null || now - token.usedAt >= LAST_SEEN_MS)
      noteLastSeen(() => this.store.write((rows) => rows.touchToken(token.id, now)));
    const limit = account ? scopesOf(account.role) : SCOPES;
    const scopes = limit.filter((scope) => token.scopes.includes(scope));
    return { name: `token ${token.name}${account ? ` of ${account.name}` : ''}`, account, scopes };
  }
}

function ownerOf(accounts: Account[], { account }: TokenRecord): string | null {
  return accounts.find(({ id }) => id === account)?.name ?? null;
}

function viewOf({ id, name, scopes, createdAt, until, usedAt }: TokenRecord, owner: string | null): TokenView {
  return { id, name, owner, scopes: SCOPES.filter((scope) => scopes.includes(scope)), createdAt, until, usedAt };
}
