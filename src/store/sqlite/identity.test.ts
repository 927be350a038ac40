/** Accounts and what lets somebody in survive what the store survives. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { Account } from '../identity-store.ts';
import { DATABASE_FILE } from './open.ts';
import { T0 } from './sample-reports.ts';
import { by, useStore } from './testing/store-under-test.ts';

const t = useStore();
const PAGE = 4096;
const bytes = (text: string) => new TextEncoder().encode(text);

const account = (name: string): Omit<Account, 'id'> => ({
  ...{ name, role: 'administrator', disabled: false, password: '$argon2id$…', totpSecret: 'GEZDGNBV', totpStep: 7 },
  ...{ createdAt: T0, signedInAt: null },
});

/** One of everything. */
function fill(): number {
  return t.store.identity.decide(by(T0), (rows, note) => {
    const { id } = rows.addAccount(account('alice'));
    const session = { account: id, createdAt: T0, seenAt: T0, address: '192.0.2.1', agent: 'Firefox' };
    rows.addSession({ ...session, digest: bytes('session') });
    rows.addToken({
      digest: bytes('token'),
      name: 'x',
      account: id,
      scopes: ['read'],
      createdAt: T0,
      until: null,
      usedAt: null,
    });
    rows.setRecoveryCodes(id, [bytes('one'), bytes('two')]);
    rows.putLink({ digest: bytes('link'), account: id, until: T0 + 1, removesSecondFactor: true });
    note('user.add', 'alice', null, { role: 'administrator' });
    return id;
  });
}

const everything = (id: number) =>
  t.store.identity.read((rows) => ({
    account: rows.accountNamed('ALICE'),
    session: rows.session(bytes('session'))?.address,
    token: rows.token(bytes('token'))?.scopes,
    codes: rows.recoveryCodesLeft(id),
    link: rows.link(bytes('link'))?.removesSecondFactor,
  }));
const complete = (id: number) => ({
  ...{ account: { id, ...account('alice') }, session: '192.0.2.1', token: ['read'], codes: 2, link: true },
});

/** Overwrites the page on which a table begins. */
function damage(name: string): void {
  t.store.close();
  const db = new DatabaseSync(join(t.dir, DATABASE_FILE), { readOnly: true });
  const { rootpage } = db.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(name) as {
    rootpage: number;
  };
  db.close();
  overwrite((rootpage - 1) * PAGE);
}

function overwrite(offset: number): void {
  const file = openSync(join(t.dir, DATABASE_FILE), 'r+');
  writeSync(file, Buffer.alloc(PAGE, 0xee), 0, PAGE, offset);
  closeSync(file);
}

it('what was decided is there after a restart, with its line in the audit log', () => {
  const id = fill();
  t.reopen();
  expect(everything(id)).toEqual(complete(id));
  expect(t.store.audit()).toMatchObject([{ what: 'user.add', who: 'admin', subject: 'alice', before: null }]);
});

it('a decision that fails in the middle changes nothing, and notes nothing', () => {
  const id = fill();
  const failing = () =>
    t.store.identity.decide(by(T0), (rows, note) => {
      rows.removeAccount(id);
      note('user.remove', 'alice', null, null);
      throw new Error('changed its mind');
    });
  expect(failing).toThrow('changed its mind');
  expect(everything(id)).toEqual(complete(id));
  expect(t.store.audit()).toHaveLength(1);
});

it('an account takes everything of its own along, and its number is never given again', () => {
  const id = fill();
  t.store.identity.decide(by(T0), (rows) => rows.removeAccount(id));
  expect(everything(id)).toEqual({ account: null, session: undefined, token: undefined, codes: 0, link: undefined });
  expect(t.store.identity.write((rows) => rows.addAccount(account('alice'))).id).toBe(id + 1);
});

it('the number of a session is never given again', () => {
  const id = fill();
  const next = t.store.identity.write((rows) => {
    const before = rows.session(bytes('session'))!;
    rows.removeSession(before.id);
    rows.addSession({ ...before, digest: bytes('next') });
    return { before: before.id, after: rows.session(bytes('next'))!.id };
  });
  expect(next.after).toBeGreaterThan(next.before);
  expect(everything(id).session).toBeUndefined();
});

describe('a damaged database', () => {
  it.each(['incidents', 'lists', 'audit', 'events'])('%s lost: everybody comes in as before', (table) => {
    const id = fill();
    damage(table);
    t.reopen();
    expect(everything(id)).toEqual(complete(id));
    expect(t.store.events()).toMatchObject([{ code: 'store-damaged' }]);
  });

  it('the first page lost: everybody comes in as before', () => {
    const id = fill();
    t.store.close();
    overwrite(0);
    t.reopen();
    expect(everything(id)).toEqual(complete(id));
  });

  it('accounts lost: nobody comes in with what is left, and the event says what could not be read', () => {
    fill();
    damage('accounts');
    t.reopen();
    expect(t.store.identity.read((rows) => rows.accounts())).toEqual([]);
    // The next account may get the number of a lost one, and must not get what was its own.
    const { id } = t.store.identity.write((rows) => rows.addAccount(account('mallory')));
    const left = { session: undefined, token: undefined, codes: 0, link: undefined };
    expect(everything(id)).toEqual({ account: null, ...left });
    expect(t.store.events()[0].text).toContain('Not everything could be read of: accounts');
  });
});
