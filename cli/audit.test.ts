import { describe, expect, it } from 'vitest';
import { renderAudit } from './commands/audit.ts';
import { fullTime } from './when.ts';

const at = new Date(2026, 7, 1, 14, 3, 22).getTime();
const until = at + 3_600_000;

/** What the CHANGE column says of a change. */
describe('a change, for people', () => {
  const rows: [why: string, before: unknown, after: unknown, shown: string][] = [
    ['of something new, what it is', null, { comment: 'our trunk', until: null }, 'comment our trunk'],
    ['ends are times', { until }, { until: null }, `until ${fullTime(until)} → –`],
    ['of something gone, what it was', { comment: 'old', until: null, addedAt: at }, null, 'comment old → –'],
    ['what stayed the same is not said', { comment: 'a', until }, { comment: 'b', until }, 'comment a → b'],
    ['an import is told in numbers', null, { added: 3, first: [{ range: '192.0.2.1' }] }, 'added 3'],
  ];
  it.each(rows)('%s', (_why, before, after, shown) => {
    const entry = { at, who: 'root', origin: 'local socket', what: 'deny.add', subject: '192.0.2.1', comment: '' };
    const row = renderAudit([{ ...entry, before, after }], at).split('\n')[1];
    expect(row.slice(row.indexOf('192.0.2.1') + '192.0.2.1'.length).trim()).toBe(shown);
  });
});
