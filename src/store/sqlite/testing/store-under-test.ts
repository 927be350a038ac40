/** A store in a directory of its own for each test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { StoreError } from '../../error.ts';
import type { Change, Store } from '../../store.ts';
import { openStore, type OpenOptions } from '../open.ts';
import { T0 } from '../sample-reports.ts';

export interface StoreUnderTest {
  dir: string;
  store: Store;
  /** Closes it and opens the file again. */
  reopen(options?: Partial<OpenOptions>): void;
}

export function useStore(): StoreUnderTest {
  const test: StoreUnderTest = {
    dir: '',
    store: null as never,
    reopen(options = {}) {
      test.store.close();
      test.store = openStore(test.dir, { now: T0, ...options });
    },
  };
  beforeEach(() => {
    test.dir = mkdtempSync(join(tmpdir(), 'rf-store-'));
    test.store = openStore(test.dir, { now: T0 });
  });
  afterEach(() => {
    test.store.close();
    rmSync(test.dir, { recursive: true });
  });
  return test;
}

export const by = (now: number, comment?: string): Change => ({
  now,
  by: 'admin',
  ...(comment === undefined ? {} : { comment }),
});

export function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof StoreError) return error.code;
    throw error;
  }
  return 'none';
}
