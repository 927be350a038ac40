/** Gzip, as content coding or as a file (`.gz`), recognised by its first bytes; the size limit holds for what comes out. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { FeedError } from './feed-error.ts';

const inflate = promisify(gunzip);
/** A `.gz` file sent with a content coding is packed twice; more layers are a bomb. */
const LAYERS_MAX = 2;

export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Works in the thread pool: the event loop goes on. Errors: `FeedError` `feed-too-large`, `feed-truncated`, `feed-encoding`.
 *
 * Evasion: 16 kB of gzip become 16 MB of zeros; the output is cut off at `bytesMax`, whatever the input promises.
 */
export async function unpack(bytes: Uint8Array, bytesMax: number): Promise<Uint8Array> {
  let unpacked = bytes;
  for (let layer = 0; layer < LAYERS_MAX && isGzip(unpacked); layer++) {
    try {
      unpacked = await inflate(unpacked, { maxOutputLength: bytesMax });
    } catch (error) {
      throw unpackError((error as NodeJS.ErrnoException).code ?? '', bytesMax);
    }
  }
  return unpacked;
}

function unpackError(code: string, bytesMax: number): FeedError {
  if (code === 'ERR_BUFFER_TOO_LARGE') {
    return new FeedError('feed-too-large', `unpacked it is larger than ${bytesMax} bytes (bytesMax)`);
  }
  if (code === 'Z_BUF_ERROR') return new FeedError('feed-truncated', 'the gzip data ends in the middle');
  return new FeedError('feed-encoding', 'the gzip data is damaged');
}
