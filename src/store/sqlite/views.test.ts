import { describe, expect, test } from 'vitest';
import { VIEWS_MAX } from '../store.ts';
import { T0 } from './sample-reports.ts';
import { codeOf, useStore } from './testing/store-under-test.ts';

const t = useStore();

describe('saved views', () => {
  test('each person has their own; one of the same name is replaced', () => {
    t.store.viewSave('alice', { name: 'guessing', filter: { kind: 'register-bruteforce' }, savedAt: T0 });
    t.store.viewSave('alice', { name: 'Germany', filter: { country: 'DE' }, savedAt: T0 });
    t.store.viewSave('bob', { name: 'guessing', filter: {}, savedAt: T0 });
    t.store.viewSave('alice', { name: 'guessing', filter: { text: '100%' }, savedAt: T0 + 1 });
    t.reopen();
    expect(t.store.views('alice')).toEqual([
      { name: 'Germany', filter: { country: 'DE' }, savedAt: T0 },
      { name: 'guessing', filter: { text: '100%' }, savedAt: T0 + 1 },
    ]);
    expect([t.store.viewRemove('alice', 'Germany'), t.store.viewRemove('alice', 'Germany')]).toEqual([true, false]);
    expect(t.store.views('alice')).toHaveLength(1);
    expect(t.store.views('bob')).toHaveLength(1);
  });

  test('they go with the account of the person; the next one of that name begins with none', () => {
    const nobody = { password: null, totpSecret: null, totpStep: 0, createdAt: T0, signedInAt: null };
    const id = t.store.identity.write((rows) => {
      const account = rows.addAccount({ name: 'alice', role: 'viewer', disabled: false, ...nobody });
      return account.id;
    });
    for (const owner of ['alice', 'bob']) t.store.viewSave(owner, { name: 'guessing', filter: {}, savedAt: T0 });
    t.store.identity.write((rows) => rows.removeAccount(id));
    expect([t.store.views('alice'), t.store.views('bob')]).toEqual([[], [expect.anything()]]);
  });

  test('a person has so many and no more, and may still replace one', () => {
    const save = (name: string) => t.store.viewSave('alice', { name, filter: {}, savedAt: T0 });
    for (let i = 0; i < VIEWS_MAX; i++) save(`view ${i}`);
    expect(codeOf(() => save('one more'))).toBe('store-views-full');
    expect(codeOf(() => save('view 3'))).toBe('none');
    expect(t.store.views('alice')).toHaveLength(VIEWS_MAX);
  });
});
