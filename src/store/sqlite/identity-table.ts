/** Accounts and everything that lets somebody in. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Account, IdentityRows, LinkRecord, Role, SessionRecord, TokenRecord } from '../identity-store.ts';
import { int, intOrNull, listOf, text, textOrNull, VALUE_CHARS_MAX } from './values.ts';

type Cells = Record<string, never>;

const OF_ACCOUNTS = ['recovery_codes', 'sessions', 'tokens', 'links'];

/** After damage: what belonged to an account that could not be read must not belong to the next one that gets its number. */
export function removeOrphans(db: DatabaseSync): void {
  for (const table of OF_ACCOUNTS)
    db.exec(`DELETE FROM ${table} WHERE account IS NOT NULL AND account NOT IN (SELECT n FROM accounts)`);
}

export class IdentityTable implements IdentityRows {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  accounts() {
    return this.#all('SELECT * FROM accounts ORDER BY name').map(accountOf);
  }

  account(id: number) {
    return this.#first('SELECT * FROM accounts WHERE n = ?', accountOf, id);
  }

  accountNamed(name: string) {
    return this.#first('SELECT * FROM accounts WHERE name = ?', accountOf, text(name));
  }

  addAccount(account: Omit<Account, 'id'>) {
    const id = this.#run(
      `INSERT INTO accounts (name, role, disabled, password, totp_secret, totp_step, created_at, signed_in_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ...cellsOf(account),
    );
    return { id, ...account };
  }

  saveAccount(account: Account): void {
    this.#run(
      `UPDATE accounts SET name = ?, role = ?, disabled = ?, password = ?, totp_secret = ?, totp_step = ?, created_at = ?,
        signed_in_at = ? WHERE n = ?`,
      ...cellsOf(account),
      account.id,
    );
  }

  removeAccount(id: number): void {
    for (const table of OF_ACCOUNTS) this.#run(`DELETE FROM ${table} WHERE account = ?`, id);
    this.#run('DELETE FROM views WHERE owner = (SELECT name FROM accounts WHERE n = ?)', id);
    this.#run('DELETE FROM accounts WHERE n = ?', id);
  }

  recoveryCodesLeft(account: number) {
    return this.#first('SELECT count(*) AS left FROM recovery_codes WHERE account = ?', ({ left }) => left, account)!;
  }

  setRecoveryCodes(account: number, digests: readonly Uint8Array[]): void {
    this.#run('DELETE FROM recovery_codes WHERE account = ?', account);
    for (const digest of digests)
      this.#run('INSERT INTO recovery_codes (account, digest) VALUES (?, ?)', account, digest);
  }

  useRecoveryCode(account: number, digest: Uint8Array) {
    const before = this.recoveryCodesLeft(account);
    this.#run('DELETE FROM recovery_codes WHERE account = ? AND digest = ?', account, digest);
    return this.recoveryCodesLeft(account) < before;
  }

  session(digest: Uint8Array) {
    return this.#first('SELECT * FROM sessions WHERE digest = ?', sessionOf, digest);
  }

  sessions(account: number) {
    return this.#all('SELECT * FROM sessions WHERE account = ? ORDER BY seen_at DESC, n DESC', account).map(sessionOf);
  }

  addSession({ digest, account, createdAt, seenAt, address, agent }: Omit<SessionRecord, 'id'>): void {
    this.#run(
      'INSERT INTO sessions (digest, account, created_at, seen_at, address, agent) VALUES (?, ?, ?, ?, ?, ?)',
      ...[digest, account, int(createdAt), int(seenAt), text(address), text(agent, VALUE_CHARS_MAX)],
    );
  }

  touchSession(id: number, seenAt: number, address: string): void {
    this.#run('UPDATE sessions SET seen_at = ?, address = ? WHERE n = ?', int(seenAt), text(address), id);
  }

  removeSession(id: number): void {
    this.#run('DELETE FROM sessions WHERE n = ?', id);
  }

  removeSessions(account: number): void {
    this.#run('DELETE FROM sessions WHERE account = ?', account);
  }

  expireSessions(seenBefore: number, createdBefore: number): void {
    this.#run('DELETE FROM sessions WHERE seen_at < ? OR created_at < ?', int(seenBefore), int(createdBefore));
  }

  tokens() {
    return this.#all('SELECT * FROM tokens ORDER BY n').map(tokenOf);
  }

  token(digest: Uint8Array) {
    return this.#first('SELECT * FROM tokens WHERE digest = ?', tokenOf, digest);
  }

  addToken(token: Omit<TokenRecord, 'id'>) {
    const { digest, name, account, scopes, createdAt, until, usedAt } = token;
    const id = this.#run(
      'INSERT INTO tokens (digest, name, account, scopes, created_at, until, used_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ...[digest, text(name), account, JSON.stringify(scopes), int(createdAt), intOrNull(until), intOrNull(usedAt)],
    );
    return { id, ...token };
  }

  touchToken(id: number, usedAt: number): void {
    this.#run('UPDATE tokens SET used_at = ? WHERE n = ?', int(usedAt), id);
  }

  removeToken(id: number): void {
    this.#run('DELETE FROM tokens WHERE n = ?', id);
  }

  link(digest: Uint8Array) {
    return this.#first('SELECT * FROM links WHERE digest = ?', linkOf, digest);
  }

  putLink({ digest, account, until, removesSecondFactor }: LinkRecord): void {
    this.removeLink(account);
    this.#run(
      'INSERT INTO links (digest, account, until, without_factor) VALUES (?, ?, ?, ?)',
      ...[digest, account, int(until), Number(removesSecondFactor)],
    );
  }

  removeLink(account: number | null): void {
    this.#run('DELETE FROM links WHERE account IS ?', account);
  }

  #all(sql: string, ...values: SQLInputValue[]): Cells[] {
    return this.#prepared(sql).all(...values) as Cells[];
  }

  #first<T>(sql: string, shape: (row: Cells) => T, ...values: SQLInputValue[]): T | null {
    const row = this.#prepared(sql).get(...values) as Cells | undefined;
    return row === undefined ? null : shape(row);
  }

  #run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepared(sql).run(...values).lastInsertRowid);
  }

  /** Prepared when it is first needed: most commands of most days touch none of this. */
  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = this.#db.prepare(sql)));
    return statement;
  }
}

function cellsOf(account: Omit<Account, 'id'>): SQLInputValue[] {
  const { name, role, disabled, password, totpSecret, totpStep, createdAt, signedInAt } = account;
  return [
    ...[text(name), role, Number(disabled), textOrNull(password, VALUE_CHARS_MAX), textOrNull(totpSecret)],
    ...[int(totpStep), int(createdAt), intOrNull(signedInAt)],
  ];
}

const accountOf = (row: Cells): Account => ({
  id: row.n,
  name: row.name,
  role: row.role as Role,
  disabled: row.disabled === 1,
  password: row.password,
  totpSecret: row.totp_secret,
  totpStep: row.totp_step,
  createdAt: row.created_at,
  signedInAt: row.signed_in_at,
});

const sessionOf = (row: Cells): SessionRecord => ({
  id: row.n,
  digest: row.digest,
  account: row.account,
  createdAt: row.created_at,
  seenAt: row.seen_at,
  address: row.address,
  agent: row.agent,
});

const tokenOf = (row: Cells): TokenRecord => ({
  id: row.n,
  digest: row.digest,
  name: row.name,
  account: row.account,
  scopes: listOf(row.scopes),
  createdAt: row.created_at,
  until: row.until,
  usedAt: row.used_at,
});

const linkOf = (row: Cells): LinkRecord => ({
  digest: row.digest,
  account: row.account,
  until: row.until,
  removesSecondFactor: row.without_factor === 1,
});
