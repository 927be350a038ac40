import { describe, expect, test } from 'vitest';
import { formatRange } from '../../core/base/address.ts';
import { unpackRanges } from '../../core/base/packed-ranges.ts';
import type { NewListEntry } from '../store.ts';
import { T0 } from './sample-reports.ts';
import { by, codeOf, useStore } from './testing/store-under-test.ts';

const t = useStore();

const covered = () => [...unpackRanges(t.store.packed('deny'))].map(formatRange);
const entries = () => t.store.list('deny').map(({ range, comment }) => [range, comment]);
const tidied = () => {
  let slices = 0;
  while (t.store.listTidy()) slices++;
  return slices;
};

const BEFORE: NewListEntry[] = [
  { range: '10.0.0.1', comment: 'a' },
  { range: '10.0.0.2', comment: 'b' },
];
const FILE: NewListEntry[] = [
  { range: '10.0.0.1', comment: 'changed' },
  { range: '10.0.0.2', comment: 'b' },
  { range: '10.0.0.3' },
  { range: '2001:db8::/32', comment: 'new' },
];
const listed = [
  ['10.0.0.1', 'a'],
  ['10.0.0.2', 'b'],
];

function begin() {
  t.store.listAdd('deny', BEFORE, by(T0));
  t.store.packed('deny');
  const running = t.store.listImport('deny', by(T0 + 1));
  const staged = running.stage(FILE);
  return { running, staged };
}

describe('all or nothing', () => {
  test('nothing counts before it is done, and everything after', () => {
    const { running, staged } = begin();
    expect(staged.map(({ what }) => what)).toEqual(['changed', 'same', 'added', 'added']);
    expect([entries(), covered(), t.store.listCount('deny')]).toEqual([listed, ['10.0.0.1-10.0.0.2'], 2]);
    expect([...unpackRanges(running.packed())].map(formatRange)).toEqual(['10.0.0.3', '2001:db8::/32']);
    running.commit('file.csv');
    const after = [
      ['10.0.0.2', 'b'],
      ['10.0.0.1', 'changed'],
      ['10.0.0.3', ''],
      ['2001:db8::/32', 'new'],
    ];
    expect([entries(), covered()]).toEqual([after, ['10.0.0.1-10.0.0.3', '2001:db8::/32']]);
    running.settle();
    tidied();
    expect(entries()).toEqual(after);
    t.reopen();
    expect([entries(), covered()]).toEqual([after, ['10.0.0.1-10.0.0.3', '2001:db8::/32']]);
    expect(t.store.audit({ what: 'deny.import' })).toMatchObject([
      { subject: 'file.csv', after: { added: 2, changed: 1, same: 1, first: [{ range: '10.0.0.3' }, {}] } },
    ]);
  });

  test('given up: the list is as it was', () => {
    const { running } = begin();
    running.undo('the file has errors');
    expect([entries(), covered()]).toEqual([listed, ['10.0.0.1-10.0.0.2']]);
    tidied();
    expect([entries(), covered()]).toEqual([listed, ['10.0.0.1-10.0.0.2']]);
    // And the next one is as if there had been none.
    expect(
      t.store
        .listImport('deny', by(T0))
        .stage(FILE)
        .map(({ what }) => what),
    ).toEqual(['changed', 'same', 'added', 'added']);
  });

  test('taken back after it was done: the list is as it was, and the audit log says why', () => {
    const { running } = begin();
    running.commit('file.csv');
    running.undo('the kernel refused');
    tidied();
    expect([entries(), covered()]).toEqual([listed, ['10.0.0.1-10.0.0.2']]);
    expect(t.store.audit().map(({ what, subject }) => [what, subject])).toEqual([
      ['deny.import-undone', 'the kernel refused'],
      ['deny.import', 'file.csv'],
      ['deny.add', '10.0.0.2'],
      ['deny.add', '10.0.0.1'],
    ]);
  });

  test.each(['staged', 'tidied in part', 'committed'] as const)('the process dies when it is %s', (moment) => {
    const { running } = begin();
    running.stage(Array.from({ length: 5000 }, (_, i) => ({ range: `10.9.${i >> 8}.${i & 255}` })));
    if (moment === 'tidied in part') {
      running.undo('');
      expect(t.store.listTidy()).toBe(true);
    } else if (moment === 'committed') running.commit('file.csv');
    t.reopen();
    const done = moment === 'committed';
    expect(t.store.listCount('deny')).toBe(done ? 5004 : 2);
    expect(covered()).toHaveLength(done ? 3 : 1);
    tidied();
    expect(t.store.listCount('deny')).toBe(done ? 5004 : 2);
    expect(
      t.store
        .listImport('deny', by(T0))
        .stage(FILE)
        .map(({ what }) => what)[2],
    ).toBe(done ? 'same' : 'added');
  });

  test('a bad entry: nothing of its slice is kept', () => {
    const { running } = begin();
    expect(codeOf(() => running.stage([{ range: '10.0.0.8' }, { range: 'nonsense' }]))).toBe('store-range-invalid');
    running.commit('file.csv');
    expect(running.counts).toEqual({ added: 2, changed: 1, same: 1 });
    expect(covered()).not.toContain('10.0.0.8');
  });
});

describe('beside other work', () => {
  test('one import at a time', () => {
    const { running } = begin();
    const another = () => t.store.listImport('allow', by(T0));
    expect(codeOf(another)).toBe('store-import-busy');
    running.commit('');
    expect(codeOf(another)).toBe('store-import-busy');
    running.settle();
    tidied();
    expect(codeOf(another)).toBe('none');
  });

  // As if they had come before the import.
  test('entries that come and go meanwhile', () => {
    const { running } = begin();
    t.store.listAdd('deny', [{ range: '10.0.0.3', comment: 'by hand' }, { range: '10.0.0.77' }], by(T0 + 2));
    expect(entries()).toEqual([...listed, ['10.0.0.3', 'by hand'], ['10.0.0.77', '']]);
    t.store.listRemove('deny', ['10.0.0.1'], by(T0 + 3));
    running.commit('');
    running.settle();
    tidied();
    expect(entries().sort()).toEqual([
      ['10.0.0.1', 'changed'],
      ['10.0.0.2', 'b'],
      ['10.0.0.3', ''],
      ['10.0.0.77', ''],
      ['2001:db8::/32', 'new'],
    ]);
    t.reopen();
    expect(covered()).toEqual(['10.0.0.1-10.0.0.3', '10.0.0.77', '2001:db8::/32']);
  });

  test('tidying never touches an import that goes on', () => {
    const { running } = begin();
    expect(t.store.listTidy()).toBe(false);
    t.store.prune(T0);
    running.commit('');
    expect(t.store.listTidy()).toBe(false);
    running.undo('');
    expect(entries()).toEqual(listed);
  });
});
