/** What the headers of a request say, and what of it is believed. */
import { timingSafeEqual } from 'node:crypto';
import { hostname, networkInterfaces } from 'node:os';
import type { FastifyRequest } from 'fastify';
import { formatAddress, parseAddress } from '../../core/base/address.ts';
import { isLoopback, type WebSettings } from './settings.ts';

export const CSRF_HEADER = 'x-ringfence-csrf';

/** Where somebody sits, as text that is an address: a trusted proxy may write anything into its header. */
export function clientAddress(request: FastifyRequest): string {
  const address = parseAddress(request.ip) ?? parseAddress(request.socket.remoteAddress ?? '');
  return address ? formatAddress(address) : 'unknown';
}

/** Of a Host header: without the port, in lower case. Null: it is none. */
export function hostOf(header: string | undefined): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(header ?? '');
  return match ? (match[1] ?? match[2]).toLowerCase() : null;
}

/**
 * Evasion: DNS rebinding. A page of a stranger whose name suddenly means 127.0.0.1 is of the same origin as the console to its browser;
 * the Host header still has the stranger's name.
 */
export function knownHosts({ host, names }: WebSettings): (header: string | undefined) => boolean {
  const fixed = new Set([
    'localhost',
    '127.0.0.1',
    '::1',
    hostname().toLowerCase(),
    canonical(host),
    ...names.map(canonical),
  ]);
  const all = host === '0.0.0.0' || host === '::';
  return (header) => {
    const name = hostOf(header);
    if (name === null) return false;
    const plain = canonical(name);
    // A machine that listens on all of its addresses gets new ones while it runs.
    return fixed.has(plain) || (all && parseAddress(plain) !== null && ownAddresses().has(plain));
  };
}

function ownAddresses(): Set<string> {
  const found = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return new Set(found.map(({ address }) => canonical(address)));
}

function canonical(host: string): string {
  const address = parseAddress(host);
  return address ? formatAddress(address) : host;
}

/**
 * A password in it could be read on its way. A trusted proxy says by X-Forwarded-Proto that it came with TLS; whoever goes round it
 * does not get in.
 */
export function inTheClear({ tls, insecureHttp }: WebSettings, protocol: string, peer: string): boolean {
  return tls === null && !insecureHttp && protocol !== 'https' && !isLoopback(peer);
}

/** False: the request was set off by a page of somebody else. */
export function fromOwnPage({ headers, host }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  // Every current browser says it, and no page can forge it.
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin } = headers;
  if (origin === undefined) return true;
  // Only the host: behind a proxy the scheme may be another one.
  return URL.canParse(origin) && new URL(origin).host === host;
}

export function sameText(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
