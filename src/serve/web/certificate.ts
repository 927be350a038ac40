/** The certificate of the web server: the user's, or one that it makes itself and keeps in the data directory. */
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isIP } from 'node:net';
import type { WebSettings } from './settings.ts';

export const SELF_SIGNED_FILE = 'console-tls.pem';
/** Apple takes no certificate that is good for longer. */
const DAYS = 825;
const DAY_MS = 86_400_000;
/** A new one is made when so much is left. */
const RENEW_MS = 30 * DAY_MS;

export interface Certificate {
  cert: string;
  key: string;
  /** SHA-256, as browsers show it. */
  fingerprint: string;
}

/** Errors: those of the file system; `Error` when certificate or key make no sense. */
export async function readCertificate(
  settings: WebSettings,
  dataDirectory: string,
  now: number,
): Promise<Certificate | null> {
  const { tls } = settings;
  if (tls === null) return null;
  if (tls !== 'self-signed') return certificateOf(readFileSync(tls.cert, 'utf8'), readFileSync(tls.key, 'utf8'));
  const path = join(dataDirectory, SELF_SIGNED_FILE);
  const kept = readKept(path);
  if (kept && Date.parse(new X509Certificate(kept.cert).validTo) - now > RENEW_MS) return kept;
  return makeSelfSigned(settings, path, now);
}

function certificateOf(cert: string, key: string): Certificate {
  const { raw } = new X509Certificate(cert);
  const digest = createHash('sha256').update(raw).digest('hex').toUpperCase();
  return { cert, key, fingerprint: digest.match(/../g)!.join(':') };
}

/** Null: there is none yet, or it is damaged. */
function readKept(path: string): Certificate | null {
  try {
    const pem = readFileSync(path, 'utf8');
    return certificateOf(pem, pem);
  } catch {
    return null;
  }
}

async function makeSelfSigned({ host, names }: WebSettings, path: string, now: number): Promise<Certificate> {
  const { generate } = await import('selfsigned');
  const hosts = [...new Set(['localhost', '127.0.0.1', '::1', hostname(), host, ...names])];
  const altNames = hosts.map((name) =>
    isIP(name) ? ({ type: 7, ip: name } as const) : ({ type: 2, value: name } as const),
  );
  const made = await generate([{ name: 'commonName', value: `Ringfence on ${hostname()}`.slice(0, 64) }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - DAY_MS),
    notAfterDate: new Date(now + (DAYS - 1) * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames },
    ],
  });
  // Complete or not at all, and never readable by others.
  writeFileSync(`${path}.new`, made.cert.trimEnd() + '\n' + made.private, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return certificateOf(made.cert, made.private);
}
