/** A viewer reads the policy without the secrets that addresses of feeds and webhooks are. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebUnderTest, type Browser } from '../testing/web-under-test.ts';

const SECRETS = ['hunter2', 'k3y0fTheCust0merWithManyChars', 'T0p5ecretT0p5ecretT0p5ecret'];
const POLICY = `feeds:
  - { name: paid, url: "https://lists.example.org/k3y0fTheCust0merWithManyChars/sip.txt?key=hunter2", action: block }
notify:
  webhook:
    - { name: chat, url: "https://hooks.example.org/services/T0p5ecretT0p5ecretT0p5ecret", template: slack }
`;
const CHANGE = { now: Date.UTC(2026, 10, 22), by: 'alice', comment: 'now with https://lists.example.org/?key=hunter2' };

let web: WebUnderTest;
let alice: Browser;
let bob: Browser;

beforeAll(async () => {
  web = await WebUnderTest.start();
  await web.addUser('alice');
  await web.addUser('bob');
  [alice, bob] = [await web.signIn('alice'), await web.signIn('bob')];
  web.store.policySet(POLICY, CHANGE);
});
afterAll(() => web.stop());

const leaked = (text: string) => SECRETS.filter((secret) => text.includes(secret));

describe('addresses that hold secrets', () => {
  it.each([
    '/policy',
    '/policy/versions',
    '/policy/versions/1',
    '/policy/value?path=feeds',
    '/policy/value?path=notify.webhook',
    '/audit',
  ])('GET %s', async (path) => {
    const seen = async (who: Browser) => {
      const { status, text } = await web.as(who, 'GET', `/api/v1${path}`);
      expect(status).toBe(200);
      return leaked(text);
    };
    expect(await seen(bob)).toEqual([]);
    expect(await seen(alice)).not.toEqual([]);
  });

  it('are told by a comparison of versions to an administrator alone', async () => {
    const compared = (who: Browser) => web.as(who, 'POST', '/api/v1/policy/diff', { from: 0, to: 1 });
    expect(leaked((await compared(bob)).text)).toEqual([]);
    expect(leaked((await compared(alice)).text)).toEqual(SECRETS);
  });

  it('are told by their host, so that a viewer knows what is meant', async () => {
    const { text } = await web.as(bob, 'GET', '/api/v1/policy/value?path=feeds');
    expect(text).toContain('https://lists.example.org/***/sip.txt?key=***');
  });
});
