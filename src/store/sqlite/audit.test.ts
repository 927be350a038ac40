import { describe, expect, test } from 'vitest';
import type { EventQuery } from '../store.ts';
import { T0 } from './sample-reports.ts';
import { by, useStore } from './testing/store-under-test.ts';

const t = useStore();

describe('the audit log: when, who, from where, what, before and after', () => {
  test('every change of lists and policy, in the transaction that makes it', () => {
    const office = { range: '192.0.2.0/24', comment: 'office', until: null };
    t.store.listAdd('allow', [office], { now: T0, by: 'alice', origin: '198.51.100.9', comment: 'asked for by Bob' });
    t.store.listAdd('allow', [{ ...office, comment: 'the new office' }], by(T0 + 1));
    t.store.listRemove('allow', ['192.0.2.0/24'], by(T0 + 2));
    t.store.policySet('block: { for: 2h }\ndetect: { flood: { threshold: 900 } }\n', by(T0 + 3, 'calmer'));
    t.store.policyRollback(0, by(T0 + 4));
    // No change: no line.
    t.store.listRemove('allow', ['192.0.2.0/24'], by(T0 + 5));
    expect(t.store.audit()).toMatchObject([
      { at: T0 + 4, what: 'policy.rollback', subject: 'version 2', after: { 'block.for': '1h' } },
      {
        at: T0 + 3,
        who: 'admin',
        origin: 'local socket',
        what: 'policy.set',
        subject: 'version 1',
        before: { 'block.for': '1h', 'detect.flood.threshold': 500 },
        after: { 'block.for': '2h', 'detect.flood.threshold': 900 },
        comment: 'calmer',
      },
      { at: T0 + 2, what: 'allow.remove', before: { comment: 'the new office' }, after: null },
      { at: T0 + 1, what: 'allow.change', before: { comment: 'office' }, after: { comment: 'the new office' } },
      {
        at: T0,
        who: 'alice',
        origin: '198.51.100.9',
        what: 'allow.add',
        subject: '192.0.2.0/24',
        before: null,
        after: office,
        comment: 'asked for by Bob',
      },
    ]);
  });

  test('a change that fails leaves no line', () => {
    expect(() => t.store.listAdd('deny', [{ range: '10.0.0.1' }, { range: 'x' }], by(T0))).toThrow();
    expect(t.store.audit()).toEqual([]);
  });

  test.each<[query: object, subjects: string[]]>([
    [{}, ['e', 'd', 'c', 'b', 'a']],
    [{ since: T0 + 3 }, ['e', 'd']],
    [{ until: T0 + 1 }, ['b', 'a']],
    [{ what: 'deny' }, ['d', 'a']],
    [{ what: 'deny.add' }, ['a']],
    [{ what: 'den' }, []],
    [{ limit: 2 }, ['e', 'd']],
    [{ who: 'p1' }, ['d', 'b']],
    [{ text: 'C' }, ['c']],
    [{ text: '%' }, []],
    [{ text: 'SAID so', since: T0 + 3 }, ['e', 'd']],
  ])('asked for %j', (query, subjects) => {
    const lines = ['deny.add', 'denyx.add', 'block.add', 'deny.remove', 'policy.set'];
    lines.forEach((what, i) =>
      t.store.noteAudit({
        at: T0 + i,
        who: `p${i % 2}`,
        origin: 'o',
        what,
        subject: 'abcde'[i],
        before: null,
        after: [what],
        comment: 'Said so',
      }),
    );
    expect(t.store.audit(query).map(({ subject }) => subject)).toEqual(subjects);
  });

  test('pages of it and of the events follow each other', () => {
    const entry = { who: 'a', origin: 'o', what: 'deny.add', before: null, after: null, comment: '' };
    for (let i = 0; i < 10; i++) {
      t.store.noteAudit({ ...entry, at: T0, subject: `${i}` });
      t.store.noteEvent({ at: T0, level: 'info', code: 'x', text: `${i}` });
    }
    const collected = (page: (cursor?: string) => { texts: string[]; next: string | null }) => {
      const seen: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null;) {
        const { texts, next } = page(cursor);
        expect(texts.length).toBeGreaterThan(0);
        seen.push(...texts);
        cursor = next;
      }
      return seen.join('');
    };
    const audit = (cursor?: string) => {
      const { entries, next } = t.store.auditPage({ limit: 5, ...(cursor === undefined ? {} : { cursor }) });
      return { texts: entries.map(({ subject }) => subject), next };
    };
    const events = (cursor?: string) => {
      const { events, next } = t.store.eventsPage({ limit: 3, ...(cursor === undefined ? {} : { cursor }) });
      return { texts: events.map(({ text }) => text), next };
    };
    expect(collected(audit)).toBe('9876543210');
    expect(collected(events)).toBe('9876543210');
  });

  test('events by time, level and text', () => {
    const told = (query: EventQuery) => t.store.eventsPage(query).events.map(({ code }) => code);
    t.store.noteEvent({ at: 1000, level: 'info', code: 'list-loaded', text: 'deny: 5 ranges' });
    t.store.noteEvent({ at: 2000, level: 'warning', code: 'feed-stale', text: 'The feed SIP is old.' });
    t.store.noteEvent({ at: 3000, level: 'error', code: 'feed-failed', text: '100 % of it' });
    expect(told({ level: 'warning' })).toEqual(['feed-stale']);
    expect(told({ since: 2000, until: 2500 })).toEqual(['feed-stale']);
    expect(told({ text: 'feed' })).toEqual(['feed-failed', 'feed-stale']);
    expect(told({ text: 'sip' })).toEqual(['feed-stale']);
    expect(told({ text: '%' })).toEqual(['feed-failed']);
    expect(told({ text: 'feed', limit: 1 })).toEqual(['feed-failed']);
  });
});
