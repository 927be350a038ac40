/** The way to a Homer server: opened again when it breaks. What waits meanwhile is bounded; what does not fit is counted. */
import { dial, type Connection, type Server } from './dial.ts';

/** About 1,000 messages of evidence, those of a hundred attacks. */
export const WAITING_BYTES_MAX = 4 * 1024 * 1024;
const RETRY_MS = 5000;

export interface LineOptions {
  server: Server;
  /** It broke (the error), or works again (null). `lost`: packets that did not fit, since the line was made. */
  onTrouble: (error: Error | null, lost: number) => void;
  /** Before a broken line is opened again. */
  retryMs?: number;
  waitingBytesMax?: number;
}

export class Line {
  lost = 0;
  private readonly options: LineOptions;
  private readonly waiting: Buffer[] = [];
  private waitingBytes = 0;
  private connection: Connection | null = null;
  private dialling = false;
  private writing = false;
  private broken = false;
  private closed = false;
  private timer: NodeJS.Timeout | null = null;

  constructor(options: LineOptions) {
    this.options = options;
  }

  send(packet: Buffer): void {
    const { waitingBytesMax = WAITING_BYTES_MAX } = this.options;
    if (this.waitingBytes + packet.length > waitingBytesMax) {
      this.lost++;
      return;
    }
    this.waiting.push(packet);
    this.waitingBytes += packet.length;
    if (this.connection) this.write();
    else if (this.timer === null) void this.open();
  }

  close(): void {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
    this.connection?.close();
  }

  private async open(): Promise<void> {
    if (this.dialling) return;
    this.dialling = true;
    this.timer = null;
    try {
      const connection = await dial(this.options.server, (error) => this.fail(error, connection));
      if (this.closed) return connection.close();
      this.connection = connection;
      this.write();
    } catch (error) {
      this.fail(error as Error, null);
    } finally {
      this.dialling = false;
    }
  }

  /** One after the other: a slow server slows nothing but this queue. */
  private write(): void {
    const packet = this.waiting[0];
    const { connection } = this;
    if (this.writing || packet === undefined || connection === null) return;
    this.writing = true;
    connection.write(packet, () => {
      if (connection !== this.connection) return;
      this.writing = false;
      this.waiting.shift();
      this.waitingBytes -= packet.length;
      if (this.broken) this.options.onTrouble(null, this.lost);
      this.broken = false;
      this.write();
    });
  }

  /** What was being written is sent again: twice is better than never. */
  private fail(error: Error, connection: Connection | null): void {
    if (this.closed || connection !== this.connection) return;
    connection?.close();
    this.connection = null;
    this.writing = false;
    if (!this.broken) this.options.onTrouble(error, this.lost);
    this.broken = true;
    this.timer ??= setTimeout(() => void this.open(), this.options.retryMs ?? RETRY_MS).unref();
  }
}
