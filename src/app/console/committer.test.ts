import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BlockRecord, GuardHealth, GuardReport } from '../../channel/protocol.ts';
import { BATCH_MS, Committer, RETRY_MS } from './committer.ts';

const event = (text: string): GuardReport => ({ type: 'event', at: 0, level: 'info', code: 'x', text });
const blocked: GuardReport = { type: 'blocked', block: { address: '192.0.2.1' } as BlockRecord };
const health = (startedAt: number): GuardReport => ({ type: 'health', health: { startedAt } as GuardHealth });

let written: GuardReport[][];
let acknowledged: number[];
let told: GuardReport[][];
let failure: (Error & { code?: string }) | null;
let committer: Committer;

beforeEach(() => {
  vi.useFakeTimers();
  [written, acknowledged, told, failure] = [[], [], [], null];
  committer = new Committer({
    apply: (reports) => {
      if (failure) throw failure;
      written.push(reports);
    },
    acknowledge: (seq) => acknowledged.push(seq),
    committed: (reports) => told.push(reports),
    now: () => 1000,
  });
});
afterEach(() => {
  committer.stop();
  vi.useRealTimers();
});

describe('reports go to the store', () => {
  it(`together, at most every ${BATCH_MS} ms, and are acknowledged when they are there`, () => {
    committer.receive(1, event('a'));
    committer.receive(2, event('b'));
    vi.advanceTimersByTime(BATCH_MS - 1);
    expect([written, acknowledged]).toEqual([[], []]);
    vi.advanceTimersByTime(1);
    expect(written).toEqual([[event('a'), event('b')]]);
    expect(acknowledged).toEqual([2]);
  });

  it('at once when one of them is a block, with what came before it', () => {
    committer.receive(1, event('a'));
    committer.receive(2, blocked);
    vi.advanceTimersByTime(0);
    expect(written).toEqual([[event('a'), blocked]]);
    expect(acknowledged).toEqual([2]);
  });

  it('health is acknowledged and not written, but the first of a new run of the guard is', () => {
    committer.receive(1, health(7));
    vi.advanceTimersByTime(BATCH_MS);
    committer.receive(2, health(7));
    vi.advanceTimersByTime(BATCH_MS);
    expect(written).toEqual([[health(7)]]);
    expect(acknowledged).toEqual([1, 2]);
  });
});

describe('a disk that is full', () => {
  const full = () => Object.assign(new Error('no space left'), { code: 'store-disk-full', hint: 'free some' });

  it('nothing is acknowledged, everything is kept and tried again each second', () => {
    failure = full();
    committer.receive(1, blocked);
    vi.advanceTimersByTime(0);
    expect(committer.trouble).toEqual({
      since: 1000,
      code: 'store-disk-full',
      text: 'no space left',
      hint: 'free some',
    });
    committer.receive(2, event('later'));
    vi.advanceTimersByTime(RETRY_MS * 3);
    expect([written, acknowledged, told]).toEqual([[], [], []]);
    failure = null;
    vi.advanceTimersByTime(RETRY_MS);
    expect(written).toEqual([[blocked, event('later')]]);
    expect(told).toEqual(written);
    expect(acknowledged).toEqual([2]);
    expect(committer.trouble).toBeNull();
  });
});
