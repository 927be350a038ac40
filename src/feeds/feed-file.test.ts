/** Feeds that are files of this machine. */
import { execFileSync } from 'node:child_process';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { feedsFixture, HOUR } from './testing/feeds-fixture.ts';

const f = feedsFixture();

describe('files', () => {
  const path = () => join(f.directory, 'list.txt');
  const replaceFile = (text: string) => {
    writeFileSync(`${path()}.new`, text);
    renameSync(`${path()}.new`, path());
  };
  /** The clock looks at the file every second; the look itself is the file system's. */
  const untilInForce = (ranges: string[]) => expect.poll(() => (f.clock.advance(1000), f.inForce())).toEqual(ranges);

  beforeEach(async () => {
    replaceFile('198.51.100.7\n');
    f.use({ file: path() });
    await f.pass(0);
  });

  it('are read at the start and again soon after they changed', async () => {
    expect(f.inForce()).toEqual(['198.51.100.7']);
    replaceFile('198.51.100.8\n');
    await untilInForce(['198.51.100.8']);
    writeFileSync(path(), '198.51.100.9\n');
    await untilInForce(['198.51.100.9']);
  });

  it('that are gone or empty: the last good copy stays until they come back', async () => {
    rmSync(path());
    await f.pass(HOUR);
    expect(f.problem).toBe('feed-file-missing');
    writeFileSync(path(), '');
    await expect.poll(() => (f.clock.advance(1000), f.problem)).toBe('feed-empty');
    expect(f.inForce()).toEqual(['198.51.100.7']);
    replaceFile('198.51.100.8\n');
    await untilInForce(['198.51.100.8']);
  });

  it('on schedule: unchanged counts as confirmed', async () => {
    await f.pass(HOUR);
    expect(f.status).toMatchObject({ confirmedAt: f.clock.now(), changedAt: f.clock.now() - HOUR });
  });

  it.each([
    ['a directory', '/etc', 'feed-file-unreadable'],
    ['a device without an end', '/dev/zero', 'feed-file-unreadable'],
    ['a file on the way', '/etc/passwd/list', 'feed-file-missing'],
  ])('%s is refused', async (_what, file, code) => {
    f.use({ file });
    await f.pass(0);
    expect(f.problem).toBe(code);
  });

  it('a FIFO that nobody writes to does not wait for ever', async () => {
    execFileSync('mkfifo', [join(f.directory, 'fifo')]);
    f.use({ file: join(f.directory, 'fifo') });
    await f.pass(0);
    expect(f.problem).toBe('feed-file-unreadable');
  });
});
