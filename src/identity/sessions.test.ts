/** Sessions: how long they last, and what ends them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { DATABASE_FILE } from '../store/sqlite/open.ts';
import { SESSION_IDLE_MS, SESSION_MS_MAX, SESSIONS_MAX } from './sessions.ts';
import { AWAY, codeOf, HOME, NEXT, PASSWORD, START, useIdentity } from './testing/identity-world.ts';

const w = useIdentity();
const { account, by, found, signIn } = w;

describe('sessions', () => {
  it('a new secret at each sign-in; only a digest is on the disk', async () => {
    const [one, two] = [await signIn(), await signIn()];
    expect(one).not.toBe(two);
    expect(one).toMatch(/^[\w-]{43}$/);
    w.store.close();
    const bytes = readFileSync(join(w.dir, DATABASE_FILE));
    expect(bytes.includes('alice')).toBe(true);
    for (const secret of [one, two, PASSWORD]) expect(bytes.includes(secret)).toBe(false);
    w.open();
  });

  it('outlive a restart', async () => {
    const secret = await signIn();
    w.restart();
    expect(found(secret)!.account.name).toBe('alice');
  });

  it('end after a while without use …', async () => {
    const secret = await signIn();
    w.now += SESSION_IDLE_MS - 1;
    expect(found(secret)).not.toBeNull();
    w.now += SESSION_IDLE_MS - 1;
    expect(found(secret)).not.toBeNull();
    w.now += SESSION_IDLE_MS;
    expect(found(secret)).toBeNull();
  });

  it('… and after a week, however busy', async () => {
    const secret = await signIn();
    for (; w.now < START + SESSION_MS_MAX - 3_600_000; w.now += 3_600_000) expect(found(secret)).not.toBeNull();
    w.now = START + SESSION_MS_MAX;
    expect(found(secret)).toBeNull();
  });

  it('a change of the password ends all of them and begins a new one', async () => {
    const [mine, other] = [await signIn(), await signIn('alice', PASSWORD, AWAY)];
    expect(await codeOf(() => w.identity.own.changePassword(found(mine)!, 'wrong password 1', NEXT, HOME))).toBe(
      'password-refused',
    );
    expect(await codeOf(() => w.identity.own.changePassword(found(mine)!, PASSWORD, 'short', HOME))).toBe(
      'password-weak',
    );
    const fresh = await w.identity.own.changePassword(found(mine)!, PASSWORD, NEXT, HOME);
    expect([found(mine), found(other)]).toEqual([null, null]);
    expect(found(fresh)!.account.name).toBe('alice');
    expect(await codeOf(() => signIn('alice', PASSWORD))).toBe('sign-in-refused');
  });

  it('whoever knows the old password only cannot undo a reset that comes at the same moment', async () => {
    const stolen = found(await signIn('alice', PASSWORD, AWAY))!;
    const reset = w.identity.accounts.resetLink('alice', false, by());
    const chosen = w.identity.accounts.useLink(reset, null, NEXT, HOME.address);
    const meanwhile = w.identity.own.changePassword(stolen, PASSWORD, 'mallory piano 79', AWAY);
    await chosen;
    expect(await codeOf(() => meanwhile)).toBe('password-refused');
    expect(found(await signIn('alice', NEXT))!.account.name).toBe('alice');
  });

  test.each([
    ['a change of the role', { role: 'administrator' as const }],
    ['disabling', { disabled: true }],
  ])('%s ends them', async (_what, change) => {
    await account('bob');
    const secret = await signIn('bob');
    w.identity.accounts.change('bob', change, by());
    expect(found(secret)).toBeNull();
    w.identity.accounts.change('bob', { disabled: false }, by());
    expect(found(secret)).toBeNull();
  });

  it('removing the account ends them, and a new account of that name does not get them back', async () => {
    await account('bob');
    const secret = await signIn('bob');
    w.identity.accounts.remove('bob', by());
    await account('bob');
    expect(found(secret)).toBeNull();
  });

  it('one can be ended from another one, but nobody else’s', async () => {
    await account('bob');
    const [mine, lost, bobs] = [await signIn(), await signIn('alice', PASSWORD, AWAY), await signIn('bob')];
    const me = found(mine)!;
    expect(
      w.identity.sessions
        .list(me.account)
        .map(({ address }) => address)
        .sort(),
    ).toEqual([HOME.address, AWAY.address]);
    w.identity.sessions.revoke(me.account, found(lost)!.session.id, by());
    expect(found(lost)).toBeNull();
    expect(await codeOf(() => w.identity.sessions.revoke(me.account, found(bobs)!.session.id, by()))).toBe(
      'session-unknown',
    );
    expect(found(bobs)).not.toBeNull();
  });

  it('of one account there are not more and more', async () => {
    const first = await signIn();
    for (let i = 0; i < SESSIONS_MAX; i++) {
      w.now += 1000;
      await signIn();
    }
    expect(found(first)).toBeNull();
    expect(w.store.identity.read((rows) => rows.sessions(1))).toHaveLength(SESSIONS_MAX);
  });
});
