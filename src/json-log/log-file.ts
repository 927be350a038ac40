/**
 * A file that lines are added to, and that others rotate: whoever moves it away (logrotate's default) finds a new one in its place with the next line,
 * and whoever empties it (`copytruncate`) finds lines added from its beginning. Nobody waits for the disk; what waits is bounded.
 */
import { open, stat, type FileHandle } from 'node:fs/promises';

/** About 10,000 lines. */
const WAITING_BYTES_MAX = 8 * 1024 * 1024;
const RETRY_MS = 5000;
/** Readable by the group, so that a log shipper needs no more than that. */
const MODE = 0o640;

export interface LogFileOptions {
  /** It cannot be written (the error), or can again (null). `lost`: lines that did not fit, since the last time it could. */
  onTrouble: (error: Error | null, lost: number) => void;
  retryMs?: number;
  waitingBytesMax?: number;
}

export class LogFile {
  private readonly path: string;
  private readonly options: LogFileOptions;
  private waiting: string[] = [];
  private waitingBytes = 0;
  private lost = 0;
  private handle: FileHandle | null = null;
  private identity = '';
  private writing: Promise<void> | null = null;
  private broken = false;
  private timer: NodeJS.Timeout | null = null;

  constructor(path: string, options: LogFileOptions) {
    this.path = path;
    this.options = options;
  }

  /** A line without its end. */
  add(line: string): void {
    const bytes = Buffer.byteLength(line) + 1;
    if (this.waitingBytes + bytes > (this.options.waitingBytesMax ?? WAITING_BYTES_MAX)) {
      this.lost++;
      return;
    }
    this.waiting.push(`${line}\n`);
    this.waitingBytes += bytes;
    if (this.timer === null) this.writing ??= this.write();
  }

  /** What waits is written, or tried once more. */
  async close(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    await (this.writing ?? (this.waiting.length > 0 ? this.write() : null));
    if (this.timer) clearTimeout(this.timer);
    await this.handle?.close();
    this.handle = null;
  }

  private async write(): Promise<void> {
    try {
      while (this.waiting.length > 0) {
        const handle = await this.current();
        const lines = Buffer.from(this.waiting.join(''));
        const taken = this.waiting.length;
        await handle.appendFile(lines);
        this.waiting.splice(0, taken);
        this.waitingBytes -= lines.length;
        this.works();
      }
    } catch (error) {
      this.fails(error as Error);
    } finally {
      this.writing = null;
    }
  }

  /** The file that has the name now. */
  private async current(): Promise<FileHandle> {
    const there = await stat(this.path).then(identityOf, () => '');
    if (this.handle && there === this.identity) return this.handle;
    await this.handle?.close();
    this.handle = null;
    this.handle = await open(this.path, 'a', MODE);
    this.identity = identityOf(await this.handle.stat());
    return this.handle;
  }

  private works(): void {
    if (!this.broken) return;
    this.options.onTrouble(null, this.lost);
    this.broken = false;
    this.lost = 0;
  }

  private fails(error: Error): void {
    if (!this.broken) this.options.onTrouble(error, this.lost);
    this.broken = true;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.writing ??= this.write();
    }, this.options.retryMs ?? RETRY_MS).unref();
  }
}

function identityOf({ dev, ino }: { dev: number; ino: number }): string {
  return `${dev}:${ino}`;
}
