/** What became of a delivery, in the other side's words and safe to show. */
import { escapeText } from '../core/base/escape.ts';
import { ANSWER_MAX, type Delivered } from './channel.ts';

/** Shorter ones (a password of three letters) would blacken half of the answer, and are no secrets. */
const SECRET_CHARS_MIN = 4;

/**
 * Evasion: a server of an attacker's (or one that quotes what it was sent) may answer with the secret, with control characters, or without end.
 * Each spelling in which a secret goes out is masked: itself, base64, percent-encoded.
 */
export function outcome(
  of: Delivered['outcome'],
  answer: string,
  secrets: (string | null)[] = [],
  retryAfterMs?: number,
): Delivered {
  const spelled = secrets
    .filter((secret) => secret !== null && secret.length >= SECRET_CHARS_MIN)
    .flatMap((secret) => [secret!, base64(secret!), encodeURIComponent(secret!)]);
  let text = answer.slice(0, ANSWER_MAX * 4);
  for (const one of spelled) text = text.replaceAll(one, '…');
  const shown = escapeText(text.trim(), ANSWER_MAX - 1);
  return {
    outcome: of,
    answer: shown.length > ANSWER_MAX ? `${shown.slice(0, ANSWER_MAX - 1)}…` : shown,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64').replace(/=+$/, '');
}

const CAUSES: Record<string, string> = {
  ENOTFOUND: 'the server’s name is not known',
  EAI_AGAIN: 'the server’s name could not be looked up',
  ECONNREFUSED: 'nobody listens there',
  EHOSTUNREACH: 'there is no way to the server',
  ENETUNREACH: 'there is no way to the server',
  ETIMEDOUT: 'the server does not answer',
  ECONNRESET: 'the server broke the connection',
  EPIPE: 'the server broke the connection',
  CERT_HAS_EXPIRED: 'the server’s certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the server’s certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'nobody vouches for the server’s certificate: set caFile',
  SELF_SIGNED_CERT_IN_CHAIN: 'nobody vouches for the server’s certificate: set caFile',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'nobody vouches for the server’s certificate: set caFile',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'nobody vouches for the server’s certificate: set caFile',
};

/** A failure of the system's, with what it means; of an error that is not known, its own words. */
export function failureText(error: Error & { code?: unknown; originalCode?: unknown }): string {
  const codes = [error.originalCode, error.code].filter((code) => typeof code === 'string');
  const code = codes.find((one) => one in CAUSES);
  return code === undefined ? error.message : `${CAUSES[code]} (${error.message})`;
}
