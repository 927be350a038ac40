/** Where each provider's data lie. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { shownUrl } from '../feeds/shown-source.ts';
import { EMBEDDED } from './embedded.ts';
import { GeoError } from './geo-error.ts';

/** As the policy has it (`countries.data`). */
export interface CountryDataSettings {
  provider: 'embedded' | 'maxmind' | 'dbip' | 'ipfire' | 'custom';
  /** Instead of the provider's own. */
  url: string;
  /** Instead of any URL. */
  file: string;
  accountId: string;
  licenceKeyFile: string;
  /** A duration: `7d`. */
  every: string;
  /** 0 … 1. */
  shrinkMax: number;
}

export type Source =
  | { kind: 'file'; name: string; path: string }
  | {
      kind: 'url';
      name: string;
      /** Tried in this order while the server says that there is no such file; credentials may be in them. */
      urls: string[];
      /** A URL of `sha256sum`'s output. */
      checksumUrl: string | null;
    };

/** The providers' servers, and the folder of Debian's tor-geoipdb (IPFire's data, in Tor's format); tests bring their own. */
export interface Origins {
  maxmind: string;
  dbip: string;
  ipfire: string;
}

export const ORIGINS: Origins = {
  maxmind: 'https://download.maxmind.com',
  dbip: 'https://download.db-ip.com',
  ipfire: '/usr/share/tor',
};

export const IPFIRE_FILES = ['geoip', 'geoip6'] as const;

/** The settings that decide which data these are: others want other data. A URL may hold a key, so its digest stands for it. */
export function identityOf({ provider, url, file, accountId }: CountryDataSettings): string {
  if (url === '' && file === '') return provider === 'maxmind' ? `${provider} ${accountId}` : provider;
  const digest = createHash('sha256')
    .update(file === '' ? url : file)
    .digest('hex');
  return `${provider} ${digest.slice(0, 16)}`;
}

/** Empty: what Ringfence brings. Errors: `GeoError` `geo-source-missing`, `geo-key-missing`. */
export function sourcesOf(settings: CountryDataSettings, origins: Origins, now: number): Source[] {
  const { provider, url, file } = settings;
  if (file !== '') return [{ kind: 'file', name: file, path: file }];
  switch (provider) {
    case EMBEDDED:
      return url === '' ? [] : [fromUrl(url, url)];
    case 'ipfire':
      return url === '' ? ipfireFiles(origins.ipfire) : [fromUrl(url, url)];
    case 'dbip':
      return url === '' ? ['country', 'asn'].map((what) => dbip(what, origins.dbip, now)) : [fromUrl(url, url)];
    case 'maxmind': {
      const wanted = url === '' ? ['Country', 'ASN'].map((what) => maxmind(what, origins.maxmind)) : [url];
      return wanted.map((text) => fromUrl(text, withLogin(text, settings), checksumOf(text, settings)));
    }
    case 'custom':
      if (url !== '') return [fromUrl(url, url)];
      throw new GeoError('geo-source-missing', 'The provider is custom, and neither url nor file is set.', CUSTOM_HINT);
  }
}

const CUSTOM_HINT = 'Set one: ringfence policy set countries.data.file /path/to/countries.csv';

function fromUrl(shown: string, url: string, checksumUrl: string | null = null): Source {
  return { kind: 'url', name: nameOf(shown), urls: [url], checksumUrl };
}

/** The last part of the path, unless it looks like a key. */
function nameOf(url: string): string {
  const path = URL.parse(shownUrl(url))?.pathname ?? '';
  const parts = path.split('/').filter((part) => part !== '');
  return parts.at(-1) === 'download' ? (parts.at(-2) ?? 'download') : (parts.at(-1) ?? 'the data');
}

function ipfireFiles(folder: string): Source[] {
  const paths = IPFIRE_FILES.map((name) => join(folder, name));
  const missing = paths.find((path) => statSync(path, { throwIfNoEntry: false }) === undefined);
  if (missing === undefined) return paths.map((path) => ({ kind: 'file', name: path, path }));
  throw new GeoError('geo-source-missing', `There is no file ${missing}.`, 'Install it: apt-get install tor-geoipdb');
}

/** One file each month, from its first days on. */
function dbip(what: string, origin: string, now: number): Source {
  const today = new Date(now);
  const urls = [0, 1].map((back) => {
    const month = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - back, 1));
    return `${origin}/free/dbip-${what}-lite-${month.toISOString().slice(0, 7)}.csv.gz`;
  });
  return { kind: 'url', name: basename(urls[0]), urls, checksumUrl: null };
}

function maxmind(what: string, origin: string): string {
  return `${origin}/geoip/databases/GeoLite2-${what}-CSV/download?suffix=zip`;
}

/** MaxMind answers the same URL with `.sha256` at the end of its suffix. */
function checksumOf(url: string, settings: CountryDataSettings): string | null {
  return /[?&]suffix=(zip|tar\.gz)$/.test(url) ? withLogin(`${url}.sha256`, settings) : null;
}

/** HTTP Basic: the account's number and a licence key, which is read anew each time. */
function withLogin(text: string, { accountId, licenceKeyFile }: CountryDataSettings): string {
  const url = URL.parse(text);
  if (!url) throw new GeoError('geo-source-missing', 'countries.data.url is no URL.');
  if (url.username !== '') return text;
  url.username = accountId;
  url.password = encodeURIComponent(licenceKey(licenceKeyFile));
  return url.href;
}

function licenceKey(path: string): string {
  const hint = 'Make a key at maxmind.com, write it into a file and name it: countries.data.licenceKeyFile';
  if (path === '') throw new GeoError('geo-key-missing', 'GeoLite2 needs a licence key.', hint);
  let key: string;
  try {
    key = readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new GeoError('geo-key-missing', `The licence key cannot be read: ${(error as Error).message}.`, hint);
  }
  if (/^\S{1,256}$/.test(key)) return key;
  throw new GeoError('geo-key-missing', `${path} holds no licence key: one line without spaces is expected.`, hint);
}
