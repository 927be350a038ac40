/** One host name to its addresses, both families, with the time for which the answer holds. */
import { Resolver } from 'node:dns/promises';
import { formatAddress, isV4, parseAddress, type Address } from '../core/base/address.ts';
import { specialUse } from './implausible.ts';

/** What one family's question came to. `absent`: the name has no such addresses (NODATA). `gone`: there is no such name. */
export type FamilyAnswer =
  | { state: 'found'; addresses: Address[]; ttlSeconds: number }
  | { state: 'absent' | 'gone' }
  /** The name server did not say. `why`: `time-out`, `SERVFAIL` … */
  | { state: 'failed'; why: string };

export interface HostAnswer {
  v4: FamilyAnswer;
  v6: FamilyAnswer;
}

export interface Lookup {
  answer: Promise<HostAnswer>;
  cancel(): void;
}

export type ResolveHost = (name: string) => Lookup;

export interface DnsOptions {
  /** `address:port` of the name servers; left out: those of /etc/resolv.conf. */
  servers?: string[];
  /** For the first try; each of the two that follow takes twice as long. */
  timeoutMs?: number;
}

/** Evasion: whoever answers for one name could put a large part of the Internet on the allowlist. */
export const ADDRESSES_MAX = 64;
const TRIES = 3;

/**
 * Asks name servers only: /etc/hosts has no time to live. A resolver for each lookup, so that a changed resolv.conf counts from the
 * next one on and nothing is answered from a cache of our own.
 */
export function dnsResolve({ servers, timeoutMs = 2000 }: DnsOptions = {}): ResolveHost {
  return (name) => {
    const resolver = new Resolver({ timeout: timeoutMs, tries: TRIES });
    if (servers) resolver.setServers(servers);
    const answer = Promise.all([
      family(resolver.resolve4(name, { ttl: true })),
      family(resolver.resolve6(name, { ttl: true })),
    ]);
    return { answer: answer.then(([v4, v6]) => ({ v4, v6 })), cancel: () => resolver.cancel() };
  };
}

const REASONS: Record<string, string> = {
  ETIMEOUT: 'no name server answered in time',
  ESERVFAIL: 'the name server failed (SERVFAIL)',
  EREFUSED: 'the name server refuses to answer (REFUSED)',
  ECONNREFUSED: 'no name server listens',
  EBADNAME: 'this is no host name',
  ECANCELLED: 'the lookup was given up',
};

async function family(question: Promise<{ address: string; ttl: number }[]>): Promise<FamilyAnswer> {
  let records;
  try {
    records = await question;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENODATA') return { state: 'absent' };
    if (code === 'ENOTFOUND') return { state: 'gone' };
    return { state: 'failed', why: REASONS[code] ?? `the name server’s answer is unusable (${code})` };
  }
  const addresses = records.flatMap(({ address }) => parseAddress(address) ?? []).filter((one) => !isSinkhole(one));
  if (addresses.length === 0) return { state: 'failed', why: 'it answers with an address that nobody can have' };
  const ttlSeconds = records.reduce((least, { ttl }) => Math.min(least, ttl), Infinity);
  return { state: 'found', addresses: sorted(addresses), ttlSeconds };
}

/** Filtering name servers answer with 0.0.0.0 or :: for what they block; that is no answer. */
function isSinkhole(address: Address): boolean {
  const use = specialUse(address);
  if (use === 'multicast' || use === 'reserved') return true;
  return isV4(address) ? address.w3 >>> 24 === 0 : formatAddress(address) === '::';
}

/** In a fixed order, so that a server that rotates its answers changes nothing; each once, a bounded number. */
function sorted(addresses: Address[]): Address[] {
  const byText = new Map(addresses.map((address) => [formatAddress(address), address]));
  return [...byText.keys()]
    .sort()
    .slice(0, ADDRESSES_MAX)
    .map((text) => byText.get(text)!);
}
