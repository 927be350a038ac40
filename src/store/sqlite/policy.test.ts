import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { defaultDocument } from '../../policy/default-document.ts';
import { renderPolicy } from '../../policy/render.ts';
import { DATABASE_FILE, openStore } from './open.ts';
import { T0 } from './sample-reports.ts';
import { by, codeOf, useStore } from './testing/store-under-test.ts';

const t = useStore();

describe('policy', () => {
  test('where none was ever set, nobody who asks for it waits for the built-in one to be written', () => {
    const took = (work: () => unknown, times: number) => {
      const began = performance.now();
      for (let i = 0; i < times; i++) work();
      return performance.now() - began;
    };
    const ask = () => t.store.policyCurrent().text;
    expect(ask()).toBe(renderPolicy(defaultDocument));
    expect(took(ask, 200)).toBeLessThan(took(() => renderPolicy(defaultDocument), 50));
  });

  test('versions, and back again as a new version', () => {
    expect(t.store.policyCurrent()).toMatchObject({ version: 0, by: 'ringfence' });
    expect(t.store.orders(T0).policy).toEqual(defaultDocument);
    const monitor = t.store.policySet('mode: monitor # for now\n', by(T0 + 1, 'try it'));
    expect(monitor).toEqual({
      version: 1,
      at: T0 + 1,
      by: 'admin',
      comment: 'try it',
      text: 'mode: monitor # for now\n',
    });
    t.store.policySet('block: { for: 2h }\n', by(T0 + 2));
    // The same text again is no change.
    expect(t.store.policySet('block: { for: 2h }\n', by(T0 + 3)).version).toBe(2);
    expect(t.store.policyRollback(1, by(T0 + 4))).toMatchObject({
      version: 3,
      text: monitor.text,
      comment: 'back to version 1',
    });
    expect(t.store.policyRollback(0, by(T0 + 5)).version).toBe(4);
    t.reopen();
    expect(t.store.policyHistory().map(({ version }) => version)).toEqual([4, 3, 2, 1]);
    expect(t.store.orders(T0).policy).toEqual(defaultDocument);
    expect(codeOf(() => t.store.policyRollback(9, by(T0)))).toBe('store-version-unknown');
  });

  test('a policy with an error is refused with its place; the one before stays in force', () => {
    t.store.policySet('mode: monitor\n', by(T0));
    try {
      t.store.policySet('mode: monitor\nports:\n  sip: 5060-\n', by(T0 + 1));
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'store-policy-invalid', policyErrors: [{ line: 3, column: 8 }] });
    }
    expect(t.store.policyCurrent().version).toBe(1);
    expect(t.store.orders(T0).policy.mode).toBe('monitor');
  });

  test('a stored policy that is not valid any more: the older one, and an event', () => {
    t.store.policySet('mode: monitor\n', by(T0));
    t.store.close();
    const db = new DatabaseSync(join(t.dir, DATABASE_FILE));
    db.exec("INSERT INTO policy_versions (at, author, comment, text) VALUES (1, 'x', '', 'nonsense: 1')");
    db.close();
    t.store = openStore(t.dir, { now: T0 });
    expect(t.store.orders(T0 + 9).policy.mode).toBe('monitor');
    expect(t.store.events()).toMatchObject([{ code: 'policy-not-valid', level: 'error' }]);
  });
});
