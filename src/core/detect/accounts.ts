/**
 * Accounts that got in: which user proved the password from which source, and with which nonce.
 *
 * A server that changes its nonce answers the next request with 401 and no `stale=true`; the phone takes the new nonce and succeeds.
 * That 401 is not a failure (product.md, rule 1) – once for each nonce that was good before.
 */
import { HashedRing } from '../base/hashed-ring.ts';

/** Only successful authentications enter, so nobody can push a phone out without owning that many accounts. */
export const ACCOUNTS_MAX = 1 << 16;
/** Accounts that were excused for a nonce older than the watch; beyond it the one of longest ago is. */
export const EXCUSED_MAX = 1 << 14;
/** The usual registration period: an account that got in within it is a customer's, not a guess. */
export const ACCOUNT_MEMORY_MS = 3_600_000;

export class Accounts {
  private readonly nonces = new HashedRing(ACCOUNTS_MAX);
  private readonly spent = new Uint8Array(ACCOUNTS_MAX);
  private readonly entries = new HashedRing(ACCOUNTS_MAX);
  private readonly at = new Float64Array(ACCOUNTS_MAX);
  private readonly excused = new HashedRing(EXCUSED_MAX);
  private readonly excusedAt = new Float64Array(EXCUSED_MAX);

  success(row: number, account: number, nonce: number, now: number): void {
    this.at[slotFor(this.entries, row, account, 0)] = now;
    this.spent[slotFor(this.nonces, 0, account, nonce)] = 0;
  }

  gotIn(row: number, account: number, now: number): boolean {
    const slot = this.entries.find(keyHigh(row, account, 0), keyLow(row, account, 0));
    return slot >= 0 && now - this.at[slot] < ACCOUNT_MEMORY_MS;
  }

  /**
   * True once for each good nonce: the refusal only says that the server has a new one. From wherever it comes: after an outage or with a
   * new address a whole office tries its old nonces first.
   */
  pardon(account: number, nonce: number): boolean {
    const slot = this.nonces.find(keyHigh(0, account, nonce), keyLow(0, account, nonce));
    if (slot < 0 || this.spent[slot] === 1) return false;
    this.spent[slot] = 1;
    return true;
  }

  /** True once in an hour for an account at a source: after a restart of everything, phones first try the nonce that they had before. */
  excuse(row: number, account: number, now: number): boolean {
    const [high, low] = [keyHigh(row, account, 0), keyLow(row, account, 0)];
    const slot = this.excused.find(high, low);
    if (slot >= 0 && now - this.excusedAt[slot] < ACCOUNT_MEMORY_MS) return false;
    this.excusedAt[slot >= 0 ? slot : this.excused.add(high, low)] = now;
    return true;
  }
}

function slotFor(ring: HashedRing, row: number, account: number, nonce: number): number {
  const high = keyHigh(row, account, nonce);
  const low = keyLow(row, account, nonce);
  const slot = ring.find(high, low);
  return slot >= 0 ? slot : ring.add(high, low);
}

function keyHigh(row: number, account: number, nonce: number): number {
  return (Math.imul(nonce ^ row, 0x9e3779b1) ^ account) >>> 0;
}

function keyLow(row: number, account: number, nonce: number): number {
  const h = Math.imul(account ^ Math.imul(row, 31), 0x85ebca77) ^ nonce;
  return (h ^ (h >>> 15)) >>> 0;
}
