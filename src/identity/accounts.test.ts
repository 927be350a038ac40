/** Accounts and the one-time links that begin them, on a real store, with a clock of its own. */
import { describe, expect, it, test } from 'vitest';
import { LINK_MS } from './accounts.ts';
import { challengeOf, codeOf, HOME, NEXT, PASSWORD, useIdentity } from './testing/identity-world.ts';

const w = useIdentity();
const { account, by, found, signIn, withSecondFactor } = w;

describe('the first account', () => {
  it('is an administrator; its link is good once, and there is no other one afterwards', async () => {
    expect(w.identity.accounts.list()).toMatchObject([{ name: 'alice', role: 'administrator', hasPassword: true }]);
    expect(w.identity.accounts.firstLink()).toBeNull();
  });

  it('two links at the start: only the later one is good, and of two who use it one is first', async () => {
    w.end();
    w.begin();
    const [old, link] = [w.identity.accounts.firstLink()!, w.identity.accounts.firstLink()!];
    expect(await codeOf(() => w.identity.accounts.linkView(old))).toBe('link-unknown');
    const codes = await Promise.all(
      ['mallory', 'alice'].map((name) => codeOf(() => w.identity.accounts.useLink(link, name, PASSWORD, ''))),
    );
    expect(codes).toEqual(['none', 'link-unknown']);
    expect(w.identity.accounts.list().map(({ name }) => name)).toEqual(['mallory']);
  });

  test.each(['', ' ', 'a b', '-x', 'ä', 'x'.repeat(65), 'a\nb', '<b>', '../x'])(
    'the name %j is refused',
    async (name) => {
      expect(await codeOf(() => w.identity.accounts.add(name, 'viewer', by()))).toBe('account-name');
    },
  );

  it('a name is taken in any case of its letters', async () => {
    expect(await codeOf(() => w.identity.accounts.add('ALICE', 'viewer', by()))).toBe('account-exists');
  });
});

describe('one-time links', () => {
  it('end after a day, with their use, and with a newer one for the same account', async () => {
    const first = w.identity.accounts.add('bob', 'viewer', by());
    const second = w.identity.accounts.resetLink('bob', false, by());
    expect(await codeOf(() => w.identity.accounts.linkView(first))).toBe('link-unknown');
    expect(w.identity.accounts.linkView(second)).toEqual({ name: 'bob', until: w.now + LINK_MS });
    w.now += LINK_MS;
    expect(await codeOf(() => w.identity.accounts.useLink(second, null, PASSWORD, ''))).toBe('link-unknown');
    const third = w.identity.accounts.resetLink('bob', false, by());
    await w.identity.accounts.useLink(third, null, PASSWORD, '');
    expect(await codeOf(() => w.identity.accounts.useLink(third, null, PASSWORD, ''))).toBe('link-unknown');
  });

  it('a weak password leaves the link as it was', async () => {
    const link = w.identity.accounts.add('bob', 'viewer', by());
    expect(await codeOf(() => w.identity.accounts.useLink(link, null, 'bobbobbobbob', ''))).toBe('password-weak');
    expect(w.identity.accounts.linkView(link).name).toBe('bob');
  });

  it('names of others are not taken: the link knows whose it is', async () => {
    const link = w.identity.accounts.add('bob', 'viewer', by());
    await w.identity.accounts.useLink(link, 'alice', NEXT, '');
    expect(await codeOf(() => signIn('alice', NEXT))).toBe('sign-in-refused');
    expect(found(await signIn('bob', NEXT))!.account.role).toBe('viewer');
  });

  it('for a forgotten password: the old one is good until then; sessions end; the second factor stays unless it is to go', async () => {
    await withSecondFactor();
    const link = w.identity.accounts.resetLink('alice', false, by());
    expect(challengeOf(await w.identity.signIn.withPassword('alice', PASSWORD, HOME))).not.toBe('');
    const changed = await w.identity.accounts.useLink(link, null, NEXT, '');
    expect(w.identity.sessions.list(changed)).toEqual([]);
    expect(await codeOf(() => signIn('alice', PASSWORD))).toBe('sign-in-refused');
    expect(challengeOf(await w.identity.signIn.withPassword('alice', NEXT, HOME))).not.toBe('');
    await w.identity.accounts.useLink(w.identity.accounts.resetLink('alice', true, by()), null, PASSWORD, '');
    expect(found(await signIn())!.account).toMatchObject({ totpSecret: null });
  });
});

describe('the last administrator', () => {
  test.each([
    ['removed', () => w.identity.accounts.remove('alice', by())],
    ['disabled', () => w.identity.accounts.change('alice', { disabled: true }, by())],
    ['made a viewer', () => w.identity.accounts.change('alice', { role: 'viewer' }, by())],
  ])('is not %s', async (_what, work) => {
    await account('bob');
    // Who has not set a password yet, or is disabled, could not take over.
    w.identity.accounts.add('carol', 'administrator', by());
    expect(await codeOf(work)).toBe('last-administrator');
    w.identity.accounts.change('bob', { role: 'administrator', disabled: true }, by());
    expect(await codeOf(work)).toBe('last-administrator');
    w.identity.accounts.change('bob', { disabled: false }, by());
    expect(await codeOf(work)).toBe('none');
  });
});
