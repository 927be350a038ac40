/** The second factor: six digits that change every 30 s (RFC 6238), and recovery codes for whoever lost the phone. */
import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { digestOf } from './secrets.ts';

const PERIOD_S = 30;
/** RFC 6238 §5.2: clocks differ; one step before and after. */
const WINDOW_STEPS = 1;
export const RECOVERY_CODES = 10;
/** 80 bits: out of reach even for who has the digests. */
const RECOVERY_BYTES = 10;

const codesOf = (secret: string, name = '') =>
  new TOTP({ issuer: 'Ringfence', label: name, secret: Secret.fromBase32(secret), period: PERIOD_S, digits: 6 });

/** Base32, 160 bits (RFC 4226 §4). */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** What the authenticator reads from a QR code. */
export function otpauthUrl(secret: string, name: string): string {
  return codesOf(secret, name).toString();
}

/** The time step of a code that is right now; null: it is wrong. */
export function stepOfCode(secret: string, code: string, now: number): number | null {
  const token = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return null;
  const delta = codesOf(secret).validate({ token, timestamp: now, window: WINDOW_STEPS });
  return delta === null ? null : Math.floor(now / 1000 / PERIOD_S) + delta;
}

export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const text = new Secret({ buffer: new Uint8Array(randomBytes(RECOVERY_BYTES)).buffer }).base32.toLowerCase();
    return text.match(/.{4}/g)!.join('-');
  });
}

/** However it is typed: dashes, spaces and case do not count. */
export function recoveryDigest(code: string): Uint8Array {
  return digestOf(`recovery ${code.toLowerCase().replace(/[^a-z2-7]/g, '')}`);
}
