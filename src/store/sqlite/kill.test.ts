import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from './open.ts';
import { T0 } from './sample-reports.ts';

/** Two stores side by side, each its own chain of lives: 30 kills in half the time. */
const CHAINS = 2;
const ROUNDS = 15;
/** The moments of death are spread over this time after the first write; fixed, so that a failure can be repeated. */
const LATEST_KILL_MS = 120;

async function writeUntilKilled(dir: string, from: number, killAfterMs: number): Promise<number> {
  const writer = spawn(process.execPath, [join(import.meta.dirname, 'endless-writer.ts'), dir, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  let timer: NodeJS.Timeout | null = null;
  writer.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    timer ??= setTimeout(() => writer.kill('SIGKILL'), killAfterMs);
  });
  const signal = await new Promise((resolve) => writer.on('close', (_code, by) => resolve(by)));
  expect(signal).toBe('SIGKILL');
  return Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1));
}

test(`${CHAINS * ROUNDS} times kill -9 in the middle of writing: what was acknowledged is there, and the file is sound`, async () => {
  await Promise.all(Array.from({ length: CHAINS }, (_, chain) => liveAndDie(chain)));
}, 180_000);

async function liveAndDie(chain: number): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'rf-kill-'));
  try {
    let next = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const killAfterMs = ((round * CHAINS + chain) * 37) % LATEST_KILL_MS;
      const acknowledged = await writeUntilKilled(dir, next, killAfterMs);
      // The lock died with the process; the open checks the whole file.
      const store = openStore(dir, { now: T0 });
      try {
        expect(store.events()).toEqual([]);
        const denied = new Set(store.list('deny').map(({ comment }) => Number(comment)));
        const blocked = new Set(store.blocks().map(({ since }) => since - T0));
        for (let n = 0; n <= acknowledged; n++) {
          if (!denied.has(n) || !blocked.has(n)) throw new Error(`round ${round}: ${n} of ${acknowledged} is missing`);
        }
        for (let n = next; n <= acknowledged; n++) {
          expect(store.incident(`i${n}`)).toMatchObject({ count: n, closed: T0 + n });
          expect(store.evidence(`i${n}`)).toHaveLength(2);
        }
        next = Math.max(...denied) + 1;
      } finally {
        store.close();
      }
    }
    expect(next).toBeGreaterThan(ROUNDS);
    expect(readdirSync(dir).filter((name) => name.includes('damaged'))).toEqual([]);
  } finally {
    rmSync(dir, { recursive: true });
  }
}
