import { expect, test } from 'vitest';
import { DUE_MAX_MS, GIVE_UP_MS, nextTry, TRIES_MAX } from './back-off.ts';

const HOUR = 3_600_000;

/** Pauses of one message until it is given up. */
function pauses(asked?: number): number[] {
  const found: number[] = [];
  for (let tries = 1, waitingMs = 0; ; tries++) {
    const next = nextTry({ messageId: 'a', tries, waitingMs }, asked);
    if ('giveUp' in next) return found;
    found.push(next.pauseMs);
    waitingMs += next.pauseMs;
  }
}

test('soon at first, then every few hours, for five days', () => {
  const found = pauses();
  expect(found[0]).toBeLessThan(20_000);
  expect(found.slice(0, 5).reduce((sum, pause) => sum + pause)).toBeLessThan(10 * 60_000);
  expect(Math.max(...found)).toBeLessThanOrEqual(2 * HOUR * 1.2);
  expect(found.length).toBeLessThan(80);
  expect(found.reduce((sum, pause) => sum + pause)).toBeGreaterThanOrEqual(GIVE_UP_MS);
});

test('the same message waits equally long each time, others differently: they do not all come back together', () => {
  expect(pauses()).toEqual(pauses());
  const first = (messageId: string) => nextTry({ messageId, tries: 4, waitingMs: 0 }, undefined);
  expect(first('a')).not.toEqual(first('b'));
});

test('what a server asks for is kept, up to some hours', () => {
  expect(nextTry({ messageId: 'a', tries: 1, waitingMs: 0 }, 10 * 60_000)).toMatchObject({
    reason: 'the server asked for this pause',
  });
  expect(Math.max(...pauses(365 * 24 * HOUR))).toBeLessThanOrEqual(DUE_MAX_MS);
});

test('a clock that stands still does not make it try for ever', () => {
  expect(nextTry({ messageId: 'a', tries: TRIES_MAX, waitingMs: 0 }, undefined)).toMatchObject({ giveUp: true });
});
