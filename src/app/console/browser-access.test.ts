/** The real console with a browser's way in: who may do what, and what happens when it cannot listen. */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest';
import { ask } from '../../../cli/client.ts';
import { SCOPES, type Scope } from '../../identity/scopes.ts';
import { FREE_TRIES } from '../../identity/sign-in-delays.ts';
import type { StatusAnswer } from '../../serve/answers.ts';
import { contract } from '../../serve/api/contract.ts';
import { API_PREFIX, type Access } from '../../serve/api/endpoint.ts';
import type { LinkAnswer } from '../../serve/identity/operations.ts';
import { SETTINGS_FILE } from '../../serve/web/settings.ts';
import { GuardStandIn, health, makeDataDirectory } from '../../serve/testing/guard-stand-in.ts';
import { cookieOf, PASSWORD, type Browser } from '../../serve/testing/web-under-test.ts';

const rows = contract.flatMap(({ endpoints, streams = [] }) => [
  ...endpoints.map(({ method, path, scope }) => ({ method, path, scope })),
  ...endpoints
    .filter(({ csv }) => csv)
    .map(({ path, scope }) => ({ method: 'GET' as const, path: `${path}.csv`, scope })),
  ...streams.map(({ path, scope }) => ({ method: 'GET' as const, path, scope })),
]);

/** Whom the table is about, and what they hold. */
const CALLERS: Record<string, { scopes: readonly Scope[]; session: boolean } | null> = {
  nobody: null,
  viewer: { scopes: ['read'], session: true },
  administrator: { scopes: SCOPES, session: true },
  'token read': { scopes: ['read'], session: false },
  'token act': { scopes: ['act'], session: false },
  'token configure': { scopes: ['configure'], session: false },
  'token accounts': { scopes: ['accounts'], session: false },
};

describe('who may do what', () => {
  const data = makeDataDirectory();
  let guard: GuardStandIn;
  let origin: string;
  let headersOf: Record<string, () => Promise<Record<string, string>>>;

  const send = async (method: string, path: string, headers: Record<string, string>, body?: unknown) => {
    // A stream never ends by itself, and its status is all that is asked for.
    const abort = new AbortController();
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const init = { method, headers: { ...json, ...headers }, signal: abort.signal };
    const response = await fetch(
      origin + API_PREFIX + path,
      body === undefined ? init : { ...init, body: JSON.stringify(body) },
    );
    const stream = /event-stream/.test(response.headers.get('content-type') ?? '');
    const text = stream ? '' : await response.text();
    abort.abort();
    return { status: response.status, headers: response.headers, text };
  };

  const enter = async (path: string, body: object): Promise<Browser> => {
    const answer = await send('POST', path, {}, body);
    expect(answer.status).toBe(200);
    return { cookie: cookieOf(answer), csrf: (JSON.parse(answer.text) as { session: { csrf: string } }).session.csrf };
  };
  const asBrowser = ({ cookie, csrf }: Browser) => ({ cookie, 'x-ringfence-csrf': csrf });
  const secretOf = ({ link }: LinkAnswer) => link.slice('/setup#'.length);

  beforeAll(async () => {
    guard = await GuardStandIn.start(data.path, undefined, '127.0.0.1:0');
    guard.report({ type: 'health', health: health() });
    const { link } = await listening<{ link: LinkAnswer & { url: string } }>('/setup/first-link');
    origin = new URL(link.url).origin;
    await enter('/setup', { link: secretOf(link), name: 'alice', password: PASSWORD });
    const bob = await ask<LinkAnswer>(data.path, 'POST', '/users', { name: 'bob', role: 'viewer' });
    await enter('/setup', { link: secretOf(bob), password: PASSWORD });
    const token = async (scope: Scope) => {
      const made = await ask<{ secret: string }>(data.path, 'POST', '/tokens', { name: scope, scopes: [scope] });
      return { authorization: `Bearer ${made.secret}` };
    };
    headersOf = {
      nobody: async () => ({}),
      viewer: async () => asBrowser(await enter('/session', { name: 'bob', password: PASSWORD })),
      administrator: async () => asBrowser(await enter('/session', { name: 'alice', password: PASSWORD })),
    };
    for (const scope of SCOPES) {
      const headers = await token(scope);
      headersOf[`token ${scope}`] = async () => headers;
    }
  });
  afterAll(async () => {
    await guard.stop();
    data.remove();
  });

  /** It listens a moment after the socket does. */
  async function listening<T extends { link: { url: string | null } }>(path: string): Promise<T> {
    for (;;) {
      const answer = await ask<T>(data.path, 'POST', path);
      if (answer.link.url !== null) return answer;
    }
  }

  /** Opens the account of a person: its operation lets no token do that, whatever its scopes. */
  const FOR_PEOPLE = '/users/{name}/link';

  function expected(caller: string, path: string, access: Access): 401 | 403 | 'let in' {
    const held = CALLERS[caller];
    if (path === FOR_PEOPLE && held?.session === false) return 403;
    if (access === 'none') return 'let in';
    if (held === null) return 401;
    if (access === 'session') return held.session ? 'let in' : 403;
    return held.scopes.includes(access) ? 'let in' : 403;
  }

  test.each(Object.keys(CALLERS))('%s', async (caller) => {
    const wrong: string[] = [];
    let headers = await headersOf[caller]();
    for (const { method, path, scope } of rows) {
      // An entry of that name does not exist, and a body of nothing is refused: whoever is let in changes nothing.
      const body = method === 'GET' || method === 'DELETE' ? undefined : {};
      const { status, text } = await send(method, path.replaceAll(/\{\w+\}/g, 'nothing-of-that-name'), headers, body);
      const { code = '' } = status === 401 || status === 403 ? (JSON.parse(text) as { code: string }) : {};
      const outcome = ['not-signed-in', 'scope-missing', 'session-needed'].includes(code) ? status : 'let in';
      if (outcome !== expected(caller, path, scope)) wrong.push(`${method} ${path} (${scope}): ${status} ${text}`);
      if (path === '/session' && method === 'DELETE' && status === 200) headers = await headersOf[caller]();
    }
    expect(wrong).toEqual([]);
    expect(rows.length).toBeGreaterThan(40);
  });

  it('what an administrator changes is in the audit log with their name and address', async () => {
    const headers = await headersOf.administrator();
    const entry = { range: '192.0.2.0/28', comment: 'office' };
    expect((await send('POST', '/lists/allow', headers, entry)).status).toBe(200);
    const { text } = await send('GET', '/audit?what=allow.add', headers);
    expect(JSON.parse(text)).toMatchObject({ items: [{ who: 'alice', origin: '127.0.0.1', subject: '192.0.2.0/28' }] });
  });

  it('a session is good after a restart of the console', async () => {
    const headers = await headersOf.administrator();
    await guard.stop();
    guard = await GuardStandIn.start(data.path, undefined, '127.0.0.1:0');
    const { url } = await untilOpen();
    origin = new URL(url).origin;
    expect((await send('GET', '/session', headers)).status).toBe(200);
  });

  async function untilOpen(): Promise<{ url: string }> {
    for (;;) {
      const { url } = await ask<LinkAnswer>(data.path, 'POST', '/users/bob/link', {});
      if (url !== null) return { url };
    }
  }
});

describe('whoever sits behind a proxy', () => {
  const data = makeDataDirectory();
  let guard: GuardStandIn;
  afterAll(async () => {
    await guard.stop();
    data.remove();
  });

  it('is asked before they shut themselves out', async () => {
    writeFileSync(join(data.path, SETTINGS_FILE), 'trusted-proxies: [127.0.0.1]\n');
    guard = await GuardStandIn.start(data.path, undefined, '127.0.0.1:0');
    guard.report({ type: 'health', health: health() });
    const added = await ask<LinkAnswer>(data.path, 'POST', '/users', { name: 'alice', role: 'administrator' });
    const { secret } = await ask<{ secret: string }>(data.path, 'POST', '/tokens', { name: 'x', scopes: ['act'] });
    let { url } = added;
    while (url === null) ({ url } = await ask<LinkAnswer>(data.path, 'POST', '/users/alice/link', {}));
    const deny = (yes: boolean) =>
      fetch(new URL('/api/v1/lists/deny', url!), {
        method: 'POST',
        headers: {
          authorization: `Bearer ${secret}`,
          'content-type': 'application/json',
          'x-forwarded-for': '203.0.113.7',
        },
        body: JSON.stringify({ range: '203.0.113.0/24', yes }),
      });
    const refused = await deny(false);
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({
      code: 'needs-confirmation',
      detail: expect.stringContaining(
        '203.0.113.7 would be shut out of all ports by the denylist: your own session comes from there.',
      ),
    });
    expect((await deny(true)).status).toBe(200);
  });

  it('and guesses passwords is told of in an event: once, however many do', async () => {
    const { url } = await ask<{ url: string }>(data.path, 'POST', '/users/alice/link', {});
    const guess = async (address: string) => {
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
        body: JSON.stringify({ name: 'alice', password: 'wrong password 1' }),
      };
      return (await fetch(new URL('/api/v1/session', url), init)).status;
    };
    const statuses: number[] = [];
    for (let i = 0; i < FREE_TRIES + 1; i++) statuses.push(await guess('203.0.113.50'));
    expect(statuses).toEqual([...Array<number>(FREE_TRIES).fill(401), 429]);
    for (let i = 0; i < FREE_TRIES; i++) await guess('203.0.113.51');
    const { items } = await ask<{ items: { code: string; text: string }[] }>(data.path, 'GET', '/events');
    const told = items.filter(({ code }) => code === 'sign-in-guessing');
    expect(told).toMatchObject([{ text: expect.stringContaining('from 203.0.113.50') }]);
  });
});

describe('when it cannot listen', () => {
  const data = makeDataDirectory();
  let guard: GuardStandIn;
  afterEach(async () => {
    await guard.stop();
  });
  afterAll(() => data.remove());
  const problems = async () => {
    const { problems } = await ask<StatusAnswer>(data.path, 'GET', '/status');
    return problems.filter(({ code }) => code.startsWith('web-'));
  };

  it('the status says why and what to do, everything else works, and it listens as soon as it can', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    guard = await GuardStandIn.start(data.path, undefined, `127.0.0.1:${port}`);
    guard.report({ type: 'health', health: health() });
    let told = await problems();
    while (told.length === 0) told = await problems();
    expect(told).toMatchObject([{ code: 'web-port-taken', hint: expect.stringContaining(`sport = :${port}`) }]);
    expect(await ask<StatusAnswer>(data.path, 'GET', '/status')).toMatchObject({ protecting: true, state: 'degraded' });
    await new Promise<void>((resolve) => other.close(() => resolve()));
    while (told.length > 0) told = await problems();
    expect((await fetch(`http://127.0.0.1:${port}/api/v1/setup`)).status).toBe(200);
  });

  it('in the clear for other machines: refused, with the ways out', async () => {
    guard = await GuardStandIn.start(data.path, undefined, '0.0.0.0:0');
    expect(await problems()).toMatchObject([
      { code: 'web-settings', text: expect.stringMatching(/--tls-self-signed.*--insecure-http/s) },
    ]);
  });
});
