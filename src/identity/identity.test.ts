/** What holds for all of identity: a full disk keeps nobody out, and every change is in the audit log. */
import { expect, it } from 'vitest';
import { StoreError } from '../store/error.ts';
import { Identity } from './identity.ts';
import { HOME, PASSWORD, useIdentity } from './testing/identity-world.ts';

const w = useIdentity();
const { by, found, signIn, withSecondFactor } = w;

it('a full disk keeps nobody out who is in', async () => {
  const secret = await signIn();
  const token = w.identity.tokens.add({ name: 'x', scopes: ['read'], until: null }, null, by());
  const write = () => {
    throw new StoreError('store-disk-full', 'no space is left');
  };
  const full = { ...w.store.identity, write };
  w.identity = new Identity({ store: full, now: () => w.now, onGuessing: () => {} });
  w.now += 3_600_000;
  expect(found(secret)!.account.name).toBe('alice');
  expect(w.identity.tokens.find(token.secret)!.name).toBe('token x');
});

it('every change is in the audit log: who, from where, before and after, and no secret', async () => {
  const { secret, recoveryCodes } = await withSecondFactor();
  const link = w.identity.accounts.add('bob', 'viewer', by('alice'));
  w.identity.accounts.change('bob', { role: 'administrator' }, by('alice'));
  w.identity.accounts.resetLink('bob', false, by('alice'));
  w.identity.accounts.remove('bob', by('alice'));
  const token = w.identity.tokens.add({ name: 'grafana', scopes: ['read'], until: null }, null, by('alice'));
  const log = w.store.audit({ limit: 100 });
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
  const phc = w.store.identity.read((rows) => rows.accountNamed('alice')!.password!);
  for (const one of [secret, ...recoveryCodes, link, token.secret, PASSWORD, phc]) expect(text).not.toContain(one);
});
