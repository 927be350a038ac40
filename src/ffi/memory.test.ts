import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** In a process of its own: what others keep there would count. Small pieces, every hundredth of which stays, are what an allocator does not give back. */
const PROGRAM = `
  import { giveBack } from ${JSON.stringify(join(import.meta.dirname, 'memory.ts'))};
  let pieces = Array.from({ length: 20000 }, () => Buffer.alloc(5000, 1));
  pieces = pieces.filter((_, i) => i % 100 === 0);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const before = process.memoryUsage.rss();
  giveBack();
  await new Promise((resolve) => setTimeout(resolve, 50));
  giveBack();
  console.log(JSON.stringify({ before, after: process.memoryUsage.rss(), kept: pieces.length, left: typeof gc }));
`;

test('what was freed goes back to the kernel, and nobody else gets the means', () => {
  const out = execFileSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', PROGRAM],
    {
      encoding: 'utf8',
      env: { ...process.env, MALLOC_ARENA_MAX: '1' },
    },
  );
  const { before, after, kept, left } = JSON.parse(out) as {
    before: number;
    after: number;
    kept: number;
    left: string;
  };
  expect(kept).toBe(200);
  expect(before - after).toBeGreaterThan(40_000_000);
  expect(left).toBe('undefined');
});
