import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { atMostEvery, touchedBy, type LiveKind } from './follow.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the first event acts at once, a burst once a period, and the last of a burst is not forgotten', () => {
  const acts: LiveKind[][] = [];
  const tell = atMostEvery(1000, (kinds) => acts.push([...kinds]));
  tell('block');
  expect(acts).toEqual([['block']]);
  for (let i = 0; i < 100; i++) tell('incident');
  tell('unblock');
  expect(acts).toHaveLength(1);
  vi.advanceTimersByTime(1000);
  expect(acts).toEqual([['block'], ['incident', 'unblock']]);
  vi.advanceTimersByTime(10_000);
  expect(acts).toHaveLength(2);
  tell('block');
  expect(acts).toHaveLength(3);
});

test.each<[LiveKind[], string[]]>([
  [['incident'], ['/attacks', '/attacks/{id}', '/explain/{address}']],
  [['block'], ['/blocks', '/attacks/{id}', '/explain/{address}']],
  [['unblock'], ['/blocks', '/attacks/{id}', '/explain/{address}']],
  [
    ['incident', 'block'],
    ['/attacks', '/attacks/{id}', '/blocks', '/explain/{address}'],
  ],
])('%j is followed by %j', (kinds, paths) => expect(touchedBy(new Set(kinds))).toEqual(paths));
