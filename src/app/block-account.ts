/** The guard's account of who is blocked and why, and how often each source was blocked before: what `Orders` start from again. */
import type { WantedSet } from '../enforce/desired.ts';
import type { BlockHistoryEntry } from '../core/judge/block-history.ts';
import type { Verdict } from '../core/judge/verdict.ts';
import { targetFields, type BlockRecord } from '../channel/protocol.ts';
import { parseTarget } from '../core/base/target.ts';

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
  /** Targets of the phones that are blocked alone, by their address. */
  private readonly phones = new Map<string, Set<string>>();
  /** Whose verdict led to the block of a network. */
  private readonly sources = new Map<string, string>();

  constructor(blocks: BlockRecord[], history: BlockHistoryEntry[], extended: { target: string; until: number }[]) {
    for (const block of blocks) this.put(block);
    for (const entry of history) this.history.set(entry.address, entry);
    for (const { target, until } of extended) if (this.get('block', target)) this.ends.set(target, until);
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

  extensions(): { target: string; until: number }[] {
    return [...this.ends].map(([target, until]) => ({ target, until }));
  }

  /** Until when people want the automatic block to last at least; null: as the policy says. */
  extendedUntil(target: string): number | null {
    return this.ends.get(target) ?? null;
  }

  /** Null when no such block stands. */
  extended(set: WantedSet, target: string, until: number | null): BlockRecord | null {
    const record = this.get(set, target);
    if (!record) return null;
    record.until = until;
    if (set === 'block' && until !== null) this.ends.set(target, until);
    else this.ends.delete(target);
    return record;
  }

  get(set: WantedSet, target: string): BlockRecord | undefined {
    return this.records.get(keyOf(set, target));
  }

  /** The phones behind an address that are blocked alone. */
  phonesOf(address: string): string[] {
    return [...(this.phones.get(address) ?? [])];
  }

  /** The address whose incident the packets of a blocked target belong to. */
  sourceOf(target: string): string {
    return this.sources.get(target) ?? this.get('block', target)?.address ?? target;
  }

  byVerdict(verdict: Verdict): BlockRecord {
    const { source, target, at, until, reason, finding, incident, blocksBefore } = verdict;
    // Invariant: what anybody could have forged leaves no trace on the ladder (`core/judge`).
    if (verdict.proof !== null) this.history.set(target, { address: target, count: blocksBefore + 1, last: at });
    const permanent = verdict.action === 'deny';
    this.ends.delete(target);
    if (verdict.scope === 'network') this.sources.set(target, source);
    const record: BlockRecord = {
      // Whole milliseconds, as the store keeps them: packets have fractions.
      ...targetFields(parseTarget(target)!),
      ...{ since: Math.floor(at), until: permanent || until === null ? null : Math.floor(until) },
      ...{ reason, finding, incident },
      ...{ origin: 'automatic', dropped: 0 },
    };
    this.put(record);
    return record;
  }

  byHand(address: string, since: number, durationMs: number | null, reason: string): BlockRecord {
    const until = durationMs === null ? null : since + durationMs;
    const record: BlockRecord = {
      ...{ target: address, address, scope: 'address', port: null, transport: null },
      ...{ since, until, reason, finding: null, incident: null },
      ...{ origin: 'manual', dropped: 0 },
    };
    this.put(record);
    return record;
  }

  /** Found in the kernel: its reason is not known. */
  adopted(set: WantedSet, target: string, since: number, until: number | null, dropped: number): BlockRecord {
    const record: BlockRecord = {
      ...targetFields(parseTarget(target)!),
      ...{ since, until, reason: FOUND, finding: null, incident: null },
      ...{ origin: set === 'deny' ? 'manual' : 'kernel', dropped },
    };
    this.put(record);
    return record;
  }

  /** The counter as read; returns what came since the last reading. */
  counted(set: WantedSet, target: string, packets: number, until: number | null): number {
    const record = this.get(set, target);
    if (!record) return 0;
    const more = Math.max(0, packets - record.dropped);
    record.dropped = packets;
    record.until = until;
    return more;
  }

  put(block: BlockRecord): void {
    const { target } = block;
    this.records.set(keyOf(setOf(block), target), block);
    if (block.scope !== 'port') return;
    const phones = this.phones.get(block.address);
    if (phones === undefined) this.phones.set(block.address, new Set([target]));
    else phones.add(target);
  }

  /** Those that the kernel holds, and those that people gave a longer end than the kernel knows. */
  keep(held: (set: WantedSet, target: string) => boolean, now: number): void {
    const gone = this.all().filter((block) => !held(setOf(block), block.target));
    for (const block of gone) {
      const target = block.target;
      if (setOf(block) === 'deny' || (this.extendedUntil(target) ?? 0) <= now) this.ended(setOf(block), target);
    }
  }

  /** Takes over the stories of blocks that were found in the kernel. The answer: blocks in force that are not in the account. */
  learn(blocks: readonly BlockRecord[], now: number): BlockRecord[] {
    return blocks.filter((block) => {
      const ours = this.get(setOf(block), block.target);
      if (ours?.reason === FOUND) this.put({ ...block, until: ours.until, dropped: ours.dropped });
      return ours === undefined && (block.until === null || block.until > now);
    });
  }

  ended(set: WantedSet, target: string): void {
    const record = this.get(set, target);
    this.records.delete(keyOf(set, target));
    if (set === 'block') {
      this.ends.delete(target);
      this.sources.delete(target);
    }
    if (record?.scope !== 'port') return;
    const phones = this.phones.get(record.address);
    phones?.delete(target);
    if (phones?.size === 0) this.phones.delete(record.address);
  }

  /** By hand: its earlier blocks were a mistake, too. */
  lifted(target: string): void {
    this.ended('block', target);
    this.ended('deny', target);
    this.history.delete(target);
  }
}

/** Where a block lives in the kernel. */
export function setOf(block: BlockRecord): WantedSet {
  return block.origin === 'manual' ? 'deny' : 'block';
}

function keyOf(set: WantedSet, target: string): string {
  return `${set} ${target}`;
}
