/** The rules of sign-in, on a real store, with a clock of its own. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOTP } from 'otpauth';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { StoreError } from '../store/error.ts';
import { DATABASE_FILE, openStore } from '../store/sqlite/open.ts';
import type { Change, Store } from '../store/store.ts';
import { LINK_MS } from './accounts.ts';
import { Identity } from './identity.ts';
import type { IdentityError } from './identity-error.ts';
import { PasswordHasher } from './password-hash.ts';
import { ENROLMENT_MS } from './own-account.ts';
import { SESSION_IDLE_MS, SESSION_MS_MAX, SESSIONS_MAX, type SignedIn } from './sessions.ts';
import { CHALLENGE_MS, CHALLENGE_TRIES, type Step } from './sign-in.ts';
import { ACCOUNT_MS_MAX, FREE_TRIES } from './sign-in-delays.ts';

const PASSWORD = 'tortoise piano 77';
const NEXT = 'another piano 78';
const HOME = { address: '198.51.100.1', agent: 'Firefox' };
const AWAY = { address: '203.0.113.7', agent: 'curl' };
const START = 1_790_000_000_000;

let dir: string;
let store: Store;
let identity: Identity;
let now: number;
let guessing: string[];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'rf-identity-'));
  now = START;
  guessing = [];
  open();
  await account('alice');
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

function open(): void {
  store = openStore(dir, { now });
  const hasher = new PasswordHasher({ memoryKb: 64, passes: 1, lanes: 1 });
  identity = new Identity({
    store: store.identity,
    now: () => now,
    onGuessing: (address) => guessing.push(address),
    hasher,
  });
}

function restart(): void {
  store.close();
  open();
}

const by = (who = 'test'): Change => ({ now, by: who, origin: '192.0.2.9' });

/** The first one is an administrator, the others viewers. */
async function account(name: string): Promise<void> {
  const link = identity.accounts.firstLink() ?? identity.accounts.add(name, 'viewer', by());
  await identity.accounts.useLink(link, name, PASSWORD, HOME.address);
}

async function signIn(name = 'alice', password = PASSWORD, visit = HOME): Promise<string> {
  const step = await identity.signIn.withPassword(name, password, visit);
  if (!('session' in step)) throw new Error('a code is wanted');
  return step.session;
}

const found = (secret: string): SignedIn | null => identity.sessions.find(secret, HOME.address);
const code = (secret: string, at = now) => new TOTP({ secret }).generate({ timestamp: at });

async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return (error as IdentityError).code ?? String(error);
  }
  return 'none';
}

/** With a second factor; the answer is its secret and the recovery codes. */
async function withSecondFactor(): Promise<{ secret: string; recoveryCodes: string[] }> {
  const me = found(await signIn())!;
  const { secret } = await identity.own.beginSecondFactor(me, PASSWORD, HOME);
  const recoveryCodes = identity.own.confirmSecondFactor(me, code(secret), HOME);
  now += 30_000;
  return { secret, recoveryCodes };
}

const challengeOf = (step: Step) => ('challenge' in step ? step.challenge : '');

describe('the first account', () => {
  it('is an administrator; its link is good once, and there is no other one afterwards', async () => {
    expect(identity.accounts.list()).toMatchObject([{ name: 'alice', role: 'administrator', hasPassword: true }]);
    expect(identity.accounts.firstLink()).toBeNull();
  });

  it('two links at the start: only the later one is good, and of two who use it one is first', async () => {
    store.close();
    rmSync(dir, { recursive: true });
    dir = mkdtempSync(join(tmpdir(), 'rf-identity-'));
    open();
    const [old, link] = [identity.accounts.firstLink()!, identity.accounts.firstLink()!];
    expect(await codeOf(() => identity.accounts.linkView(old))).toBe('link-unknown');
    const codes = await Promise.all(
      ['mallory', 'alice'].map((name) => codeOf(() => identity.accounts.useLink(link, name, PASSWORD, ''))),
    );
    expect(codes).toEqual(['none', 'link-unknown']);
    expect(identity.accounts.list().map(({ name }) => name)).toEqual(['mallory']);
  });

  test.each(['', ' ', 'a b', '-x', 'ä', 'x'.repeat(65), 'a\nb', '<b>', '../x'])(
    'the name %j is refused',
    async (name) => {
      expect(await codeOf(() => identity.accounts.add(name, 'viewer', by()))).toBe('account-name');
    },
  );

  it('a name is taken in any case of its letters', async () => {
    expect(await codeOf(() => identity.accounts.add('ALICE', 'viewer', by()))).toBe('account-exists');
  });
});

describe('one-time links', () => {
  it('end after a day, with their use, and with a newer one for the same account', async () => {
    const first = identity.accounts.add('bob', 'viewer', by());
    const second = identity.accounts.resetLink('bob', false, by());
    expect(await codeOf(() => identity.accounts.linkView(first))).toBe('link-unknown');
    expect(identity.accounts.linkView(second)).toEqual({ name: 'bob', until: now + LINK_MS });
    now += LINK_MS;
    expect(await codeOf(() => identity.accounts.useLink(second, null, PASSWORD, ''))).toBe('link-unknown');
    const third = identity.accounts.resetLink('bob', false, by());
    await identity.accounts.useLink(third, null, PASSWORD, '');
    expect(await codeOf(() => identity.accounts.useLink(third, null, PASSWORD, ''))).toBe('link-unknown');
  });

  it('a weak password leaves the link as it was', async () => {
    const link = identity.accounts.add('bob', 'viewer', by());
    expect(await codeOf(() => identity.accounts.useLink(link, null, 'bobbobbobbob', ''))).toBe('password-weak');
    expect(identity.accounts.linkView(link).name).toBe('bob');
  });

  it('names of others are not taken: the link knows whose it is', async () => {
    const link = identity.accounts.add('bob', 'viewer', by());
    await identity.accounts.useLink(link, 'alice', NEXT, '');
    expect(await codeOf(() => signIn('alice', NEXT))).toBe('sign-in-refused');
    expect(found(await signIn('bob', NEXT))!.account.role).toBe('viewer');
  });

  it('for a forgotten password: the old one is good until then; sessions end; the second factor stays unless it is to go', async () => {
    await withSecondFactor();
    const link = identity.accounts.resetLink('alice', false, by());
    expect(challengeOf(await identity.signIn.withPassword('alice', PASSWORD, HOME))).not.toBe('');
    const changed = await identity.accounts.useLink(link, null, NEXT, '');
    expect(identity.sessions.list(changed)).toEqual([]);
    expect(await codeOf(() => signIn('alice', PASSWORD))).toBe('sign-in-refused');
    expect(challengeOf(await identity.signIn.withPassword('alice', NEXT, HOME))).not.toBe('');
    await identity.accounts.useLink(identity.accounts.resetLink('alice', true, by()), null, PASSWORD, '');
    expect(found(await signIn())!.account).toMatchObject({ totpSecret: null });
  });
});

describe('name and password', () => {
  it('in any case of the name', async () => {
    expect(found(await signIn('ALICE'))!.account.name).toBe('alice');
  });

  test.each([
    ['a wrong password', 'alice', 'wrong password 1'],
    ['an unknown name', 'nobody', PASSWORD],
    ['an empty one', '', ''],
  ])('%s: the same answer', async (_what, name, password) => {
    const error = await identity.signIn.withPassword(name, password, HOME).catch((refused: IdentityError) => refused);
    expect(error).toMatchObject({
      code: 'sign-in-refused',
      message: 'Name or password is wrong.',
      outcome: 'unauthenticated',
    });
  });

  it('of an account that is disabled or has no password yet: the same answer', async () => {
    await account('bob');
    identity.accounts.change('bob', { disabled: true }, by());
    identity.accounts.add('carol', 'viewer', by());
    expect([await codeOf(() => signIn('bob')), await codeOf(() => signIn('carol', ''))]).toEqual([
      'sign-in-refused',
      'sign-in-refused',
    ]);
  });

  it('disabled while the password is looked at: no session', async () => {
    await account('bob');
    const trying = codeOf(() => signIn('bob'));
    identity.accounts.change('bob', { disabled: true }, by());
    expect(await trying).toBe('sign-in-refused');
  });

  it('an outdated hash is made anew at the next sign-in', async () => {
    const before = store.identity.read((rows) => rows.accountNamed('alice')!.password);
    const hasher = new PasswordHasher({ memoryKb: 128, passes: 1, lanes: 1 });
    identity = new Identity({ store: store.identity, now: () => now, onGuessing: () => {}, hasher });
    await signIn();
    const after = store.identity.read((rows) => rows.accountNamed('alice')!.password)!;
    expect([before!.includes('m=64'), after.includes('m=128')]).toEqual([true, true]);
    expect(await codeOf(() => signIn())).toBe('none');
  });
});

describe('guessing', () => {
  it('gets slower; a hundred at the same moment are a hundred', async () => {
    const codes = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        codeOf(() => identity.signIn.withPassword('alice', `guess number ${i}`, AWAY)),
      ),
    );
    expect(codes.filter((one) => one === 'sign-in-refused')).toHaveLength(FREE_TRIES);
    expect(codes.filter((one) => one === 'sign-in-delayed')).toHaveLength(100 - FREE_TRIES);
    expect(guessing).toEqual([AWAY.address]);
  });

  it('the right password is not even looked at while it waits', async () => {
    for (let i = 0; i < FREE_TRIES; i++) await codeOf(() => signIn('alice', 'wrong password 1', AWAY));
    const error = await identity.signIn
      .withPassword('alice', PASSWORD, AWAY)
      .catch((refused: IdentityError) => refused);
    expect(error).toMatchObject({
      code: 'sign-in-delayed',
      outcome: 'too-many',
      waitMs: 1000,
      hint: 'Try again in 1 s.',
    });
    now += 1000;
    expect(await codeOf(() => signIn('alice', PASSWORD, AWAY))).toBe('none');
  });

  it('an unknown name waits as long as a known one', async () => {
    const waits = async (name: string, address: string) => {
      for (let i = 0; i < FREE_TRIES; i++) await codeOf(() => signIn(name, 'wrong password 1', { address, agent: '' }));
      return identity.signIn
        .withPassword(name, 'wrong password 1', { address, agent: '' })
        .catch((refused: IdentityError) => refused.waitMs);
    };
    expect(await waits('alice', '203.0.113.1')).toBe(await waits('nobody', '203.0.113.2'));
  });

  it('from a thousand addresses: the last administrator comes in after at most half a minute, and at once where they are signed in', async () => {
    await signIn('alice', PASSWORD, HOME);
    for (let i = 0; i < 200; i++) {
      await codeOf(() => signIn('alice', 'wrong password 1', { address: `10.0.${i >> 8}.${i & 255}`, agent: '' }));
      now += i < 20 ? 0 : 1000;
    }
    expect(await codeOf(() => signIn('alice', PASSWORD, HOME))).toBe('none');
    for (let i = 0; i < 20; i++)
      await codeOf(() => signIn('alice', 'wrong password 1', { address: `10.1.0.${i}`, agent: '' }));
    now += ACCOUNT_MS_MAX;
    expect(await codeOf(() => signIn('alice', PASSWORD, { address: '192.0.2.200', agent: '' }))).toBe('none');
  });

  it('codes count as passwords do, and a sign-in takes five of them', async () => {
    await withSecondFactor();
    const challenge = challengeOf(await identity.signIn.withPassword('alice', PASSWORD, AWAY));
    const codes: string[] = [];
    for (let i = 0; i < CHALLENGE_TRIES + 1; i++)
      codes.push(await codeOf(() => identity.signIn.withCode(challenge, '000000', AWAY)));
    expect(codes).toEqual([...Array<string>(CHALLENGE_TRIES).fill('code-refused'), 'challenge-unknown']);
    expect(await codeOf(() => identity.signIn.withPassword('alice', PASSWORD, AWAY))).toBe('sign-in-delayed');
  });

  it('whoever knows the password but not the code does not get free tries with it', async () => {
    await withSecondFactor();
    let tries = 0;
    for (let round = 0; round < 20; round++) {
      const step = await identity.signIn.withPassword('alice', PASSWORD, AWAY).catch(() => null);
      if (step && (await codeOf(() => identity.signIn.withCode(challengeOf(step), '000000', AWAY))) === 'code-refused')
        tries++;
    }
    expect(tries).toBe(FREE_TRIES);
  });
});

describe('the second factor', () => {
  it('is asked for, and its code is good once', async () => {
    const { secret } = await withSecondFactor();
    const [one, two] = [
      await identity.signIn.withPassword('alice', PASSWORD, HOME),
      await identity.signIn.withPassword('alice', PASSWORD, AWAY),
    ];
    expect([one, two].map(challengeOf)).not.toContain('');
    expect(identity.signIn.withCode(challengeOf(one), code(secret), HOME)).toHaveProperty('session');
    expect(await codeOf(() => identity.signIn.withCode(challengeOf(two), code(secret), AWAY))).toBe('code-refused');
    now += 30_000;
    expect(identity.signIn.withCode(challengeOf(two), code(secret), AWAY)).toHaveProperty('session');
  });

  it('a code of a step before one that was taken is good no more', async () => {
    const { secret } = await withSecondFactor();
    const step = await identity.signIn.withPassword('alice', PASSWORD, HOME);
    identity.signIn.withCode(challengeOf(step), code(secret, now + 30_000), HOME);
    const again = await identity.signIn.withPassword('alice', PASSWORD, HOME);
    expect(await codeOf(() => identity.signIn.withCode(challengeOf(again), code(secret), HOME))).toBe('code-refused');
  });

  it('the code that switched it on does not sign in', async () => {
    const me = found(await signIn())!;
    const { secret } = await identity.own.beginSecondFactor(me, PASSWORD, HOME);
    identity.own.confirmSecondFactor(me, code(secret), HOME);
    const step = await identity.signIn.withPassword('alice', PASSWORD, HOME);
    expect(await codeOf(() => identity.signIn.withCode(challengeOf(step), code(secret), HOME))).toBe('code-refused');
  });

  it('password and code belong together for five minutes, and only once', async () => {
    const { secret } = await withSecondFactor();
    const late = challengeOf(await identity.signIn.withPassword('alice', PASSWORD, HOME));
    now += CHALLENGE_MS;
    expect(await codeOf(() => identity.signIn.withCode(late, code(secret), HOME))).toBe('challenge-unknown');
    const used = challengeOf(await identity.signIn.withPassword('alice', PASSWORD, HOME));
    identity.signIn.withCode(used, code(secret), HOME);
    now += 30_000;
    expect(await codeOf(() => identity.signIn.withCode(used, code(secret), HOME))).toBe('challenge-unknown');
    expect(await codeOf(() => identity.signIn.withCode('made up', code(secret), HOME))).toBe('challenge-unknown');
  });

  it('a code is still wanted, and the password was changed: begin again', async () => {
    const { recoveryCodes } = await withSecondFactor();
    const stolen = challengeOf(await identity.signIn.withPassword('alice', PASSWORD, AWAY));
    await identity.accounts.useLink(identity.accounts.resetLink('alice', false, by()), null, NEXT, HOME.address);
    const enter = () => identity.signIn.withCode(stolen, recoveryCodes[0], AWAY);
    expect(await codeOf(enter)).toBe('challenge-unknown');
  });

  it('a recovery code takes its place, once', async () => {
    const { recoveryCodes } = await withSecondFactor();
    const enter = async (given: string) => {
      const step = await identity.signIn.withPassword('alice', PASSWORD, HOME);
      return codeOf(() => identity.signIn.withCode(challengeOf(step), given, HOME));
    };
    expect(await enter(recoveryCodes[3].toUpperCase())).toBe('none');
    expect(await enter(recoveryCodes[3])).toBe('code-refused');
    expect(await enter(recoveryCodes[4])).toBe('none');
    expect(store.audit({ what: 'user.recovery-code' })).toMatchObject([{ after: { left: 8 } }, { after: { left: 9 } }]);
  });

  it('new recovery codes end the old ones', async () => {
    const { secret, recoveryCodes } = await withSecondFactor();
    const step = await identity.signIn.withPassword('alice', PASSWORD, HOME);
    const me = found((identity.signIn.withCode(challengeOf(step), code(secret), HOME) as { session: string }).session)!;
    const fresh = await identity.own.renewRecoveryCodes(me, PASSWORD, HOME);
    const again = challengeOf(await identity.signIn.withPassword('alice', PASSWORD, HOME));
    expect(await codeOf(() => identity.signIn.withCode(again, recoveryCodes[0], HOME))).toBe('code-refused');
    expect(identity.signIn.withCode(again, fresh[0], HOME)).toHaveProperty('session');
  });

  it('nothing is on before the first code has come, and switching on and off wants the password', async () => {
    const secretOfMe = await signIn();
    const me = found(secretOfMe)!;
    expect(await codeOf(() => identity.own.beginSecondFactor(me, 'wrong password 1', HOME))).toBe('password-refused');
    const { secret } = await identity.own.beginSecondFactor(me, PASSWORD, HOME);
    expect(await codeOf(() => identity.own.confirmSecondFactor(me, '000000', HOME))).toBe('code-refused');
    expect(await codeOf(() => signIn())).toBe('none');
    now += ENROLMENT_MS;
    expect(await codeOf(() => identity.own.confirmSecondFactor(me, code(secret), HOME))).toBe('enrolment-unknown');
    await withSecondFactor();
    expect(await codeOf(() => identity.own.beginSecondFactor(found(secretOfMe)!, PASSWORD, HOME))).toBe(
      'second-factor-on',
    );
    expect(await codeOf(() => identity.own.removeSecondFactor(me, 'wrong password 1', HOME))).toBe('password-refused');
    await identity.own.removeSecondFactor(me, PASSWORD, HOME);
    expect(await codeOf(() => signIn())).toBe('none');
  });
});

describe('sessions', () => {
  it('a new secret at each sign-in; only a digest is on the disk', async () => {
    const [one, two] = [await signIn(), await signIn()];
    expect(one).not.toBe(two);
    expect(one).toMatch(/^[\w-]{43}$/);
    store.close();
    const bytes = readFileSync(join(dir, DATABASE_FILE));
    expect(bytes.includes('alice')).toBe(true);
    for (const secret of [one, two, PASSWORD]) expect(bytes.includes(secret)).toBe(false);
    open();
  });

  it('outlive a restart', async () => {
    const secret = await signIn();
    restart();
    expect(found(secret)!.account.name).toBe('alice');
  });

  it('end after a while without use …', async () => {
    const secret = await signIn();
    now += SESSION_IDLE_MS - 1;
    expect(found(secret)).not.toBeNull();
    now += SESSION_IDLE_MS - 1;
    expect(found(secret)).not.toBeNull();
    now += SESSION_IDLE_MS;
    expect(found(secret)).toBeNull();
  });

  it('… and after a week, however busy', async () => {
    const secret = await signIn();
    for (; now < START + SESSION_MS_MAX - 3_600_000; now += 3_600_000) expect(found(secret)).not.toBeNull();
    now = START + SESSION_MS_MAX;
    expect(found(secret)).toBeNull();
  });

  it('a change of the password ends all of them and begins a new one', async () => {
    const [mine, other] = [await signIn(), await signIn('alice', PASSWORD, AWAY)];
    expect(await codeOf(() => identity.own.changePassword(found(mine)!, 'wrong password 1', NEXT, HOME))).toBe(
      'password-refused',
    );
    expect(await codeOf(() => identity.own.changePassword(found(mine)!, PASSWORD, 'short', HOME))).toBe(
      'password-weak',
    );
    const fresh = await identity.own.changePassword(found(mine)!, PASSWORD, NEXT, HOME);
    expect([found(mine), found(other)]).toEqual([null, null]);
    expect(found(fresh)!.account.name).toBe('alice');
    expect(await codeOf(() => signIn('alice', PASSWORD))).toBe('sign-in-refused');
  });

  it('whoever knows the old password only cannot undo a reset that comes at the same moment', async () => {
    const stolen = found(await signIn('alice', PASSWORD, AWAY))!;
    const reset = identity.accounts.resetLink('alice', false, by());
    const chosen = identity.accounts.useLink(reset, null, NEXT, HOME.address);
    const meanwhile = identity.own.changePassword(stolen, PASSWORD, 'mallory piano 79', AWAY);
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
    identity.accounts.change('bob', change, by());
    expect(found(secret)).toBeNull();
    identity.accounts.change('bob', { disabled: false }, by());
    expect(found(secret)).toBeNull();
  });

  it('removing the account ends them, and a new account of that name does not get them back', async () => {
    await account('bob');
    const secret = await signIn('bob');
    identity.accounts.remove('bob', by());
    await account('bob');
    expect(found(secret)).toBeNull();
  });

  it('one can be ended from another one, but nobody else’s', async () => {
    await account('bob');
    const [mine, lost, bobs] = [await signIn(), await signIn('alice', PASSWORD, AWAY), await signIn('bob')];
    const me = found(mine)!;
    expect(
      identity.sessions
        .list(me.account)
        .map(({ address }) => address)
        .sort(),
    ).toEqual([HOME.address, AWAY.address]);
    identity.sessions.revoke(me.account, found(lost)!.session.id, by());
    expect(found(lost)).toBeNull();
    expect(await codeOf(() => identity.sessions.revoke(me.account, found(bobs)!.session.id, by()))).toBe(
      'session-unknown',
    );
    expect(found(bobs)).not.toBeNull();
  });

  it('of one account there are not more and more', async () => {
    const first = await signIn();
    for (let i = 0; i < SESSIONS_MAX; i++) {
      now += 1000;
      await signIn();
    }
    expect(found(first)).toBeNull();
    expect(store.identity.read((rows) => rows.sessions(1))).toHaveLength(SESSIONS_MAX);
  });
});

describe('the last administrator', () => {
  test.each([
    ['removed', () => identity.accounts.remove('alice', by())],
    ['disabled', () => identity.accounts.change('alice', { disabled: true }, by())],
    ['made a viewer', () => identity.accounts.change('alice', { role: 'viewer' }, by())],
  ])('is not %s', async (_what, work) => {
    await account('bob');
    // Who has not set a password yet, or is disabled, could not take over.
    identity.accounts.add('carol', 'administrator', by());
    expect(await codeOf(work)).toBe('last-administrator');
    identity.accounts.change('bob', { role: 'administrator', disabled: true }, by());
    expect(await codeOf(work)).toBe('last-administrator');
    identity.accounts.change('bob', { disabled: false }, by());
    expect(await codeOf(work)).toBe('none');
  });
});

describe('tokens', () => {
  const all = ['read', 'act', 'configure', 'accounts'] as const;

  it('hold their scopes, are told once, and only a digest is kept', async () => {
    const { secret, token } = identity.tokens.add({ name: 'grafana', scopes: ['read'], until: null }, null, by());
    expect(secret).toMatch(/^rf_[\w-]{43}$/);
    expect(identity.tokens.find(secret)).toMatchObject({ name: 'token grafana', scopes: ['read'] });
    expect(JSON.stringify([identity.tokens.list(), store.audit()])).not.toContain(secret);
    identity.tokens.remove(token.id, by());
    expect(identity.tokens.find(secret)).toBeNull();
  });

  it('end', async () => {
    const { secret } = identity.tokens.add({ name: 'x', scopes: ['read'], until: now + 1000 }, null, by());
    expect(identity.tokens.find(secret)).not.toBeNull();
    now += 1000;
    expect(identity.tokens.find(secret)).toBeNull();
    expect(await codeOf(() => identity.tokens.add({ name: 'x', scopes: ['read'], until: now }, null, by()))).toBe(
      'token-until',
    );
  });

  it('can never do more than their account today', async () => {
    await account('bob');
    identity.accounts.change('bob', { role: 'administrator' }, by());
    const bob = store.identity.read((rows) => rows.accountNamed('bob'));
    const { secret } = identity.tokens.add({ name: 'x', scopes: all, until: null }, bob, by());
    expect(identity.tokens.find(secret)!.scopes).toEqual(all);
    identity.accounts.change('bob', { role: 'viewer' }, by());
    expect(identity.tokens.find(secret)!.scopes).toEqual(['read']);
    identity.accounts.change('bob', { disabled: true }, by());
    expect(identity.tokens.find(secret)).toBeNull();
    identity.accounts.remove('bob', by());
    expect(identity.tokens.list()).toEqual([]);
  });

  it('a session is no token, and a token no session', async () => {
    const { secret } = identity.tokens.add({ name: 'x', scopes: all, until: null }, null, by());
    expect([found(secret), identity.tokens.find(await signIn())]).toEqual([null, null]);
  });
});

it('a full disk keeps nobody out who is in', async () => {
  const secret = await signIn();
  const token = identity.tokens.add({ name: 'x', scopes: ['read'], until: null }, null, by());
  const write = () => {
    throw new StoreError('store-disk-full', 'no space is left');
  };
  const full = { ...store.identity, write };
  identity = new Identity({ store: full, now: () => now, onGuessing: () => {} });
  now += 3_600_000;
  expect(found(secret)!.account.name).toBe('alice');
  expect(identity.tokens.find(token.secret)!.name).toBe('token x');
});

it('every change is in the audit log: who, from where, before and after, and no secret', async () => {
  const { secret, recoveryCodes } = await withSecondFactor();
  const link = identity.accounts.add('bob', 'viewer', by('alice'));
  identity.accounts.change('bob', { role: 'administrator' }, by('alice'));
  identity.accounts.resetLink('bob', false, by('alice'));
  identity.accounts.remove('bob', by('alice'));
  const token = identity.tokens.add({ name: 'grafana', scopes: ['read'], until: null }, null, by('alice'));
  const log = store.audit({ limit: 100 });
  expect(log.map(({ what, who, origin, subject }) => `${what} ${who} ${origin} ${subject}`).reverse()).toEqual([
    `user.add alice ${HOME.address} alice`,
    `session.begin alice ${HOME.address} alice`,
    `user.second-factor alice ${HOME.address} alice`,
    'user.add alice 192.0.2.9 bob',
    'user.change alice 192.0.2.9 bob',
    'user.link alice 192.0.2.9 bob',
    'user.remove alice 192.0.2.9 bob',
    'token.add alice 192.0.2.9 grafana',
  ]);
  expect(log[3]).toMatchObject({ before: { role: 'viewer' }, after: { role: 'administrator' } });
  const text = JSON.stringify(log);
  const phc = store.identity.read((rows) => rows.accountNamed('alice')!.password!);
  for (const one of [secret, ...recoveryCodes, link, token.secret, PASSWORD, phc]) expect(text).not.toContain(one);
});
