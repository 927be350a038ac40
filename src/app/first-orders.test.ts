/** Which guard waits for its console, for how long, and when it gives up. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultOrders } from './last-good.ts';
import { FirstOrders } from './first-orders.ts';
import { GuardError } from './guard-error.ts';

const PATIENCE_MS = 8_000;
const TAKEN_MS = 22_000;
const orders = defaultOrders();
const taken = new GuardError('store-locked', 'another process is using this data directory');
const broken = new GuardError('store-newer', 'the database is of a later version');

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function waiting(needed: boolean): FirstOrders {
  const first = new FirstOrders(needed);
  first.await();
  return first;
}

describe.each([
  ['without copies', true],
  ['with good copies', false],
])('a guard %s', (_which, needed) => {
  it('hears the first orders; later ones are not the first', async () => {
    const first = waiting(needed);
    expect(first.came(orders)).toBe(true);
    expect(first.came(orders)).toBe(false);
    expect(await first.come).toBe(orders);
  });

  it('hears that the console is late, and takes its orders for late ones', async () => {
    const first = waiting(needed);
    vi.advanceTimersByTime(PATIENCE_MS);
    expect(await first.come).toBe(null);
    expect(first.came(orders)).toBe(false);
    // Protection goes on: the console is tried again, whatever it says.
    expect(first.failed(broken)).toBe(false);
  });
});

it('without copies a console that cannot start is the end', async () => {
  const first = waiting(true);
  expect(first.failed(broken)).toBe(true);
  await expect(first.come).rejects.toBe(broken);
});

describe('with good copies', () => {
  it('a console that cannot start is tried again', async () => {
    const first = waiting(false);
    expect(first.failed(broken)).toBe(false);
    vi.advanceTimersByTime(PATIENCE_MS);
    expect(await first.come).toBe(null);
  });

  it('a data directory that stays another daemon’s is the end', async () => {
    const first = waiting(false);
    expect(first.failed(taken)).toBe(false);
    vi.advanceTimersByTime(PATIENCE_MS + TAKEN_MS - 1);
    expect(first.taken).toBe(taken);
    vi.advanceTimersByTime(1);
    await expect(first.come).rejects.toBe(taken);
  });

  it('one that is free again in time is not', async () => {
    const first = waiting(false);
    expect(first.failed(taken)).toBe(false);
    vi.advanceTimersByTime(PATIENCE_MS + TAKEN_MS - 1);
    expect(first.came(orders)).toBe(true);
    vi.advanceTimersByTime(PATIENCE_MS);
    expect(await first.come).toBe(orders);
    expect(first.taken).toBe(null);
  });
});
