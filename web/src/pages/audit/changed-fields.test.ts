import { expect, test } from 'vitest';
import { changedFields, inText } from './changed-fields.ts';

test.each([
  ['only what differs', { a: 1, b: 2 }, { a: 1, b: 3 }, [{ name: 'b', before: 2, after: 3 }]],
  ['something new', null, { comment: 'x' }, [{ name: 'comment', before: undefined, after: 'x' }]],
  ['something gone', { comment: 'x' }, null, [{ name: 'comment', before: 'x', after: undefined }]],
  ['single values', 5, 10, [{ name: '', before: 5, after: 10 }]],
  ['a list is a single value', ['a'], ['a', 'b'], [{ name: '', before: ['a'], after: ['a', 'b'] }]],
  ['nothing recorded', null, null, []],
])('%s', (_, before, after, expected) => expect(changedFields(before, after)).toEqual(expected));

test('moments are told as times, no end as a dash', () => {
  const at = new Date(2026, 0, 2, 3, 4, 5).getTime();
  const [field] = changedFields({ until: at }, { until: null });
  expect(inText(field.before)).toBe('2026-01-02 03:04:05');
  expect(inText(field.after)).toBe('–');
});
