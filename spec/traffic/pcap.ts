/** Frames to a classic pcap file of raw IP packets (link type 101), in blocks, so that a capture of any size is written in flat memory. */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { TimedFrame } from './datagram.ts';

const LINKTYPE_RAW = 101;
const MAGIC_MICROSECONDS = 0xa1b2c3d4;
const BLOCK_BYTES = 1 << 20;

export class PcapWriter {
  readonly #fd: number;
  readonly #block = Buffer.alloc(BLOCK_BYTES);
  #used = 0;
  frames = 0;

  constructor(path: string) {
    this.#fd = openSync(path, 'w');
    [MAGIC_MICROSECONDS, 0x0004_0002, 0, 0, 65_535, LINKTYPE_RAW].forEach((word, i) =>
      this.#block.writeUInt32LE(word, i * 4),
    );
    this.#used = 24;
  }

  /** `at` is milliseconds since the epoch; fractions reach the file as microseconds. */
  write(bytes: Uint8Array, at: number): void {
    if (this.#used + 16 + bytes.length > BLOCK_BYTES) this.#flush();
    const seconds = Math.floor(at / 1_000);
    const header = [seconds, Math.floor((at - seconds * 1_000) * 1_000), bytes.length, bytes.length];
    for (const word of header) this.#used = this.#block.writeUInt32LE(word, this.#used);
    this.#block.set(bytes, this.#used);
    this.#used += bytes.length;
    this.frames++;
  }

  #flush(): void {
    writeSync(this.#fd, this.#block, 0, this.#used);
    this.#used = 0;
  }

  close(): void {
    this.#flush();
    closeSync(this.#fd);
  }
}

export function writePcap(path: string, frames: Iterable<TimedFrame>): void {
  const writer = new PcapWriter(path);
  for (const { frame, at } of frames) writer.write(frame.bytes.subarray(frame.start, frame.end), at);
  writer.close();
}
