/**
 * A file as a window of bytes that slides forward: one buffer, read in chunks, for files of any size. Synchronous, because whoever
 * replays a capture wants the next frame and nothing else. Also reads what has no size (a pipe).
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { gunzipSync, constants } from 'node:zlib';
import { CaptureError } from './capture-error.ts';

export const CHUNK_BYTES = 1 << 20;
/** A compressed capture is unpacked in memory, up to this many bytes: node:zlib has no synchronous stream. */
export const UNPACKED_BYTES_MAX = 512 << 20;

export class ChunkedFile {
  /** `bytes[start, end)` is what was read and not yet taken. */
  bytes: Uint8Array = new Uint8Array(CHUNK_BYTES);
  start = 0;
  end = 0;
  /** Bytes of the file, unpacked if it was packed; 0 when it has no size. */
  size: number;
  private fd: number;
  private readonly path: string;
  private ended = false;
  /** Bytes read from the file so far. */
  private read = 0;

  constructor(path: string) {
    this.path = path;
    try {
      this.fd = openSync(path, 'r');
    } catch (error) {
      throw unreadable(path, error);
    }
    const stat = fstatSync(this.fd);
    this.size = stat.isFile() ? stat.size : 0;
    if (this.need(2) && this.bytes[0] === 0x1f && this.bytes[1] === 0x8b) this.unpack();
  }

  /** Position in the file of the next byte to take. */
  get position(): number {
    return this.read - (this.end - this.start);
  }

  /** Makes `count` bytes (at most `CHUNK_BYTES`) available from `start` on; false: the file ends before. */
  need(count: number): boolean {
    while (this.end - this.start < count) {
      if (this.ended) return false;
      // The beginning of one record, at most: the rest of the buffer is one read.
      this.bytes.copyWithin(0, this.start, this.end);
      this.end -= this.start;
      this.start = 0;
      this.fill();
    }
    return true;
  }

  /** Moves past `count` bytes, however many; false: the file ends before. */
  skip(count: number): boolean {
    while (count > this.end - this.start) {
      count -= this.end - this.start;
      this.start = this.end = 0;
      if (this.ended) return false;
      this.fill();
    }
    this.start += count;
    return true;
  }

  close(): void {
    this.ended = true;
    if (this.fd < 0) return;
    closeSync(this.fd);
    this.fd = -1;
  }

  private fill(): void {
    let count: number;
    try {
      count = readSync(this.fd, this.bytes, this.end, this.bytes.length - this.end, null);
    } catch (error) {
      this.close();
      throw unreadable(this.path, error);
    }
    if (count === 0) this.ended = true;
    this.end += count;
    this.read += count;
  }

  private unpack(): void {
    const parts: Uint8Array[] = [];
    let total = 0;
    while (this.need(1)) {
      parts.push(this.bytes.slice(this.start, this.end));
      total += this.end - this.start;
      this.start = this.end = 0;
      if (total > UNPACKED_BYTES_MAX) break;
    }
    try {
      // Tolerance: a capture that was cut off while it was compressed gives what is there.
      const options = { maxOutputLength: UNPACKED_BYTES_MAX, finishFlush: constants.Z_SYNC_FLUSH };
      const { buffer, byteOffset, length } = gunzipSync(Buffer.concat(parts), options);
      // No Buffer: its `slice` does not copy, and the packet path shall see one kind of array.
      this.bytes = new Uint8Array(buffer, byteOffset, length);
    } catch (error) {
      this.close();
      throw new CaptureError(
        'capture-compressed',
        `${this.path}: this gzip file cannot be unpacked here: ${(error as Error).message}. ` +
          `At most ${UNPACKED_BYTES_MAX >> 20} MB are unpacked in memory; unpack it first: gunzip --keep FILE`,
        error,
      );
    }
    this.end = this.bytes.length;
    this.size = this.read = this.end;
    this.close();
  }
}

function unreadable(path: string, error: unknown): CaptureError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new CaptureError('capture-not-found', `${path}: there is no such file`, error);
  return new CaptureError('capture-unreadable', `${path}: cannot be read: ${message}`, error);
}
