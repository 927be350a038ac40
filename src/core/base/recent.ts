/**
 * The last few megabytes of messages, so that when an answer proves a request hostile, the request is still there as evidence.
 * A position stays valid until the ring has turned once.
 */

/** At 50,000 messages of 500 bytes a second this is a sixth of a second; answers come within milliseconds. */
export const RECENT_BYTES = 1 << 22;

export class Recent {
  readonly bytes = new Uint8Array(RECENT_BYTES);
  private head = 0;

  /** Keeps a copy and returns its position; -1 when the message is larger than the ring takes. */
  keep(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    if (length > RECENT_BYTES >> 3) return -1;
    let at = this.head % RECENT_BYTES;
    if (at + length > RECENT_BYTES) {
      this.head += RECENT_BYTES - at;
      at = 0;
    }
    this.bytes.set(bytes.subarray(start, end), at);
    const position = this.head;
    this.head += length;
    return position;
  }

  /** Where in `bytes` a position lies, -1 when it has been overwritten. */
  at(position: number, length: number): number {
    if (position < 0 || this.head - position > RECENT_BYTES || position + length > this.head) return -1;
    return position % RECENT_BYTES;
  }
}
