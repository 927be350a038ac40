/**
 * Registered phones, as the kernel lets them in first: what the sensor told, kept so that a repaired table and the next start have it.
 * Registrations outlive us: a phone that is registered for an hour does not come back because a guard was started.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareAddress, isV4, prefixRange, type Address } from '../core/base/address.ts';
import { addressOfTarget, formatTarget, parseTarget, scopeOf, type Target } from '../core/base/target.ts';
import { PHONES_TOLD_MAX, type PhoneTrust } from '../channel/protocol.ts';
import type { Desired } from '../enforce/desired.ts';
import { KNOWN_MAX, TRUSTED_MAX } from '../enforce/table.ts';

const FILE = 'trusted-phones.json';
const FORMAT = 1;
/** A building comes back from a night without power: its phones find their address known. */
export const KNOWN_MS = 24 * 3_600_000;

/** One change of the kernel's two sets. */
export interface TrustEdit {
  set: 'trusted' | 'known';
  target: Target;
  /** Milliseconds since the epoch; 0: it goes. */
  until: number;
}

/** Whose phones are known together: an IPv4 address, an IPv6 /64 (as the rules ask). */
export function homeOf(address: Address): Address {
  return isV4(address) ? addressOfTarget(address) : prefixRange(address, 64).first;
}

export class PhoneTrustKeeper {
  private readonly path: string;
  private changed = false;

  constructor(directory: string) {
    this.path = join(directory, FILE);
  }

  /** What the last guard knew and has not ended, into the account. A file that cannot be read says nothing. */
  restore(desired: Desired, now: number): void {
    try {
      const { format, trusted, known } = JSON.parse(readFileSync(this.path, 'utf8')) as Record<string, unknown>;
      if (format !== FORMAT) return;
      wantAll(desired, 'trusted', trusted, TRUSTED_MAX, now);
      wantAll(desired, 'known', known, KNOWN_MAX, now);
    } catch {
      // None yet, or damaged: phones are trusted anew when they register.
    }
  }

  /** The sensor has written it into the kernel. */
  noted(desired: Desired, edits: readonly TrustEdit[]): void {
    for (const { set, target, until } of edits) {
      if (until === 0) desired.forget(set, target);
      else desired.want(set, target, until);
    }
    this.changed ||= edits.length > 0;
  }

  /** Beside the file and renamed: a crash leaves the old one or the new one. A full disk leaves the old one. */
  save(desired: Desired): void {
    if (!this.changed) return;
    const listed = (set: 'trusted' | 'known') => [...desired[set]].map(([target, { until }]) => [target, until]);
    const text = JSON.stringify({ format: FORMAT, trusted: listed('trusted'), known: listed('known') });
    try {
      writeFileSync(`${this.path}.new`, text, { mode: 0o600 });
      renameSync(`${this.path}.new`, this.path);
      this.changed = false;
    } catch {
      // The next time tries again.
    }
  }
}

function wantAll(desired: Desired, set: 'trusted' | 'known', listed: unknown, max: number, now: number): void {
  if (!Array.isArray(listed)) return;
  for (const entry of listed.slice(0, max) as unknown[]) {
    const [text, until] = Array.isArray(entry) ? (entry as unknown[]) : [];
    const target = typeof text === 'string' ? parseTarget(text) : null;
    if (target === null || scopeOf(target) !== (set === 'trusted' ? 'port' : 'address')) continue;
    if (typeof until !== 'number' || until <= now || until > now + 10 * KNOWN_MS) continue;
    desired.want(set, target, until);
  }
}

/** What is known of an address. */
export function trustOf(desired: Desired, address: Address, now: number): PhoneTrust {
  const phones: PhoneTrust['phones'] = [];
  for (const { target, until } of desired.trusted.values()) {
    if (phones.length >= PHONES_TOLD_MAX) break;
    if (compareAddress(target, address) !== 0 || until === null || until <= now) continue;
    phones.push({ port: target.port!, transport: target.transport!, until });
  }
  const known = desired.known.get(formatTarget(homeOf(address)))?.until ?? null;
  return { phones, known: known !== null && known > now ? known : null };
}
