/** Whom a channel's TLS connection trusts. */
import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';

export interface TlsPolicy {
  /** False: any certificate will do. */
  verify: boolean;
  /** PEM file with authorities of one's own, beside the public ones; empty: none. */
  caFile: string;
}

/** For `tls.connect`. Rejects when the file cannot be read. */
export async function tlsOptions({ verify, caFile }: TlsPolicy) {
  const own = caFile === '' ? [] : [await readFile(caFile, 'utf8')];
  return {
    minVersion: 'TLSv1.2' as const,
    rejectUnauthorized: verify,
    ...(own.length === 0 ? {} : { ca: [...rootCertificates, ...own] }),
  };
}
