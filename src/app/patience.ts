/**
 * What the sensor needs to be patient: the table of autonomous systems, and what it remembers over days, kept on disk for the next one: attackers who come each half hour do not begin anew with every
 * upgrade. Taken by the sensor between two batches of packets, written here: at most once in five minutes, and at a stop.
 *
 *     "RFPATIEN"  version  CRC-32 of the words  words (core/detect/patient/memory.ts)
 *
 * The words hold the seed of all hashes, without which they mean nothing: who can read the file can aim collisions, so only its owner can.
 */
import { readFileSync, renameSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { seedOf } from '../core/detect/patient/memory.ts';
import { findAsns } from '../geo/embedded-asns.ts';
import type { SensorLink } from './sensor-link.ts';
import type { SensorStart } from './sensor-protocol.ts';

const FILE = 'patience.memory';
const DAMAGED = `${FILE}.damaged`;
const MAGIC = Buffer.from('RFPATIEN', 'latin1');
const VERSION = 1;
const VERSION_AT = 8;
const CRC_AT = 12;
const HEADING_BYTES = 16;
/** Nothing that this program wrote is longer. */
const BYTES_MAX = 64 * 2 ** 20;
/** What a crash loses at most; full tables are 25 MB each time. */
const EVERY_MS = 300_000;
/** How soon the first that there is to remember is on disk. */
const LOOK_MS = 5_000;

export interface Remembered {
  /** As `PatientMemory.changes` was. */
  changes: number;
  words: Uint32Array<ArrayBuffer>;
}

interface Options {
  /** The guard's data directory. */
  directory: string;
  sensor: () => Pick<SensorLink, 'send' | 'remember'>;
  /** The data directory is ours. */
  mayWrite: () => boolean;
  /** Something that people should know. */
  warn: (code: string, text: string) => void;
}

export class Patience {
  private readonly options: Options;
  private readonly path: string;
  /** Where the table of autonomous systems lies; null: not yet. */
  private asns: string | null = null;
  private timer: NodeJS.Timeout | null = null;
  private changes = 0;
  private writing: Promise<void> = Promise.resolve();
  private failed = false;

  constructor(options: Options) {
    this.options = options;
    this.path = join(options.directory, FILE);
  }

  /** What a sensor starts with. */
  start(): Pick<SensorStart, 'asns' | 'memory'> {
    return { asns: this.asns, memory: this.read() };
  }

  /** What the last sensor remembered; null: nothing. A file that is damaged, or another version's, is set aside and told of. */
  private read(): Uint32Array<ArrayBuffer> | null {
    this.changes = 0;
    try {
      return decode(readFileSync(this.path));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return null;
      const text = `What was remembered of patient attackers cannot be read (${message}): their count begins anew. It is kept as ${DAMAGED}.`;
      this.options.warn('patience-damaged', text);
    }
    try {
      renameSync(this.path, join(this.options.directory, DAMAGED));
    } catch {
      // It is written over by the next one.
    }
    return null;
  }

  /** From now on it is kept. */
  begin(): void {
    this.lookForAsns();
    this.after(LOOK_MS);
  }

  /** The last time: everything is on disk when it resolves. */
  async end(): Promise<void> {
    if (this.timer === null) return;
    clearTimeout(this.timer);
    this.timer = null;
    await this.keep();
  }

  private after(ms: number): void {
    this.timer = setTimeout(() => {
      this.lookForAsns();
      void this.keep().then((kept) => {
        if (this.timer !== null) this.after(kept ? EVERY_MS : LOOK_MS);
      });
    }, ms);
  }

  /** At the very first start the console compiles it. */
  private lookForAsns(): void {
    if (this.asns !== null) return;
    this.asns = findAsns(join(this.options.directory, 'geo'));
    if (this.asns !== null) this.options.sensor().send({ command: 'asns', path: this.asns });
  }

  /** True: there was something new, and it was written. */
  private async keep(): Promise<boolean> {
    await this.writing;
    if (!this.options.mayWrite()) return false;
    const remembered = await this.options.sensor().remember(this.changes);
    if (remembered === null) return false;
    this.changes = remembered.changes;
    let kept = true;
    this.writing = write(this.path, remembered.words).catch((error: Error) => {
      kept = false;
      this.changes = 0;
      if (!this.failed) {
        const text = `What is remembered of patient attackers could not be written (${error.message}): it is tried again. Free space in the data directory.`;
        this.options.warn('patience-not-saved', text);
      }
    });
    await this.writing;
    this.failed = !kept;
    return kept;
  }
}

/** Throws an error that says what is wrong with the file. */
function decode(bytes: Buffer): Uint32Array<ArrayBuffer> {
  const body = bytes.subarray(HEADING_BYTES);
  if (bytes.length <= HEADING_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error('it is none');
  if (bytes.length > BYTES_MAX || body.length % 4 !== 0) throw new Error(`it has ${bytes.length} bytes`);
  const version = bytes.readUInt32LE(VERSION_AT);
  if (version !== VERSION) throw new Error(`it has format ${version}, expected ${VERSION}`);
  if (crc32(body) !== bytes.readUInt32LE(CRC_AT)) throw new Error('its checksum is wrong');
  const words = new Uint32Array(body.length / 4);
  new Uint8Array(words.buffer).set(body);
  if (seedOf(words) === null) throw new Error('another version of Ringfence made it');
  return words;
}

/** Beside the file, on disk, then renamed: a crash leaves the old one or the new one. */
async function write(path: string, words: Uint32Array): Promise<void> {
  const body = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  const heading = Buffer.alloc(HEADING_BYTES);
  MAGIC.copy(heading);
  heading.writeUInt32LE(VERSION, VERSION_AT);
  heading.writeUInt32LE(crc32(body), CRC_AT);
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(Buffer.concat([heading, body]));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}
