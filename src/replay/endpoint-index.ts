/** Endpoints (address and port) to small numbers, in typed arrays, with a fixed capacity: memory does not follow the file. */

/** One 32-bit hash of an address and a port (the finaliser of MurmurHash3 over each word). */
export function hashEndpoint(w0: number, w1: number, w2: number, w3: number, port: number): number {
  let h = mix(w0 ^ 0x2f0b4a27);
  h = mix(h ^ w1);
  h = mix(h ^ w2);
  h = mix(h ^ w3);
  return mix(h ^ port) >>> 0;
}

function mix(h: number): number {
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

export class EndpointIndex {
  size = 0;
  readonly capacity: number;
  readonly w0: Uint32Array;
  readonly w1: Uint32Array;
  readonly w2: Uint32Array;
  readonly w3: Uint32Array;
  readonly port: Uint16Array;
  /** Row + 1 in each slot, 0: empty; twice as many slots as rows, so that a probe is short. */
  readonly #slots: Int32Array;

  /** `capacity` is a power of two. */
  constructor(capacity: number) {
    this.capacity = capacity;
    this.w0 = new Uint32Array(capacity);
    this.w1 = new Uint32Array(capacity);
    this.w2 = new Uint32Array(capacity);
    this.w3 = new Uint32Array(capacity);
    this.port = new Uint16Array(capacity);
    this.#slots = new Int32Array(capacity * 2);
  }

  /** Row of the endpoint; -1 when it is not there and `add` is false, or the index is full. */
  row(w0: number, w1: number, w2: number, w3: number, port: number, add: boolean): number {
    const mask = this.#slots.length - 1;
    let slot = hashEndpoint(w0, w1, w2, w3, port) & mask;
    for (;;) {
      const row = this.#slots[slot] - 1;
      if (row < 0) break;
      if (
        this.w3[row] === w3 &&
        this.port[row] === port &&
        this.w2[row] === w2 &&
        this.w1[row] === w1 &&
        this.w0[row] === w0
      )
        return row;
      slot = (slot + 1) & mask;
    }
    if (!add || this.size === this.capacity) return -1;
    const row = this.size++;
    this.#slots[slot] = row + 1;
    this.w0[row] = w0;
    this.w1[row] = w1;
    this.w2[row] = w2;
    this.w3[row] = w3;
    this.port[row] = port;
    return row;
  }
}

/** Who asked whom a moment ago: one slot for each hash, the newest wins; old pairs are overwritten, never searched. */
export class RecentPairs {
  readonly #mark: Uint32Array;
  readonly #port: Uint16Array;
  readonly #kind: Uint8Array;

  /** `slots` is a power of two. */
  constructor(slots: number) {
    this.#mark = new Uint32Array(slots);
    this.#port = new Uint16Array(slots);
    this.#kind = new Uint8Array(slots);
  }

  put(server: number, client: number, port: number, kind: number): void {
    const slot = this.#slot(server, client);
    this.#mark[slot] = this.#markOf(server, client);
    this.#port[slot] = port;
    this.#kind[slot] = kind;
  }

  /** The kind that was put, 0 when the pair is not (or no longer) known. */
  kind(server: number, client: number): number {
    const slot = this.#slot(server, client);
    return this.#mark[slot] === this.#markOf(server, client) ? this.#kind[slot] : 0;
  }

  port(server: number, client: number): number {
    return this.#port[this.#slot(server, client)];
  }

  #slot(server: number, client: number): number {
    return (server ^ Math.imul(client, 0x9e3779b1)) & (this.#mark.length - 1);
  }

  #markOf(server: number, client: number): number {
    return (Math.imul(server, 0x85ebca6b) ^ client) >>> 0;
  }
}
