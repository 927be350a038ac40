/** Fetching against a real server that misbehaves in each way that real ones do. */
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FeedError } from './feed-error.ts';
import { httpFetch, REDIRECTS_MAX, type FetchRequest } from './fetch-feed.ts';
import { serving, startListServer, type ListServer } from './testing/list-server.ts';
import { unpack } from './unpack.ts';

let server: ListServer;
beforeAll(async () => {
  server = await startListServer();
});
afterAll(() => server.close());
beforeEach(() => {
  server.requests.length = 0;
});

const BYTES_MAX = 10_000;
const LIST = '198.51.100.7\n198.51.100.8\n';
const quick = httpFetch({ silenceMs: 300, totalMs: 900 });

function fetchFrom(url: string, given: Partial<FetchRequest> = {}) {
  const signal = new AbortController().signal;
  return quick({ url, etag: null, lastModified: null, bytesMax: BYTES_MAX, signal, ...given });
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

describe('what a server may do, and what becomes of it', () => {
  const rows: [what: string, answer: Answer, code: FeedError['code'], says: RegExp][] = [
    ['an error', (_, r) => r.writeHead(500).end('oops'), 'feed-http-status', /answered 500/],
    ['no such list', (_, r) => r.writeHead(404).end(), 'feed-http-status', /answered 404/],
    ['a password is wanted', (_, r) => r.writeHead(401).end(), 'feed-http-status', /answered 401/],
    ['success without content', (_, r) => r.writeHead(204).end(), 'feed-http-status', /answered 204/],
    // Nothing was there that could be unmodified.
    ['304 to an unconditional request', (_, r) => r.writeHead(304).end(), 'feed-http-status', /answered 304/],
    ['part of it', (_, r) => r.writeHead(206).end(LIST), 'feed-http-status', /answered 206/],
    ['never an answer', () => {}, 'feed-timeout', /silent for 0\.3 s/],
    ['the head and then nothing', (_, r) => r.writeHead(200).write(LIST), 'feed-timeout', /silent for 0\.3 s/],
    [
      // Evasion: a byte now and then keeps every silence short.
      'a byte every 50 ms',
      (_, r) => {
        const drip = setInterval(() => r.write('1'), 50);
        r.on('close', () => clearInterval(drip));
      },
      'feed-timeout',
      /not complete after 0\.9 s/,
    ],
    [
      'fewer bytes than announced',
      (_, r) => {
        r.writeHead(200, { 'content-length': 1000 });
        r.write(LIST, () => r.destroy());
      },
      'feed-truncated',
      /closed the connection before/,
    ],
    [
      'a chunked body without its end',
      (_, r) => {
        r.writeHead(200);
        r.write(LIST, () => r.destroy());
      },
      'feed-truncated',
      /closed the connection before/,
    ],
    ['a long announcement', (_, r) => r.writeHead(200, { 'content-length': 10_001 }).end(), 'feed-too-large', /10001/],
    [
      'more than bytesMax, unannounced',
      (_, r) => r.end(Buffer.alloc(20_000, '1')),
      'feed-too-large',
      /more than 10000/,
    ],
    ['another coding', (_, r) => r.writeHead(200, { 'content-encoding': 'br' }).end('x'), 'feed-encoding', /not asked/],
    ['a redirect to nowhere', (_, r) => r.writeHead(302).end(), 'feed-redirect', /does not say where/],
    [
      'a redirect to a file',
      (_, r) => r.writeHead(302, { location: 'file:///etc/passwd' }).end(),
      'feed-redirect',
      /http/,
    ],
    ['a redirect loop', (_, r) => r.writeHead(301, { location: '/again' }).end(), 'feed-redirect', /more than 5/],
  ];
  it.each(rows)('%s', async (_what, answer, code, says) => {
    server.behave(answer);
    await expect(fetchFrom(server.url)).rejects.toMatchObject({ code, message: expect.stringMatching(says) });
  });

  it('a redirect loop ends after a bounded number of requests', async () => {
    server.behave((_, response) => response.writeHead(302, { location: '/' }).end());
    await expect(fetchFrom(server.url)).rejects.toBeInstanceOf(FeedError);
    expect(server.requests).toHaveLength(REDIRECTS_MAX + 1);
  });

  it('nobody listens, no such name, no such scheme', async () => {
    await expect(fetchFrom('http://127.0.0.1:1/x')).rejects.toMatchObject({ code: 'feed-unreachable' });
    await expect(fetchFrom('http://no-such-name.invalid/x')).rejects.toMatchObject({ code: 'feed-unreachable' });
    await expect(fetchFrom('ftp://127.0.0.1/x')).rejects.toMatchObject({ code: 'feed-url-invalid' });
  });

  it('whoever closes the feeds does not wait for a server', async () => {
    const ending = new AbortController();
    server.behave(() => ending.abort());
    await expect(fetchFrom(server.url, { signal: ending.signal })).rejects.toBeInstanceOf(FeedError);
  });
});

describe('a list', () => {
  it('with what is needed to ask for changes only, and then 304', async () => {
    server.behave((request, response) => {
      if (request.headers['if-none-match']) return void response.writeHead(304).end();
      response.writeHead(200, { etag: 'W/"a b"', 'last-modified': 'Sun, 22 Nov 2026 10:00:00 GMT' }).end(LIST);
    });
    const answer = await fetchFrom(server.url);
    expect(answer).toMatchObject({ changed: true, etag: 'W/"a b"', lastModified: 'Sun, 22 Nov 2026 10:00:00 GMT' });
    const again = await fetchFrom(server.url, { etag: 'W/"a b"', lastModified: 'Sun, 22 Nov 2026 10:00:00 GMT' });
    expect(again).toEqual({ changed: false });
    expect(server.requests[1].headers).toMatchObject({
      'if-none-match': 'W/"a b"',
      'if-modified-since': 'Sun, 22 Nov 2026 10:00:00 GMT',
    });
  });

  it('after a redirect', async () => {
    server.behave((request, response) => {
      if (request.url === '/new') serving(LIST)(request, response);
      else response.writeHead(308, { location: '/new' }).end();
    });
    expect(await fetchFrom(`${server.url}/old`)).toMatchObject({ changed: true, etag: '"1"' });
  });

  it.each([
    ['a validator of 2,000 characters is not believed', 'x'.repeat(2000), null],
    ['an empty one is none', '', null],
  ])('%s', async (_what, etag, expected) => {
    server.behave((_, response) => response.writeHead(200, { etag }).end(LIST));
    expect(await fetchFrom(server.url)).toMatchObject({ etag: expected });
  });

  // RFC 9112 §6.3 rule 8: nobody announced where it ends.
  it.each([
    ['ends with a line end: taken', LIST, null],
    ['ends within a line: refused', LIST.trimEnd(), 'feed-truncated'],
  ])('a body that ends with the connection and %s', async (_what, text, code) => {
    const plain = createServer((socket) => {
      socket.once('data', () => socket.end(`HTTP/1.0 200 OK\r\n\r\n${text}`));
      socket.on('error', () => {});
    });
    plain.listen(0, '127.0.0.1');
    await once(plain, 'listening');
    const result = fetchFrom(`http://127.0.0.1:${(plain.address() as AddressInfo).port}/`);
    if (code) await expect(result).rejects.toMatchObject({ code });
    else expect(await result).toMatchObject({ changed: true });
    plain.close();
  });
});

describe('passwords', () => {
  const basic = `Basic ${Buffer.from('user:p@ss').toString('base64')}`;
  const withLogin = () => server.url.replace('http://', 'http://user:p%40ss@');

  it('go to the server of the URL, and along its own redirects', async () => {
    server.behave((request, response) => {
      if (request.url === '/') response.writeHead(302, { location: '/list' }).end();
      else serving(LIST)(request, response);
    });
    await fetchFrom(withLogin());
    expect(server.requests.map((request) => request.headers.authorization)).toEqual([basic, basic]);
  });

  // Evasion: whoever runs the list's server must not learn it from a redirect, nor anybody else.
  it('do not go to another server', async () => {
    const other = await startListServer();
    other.behave(serving(LIST));
    server.behave((_, response) => response.writeHead(302, { location: `${other.url}/list` }).end());
    await fetchFrom(withLogin());
    expect(other.requests[0].headers.authorization).toBeUndefined();
    await other.close();
  });

  it('are in no error', async () => {
    server.behave((_, response) =>
      response.writeHead(302, { location: 'http://user:p%40ss@127.0.0.1:1/?key=p%40ss' }).end(),
    );
    for (const url of [withLogin(), 'http://user:p%40ss@127.0.0.1:1/', 'http://user:p%40ss@bad host/']) {
      const error = (await fetchFrom(url).catch((thrown: unknown) => thrown)) as FeedError;
      expect(error).toBeInstanceOf(FeedError);
      expect(`${error.message} ${error.hint} ${JSON.stringify(error)}`).not.toMatch(/p%40ss|p@ss/);
    }
  });
});

describe('gzip', () => {
  it.each([
    ['plain text stays', Buffer.from(LIST), LIST],
    ['packed once', gzipSync(LIST), LIST],
    ['a .gz file sent with a content coding', gzipSync(gzipSync(LIST)), LIST],
  ])('%s', async (_what, bytes, text) => {
    expect(Buffer.from(await unpack(bytes, BYTES_MAX)).toString()).toBe(text);
  });

  it.each([
    // Evasion: 100 MB of zeros in 100 kB.
    ['a bomb', gzipSync(Buffer.alloc(100_000_000)), 'feed-too-large'],
    ['a bomb in a bomb', gzipSync(gzipSync(Buffer.alloc(100_000_000))), 'feed-too-large'],
    ['without its end', gzipSync(LIST).subarray(0, 20), 'feed-truncated'],
    ['damaged', gzipSync(LIST).fill(0xff, 12, 24), 'feed-encoding'],
  ])('%s: %s', async (_what, bytes, code) => {
    await expect(unpack(bytes, BYTES_MAX)).rejects.toMatchObject({ code });
  });
});
