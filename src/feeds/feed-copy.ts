/**
 * The last good copy of a feed on disk: what is in force after a restart, and while its server is away. Written beside the old one and renamed into
 * place, so that a crash leaves the old copy or the new one; a checksum tells a damaged file from a good one. The time of its
 * last change (mtime) says when the source last confirmed it.
 *
 *     magic · length of the header · header (JSON) · padding · IPv4 words · IPv6 words · CRC-32 of all before   (little-endian)
 */
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { open, rename, rm, utimes } from 'node:fs/promises';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { PackedRanges } from '../core/base/packed-ranges.ts';
import type { FeedContent } from './read-feed.ts';

export interface FeedCopy {
  /** `sourceIdentity`: a copy of another source is not used. */
  source: string;
  etag: string | null;
  lastModified: string | null;
  /** When this content came, and when the source last said that it still is the content. */
  changedAt: number;
  confirmedAt: number;
  content: FeedContent;
}

type Header = Omit<FeedCopy, 'content' | 'confirmedAt'> & {
  content: Omit<FeedContent, 'ranges'>;
  words4: number;
  words6: number;
};

const MAGIC = 'RFFEED01';
const HEAD_BYTES = MAGIC.length + 4;
const HEADER_BYTES_MAX = 262_144;

export type Found = { copy: FeedCopy } | { missing: true } | { damaged: string };

/** Names are checked by the policy (a-z, 0-9, -): they make safe file names. */
export class FeedCopies {
  private readonly directory: string;
  /** Invariant: one change of the directory at a time, in the order in which they were asked for. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(directory: string) {
    this.directory = directory;
  }

  private pathOf(name: string): string {
    return join(this.directory, `${name}.feed`);
  }

  read(name: string): Found {
    let bytes: Buffer;
    let confirmedAt: number;
    try {
      confirmedAt = statSync(this.pathOf(name)).mtimeMs;
      bytes = readFileSync(this.pathOf(name));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return code === 'ENOENT' ? { missing: true } : { damaged: `it cannot be read: ${code}` };
    }
    try {
      return { copy: { ...decode(bytes), confirmedAt } };
    } catch (error) {
      return { damaged: (error as Error).message };
    }
  }

  /** Errors: of the file system, as they come. */
  write(name: string, copy: FeedCopy): Promise<void> {
    return this.inTurn(() => this.replace(name, copy));
  }

  /** The source said at `at` that the copy is still its content. */
  confirm(name: string, at: number): Promise<void> {
    return this.inTurn(() => utimes(this.pathOf(name), at / 1000, at / 1000));
  }

  remove(name: string): Promise<void> {
    return this.inTurn(async () => {
      await rm(this.pathOf(name), { force: true });
      await rm(`${this.pathOf(name)}.new`, { force: true });
    });
  }

  private inTurn(change: () => Promise<void>): Promise<void> {
    const done = this.last.then(change);
    this.last = done.catch(() => {});
    return done;
  }

  private async replace(name: string, copy: FeedCopy): Promise<void> {
    if (!existsSync(this.directory)) mkdirSync(this.directory, { mode: 0o700 });
    const path = this.pathOf(name);
    const file = await open(`${path}.new`, 'w', 0o600);
    try {
      await file.writeFile(encode(copy));
      await file.utimes(copy.confirmedAt / 1000, copy.confirmedAt / 1000);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
  }
}

function encode({ source, etag, lastModified, changedAt, content }: FeedCopy): Buffer {
  const { ranges, ...about } = content;
  const head: Header = {
    ...{ source, etag, lastModified, changedAt, content: about },
    ...{ words4: ranges.v4.length, words6: ranges.v6.length },
  };
  let header = Buffer.from(JSON.stringify(head));
  header = Buffer.concat([header, Buffer.alloc((4 - (header.length % 4)) % 4, ' ')]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const body = Buffer.concat([Buffer.from(MAGIC), length, header, wordBytes(ranges.v4), wordBytes(ranges.v6)]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(body));
  return Buffer.concat([body, sum]);
}

/** Throws with what is wrong. */
function decode(bytes: Buffer): Omit<FeedCopy, 'confirmedAt'> {
  if (bytes.length < HEAD_BYTES + 4 || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new Error('it is no copy of a feed');
  }
  const end = bytes.length - 4;
  if (crc32(bytes.subarray(0, end)) !== bytes.readUInt32LE(end)) throw new Error('its checksum is wrong');
  const headerBytes = bytes.readUInt32LE(MAGIC.length);
  const at = HEAD_BYTES + headerBytes;
  if (headerBytes > HEADER_BYTES_MAX || at > end) throw new Error('its header is too long');
  const { words4, words6, content, ...rest } = JSON.parse(bytes.toString('utf8', HEAD_BYTES, at)) as Header;
  if (at + (words4 + words6) * 4 !== end) throw new Error('its length is wrong');
  const ranges: PackedRanges = {
    v4: wordsOf(bytes.subarray(at, at + words4 * 4)),
    v6: wordsOf(bytes.subarray(at + words4 * 4, end)),
  };
  return { ...rest, content: { ...content, ranges } };
}

const BIG_ENDIAN = endianness() === 'BE';

function wordBytes(words: Uint32Array): Buffer {
  const bytes = Buffer.from(new Uint8Array(words.buffer, words.byteOffset, words.byteLength));
  return BIG_ENDIAN ? bytes.swap32() : bytes;
}

function wordsOf(bytes: Buffer): Uint32Array {
  const copy = new Uint8Array(bytes);
  if (BIG_ENDIAN) Buffer.from(copy.buffer).swap32();
  return new Uint32Array(copy.buffer);
}
