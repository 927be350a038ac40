/** Tokens of programs: scopes, and what ends them. */
import { describe, expect, it } from 'vitest';
import { codeOf, useIdentity } from './testing/identity-world.ts';

const w = useIdentity();
const { account, by, found, signIn } = w;

describe('tokens', () => {
  const all = ['read', 'act', 'configure', 'accounts'] as const;

  it('hold their scopes, are told once, and only a digest is kept', async () => {
    const { secret, token } = w.identity.tokens.add({ name: 'grafana', scopes: ['read'], until: null }, null, by());
    expect(secret).toMatch(/^rf_[\w-]{43}$/);
    expect(w.identity.tokens.find(secret)).toMatchObject({ name: 'token grafana', scopes: ['read'] });
    expect(JSON.stringify([w.identity.tokens.list(), w.store.audit()])).not.toContain(secret);
    w.identity.tokens.remove(token.id, by());
    expect(w.identity.tokens.find(secret)).toBeNull();
  });

  it('end', async () => {
    const { secret } = w.identity.tokens.add({ name: 'x', scopes: ['read'], until: w.now + 1000 }, null, by());
    expect(w.identity.tokens.find(secret)).not.toBeNull();
    w.now += 1000;
    expect(w.identity.tokens.find(secret)).toBeNull();
    expect(await codeOf(() => w.identity.tokens.add({ name: 'x', scopes: ['read'], until: w.now }, null, by()))).toBe(
      'token-until',
    );
  });

  it('can never do more than their account today', async () => {
    await account('bob');
    w.identity.accounts.change('bob', { role: 'administrator' }, by());
    const bob = w.store.identity.read((rows) => rows.accountNamed('bob'));
    const { secret } = w.identity.tokens.add({ name: 'x', scopes: all, until: null }, bob, by());
    expect(w.identity.tokens.find(secret)!.scopes).toEqual(all);
    w.identity.accounts.change('bob', { role: 'viewer' }, by());
    expect(w.identity.tokens.find(secret)!.scopes).toEqual(['read']);
    w.identity.accounts.change('bob', { disabled: true }, by());
    expect(w.identity.tokens.find(secret)).toBeNull();
    w.identity.accounts.remove('bob', by());
    expect(w.identity.tokens.list()).toEqual([]);
  });

  it('a session is no token, and a token no session', async () => {
    const { secret } = w.identity.tokens.add({ name: 'x', scopes: all, until: null }, null, by());
    expect([found(secret), w.identity.tokens.find(await signIn())]).toEqual([null, null]);
  });
});
