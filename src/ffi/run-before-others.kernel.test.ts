/** A thread that comes before all others: it alone, and nothing that it starts. What the kernel says of each, from /proc. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';

const SCHED_OTHER = 0;
const SCHED_RR = 2;

/** proc(5), field 41 of stat: the scheduling policy. */
const policyIn = (stat: string) => Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[38]);

const PROGRAM = `
  const { readFileSync } = await import('node:fs');
  const { spawnSync } = await import('node:child_process');
  const { parentPort } = await import('node:worker_threads');
  const { runBeforeOthers } = await import(${JSON.stringify(new URL('libc.ts', import.meta.url).href)});
  const refused = runBeforeOthers();
  const own = readFileSync('/proc/thread-self/stat', 'utf8');
  const child = spawnSync('cat', ['/proc/self/stat']).stdout.toString();
  parentPort.postMessage({ refused, own, child });
`;

it('a thread is scheduled in real time; the thread that started it and a program that it starts are not', async () => {
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(PROGRAM)}`));
  const [{ refused, own, child }] = (await once(worker, 'message')) as [
    { refused: number; own: string; child: string },
  ];
  expect(refused).toBe(0);
  expect(policyIn(own)).toBe(SCHED_RR);
  expect(policyIn(child)).toBe(SCHED_OTHER);
  expect(policyIn(readFileSync('/proc/thread-self/stat', 'utf8'))).toBe(SCHED_OTHER);
  expect(policyIn(spawnSync('cat', ['/proc/self/stat']).stdout.toString())).toBe(SCHED_OTHER);
  await worker.terminate();
});
