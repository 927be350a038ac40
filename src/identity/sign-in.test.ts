/** Signing in: password, code, and what makes guessing slow. On a real store, with a clock of its own. */
import { describe, expect, it, test } from 'vitest';
import { Identity } from './identity.ts';
import type { IdentityError } from './identity-error.ts';
import { ENROLMENT_MS } from './own-account.ts';
import { PasswordHasher } from './password-hash.ts';
import { CHALLENGE_MS, CHALLENGE_TRIES } from './sign-in.ts';
import { ACCOUNT_MS_MAX, FREE_TRIES } from './sign-in-delays.ts';
import { AWAY, challengeOf, codeOf, HOME, NEXT, PASSWORD, useIdentity } from './testing/identity-world.ts';

const w = useIdentity();
const { account, by, code, found, signIn, withSecondFactor } = w;

describe('name and password', () => {
  it('in any case of the name', async () => {
    expect(found(await signIn('ALICE'))!.account.name).toBe('alice');
  });

  test.each([
    ['a wrong password', 'alice', 'wrong password 1'],
    ['an unknown name', 'nobody', PASSWORD],
    ['an empty one', '', ''],
  ])('%s: the same answer', async (_what, name, password) => {
    const error = await w.identity.signIn.withPassword(name, password, HOME).catch((refused: IdentityError) => refused);
    expect(error).toMatchObject({
      code: 'sign-in-refused',
      message: 'Name or password is wrong.',
      outcome: 'unauthenticated',
    });
  });

  it('of an account that is disabled or has no password yet: the same answer', async () => {
    await account('bob');
    w.identity.accounts.change('bob', { disabled: true }, by());
    w.identity.accounts.add('carol', 'viewer', by());
    expect([await codeOf(() => signIn('bob')), await codeOf(() => signIn('carol', ''))]).toEqual([
      'sign-in-refused',
      'sign-in-refused',
    ]);
  });

  it('disabled while the password is looked at: no session', async () => {
    await account('bob');
    const trying = codeOf(() => signIn('bob'));
    w.identity.accounts.change('bob', { disabled: true }, by());
    expect(await trying).toBe('sign-in-refused');
  });

  it('an outdated hash is made anew at the next sign-in', async () => {
    const before = w.store.identity.read((rows) => rows.accountNamed('alice')!.password);
    const hasher = new PasswordHasher({ memoryKb: 128, passes: 1, lanes: 1 });
    w.identity = new Identity({ store: w.store.identity, now: () => w.now, onGuessing: () => {}, hasher });
    await signIn();
    const after = w.store.identity.read((rows) => rows.accountNamed('alice')!.password)!;
    expect([before!.includes('m=64'), after.includes('m=128')]).toEqual([true, true]);
    expect(await codeOf(() => signIn())).toBe('none');
  });
});

describe('guessing', () => {
  it('gets slower; a hundred at the same moment are a hundred', async () => {
    const codes = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        codeOf(() => w.identity.signIn.withPassword('alice', `guess number ${i}`, AWAY)),
      ),
    );
    expect(codes.filter((one) => one === 'sign-in-refused')).toHaveLength(FREE_TRIES);
    expect(codes.filter((one) => one === 'sign-in-delayed')).toHaveLength(100 - FREE_TRIES);
    expect(w.guessing).toEqual([AWAY.address]);
  });

  it('the right password is not even looked at while it waits', async () => {
    for (let i = 0; i < FREE_TRIES; i++) await codeOf(() => signIn('alice', 'wrong password 1', AWAY));
    const error = await w.identity.signIn
      .withPassword('alice', PASSWORD, AWAY)
      .catch((refused: IdentityError) => refused);
    expect(error).toMatchObject({
      code: 'sign-in-delayed',
      outcome: 'too-many',
      waitMs: 1000,
      hint: 'Try again in 1 s.',
    });
    w.now += 1000;
    expect(await codeOf(() => signIn('alice', PASSWORD, AWAY))).toBe('none');
  });

  it('an unknown name waits as long as a known one', async () => {
    const waits = async (name: string, address: string) => {
      for (let i = 0; i < FREE_TRIES; i++) await codeOf(() => signIn(name, 'wrong password 1', { address, agent: '' }));
      return w.identity.signIn
        .withPassword(name, 'wrong password 1', { address, agent: '' })
        .catch((refused: IdentityError) => refused.waitMs);
    };
    expect(await waits('alice', '203.0.113.1')).toBe(await waits('nobody', '203.0.113.2'));
  });

  it('from a thousand addresses: the last administrator comes in after at most half a minute, and at once where they are signed in', async () => {
    await signIn('alice', PASSWORD, HOME);
    for (let i = 0; i < 200; i++) {
      await codeOf(() => signIn('alice', 'wrong password 1', { address: `10.0.${i >> 8}.${i & 255}`, agent: '' }));
      w.now += i < 20 ? 0 : 1000;
    }
    expect(await codeOf(() => signIn('alice', PASSWORD, HOME))).toBe('none');
    for (let i = 0; i < 20; i++)
      await codeOf(() => signIn('alice', 'wrong password 1', { address: `10.1.0.${i}`, agent: '' }));
    w.now += ACCOUNT_MS_MAX;
    expect(await codeOf(() => signIn('alice', PASSWORD, { address: '192.0.2.200', agent: '' }))).toBe('none');
  });

  it('codes count as passwords do, and a sign-in takes five of them', async () => {
    await withSecondFactor();
    const challenge = challengeOf(await w.identity.signIn.withPassword('alice', PASSWORD, AWAY));
    const codes: string[] = [];
    for (let i = 0; i < CHALLENGE_TRIES + 1; i++)
      codes.push(await codeOf(() => w.identity.signIn.withCode(challenge, '000000', AWAY)));
    expect(codes).toEqual([...Array<string>(CHALLENGE_TRIES).fill('code-refused'), 'challenge-unknown']);
    expect(await codeOf(() => w.identity.signIn.withPassword('alice', PASSWORD, AWAY))).toBe('sign-in-delayed');
  });

  it('whoever knows the password but not the code does not get free tries with it', async () => {
    await withSecondFactor();
    let tries = 0;
    for (let round = 0; round < 20; round++) {
      const step = await w.identity.signIn.withPassword('alice', PASSWORD, AWAY).catch(() => null);
      if (
        step &&
        (await codeOf(() => w.identity.signIn.withCode(challengeOf(step), '000000', AWAY))) === 'code-refused'
      )
        tries++;
    }
    expect(tries).toBe(FREE_TRIES);
  });
});

describe('the second factor', () => {
  it('is asked for, and its code is good once', async () => {
    const { secret } = await withSecondFactor();
    const [one, two] = [
      await w.identity.signIn.withPassword('alice', PASSWORD, HOME),
      await w.identity.signIn.withPassword('alice', PASSWORD, AWAY),
    ];
    expect([one, two].map(challengeOf)).not.toContain('');
    expect(w.identity.signIn.withCode(challengeOf(one), code(secret), HOME)).toHaveProperty('session');
    expect(await codeOf(() => w.identity.signIn.withCode(challengeOf(two), code(secret), AWAY))).toBe('code-refused');
    w.now += 30_000;
    expect(w.identity.signIn.withCode(challengeOf(two), code(secret), AWAY)).toHaveProperty('session');
  });

  it('a code of a step before one that was taken is good no more', async () => {
    const { secret } = await withSecondFactor();
    const step = await w.identity.signIn.withPassword('alice', PASSWORD, HOME);
    w.identity.signIn.withCode(challengeOf(step), code(secret, w.now + 30_000), HOME);
    const again = await w.identity.signIn.withPassword('alice', PASSWORD, HOME);
    expect(await codeOf(() => w.identity.signIn.withCode(challengeOf(again), code(secret), HOME))).toBe('code-refused');
  });

  it('the code that switched it on does not sign in', async () => {
    const me = found(await signIn())!;
    const { secret } = await w.identity.own.beginSecondFactor(me, PASSWORD, HOME);
    w.identity.own.confirmSecondFactor(me, code(secret), HOME);
    const step = await w.identity.signIn.withPassword('alice', PASSWORD, HOME);
    expect(await codeOf(() => w.identity.signIn.withCode(challengeOf(step), code(secret), HOME))).toBe('code-refused');
  });

  it('password and code belong together for five minutes, and only once', async () => {
    const { secret } = await withSecondFactor();
    const late = challengeOf(await w.identity.signIn.withPassword('alice', PASSWORD, HOME));
    w.now += CHALLENGE_MS;
    expect(await codeOf(() => w.identity.signIn.withCode(late, code(secret), HOME))).toBe('challenge-unknown');
    const used = challengeOf(await w.identity.signIn.withPassword('alice', PASSWORD, HOME));
    w.identity.signIn.withCode(used, code(secret), HOME);
    w.now += 30_000;
    expect(await codeOf(() => w.identity.signIn.withCode(used, code(secret), HOME))).toBe('challenge-unknown');
    expect(await codeOf(() => w.identity.signIn.withCode('made up', code(secret), HOME))).toBe('challenge-unknown');
  });

  it('a code is still wanted, and the password was changed: begin again', async () => {
    const { recoveryCodes } = await withSecondFactor();
    const stolen = challengeOf(await w.identity.signIn.withPassword('alice', PASSWORD, AWAY));
    await w.identity.accounts.useLink(w.identity.accounts.resetLink('alice', false, by()), null, NEXT, HOME.address);
    const enter = () => w.identity.signIn.withCode(stolen, recoveryCodes[0], AWAY);
    expect(await codeOf(enter)).toBe('challenge-unknown');
  });

  it('a recovery code takes its place, once', async () => {
    const { recoveryCodes } = await withSecondFactor();
    const enter = async (given: string) => {
      const step = await w.identity.signIn.withPassword('alice', PASSWORD, HOME);
      return codeOf(() => w.identity.signIn.withCode(challengeOf(step), given, HOME));
    };
    expect(await enter(recoveryCodes[3].toUpperCase())).toBe('none');
    expect(await enter(recoveryCodes[3])).toBe('code-refused');
    expect(await enter(recoveryCodes[4])).toBe('none');
    expect(w.store.audit({ what: 'user.recovery-code' })).toMatchObject([
      { after: { left: 8 } },
      { after: { left: 9 } },
    ]);
  });

  it('new recovery codes end the old ones', async () => {
    const { secret, recoveryCodes } = await withSecondFactor();
    const step = await w.identity.signIn.withPassword('alice', PASSWORD, HOME);
    const me = found(
      (w.identity.signIn.withCode(challengeOf(step), code(secret), HOME) as { session: string }).session,
    )!;
    const fresh = await w.identity.own.renewRecoveryCodes(me, PASSWORD, HOME);
    const again = challengeOf(await w.identity.signIn.withPassword('alice', PASSWORD, HOME));
    expect(await codeOf(() => w.identity.signIn.withCode(again, recoveryCodes[0], HOME))).toBe('code-refused');
    expect(w.identity.signIn.withCode(again, fresh[0], HOME)).toHaveProperty('session');
  });

  it('nothing is on before the first code has come, and switching on and off wants the password', async () => {
    const secretOfMe = await signIn();
    const me = found(secretOfMe)!;
    expect(await codeOf(() => w.identity.own.beginSecondFactor(me, 'wrong password 1', HOME))).toBe('password-refused');
    const { secret } = await w.identity.own.beginSecondFactor(me, PASSWORD, HOME);
    expect(await codeOf(() => w.identity.own.confirmSecondFactor(me, '000000', HOME))).toBe('code-refused');
    expect(await codeOf(() => signIn())).toBe('none');
    w.now += ENROLMENT_MS;
    expect(await codeOf(() => w.identity.own.confirmSecondFactor(me, code(secret), HOME))).toBe('enrolment-unknown');
    await withSecondFactor();
    expect(await codeOf(() => w.identity.own.beginSecondFactor(found(secretOfMe)!, PASSWORD, HOME))).toBe(
      'second-factor-on',
    );
    expect(await codeOf(() => w.identity.own.removeSecondFactor(me, 'wrong password 1', HOME))).toBe(
      'password-refused',
    );
    await w.identity.own.removeSecondFactor(me, PASSWORD, HOME);
    expect(await codeOf(() => signIn())).toBe('none');
  });
});
