/** Capture files, written plainly: each field where the format's description has it. The readers share no line with this. */

export interface TimedFrame {
  bytes: Uint8Array;
  seconds: number;
  micros: number;
}

export function text(s: string): Uint8Array {
  return new TextEncoder().encode(s);
}

export function concat(...parts: (Uint8Array | number[])[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function int(value: number | bigint, size: 1 | 2 | 4 | 8, little: boolean): Uint8Array {
  const out = new Uint8Array(size);
  let rest = BigInt.asUintN(64, BigInt(value));
  for (let i = 0; i < size; i++) {
    out[little ? i : size - 1 - i] = Number(rest & 255n);
    rest >>= 8n;
  }
  return out;
}

export interface PcapOptions {
  little?: boolean;
  nanoseconds?: boolean;
  snapLength?: number;
}

export function pcap(linkType: number, frames: TimedFrame[], options: PcapOptions = {}): Uint8Array {
  const { little = true, nanoseconds = false, snapLength = 262_144 } = options;
  const u16 = (n: number) => int(n, 2, little);
  const u32 = (n: number) => int(n, 4, little);
  const magic = nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4;
  const records = frames.map(({ bytes, seconds, micros }) => {
    const kept = bytes.subarray(0, snapLength);
    return concat(u32(seconds), u32(nanoseconds ? micros * 1000 : micros), u32(kept.length), u32(bytes.length), kept);
  });
  return concat(u32(magic), u16(2), u16(4), u32(0), u32(0), u32(snapLength), u32(linkType), ...records);
}

export interface InterfaceOptions {
  /** As in the file: a power of 10, or with the top bit a power of 2. */
  resolution?: number;
  offsetSeconds?: number;
}

/** pcapng, block by block. Times are whole seconds and ticks of a second. */
export class Pcapng {
  bytes: Uint8Array = new Uint8Array(0);
  private readonly little: boolean;

  constructor(little: boolean) {
    this.little = little;
  }

  section(): this {
    return this.block(0x0a0d0d0a, this.u32(0x1a2b3c4d), this.u16(1), this.u16(0), int(-1, 8, this.little));
  }

  interface(linkType: number, { resolution, offsetSeconds }: InterfaceOptions): this {
    const options: Uint8Array[] = [this.option(2, text('eth0'))];
    if (resolution !== undefined) options.push(this.option(9, Uint8Array.of(resolution)));
    if (offsetSeconds !== undefined) options.push(this.option(14, int(offsetSeconds, 8, this.little)));
    return this.block(1, this.u16(linkType), this.u16(0), this.u32(262_144), ...options, this.option(0, text('')));
  }

  enhanced(id: number, seconds: number, ticks: number, ticksPerSecond: number, data: Uint8Array): this {
    const comment = [this.option(1, text('packet')), this.option(0, text(''))];
    return this.block(6, this.u32(id), ...this.time(seconds, ticks, ticksPerSecond), ...this.data(data), ...comment);
  }

  obsolete(id: number, seconds: number, ticks: number, ticksPerSecond: number, data: Uint8Array): this {
    return this.block(
      2,
      this.u16(id),
      this.u16(0xffff),
      ...this.time(seconds, ticks, ticksPerSecond),
      ...this.data(data),
    );
  }

  simple(data: Uint8Array): this {
    return this.block(3, this.u32(data.length), padded(data));
  }

  /** A block of a kind for private use. */
  comment(words: string): this {
    return this.block(0x0bad0bad, padded(text(words)));
  }

  private block(kind: number, ...parts: Uint8Array[]): this {
    const body = concat(...parts);
    const length = this.u32(body.length + 12);
    this.bytes = concat(this.bytes, this.u32(kind), length, body, length);
    return this;
  }

  private time(seconds: number, ticks: number, ticksPerSecond: number): Uint8Array[] {
    const all = BigInt(seconds) * BigInt(ticksPerSecond) + BigInt(ticks);
    return [this.u32(Number(all >> 32n)), this.u32(Number(all & 0xffffffffn))];
  }

  private data(data: Uint8Array): Uint8Array[] {
    return [this.u32(data.length), this.u32(data.length), padded(data)];
  }

  private option(code: number, value: Uint8Array): Uint8Array {
    return concat(this.u16(code), this.u16(value.length), padded(value));
  }

  private u16(n: number): Uint8Array {
    return int(n, 2, this.little);
  }

  private u32(n: number): Uint8Array {
    return int(n, 4, this.little);
  }
}

function padded(bytes: Uint8Array): Uint8Array {
  return concat(bytes, new Uint8Array((4 - (bytes.length % 4)) % 4));
}
