/** Signing in over HTTP: cookies, CSRF, session fixation, roles. */
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { FREE_TRIES } from '../../identity/sign-in-delays.ts';
import { SESSION_IDLE_MS } from '../../identity/sessions.ts';
import { cookieOf, PASSWORD, WebUnderTest, type Browser } from '../testing/web-under-test.ts';

let web: WebUnderTest;
let alice: Browser;

beforeEach(async () => {
  web = await WebUnderTest.start();
  await web.addUser('alice');
  alice = await web.signIn('alice');
});
afterEach(() => web.stop());

const session = (cookie: string) => web.ask('GET', '/api/v1/session', undefined, { cookie });

describe('the cookie', () => {
  it('cannot be read by scripts, is sent to no other site, not in the clear with TLS, and to the API only', async () => {
    const { headers } = await web.ask('POST', '/api/v1/session', { name: 'alice', password: PASSWORD });
    expect(headers.get('set-cookie')).toMatch(/^ringfence_session=[\w-]{43}; Path=\/api; HttpOnly; SameSite=Strict$/);
  });

  it('lets in until somebody signs out, and not a copy of it either', async () => {
    expect((await session(alice.cookie)).json).toMatchObject({
      name: 'alice',
      role: 'administrator',
      csrf: alice.csrf,
    });
    const out = await web.as(alice, 'DELETE', '/api/v1/session');
    expect(out.headers.get('set-cookie')).toMatch(/^ringfence_session=; .*Expires=Thu, 01 Jan 1970/);
    expect((await session(alice.cookie)).status).toBe(401);
  });

  it('is good after a restart, and not after its time', async () => {
    await web.restart();
    expect((await session(alice.cookie)).status).toBe(200);
    web.now += SESSION_IDLE_MS;
    expect((await session(alice.cookie)).status).toBe(401);
  });

  test.each(['', 'x', 'x'.repeat(10_000), '%00', "' OR 1=1 --", '../../etc/passwd', '"quoted"', '=', ';;;'])(
    'made up (%j) lets nobody in',
    async (value) => {
      expect((await session(`ringfence_session=${value}`)).status).toBe(401);
    },
  );

  it('that somebody put there before is not the one after the sign-in (session fixation)', async () => {
    const planted = `ringfence_session=${'A'.repeat(43)}`;
    const answer = await web.ask('POST', '/api/v1/session', { name: 'alice', password: PASSWORD }, { cookie: planted });
    expect(answer.status).toBe(200);
    expect(cookieOf(answer)).not.toBe(planted);
    expect((await session(planted)).status).toBe(401);
  });

  it('of an earlier sign-in in the same browser is good no more', async () => {
    const again = await web.signIn('alice', { cookie: alice.cookie });
    expect([(await session(alice.cookie)).status, (await session(again.cookie)).status]).toEqual([401, 200]);
  });

  it('changes with the password, and the CSRF token with it', async () => {
    const body = { password: PASSWORD, next: 'another piano 78' };
    const answer = await web.as(alice, 'PUT', '/api/v1/account/password', body);
    const fresh = { cookie: cookieOf(answer), csrf: (answer.json as { csrf: string }).csrf };
    expect((await session(alice.cookie)).status).toBe(401);
    expect((await web.as({ ...fresh, csrf: alice.csrf }, 'DELETE', '/api/v1/session')).status).toBe(403);
    expect((await web.as(fresh, 'DELETE', '/api/v1/session')).status).toBe(200);
  });
});

describe('changes that did not come from a page of the console', () => {
  const add = (headers: Record<string, string>) =>
    web.ask('POST', '/api/v1/users', { name: `u${Math.random().toString(36).slice(2)}`, role: 'viewer' }, headers);
  const own = () => ({ cookie: alice.cookie, 'x-ringfence-csrf': alice.csrf });

  it('are refused without the token, with a wrong one, and with that of another session', async () => {
    const other = await web.signIn('alice');
    for (const csrf of [undefined, '', 'x', other.csrf]) {
      const { status, json } = await add({
        cookie: alice.cookie,
        ...(csrf === undefined ? {} : { 'x-ringfence-csrf': csrf }),
      });
      expect({ status, code: json.code }).toEqual({ status: 403, code: 'csrf' });
    }
    expect((await add(own())).status).toBe(200);
  });

  test.each([
    [{ 'sec-fetch-site': 'same-origin' }, 200],
    [{ 'sec-fetch-site': 'none' }, 200],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-origin', origin: 'null' }, 200],
    [{ origin: 'null' }, 403],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'http://127.0.0.1' }, 403],
  ])('by what the browser says of the page: %j', async (headers, status) => {
    expect((await add({ ...own(), ...headers })).status).toBe(status);
  });

  it('a page of the console itself, in a browser that says no more than its origin', async () => {
    expect((await add({ ...own(), origin: `http://127.0.0.1:${web.port}` })).status).toBe(200);
  });

  it('signing somebody in from another site is refused, too', async () => {
    const body = { name: 'alice', password: PASSWORD };
    expect((await web.ask('POST', '/api/v1/session', body, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await web.ask('POST', '/api/v1/session', body, { origin: 'https://evil.example' })).status).toBe(403);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'a form of another page (%s) is not even read',
    async (type) => {
      const body = JSON.stringify({ name: 'alice', password: PASSWORD });
      const response = await fetch(`http://127.0.0.1:${web.port}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      });
      expect(response.status).toBe(415);
    },
  );

  it('nothing was changed by all of them', async () => {
    await add({ cookie: alice.cookie });
    expect((await web.as(alice, 'GET', '/api/v1/users')).json).toMatchObject({ items: [{ name: 'alice' }] });
  });
});

describe('guessing', () => {
  it('over HTTP: 429 with Retry-After, from one address for all names', async () => {
    const guess = (name: string) => web.ask('POST', '/api/v1/session', { name, password: 'wrong password 1' });
    for (let i = 0; i < FREE_TRIES; i++) expect((await guess(`name${i}`)).status).toBe(401);
    const { status, headers, json } = await guess('alice');
    expect({ status, after: headers.get('retry-after'), code: json.code }).toEqual({
      status: 429,
      after: '1',
      code: 'sign-in-delayed',
    });
    expect((await session(alice.cookie)).status).toBe(200);
  });

  it('a stranger may not send much', async () => {
    const { status } = await web.ask('POST', '/api/v1/session', { name: 'alice', password: 'x'.repeat(20_000) });
    expect(status).toBe(413);
  });

  test.each([
    [null, 400],
    [[], 400],
    [{}, 400],
    [{ name: 'alice' }, 400],
    [{ name: { $ne: '' }, password: { $ne: '' } }, 400],
    [{ name: 'alice', password: PASSWORD, role: 'administrator' }, 400],
    [{ name: '\u0000', password: '\ud800' }, 401],
  ])('what is no name and password is told so: %j', async (body, status) => {
    expect((await web.ask('POST', '/api/v1/session', body)).status).toBe(status);
  });
});

describe('the set-up link', () => {
  it('makes one administrator and signs in; then it is closed', async () => {
    const fresh = await WebUnderTest.start();
    try {
      expect((await fresh.ask('GET', '/api/v1/setup')).json).toEqual({ open: true });
      const link = fresh.identity.accounts.firstLink()!;
      const use = (name: string) => fresh.ask('POST', '/api/v1/setup', { link, name, password: PASSWORD });
      const wrong = await fresh.ask('POST', '/api/v1/setup', { link: 'guess', name: 'mallory', password: PASSWORD });
      expect(wrong.json.code).toBe('link-unknown');
      const answer = await use('alice');
      expect(answer.json).toMatchObject({ session: { name: 'alice', role: 'administrator' }, challenge: null });
      expect((await fresh.ask('GET', '/api/v1/session', undefined, { cookie: cookieOf(answer) })).status).toBe(200);
      expect((await use('mallory')).json.code).toBe('link-unknown');
      expect((await fresh.ask('GET', '/api/v1/setup')).json).toEqual({ open: false });
    } finally {
      await fresh.stop();
    }
  });

  it('for somebody new: the administrator never knows the password', async () => {
    const made = await web.as(alice, 'POST', '/api/v1/users', { name: 'bob', role: 'viewer' });
    const link = (made.json as { link: string }).link.replace('/setup#', '');
    expect((await web.ask('POST', '/api/v1/setup/link', { link })).json).toMatchObject({ name: 'bob' });
    const { json } = await web.ask('POST', '/api/v1/setup', { link, password: PASSWORD });
    expect(json).toMatchObject({ session: { name: 'bob', role: 'viewer', scopes: ['read'] } });
  });
});

describe('tokens of programs', () => {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const make = async (
    scopes: string[],
    headers = { cookie: alice.cookie, 'x-ringfence-csrf': alice.csrf } as Record<string, string>,
  ) => web.ask('POST', '/api/v1/tokens', { name: 'script', scopes }, headers);

  it('need no cookie and no CSRF token', async () => {
    const { secret } = (await make(['accounts'])).json as { secret: string };
    expect((await web.ask('POST', '/api/v1/users', { name: 'bob', role: 'viewer' }, bearer(secret))).status).toBe(200);
    const [entry] = web.store.audit({ what: 'user.add' });
    expect(entry).toMatchObject({ who: 'token script of alice', origin: '127.0.0.1', subject: 'bob' });
  });

  it('give no more than whoever makes them has', async () => {
    const { secret } = (await make(['accounts'])).json as { secret: string };
    const { status, json } = await make(['accounts', 'configure'], bearer(secret));
    expect({ status, code: json.code }).toEqual({ status: 403, code: 'scope-missing' });
  });

  it('have no account of their own', async () => {
    const { secret } = (await make(['read', 'act', 'configure', 'accounts'])).json as { secret: string };
    const answer = await web.ask(
      'PUT',
      '/api/v1/account/password',
      { password: PASSWORD, next: 'another piano 78' },
      bearer(secret),
    );
    expect({ status: answer.status, code: answer.json.code }).toEqual({ status: 403, code: 'session-needed' });
  });

  it('make new accounts, but no way into one that is there', async () => {
    const { secret } = (await make(['accounts'])).json as { secret: string };
    const asked = await web.ask('POST', '/api/v1/users/alice/link', { removesSecondFactor: true }, bearer(secret));
    expect({ status: asked.status, code: asked.json.code }).toEqual({ status: 403, code: 'session-needed' });
    expect((await web.as(alice, 'POST', '/api/v1/users/alice/link', {})).status).toBe(200);
  });

  test.each(['Bearer', 'Bearer x', 'Basic YWxpY2U6eA==', 'Bearer rf_' + 'A'.repeat(43), ''])(
    '%j is not good, even beside a cookie that is',
    async (authorization) => {
      const { status } = await web.ask('GET', '/api/v1/session', undefined, { authorization, cookie: alice.cookie });
      expect(status).toBe(401);
    },
  );
});

it('secrets are told once and come back in no answer', async () => {
  const secrets: string[] = [PASSWORD, alice.cookie.split('=')[1]];
  const begun = await web.as(alice, 'POST', '/api/v1/account/second-factor', { password: PASSWORD });
  secrets.push((begun.json as { secret: string }).secret);
  const made = await web.as(alice, 'POST', '/api/v1/tokens', { name: 'script', scopes: ['read'] });
  secrets.push((made.json as { secret: string }).secret);
  const link = await web.as(alice, 'POST', '/api/v1/users', { name: 'bob', role: 'viewer' });
  secrets.push((link.json as { link: string }).link.slice(7));
  const paths = ['session', 'users', 'tokens', 'account/sessions', 'audit?limit=100'];
  const answers = await Promise.all(paths.map((path) => web.as(alice, 'GET', `/api/v1/${path}`)));
  expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 200));
  for (const { text } of answers) for (const secret of secrets) expect(text).not.toContain(secret);
});

it('the browser’s own words come back as text', async () => {
  const agent = '<script>alert(1)</script>';
  const browser = await web.signIn('alice', { 'user-agent': agent });
  const { headers, json } = await web.as(browser, 'GET', '/api/v1/account/sessions');
  expect(headers.get('content-type')).toMatch(/^application\/json/);
  expect((json as { items: { agent: string }[] }).items.map((one) => one.agent)).toContain(agent);
});
