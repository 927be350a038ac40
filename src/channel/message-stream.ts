/**
 * Messages over a Unix stream socket, for a guard and a console that a service manager starts apart: 4 bytes of length (big-endian), then a structured
 * clone (`v8.serialize`), which is what `child_process.fork` with advanced serialization sends, too.
 */
import type { Socket } from 'node:net';
import { deserialize, serialize } from 'node:v8';

/** A million list entries are 8 MB for each list; the next size that nobody reaches. */
export const MESSAGE_BYTES_MAX = 256 * 1024 * 1024;
/** What waits for a reader that stands still. Then it is taken for dead: what was not acknowledged is sent to the next one. */
export const WAITING_BYTES_MAX = 2 * MESSAGE_BYTES_MAX;
const LENGTH_BYTES = 4;

export interface StreamEvents<In> {
  message: (message: In) => void;
  /** Once, when nothing comes any more; why, in words. */
  closed: (how: string) => void;
}

export class MessageStream<Out, In> {
  private readonly socket: Socket;
  private readonly events: StreamEvents<In>;
  private chunks: Buffer[] = [];
  private bytes = 0;
  private needed = LENGTH_BYTES;
  private inBody = false;
  private how = 'the connection ended';

  constructor(socket: Socket, events: StreamEvents<In>) {
    this.socket = socket;
    this.events = events;
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('error', (error) => (this.how = error.message));
    socket.on('close', () => this.events.closed(this.how));
  }

  /** `sent`: it is with the kernel, or never will be. */
  send(message: Out, sent: () => void = () => {}): void {
    const body = serialize(message);
    if (body.length > MESSAGE_BYTES_MAX) return this.fail(`a message of ${body.length} bytes`);
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(body.length);
    this.socket.cork();
    this.socket.write(length);
    this.socket.write(body, () => sent());
    this.socket.uncork();
    if (this.socket.writableLength > WAITING_BYTES_MAX) this.fail('the other side does not read');
  }

  close(): void {
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    // One copy for each message, however many reads it came in.
    while (this.bytes >= this.needed && !this.socket.destroyed) {
      const all = this.chunks.length === 1 ? this.chunks[0] : Buffer.concat(this.chunks);
      const part = all.subarray(0, this.needed);
      this.chunks = all.length > this.needed ? [all.subarray(this.needed)] : [];
      this.bytes = all.length - this.needed;
      this.take(part);
    }
  }

  private take(part: Buffer): void {
    if (!this.inBody) {
      const length = part.readUInt32BE();
      if (length > MESSAGE_BYTES_MAX) return this.fail(`a message of ${length} bytes was announced`);
      this.inBody = true;
      this.needed = length;
      return;
    }
    this.inBody = false;
    this.needed = LENGTH_BYTES;
    let message: In;
    try {
      message = deserialize(part) as In;
    } catch (error) {
      return this.fail(`a message that cannot be read: ${(error as Error).message}`);
    }
    this.events.message(message);
  }

  private fail(how: string): void {
    this.socket.destroy(new Error(how));
  }
}
