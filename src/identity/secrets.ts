/** Random secrets, of which only digests are kept: whoever reads the database can use none of them. */
import { createHash, randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;

/** 256 random bits, for URLs and headers. */
export function newSecret(prefix = ''): string {
  return prefix + randomBytes(SECRET_BYTES).toString('base64url');
}

/** A plain digest is enough where 256 (recovery codes: 80) random bits are behind it: there is nothing to guess. */
export function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** The token that a page sends with changes: known to whoever knows the session's secret, and of no use for finding it. */
export function csrfTokenOf(sessionSecret: string): string {
  return createHash('sha256').update(`csrf ${sessionSecret}`).digest('base64url');
}
