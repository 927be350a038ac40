/** What the web server lets through, byte by byte. */
import { connect as connectTls } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { renameSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, test, vi } from 'vitest';
import { cookieOf, PASSWORD, sendRaw, WebUnderTest } from '../testing/web-under-test.ts';
import { readCertificate, SELF_SIGNED_FILE } from './certificate.ts';
import { CONNECTIONS_MAX, CONNECTIONS_PER_ADDRESS_MAX } from './connections.ts';
import type { WebSettings } from './settings.ts';

const raw = (web: WebUnderTest, line: string, headers = 'Host: localhost') =>
  sendRaw(web.port, `${line}\r\n${headers}\r\nConnection: close\r\n\r\n`);
const INDEX = '<!doctype html><title>Ringfence</title>';
const statusOf = (answer: string) => Number(answer.split(' ')[1]);

describe('pages', () => {
  let web: WebUnderTest;
  beforeAll(async () => void (web = await WebUnderTest.start()));
  afterAll(() => web.stop());

  test.each(['/', '/setup', '/attacks/i-17', '/why/203.0.113.7?x=1', '/users/'])(
    '%s is a place of the app',
    async (path) => {
      const { status, text, headers } = await web.ask('GET', path);
      expect({ status, text }).toEqual({ status: 200, text: INDEX });
      expect(headers.get('cache-control')).toBe('no-store');
    },
  );

  it('a file with a hash in its name is kept for ever, nothing of the API ever', async () => {
    const { headers, status } = await web.ask('GET', '/assets/app-0a1b2c.js');
    expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
    expect(headers.get('content-type')).toMatch(/^(text|application)\/javascript/);
    for (const path of ['/api/v1/setup', '/api/v1/session', '/api/v1/nowhere', '/api', '/api/'])
      expect((await web.ask('GET', path)).headers.get('cache-control')).toBe('no-store');
  });

  test.each([
    '/nothing.js',
    '/assets/',
    '/assets',
    '/assets/nothing.js',
    '/.hidden',
    '/api',
    '/api/',
    '/api/v2/status',
  ])('%s shows no file and no directory', async (path) => {
    const { status, text } = await web.ask('GET', path);
    expect([200, 403, 404]).toContain(status);
    if (status === 200) expect(text).toBe(INDEX);
    expect(text).not.toMatch(/app-0a1b2c|^hidden/);
  });

  test.each([
    '/../secret.txt',
    '/../../../../../../etc/passwd',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/%252e%252e%252fsecret.txt',
    '/assets/../../secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..\\secret.txt',
    '/..%5csecret.txt',
    '/secret.txt%00.js',
    '/%00',
    '/assets/%00../../secret.txt',
    '/....//secret.txt',
    '//secret.txt',
    '//localhost/../secret.txt',
    '/%c0%ae%c0%ae/secret.txt',
    '/.%00./secret.txt',
    '/dist/../../secret.txt',
    'secret.txt',
    'http://localhost/../secret.txt',
    '/%',
    '/%zz',
  ])('nothing outside comes by way of %s', async (path) => {
    const answer = await raw(web, `GET ${path} HTTP/1.1`);
    // Many of them are places of the app, as far as the server knows.
    expect([200, 400, 403, 404]).toContain(statusOf(answer));
    if (statusOf(answer) === 200) expect(answer.split('\r\n\r\n')[1]).toBe(INDEX);
    expect(answer).not.toMatch(/outside|root:/);
  });

  it('before they are built, a page says how', async () => {
    const [index, away] = [join(web.root, 'index.html'), join(web.root, 'away.html')];
    renameSync(index, away);
    try {
      const { status, text, headers } = await web.ask('GET', '/');
      expect([status, headers.get('content-type')]).toEqual([503, 'text/plain; charset=utf-8']);
      expect(text).toContain('npm run build:web');
    } finally {
      renameSync(away, index);
    }
  });
});

describe('headers', () => {
  let web: WebUnderTest;
  beforeAll(async () => void (web = await WebUnderTest.start()));
  afterAll(() => web.stop());

  test.each(['/', '/api/v1/session', '/nothing.js', '/api/v1/nowhere'])('of %s', async (path) => {
    const { headers } = await web.ask('GET', path);
    const csp = headers.get('content-security-policy')!;
    expect(csp.split(';')).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
      ]),
    );
    expect(csp).not.toMatch(/unsafe|https?:|\*/);
    expect(csp).toMatch(/script-src 'self'(;|$)/);
    expect(csp).toMatch(/style-src 'self' 'nonce-[\w+/]{22}=='(;|$)/);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'x-frame-options': 'DENY',
    });
    expect(headers.get('strict-transport-security')).toBeNull();
    expect(headers.get('server') ?? headers.get('x-powered-by')).toBeNull();
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  test.each([
    'GET /api/v1/nowhere%0d%0aSet-Cookie:%20a=b HTTP/1.1',
    'GET /%0d%0aX-Injected:%20yes HTTP/1.1',
    'GET /x?%0d%0aX-Injected:%20yes HTTP/1.1',
  ])('cannot be added from outside: %s', async (line) => {
    const answer = await raw(web, line);
    const head = answer.split('\r\n\r\n')[0];
    expect(head).not.toMatch(/^(x-injected|set-cookie):/im);
  });

  test.each([
    ['a bare carriage return in a header', 'GET / HTTP/1.1', 'Host: localhost\rX-Injected: yes'],
    ['a NUL in a header', 'GET / HTTP/1.1', 'Host: local\0host'],
    ['two lengths', 'POST /api/v1/session HTTP/1.1', 'Host: localhost\r\nContent-Length: 1\r\nContent-Length: 2'],
    [
      'length and chunks (request smuggling)',
      'POST /api/v1/session HTTP/1.1',
      'Host: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked',
    ],
    ['a header before which stands a space', 'GET / HTTP/1.1', 'Host: localhost\r\n X: y\r\nX : y'],
    ['headers of 17 kB', 'GET / HTTP/1.1', `Host: localhost\r\nX: ${'x'.repeat(17_000)}`],
    ['no HTTP', 'REGISTER sip:x SIP/2.0', 'Via: x'],
  ])('%s: refused', async (_what, line, headers) => {
    expect([400, 431]).toContain(statusOf(await raw(web, line, headers)));
  });

  test.each(['TRACE', 'CONNECT', 'PROPFIND', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])(
    '%s / is nothing',
    async (method) => {
      const answer = await raw(web, `${method} / HTTP/1.1`);
      expect(answer === '' || [400, 404, 405].includes(statusOf(answer))).toBe(true);
      expect(answer).not.toMatch(/access-control/i);
    },
  );
});

describe('the Host header (DNS rebinding)', () => {
  let web: WebUnderTest;
  beforeAll(
    async () =>
      void (web = await WebUnderTest.start({ settings: { names: ['pbx.example.com', '192.0.2.80', '2001:db8::80'] } })),
  );
  afterAll(() => web.stop());

  test.each([
    ['localhost', 200],
    ['LOCALHOST:9999', 200],
    ['127.0.0.1', 200],
    ['[::1]:8470', 200],
    ['pbx.example.com', 200],
    ['PBX.example.com:443', 200],
    ['192.0.2.80', 200],
    ['[2001:db8:0::80]', 200],
    ['evil.example', 400],
    ['pbx.example.com.evil.example', 400],
    ['evil.example:8470', 400],
    ['127.0.0.1.evil.example', 400],
    ['192.0.2.81', 400],
    ['', 400],
    ['localhost@evil.example', 400],
    ['localhost, evil.example', 400],
    ['localhost/evil', 400],
    ['<script>', 400],
  ])('%j: %d', async (host, status) => {
    for (const path of ['/', '/api/v1/setup'])
      expect(statusOf(await raw(web, `GET ${path} HTTP/1.1`, `Host: ${host}`))).toBe(status);
  });

  it('is not taken from a forwarded one of somebody who is no trusted proxy', async () => {
    expect(statusOf(await raw(web, 'GET / HTTP/1.1', 'Host: evil.example\r\nX-Forwarded-Host: localhost'))).toBe(400);
    expect(statusOf(await raw(web, 'GET / HTTP/1.1', 'Host: localhost\r\nX-Forwarded-Host: evil.example'))).toBe(200);
  });

  it('says what to do, and no page of the console to the stranger', async () => {
    const answer = await raw(web, 'GET / HTTP/1.1', 'Host: other.example');
    expect(answer).toContain('This console is not known as other.example.');
    expect(answer).toMatch(/content-type: application\/problem\+json/i);
    expect(answer).toContain('--name NAME');
  });
});

describe('proxies', () => {
  let web: WebUnderTest;
  afterEach(() => web.stop());

  const originOf = async (headers: Record<string, string>) => {
    await web.addUser('alice');
    const answer = await web.ask('POST', '/api/v1/session', { name: 'alice', password: PASSWORD }, headers);
    const [entry] = web.store.audit({ what: 'session' });
    return { origin: entry.origin, secure: /; Secure/.test(answer.headers.get('set-cookie')!) };
  };
  const forwarded = { 'x-forwarded-for': '203.0.113.7, 198.51.100.9', 'x-forwarded-proto': 'https' };

  it('nobody’s X-Forwarded-For is believed without a word', async () => {
    web = await WebUnderTest.start();
    expect(await originOf(forwarded)).toEqual({ origin: '127.0.0.1', secure: false });
  });

  it('a trusted one says who came to it, and that it was TLS; what the client itself wrote before counts for nothing', async () => {
    web = await WebUnderTest.start({ settings: { trustedProxies: ['127.0.0.0/8'] } });
    expect(await originOf(forwarded)).toEqual({ origin: '198.51.100.9', secure: true });
  });

  it('another one is not trusted', async () => {
    web = await WebUnderTest.start({ settings: { trustedProxies: ['192.0.2.0/24'] } });
    expect(await originOf(forwarded)).toEqual({ origin: '127.0.0.1', secure: false });
  });

  test.each(['unknown', '<b>', '203.0.113.7:1234', '999.1.1.1', ''])(
    '%j is no address: then it is the proxy’s',
    async (text) => {
      web = await WebUnderTest.start({ settings: { trustedProxies: ['127.0.0.1'] } });
      expect(await originOf({ 'x-forwarded-for': text })).toMatchObject({ origin: '127.0.0.1' });
    },
  );
});

describe('floods', () => {
  let web: WebUnderTest;
  afterEach(() => web.stop());

  it('of requests of one address: 429 as a problem, for strangers too', async () => {
    web = await WebUnderTest.start({ requestsPerMinuteMax: 20 });
    const statuses: number[] = [];
    for (let i = 0; i < 25; i++) statuses.push((await web.ask('GET', i % 2 ? '/' : '/api/v1/session')).status);
    expect(statuses.slice(20)).toEqual([429, 429, 429, 429, 429]);
    const { headers, json } = await web.ask('GET', '/api/v1/setup');
    expect({ type: headers.get('content-type'), code: json.code }).toEqual({
      type: 'application/problem+json; charset=utf-8',
      code: 'too-many-requests',
    });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });

  const dial = (localAddress: string) =>
    connect({ port: web.port, host: '127.0.0.1', localAddress }).on('error', () => {});

  it('of connections of one address: others come in beside them', async () => {
    web = await WebUnderTest.start();
    const sockets = Array.from({ length: CONNECTIONS_MAX }, () => dial('127.0.1.1'));
    const closed = sockets.map((socket) => once(socket, 'close'));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    await expect.poll(() => sockets.filter(({ closed }) => !closed).length).toBe(CONNECTIONS_PER_ADDRESS_MAX);
    expect((await web.ask('GET', '/api/v1/setup')).status).toBe(200);
    for (const socket of sockets) socket.destroy();
    await Promise.all(closed);
    await vi.waitFor(async () => {
      const again = dial('127.0.1.1').setEncoding('utf8');
      again.write('GET /api/v1/setup HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      let answer = '';
      again.on('data', (text: string) => (answer += text));
      await once(again, 'close');
      expect(answer).toMatch(/^HTTP\/1\.1 200/);
    }, 20_000);
  });

  it('of connections of a trusted proxy there may be more: they are of many people', async () => {
    web = await WebUnderTest.start({ settings: { trustedProxies: ['127.0.1.0/24'] } });
    const sockets = Array.from({ length: CONNECTIONS_PER_ADDRESS_MAX + 1 }, () => dial('127.0.1.1'));
    sockets.at(-1)!.write('GET /api/v1/setup HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const [answer] = (await once(sockets.at(-1)!, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200/);
    for (const socket of sockets) socket.destroy();
  });

  it('of connections: the ones over the bound are closed, and it goes on when they are gone', async () => {
    web = await WebUnderTest.start();
    const sockets = Array.from({ length: CONNECTIONS_MAX + 20 }, (_, i) => dial(`127.0.1.${i % 32}`));
    const closed = sockets.map((socket) => once(socket, 'close'));
    await Promise.race(closed);
    for (const socket of sockets) socket.destroy();
    await Promise.all(closed);
    expect((await web.ask('GET', '/api/v1/setup')).status).toBe(200);
  });
});

describe('TLS', () => {
  let web: WebUnderTest;
  afterEach(() => web.stop());
  const settings: WebSettings = {
    host: '127.0.0.1',
    port: 0,
    tls: 'self-signed',
    trustedProxies: [],
    names: ['pbx.example.com'],
    insecureHttp: false,
  };

  const REQUEST = 'GET /api/v1/setup HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
  const shake = (options: object = {}) =>
    new Promise<string>((resolve, reject) => {
      const socket = connectTls({ port: web.port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
      let answer = '';
      socket.on('secureConnect', () => {
        answer = `${socket.getProtocol()} `;
        socket.write(REQUEST);
      });
      socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
      socket.on('error', reject).on('close', () => resolve(answer));
    });

  it('with a certificate of its own: the same one after a restart, and nobody else can read its key', async () => {
    web = await WebUnderTest.start();
    const { path } = web.data;
    const first = (await readCertificate(settings, path, Date.now()))!;
    const again = (await readCertificate(settings, path, Date.now()))!;
    expect(again.fingerprint).toBe(first.fingerprint);
    expect(first.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect(statSync(join(path, SELF_SIGNED_FILE)).mode & 0o777).toBe(0o600);
    const { subjectAltName, publicKey } = new X509Certificate(first.cert);
    expect(subjectAltName).toMatch(/DNS:localhost.*IP Address:127\.0\.0\.1.*DNS:pbx\.example\.com/);
    expect(publicKey.asymmetricKeyType).toBe('ec');
  });

  it('a certificate that soon ends, or is damaged, is made anew', async () => {
    web = await WebUnderTest.start();
    const { path } = web.data;
    const first = (await readCertificate(settings, path, Date.now()))!;
    const late = (await readCertificate(settings, path, Date.now() + 800 * 86_400_000))!;
    expect(late.fingerprint).not.toBe(first.fingerprint);
    writeFileSync(join(path, SELF_SIGNED_FILE), 'damaged');
    expect((await readCertificate(settings, path, Date.now()))!.fingerprint).not.toBe(late.fingerprint);
  });

  it('is spoken, not older than 1.2; the cookie is secure; plain HTTP gets no answer', async () => {
    web = await WebUnderTest.start();
    const certificate = (await readCertificate(settings, web.data.path, Date.now()))!;
    await web.stop();
    web = await WebUnderTest.start({ settings, certificate });
    expect(await shake()).toMatch(/^TLSv1\.3 HTTP\/1\.1 200/);
    expect(await shake({ maxVersion: 'TLSv1.2' })).toMatch(/^TLSv1\.2 HTTP\/1\.1 200/);
    await expect(shake({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' })).rejects.toThrow();
    expect(await sendRaw(web.port, 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n').catch(() => '')).not.toContain(
      '200 OK',
    );
  });

  it('HSTS with its own certificate and with one of the user', async () => {
    web = await WebUnderTest.start();
    const certificate = (await readCertificate(settings, web.data.path, Date.now()))!;
    await web.stop();
    web = await WebUnderTest.start({ settings, certificate });
    expect(await shake()).toMatch(/strict-transport-security: max-age=15552000\r\n/i);
    await web.stop();
    web = await WebUnderTest.start({ settings: { ...settings, tls: { cert: '', key: '' } }, certificate });
    expect(await shake()).toMatch(/strict-transport-security: max-age=15552000\r\n/i);
  });
});

it('a session that began over TLS has a cookie for TLS only', async () => {
  const web = await WebUnderTest.start({ settings: { trustedProxies: ['127.0.0.1'] } });
  await web.addUser('alice');
  const headers = { 'x-forwarded-proto': 'https' };
  const answer = await web.ask('POST', '/api/v1/session', { name: 'alice', password: PASSWORD }, headers);
  expect(answer.headers.get('set-cookie')).toMatch(/; Secure; SameSite=Strict$/);
  const out = await web.ask('GET', '/api/v1/session', undefined, { ...headers, cookie: cookieOf(answer) });
  expect(out.status).toBe(200);
  await web.stop();
});
