/** The guard's account of who is blocked and why, and how often each source was blocked before: what `Orders` start from again. */
import type { WantedSet } from '../enforce/desired.ts';
import type { BlockHistoryEntry } from '../core/judge/block-history.ts';
import type { Verdict } from '../core/judge/verdict.ts';
import type { BlockRecord } from '../channel/protocol.ts';

/** The reason of a block whose reason is not known. */
const FOUND = 'found-in-kernel';

export class BlockAccount {
  private readonly records = new Map<string, BlockRecord>();
  private readonly history = new Map<string, BlockHistoryEntry>();
  /**
   * Automatic blocks that people gave a longer end. The kernel writes the policy's duration into a block with each packet that it drops,
   * so it may forget that end; the account does not.
   */
  private readonly ends = new Map<string, number>();

  constructor(blocks: BlockRecord[], history: BlockHistoryEntry[], extended: { address: string; until: number }[]) {
    for (const block of blocks) this.records.set(keyOf(setOf(block), block.address), block);
    for (const entry of history) this.history.set(entry.address, entry);
    for (const { address, until } of extended) if (this.get('block', address)) this.ends.set(address, until);
  }

  get size(): number {
    return this.records.size;
  }

  all(): BlockRecord[] {
    return [...this.records.values()];
  }

  histories(): BlockHistoryEntry[] {
    return [...this.history.values()];
  }

  extensions(): { address: string; until: number }[] {
    return [...this.ends].map(([address, until]) => ({ address, until }));
  }

  /** Until when people want the automatic block to last at least; null: as the policy says. */
  extendedUntil(address: string): number | null {
    return this.ends.get(address) ?? null;
  }

  /** Null when no such block stands. */
  extended(set: WantedSet, address: string, until: number | null): BlockRecord | null {
    const record = this.get(set, address);
    if (!record) return null;
    record.until = until;
    if (set === 'block' && until !== null) this.ends.set(address, until);
    else this.ends.delete(address);
    return record;
  }

  get(set: WantedSet, address: string): BlockRecord | undefined {
    return this.records.get(keyOf(set, address));
  }

  byVerdict(verdict: Verdict): BlockRecord {
    const { source, at, until, reason, finding, incident, blocksBefore } = verdict;
    this.history.set(source, { address: source, count: blocksBefore + 1, last: at });
    const permanent = verdict.action === 'deny';
    this.ends.delete(source);
    const record: BlockRecord = {
      // Whole milliseconds, as the store keeps them: packets have fractions.
      ...{ address: source, since: Math.floor(at), until: permanent || until === null ? null : Math.floor(until) },
      ...{ reason, finding, incident },
      ...{ origin: 'automatic', dropped: 0 },
    };
    this.records.set(keyOf('block', source), record);
    return record;
  }

  byHand(address: string, since: number, durationMs: number | null, reason: string): BlockRecord {
    const until = durationMs === null ? null : since + durationMs;
    const record: BlockRecord = {
      ...{ address, since, until, reason, finding: null, incident: null },
      ...{ origin: 'manual', dropped: 0 },
    };
    this.records.set(keyOf('deny', address), record);
    return record;
  }

  /** Found in the kernel: its reason is not known. */
  adopted(set: WantedSet, address: string, since: number, until: number | null, dropped: number): BlockRecord {
    const record: BlockRecord = {
      ...{ address, since, until, reason: FOUND, finding: null, incident: null },
      ...{ origin: set === 'deny' ? 'manual' : 'kernel', dropped },
    };
    this.records.set(keyOf(set, address), record);
    return record;
  }

  /** The counter as read; returns what came since the last reading. */
  counted(set: WantedSet, address: string, packets: number, until: number | null): number {
    const record = this.get(set, address);
    if (!record) return 0;
    const more = Math.max(0, packets - record.dropped);
    record.dropped = packets;
    record.until = until;
    return more;
  }

  put(block: BlockRecord): void {
    this.records.set(keyOf(setOf(block), block.address), block);
  }

  /** Those that the kernel holds, and those that people gave a longer end than the kernel knows. */
  keep(held: (set: WantedSet, address: string) => boolean, now: number): void {
    const gone = this.all().filter((block) => !held(setOf(block), block.address));
    for (const block of gone) {
      const { address } = block;
      if (setOf(block) === 'deny' || (this.extendedUntil(address) ?? 0) <= now) this.ended(setOf(block), address);
    }
  }

  /** Takes over the stories of blocks that were found in the kernel. The answer: blocks in force that are not in the account. */
  learn(blocks: readonly BlockRecord[], now: number): BlockRecord[] {
    return blocks.filter((block) => {
      const ours = this.get(setOf(block), block.address);
      if (ours?.reason === FOUND) this.put({ ...block, until: ours.until, dropped: ours.dropped });
      return ours === undefined && (block.until === null || block.until > now);
    });
  }

  ended(set: WantedSet, address: string): void {
    if (set === 'block') this.ends.delete(address);
    this.records.delete(keyOf(set, address));
  }

  /** By hand: its earlier blocks were a mistake, too. */
  lifted(address: string): void {
    this.records.delete(keyOf('block', address));
    this.records.delete(keyOf('deny', address));
    this.history.delete(address);
    this.ends.delete(address);
  }
}

/** Where a block lives in the kernel. */
export function setOf(block: BlockRecord): WantedSet {
  return block.origin === 'manual' ? 'deny' : 'block';
}

function keyOf(set: WantedSet, address: string): string {
  return `${set} ${address}`;
}
