/** How often each source was blocked before: what makes a block permanent (`block.permanentAfter`). Survives the source's row. */

/** Addresses remembered; beyond it the one blocked longest ago is forgotten. */
export const HISTORY_MAX = 1 << 18;

export interface BlockHistoryEntry {
  address: string;
  count: number;
  /** Milliseconds since the epoch of the latest block. */
  last: number;
}

export class BlockHistory {
  private readonly entries = new Map<string, { count: number; last: number }>();

  constructor(entries: BlockHistoryEntry[]) {
    for (const { address, count, last } of entries) this.entries.set(address, { count, last });
  }

  count(address: string, now: number, rememberMs: number): number {
    const entry = this.entries.get(address);
    return entry !== undefined && now - entry.last < rememberMs ? entry.count : 0;
  }

  add(address: string, now: number, rememberMs: number): void {
    const count = this.count(address, now, rememberMs) + 1;
    this.entries.delete(address);
    if (this.entries.size >= HISTORY_MAX) this.entries.delete(this.entries.keys().next().value!);
    this.entries.set(address, { count, last: now });
  }

  forget(address: string): void {
    this.entries.delete(address);
  }
}
