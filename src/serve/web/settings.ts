/**
 * Where the console listens for browsers, and how. From the command line of `ringfence run` and from `console.yaml` in the data
 * directory; the command line wins. Nothing of it is in the policy: a slip there must not take the way to correct it.
 */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import { parseAddress, parseRange } from '../../core/base/address.ts';
import type { Problem } from '../answers.ts';
import { LISTEN_EXPECTED, parseListen } from './listen.ts';

export const SETTINGS_FILE = 'console.yaml';
export const DEFAULT_LISTEN = '127.0.0.1:8470';
const LIST_MAX = 50;

export interface WebSettings {
  host: string;
  port: number;
  tls: { cert: string; key: string } | 'self-signed' | null;
  /** CIDRs of proxies whose X-Forwarded-For, -Proto and -Host are believed. */
  trustedProxies: string[];
  /** By which names people open it, beside the loopback names and the listening address. */
  names: string[];
  insecureHttp: boolean;
}

/** As they were written; what is absent was not said. */
export interface WebFlags {
  listen?: string | undefined;
  tlsCert?: string | undefined;
  tlsKey?: string | undefined;
  tlsSelfSigned?: boolean | undefined;
  trustedProxy?: string[] | undefined;
  name?: string[] | undefined;
  insecureHttp?: boolean | undefined;
  /** False: `--no-web`. */
  web?: boolean | undefined;
}

/** What the guard tells the console that it starts; null: nobody wants a console in the browser. */
export type WebOrders = { settings: WebSettings } | { problem: Problem } | null;

/** As `console.yaml` has them. */
interface Written {
  enabled?: boolean;
  listen?: string;
  tls?: 'self-signed' | { cert: string; key: string };
  'trusted-proxies'?: string[];
  names?: string[];
  'insecure-http'?: boolean;
}

/** What is expected, when it is something else. By hand: the guard reads this before it protects, and zod takes 0.2 s to load. */
const EXPECTED: Record<keyof Written, (value: unknown) => string | null> = {
  enabled: trueOrFalse,
  listen: (value) => (typeof value === 'string' && parseListen(value) ? null : LISTEN_EXPECTED),
  tls: (value) =>
    value === 'self-signed' || isPair(value) ? null : 'self-signed, or { cert: FILE, key: FILE } is expected',
  'trusted-proxies': listOf((text) => parseRange(text) !== null, 'addresses or CIDRs are expected'),
  names: listOf(
    (text) => isIP(text) !== 0 || /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(text),
    'host names or addresses are expected, without https:// and port',
  ),
  'insecure-http': trueOrFalse,
};

function trueOrFalse(value: unknown): string | null {
  return typeof value === 'boolean' ? null : 'true or false is expected';
}

function isPair(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { cert, key, ...more } = value as Record<string, unknown>;
  return typeof cert === 'string' && typeof key === 'string' && Object.keys(more).length === 0;
}

function listOf(good: (text: string) => boolean, expected: string) {
  return (value: unknown): string | null => {
    if (!Array.isArray(value) || value.length > LIST_MAX) return `a list is expected, of ${LIST_MAX} at most`;
    const bad: unknown = value.find((item) => typeof item !== 'string' || !good(item));
    return bad === undefined ? null : `${expected}, not ${JSON.stringify(bad)}`;
  };
}

/**
 * `directory`: of `console.yaml`, and where its file names begin. What is wrong is for the status: the console goes on without the browser, and
 * protection without either.
 */
export async function webOrders(directory: string, flags: WebFlags): Promise<WebOrders> {
  try {
    return await readOrders(directory, flags);
  } catch (error) {
    const hint = `Correct it (docs/console.md) and start again. File: ${join(directory, SETTINGS_FILE)}`;
    return {
      problem: { code: 'web-settings', text: `The console in the browser is off: ${(error as Error).message}`, hint },
    };
  }
}

async function readOrders(directory: string, flags: WebFlags): Promise<WebOrders> {
  const given = { ...(await readFile(directory)), ...fromFlags(flags) };
  if (given.enabled === false) return null;
  const { host, port } = parseListen(given.listen ?? DEFAULT_LISTEN)!;
  const under = (path: string) => resolve(directory, path);
  const tls = typeof given.tls === 'object' ? { cert: under(given.tls.cert), key: under(given.tls.key) } : given.tls;
  const settings = {
    host,
    port,
    tls: tls ?? null,
    trustedProxies: given['trusted-proxies'] ?? [],
    names: (given.names ?? []).map((name) => name.toLowerCase()),
    insecureHttp: given['insecure-http'] ?? false,
  };
  requireSafe(settings);
  return { settings };
}

async function readFile(directory: string): Promise<Written> {
  let text: string;
  try {
    text = readFileSync(join(directory, SETTINGS_FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  const { parse } = await import('yaml');
  return checked(parse(text) ?? {}, `${SETTINGS_FILE}: `);
}

function fromFlags(flags: WebFlags): Written {
  const { tlsCert, tlsKey, tlsSelfSigned } = flags;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) throw new Error('--tls-cert and --tls-key belong together');
  if (tlsSelfSigned && tlsCert !== undefined) throw new Error('--tls-self-signed and --tls-cert exclude each other');
  const tls = tlsSelfSigned ? 'self-signed' : tlsCert === undefined ? undefined : { cert: tlsCert, key: tlsKey };
  const said = {
    enabled: flags.web === false ? false : undefined,
    listen: flags.listen,
    tls,
    'trusted-proxies': flags.trustedProxy,
    names: flags.name,
    'insecure-http': flags.insecureHttp,
  };
  return checked(Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)), '');
}

function checked(value: unknown, where: string): Written {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${where}settings are expected`);
  const problems = Object.entries(value).flatMap(([name, given]) => {
    const expected = Object.hasOwn(EXPECTED, name)
      ? EXPECTED[name as keyof Written](given)
      : `there is no such setting: there are ${Object.keys(EXPECTED).join(', ')}`;
    return expected === null ? [] : [`${where}${name}: ${expected}`];
  });
  if (problems.length > 0) throw new Error(problems.join('; '));
  return value;
}

/** Passwords do not travel in the clear, unless somebody has said that they know. */
function requireSafe({ host, tls, trustedProxies, insecureHttp }: WebSettings): void {
  if (isLoopback(host) || tls !== null || trustedProxies.length > 0 || insecureHttp) return;
  throw new Error(
    `${host} can be reached from other machines, and passwords would travel in the clear: use --tls-self-signed, --tls-cert and ` +
      '--tls-key, or --trusted-proxy for a proxy that speaks TLS; --insecure-http takes the risk',
  );
}

/** Where people come in from other machines, the port is one that no automatic block may cover. */
export function managementPortOf({ host, port }: WebSettings): number | null {
  return isLoopback(host) ? null : port;
}

export function isLoopback(host: string): boolean {
  const address = parseAddress(host);
  if (!address) return false;
  const { w0, w1, w2, w3 } = address;
  return w0 === 0 && w1 === 0 && ((w2 === 0xffff && w3 >>> 24 === 127) || (w2 === 0 && w3 === 1));
}

/** As a browser takes it. */
export function originOf(settings: WebSettings): string {
  const { port, tls, names, trustedProxies } = settings;
  const [name] = names;
  if (name !== undefined && trustedProxies.length > 0) return `https://${name}`;
  const scheme = tls === null ? 'http' : 'https';
  const shown = name !== undefined && managementPortOf(settings) !== null ? name : placeOf(settings);
  const usual = port === (tls === null ? 80 : 443);
  return `${scheme}://${shown.includes(':') ? `[${shown}]` : shown}${usual ? '' : `:${port}`}`;
}

/** Who listens on every address is found at the first one that other machines can reach. */
function placeOf({ host }: WebSettings): string {
  if (host !== '0.0.0.0' && host !== '::') return host;
  const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  const outside = addresses.find(({ internal, family }) => !internal && family === 'IPv4');
  return outside?.address ?? 'localhost';
}
