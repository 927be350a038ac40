/**
 * What the daemon says on its standard output and error: plain lines, for a terminal as for the journal.
 *
 * Invariant: saying something never stops or ends the guard, whatever becomes of the lines. A reader that left (`run | head`, a
 * closed terminal, a restarted journal), a full disk behind `run >log` and a terminal held with Ctrl-S take lines away, not
 * protection. `process.stdout` keeps none of that: it writes to pipes and terminals synchronously, and errors are thrown.
 */
import { write } from 'node:fs';

/** Lines that wait for a slow reader: about 10,000 verdicts. What comes on top is counted and left out. */
const WAITING_BYTES_MAX = 1024 * 1024;
const RETRY_MS = 50;

class Output {
  private readonly fd: number;
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private leftOut = 0;
  private busy = false;

  constructor(fd: number) {
    this.fd = fd;
  }

  line(text: string): void {
    const line = Buffer.from(`${text}\n`);
    if (this.waitingBytes + line.length > WAITING_BYTES_MAX) {
      this.leftOut++;
      return;
    }
    this.waiting.push(line);
    this.waitingBytes += line.length;
    if (!this.busy) this.writeWaiting();
  }

  private writeWaiting(): void {
    this.busy = this.waiting.length > 0;
    if (!this.busy) return;
    const lines = Buffer.concat(this.waiting);
    this.waiting = [];
    this.write(lines);
  }

  private write(bytes: Buffer): void {
    write(this.fd, bytes, (error, written) => {
      if (error?.code === 'EAGAIN') {
        // A full pipe. Nobody waits for its reader at the end: the timer keeps no process alive.
        setTimeout(() => this.write(bytes), RETRY_MS).unref();
        return;
      }
      const done = error ? bytes.length : written;
      this.waitingBytes -= done;
      if (done < bytes.length) return this.write(bytes.subarray(done));
      this.writeWaiting();
      if (this.leftOut === 0 || error) return;
      const count = this.leftOut;
      this.leftOut = 0;
      this.line(`${count} lines were left out: the reader of this output was too slow.`);
    });
  }
}

const output = new Output(1);
const errors = new Output(2);

export function say(text: string): void {
  output.line(text);
}

export function complain(text: string): void {
  errors.line(text);
}
