/** One list over HTTP: conditional, bounded in time, size and redirects, complete or not at all. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { FeedError } from './feed-error.ts';
import { shownUrl } from './shown-source.ts';
import { isGzip } from './unpack.ts';

export interface FetchRequest {
  url: string;
  /** Of the content that is there already, as the server sent them; null: none. */
  etag: string | null;
  lastModified: string | null;
  bytesMax: number;
  signal: AbortSignal;
}

export type FetchAnswer =
  | { changed: false }
  /** As it came, possibly gzip. */
  | { changed: true; bytes: Uint8Array; etag: string | null; lastModified: string | null };

/** Errors: `FeedError`; when the signal aborted, whatever. */
export type FetchFeed = (request: FetchRequest) => Promise<FetchAnswer>;

export interface FetchLimits {
  /** Without a byte. */
  silenceMs: number;
  /** For everything, redirects included: a server that sends a byte a second ends too. */
  totalMs: number;
}

export const FETCH_LIMITS: FetchLimits = { silenceMs: 20_000, totalMs: 120_000 };
export const REDIRECTS_MAX = 5;
/** Validators are kept on disk and sent back: longer ones are not believed. */
const VALIDATOR_CHARS_MAX = 1024;
const REDIRECTS = [301, 302, 303, 307, 308];
const RETRY_AFTER_MAX_MS = 86_400_000;

export function httpFetch(limits: FetchLimits = FETCH_LIMITS): FetchFeed {
  return async (request) => {
    const impatience = new AbortController();
    const giveUp = (text: string) => impatience.abort(new FeedError('feed-timeout', text));
    const deadline = setTimeout(() => giveUp(`it was not complete after ${limits.totalMs / 1000} s`), limits.totalMs);
    const onSilence = () => giveUp(`the server was silent for ${limits.silenceMs / 1000} s`);
    const signal = AbortSignal.any([request.signal, impatience.signal]);
    try {
      return await follow({ ...request, signal }, { silenceMs: limits.silenceMs, onSilence });
    } catch (error) {
      if (error instanceof FeedError) throw error;
      // What an aborted stream throws depends on where it was.
      if (impatience.signal.aborted) throw impatience.signal.reason;
      throw networkError(error as NodeJS.ErrnoException);
    } finally {
      clearTimeout(deadline);
    }
  };
}

interface Patience {
  silenceMs: number;
  onSilence: () => void;
}

async function follow(request: FetchRequest, patience: Patience): Promise<FetchAnswer> {
  let url = feedUrl(request.url, 'feed-url-invalid');
  const authority = url.origin;
  const login = authorization(url);
  for (let hops = 0; hops <= REDIRECTS_MAX; hops++) {
    // Evasion: a redirect to another server must not carry the password there.
    const response = await send(url, url.origin === authority ? login : authorization(url), request, patience);
    try {
      if (!REDIRECTS.includes(response.statusCode ?? 0)) return await read(response, request);
      url = nextUrl(url, response.headers.location);
    } finally {
      response.destroy();
    }
  }
  throw new FeedError('feed-redirect', `more than ${REDIRECTS_MAX} redirects, the last to ${shownUrl(url.href)}`);
}

function feedUrl(text: string, code: 'feed-url-invalid' | 'feed-redirect', base?: URL): URL {
  const url = URL.parse(text, base?.href);
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new FeedError(code, 'only http:// and https:// addresses are fetched');
}

function nextUrl(from: URL, location: string | undefined): URL {
  if (!location) throw new FeedError('feed-redirect', 'the server redirects and does not say where to');
  const url = feedUrl(location, 'feed-redirect', from);
  // Evasion: whoever can redirect to plain HTTP can then write the list.
  if (from.protocol === 'https:' && url.protocol === 'http:') {
    throw new FeedError(
      'feed-redirect',
      `it redirects from https to ${shownUrl(url.href)}, where anybody could change it`,
    );
  }
  return url;
}

/** RFC 7617; the parts of a URL are percent-encoded. */
function authorization(url: URL): string | null {
  if (url.username === '' && url.password === '') return null;
  const part = (text: string) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };
  return `Basic ${Buffer.from(`${part(url.username)}:${part(url.password)}`).toString('base64')}`;
}

function send(url: URL, login: string | null, request: FetchRequest, patience: Patience): Promise<IncomingMessage> {
  const headers: Record<string, string> = { 'user-agent': 'Ringfence', accept: '*/*', 'accept-encoding': 'gzip' };
  if (login) headers.authorization = login;
  if (request.etag) headers['if-none-match'] = request.etag;
  if (request.lastModified) headers['if-modified-since'] = request.lastModified;
  const bare = new URL(url);
  [bare.username, bare.password] = ['', ''];
  return new Promise((resolve, reject) => {
    const ask = url.protocol === 'https:' ? httpsRequest : httpRequest;
    // No agent: no connection stays open between two fetches that are an hour apart.
    const options = { agent: false as const, headers, signal: request.signal, timeout: patience.silenceMs };
    const sent = ask(bare, options, resolve);
    sent.on('timeout', patience.onSilence);
    sent.on('error', reject);
    sent.end();
  });
}

async function read(response: IncomingMessage, request: FetchRequest): Promise<FetchAnswer> {
  const { statusCode = 0, headers } = response;
  if (statusCode === 304 && (request.etag || request.lastModified)) return { changed: false };
  if (statusCode !== 200) {
    const wait = retryAfter(headers['retry-after']);
    throw new FeedError('feed-http-status', `the server answered ${statusCode}`, wait);
  }
  const coding = headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (!['identity', 'gzip', 'x-gzip'].includes(coding)) {
    throw new FeedError('feed-encoding', 'the server packed it in a way that was not asked for');
  }
  const bytes = await body(response, request.bytesMax);
  return {
    changed: true,
    bytes,
    etag: validator(headers.etag),
    lastModified: validator(headers['last-modified']),
  };
}

async function body(response: IncomingMessage, bytesMax: number): Promise<Uint8Array> {
  const tooLarge = (size: string) =>
    new FeedError('feed-too-large', `it has ${size} than ${bytesMax} bytes (bytesMax)`);
  const announced = response.headers['content-length'];
  if (announced !== undefined && Number(announced) > bytesMax) throw tooLarge(`${Number(announced)} bytes, more`);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bytesMax) throw tooLarge('more');
    chunks.push(chunk);
  }
  if (!response.complete) throw new FeedError('feed-truncated', `the connection ended after ${size} bytes`);
  const bytes = Buffer.concat(chunks, size);
  const framed = announced !== undefined || response.headers['transfer-encoding'] !== undefined;
  // RFC 9112 §6.3 rule 8: such a body ends where the connection does, on purpose or not.
  if (!framed && !isGzip(bytes) && size > 0 && bytes[size - 1] !== 0x0a) {
    throw new FeedError('feed-truncated', `nobody said how long it is, and its last line has no end (${size} bytes)`);
  }
  return bytes;
}

function validator(text: string | undefined): string | null {
  return text !== undefined && text !== '' && text.length <= VALIDATOR_CHARS_MAX ? text : null;
}

/** Seconds; the form with a date is rare and left to the ordinary schedule. */
function retryAfter(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,9}$/.test(text)) return null;
  return Math.min(Number(text) * 1000, RETRY_AFTER_MAX_MS);
}

const CAUSES: Record<string, string> = {
  ENOTFOUND: 'the server’s name is not known',
  EAI_AGAIN: 'the server’s name could not be looked up',
  ECONNREFUSED: 'nobody listens there',
  EHOSTUNREACH: 'there is no way to the server',
  ENETUNREACH: 'there is no way to the server',
  ETIMEDOUT: 'the server does not answer',
  CERT_HAS_EXPIRED: 'the server’s certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the server’s certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'nobody vouches for the server’s certificate (own authorities: NODE_EXTRA_CA_CERTS)',
  SELF_SIGNED_CERT_IN_CHAIN: 'nobody vouches for the server’s certificate (own authorities: NODE_EXTRA_CA_CERTS)',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'nobody vouches for the server’s certificate (own authorities: NODE_EXTRA_CA_CERTS)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'nobody vouches for the server’s certificate (own authorities: NODE_EXTRA_CA_CERTS)',
};

/** Invariant: no message of Node's is passed on: some quote the URL with its password. */
function networkError(error: NodeJS.ErrnoException & { cause?: unknown }): FeedError {
  const code = error.code ?? '';
  if (code === 'ECONNRESET' || code === 'HPE_INVALID_EOF_STATE' || code === 'EPIPE') {
    return new FeedError('feed-truncated', 'the server closed the connection before the answer was complete');
  }
  if (code.startsWith('HPE_')) return new FeedError('feed-unreachable', `the answer is not HTTP (${code})`);
  return new FeedError(
    'feed-unreachable',
    CAUSES[code] ?? (code === '' ? 'the connection failed' : `it failed: ${code}`),
  );
}
