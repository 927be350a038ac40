/** Argv: data directory, milliseconds. Replaces the copy of the feed `test` as fast as it can and kills itself in the middle. */
import { packRanges } from '../../core/base/packed-ranges.ts';
import { FeedCopies } from '../feed-copy.ts';
import { join } from 'node:path';

const [directory, killAfterMs] = process.argv.slice(2);
const copies = new FeedCopies(join(directory, 'feeds'));

function copyOf(entries: number) {
  const address = (i: number) => ({ w0: 0, w1: 0, w2: 0xffff, w3: 0xc6000000 + 2 * i });
  const ranges = packRanges(Array.from({ length: entries }, (_, i) => ({ first: address(i), last: address(i) })));
  const about = { format: 'plain' as const, entries, bad: { total: 0, first: [] }, refused: { total: 0, first: [] } };
  const now = Date.now();
  return {
    ...{ source: 'http://127.0.0.1:1/list.txt', etag: null, lastModified: null, changedAt: now, confirmedAt: now },
    content: { ...about, ranges },
  };
}

const both = [copyOf(20_000), copyOf(30_000)];
await copies.write('test', both[0]);
setTimeout(() => process.kill(process.pid, 'SIGKILL'), Number(killAfterMs));
for (let i = 0; ; i++) await copies.write('test', both[i % 2]);
