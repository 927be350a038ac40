/** A list that is a file on this machine. */
import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { FeedError } from './feed-error.ts';

/** Two equal ones: the same content. A file that is renamed into place has another inode. */
export type FileMark = string;

function markOf(file: { ino: number; size: number; mtimeMs: number; ctimeMs: number }): FileMark {
  return `${file.ino} ${file.size} ${file.mtimeMs} ${file.ctimeMs}`;
}

/** Null when there is none. */
export async function markFile(path: string): Promise<FileMark | null> {
  try {
    return markOf(await stat(path));
  } catch {
    return null;
  }
}

/** Errors: `FeedError` `feed-file-*`, `feed-too-large`. */
export async function readFeedFile(path: string, bytesMax: number): Promise<{ bytes: Uint8Array; mark: FileMark }> {
  let file;
  try {
    // O_NONBLOCK: opening a FIFO that nobody writes to would wait for ever.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new FeedError('feed-file-missing', `there is no file ${path}`);
    throw new FeedError('feed-file-unreadable', `${path} cannot be opened: ${code}`);
  }
  try {
    const before = await file.stat();
    if (!before.isFile()) throw new FeedError('feed-file-unreadable', `${path} is no ordinary file`);
    if (before.size > bytesMax) {
      throw new FeedError('feed-too-large', `it has ${before.size} bytes, more than ${bytesMax} (bytesMax)`);
    }
    const bytes = new Uint8Array(before.size);
    let size = 0;
    while (size < bytes.length) {
      const { bytesRead } = await file.read(bytes, size, bytes.length - size, size);
      if (bytesRead === 0) break;
      size += bytesRead;
    }
    const after = markOf(await file.stat());
    if (after !== markOf(before) || size !== bytes.length) {
      throw new FeedError('feed-file-changing', `${path} was written to while it was read`);
    }
    return { bytes, mark: after };
  } catch (error) {
    if (error instanceof FeedError) throw error;
    throw new FeedError('feed-file-unreadable', `${path} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  } finally {
    await file.close();
  }
}
