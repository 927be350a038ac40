/** A range keeper with everything around it that a test can turn: store, host names, feeds, countries, and a guard that agrees or refuses. */
import { vi } from 'vitest';
import type { GuardRequest, RangeOrders } from '../../channel/protocol.ts';
import { formatRange, parseRange, type Address } from '../../core/base/address.ts';
import { packRanges, subtract, union, unpackRanges, type PackedRanges } from '../../core/base/packed-ranges.ts';
import { defaultDocument } from '../../policy/default-document.ts';
import type { PolicyDocument } from '../../policy/schema.ts';
import { GuardRefusal } from '../../serve/guard-link.ts';
import { StoreError } from '../../store/error.ts';
import type { ListName } from '../../store/store.ts';
import { RangeKeeper } from '../console/range-keeper.ts';

/** A change is in the kernel within 100 ms; the guard and the kernel need some of it. */
export const CONSOLE_SHARE_MS = 25;

export const pack = (...ranges: string[]) => packRanges(ranges.map((range) => parseRange(range)!));
export const text = (ranges: PackedRanges | undefined) => ranges && [...unpackRanges(ranges)].map(formatRange);
export const feed = (name: string) => ({
  name,
  url: `https://lists.example.org/${name}`,
  file: '',
  every: '1h',
  action: 'block' as const,
  bytesMax: 1024,
});

export class World {
  lists: Record<ListName, PackedRanges> = { allow: pack('192.0.2.0/24'), deny: pack('203.0.113.0/24') };
  names = new Map<string, Address[]>();
  feeds: { name: string; ranges: PackedRanges }[] = [];
  blocked: PackedRanges | null = null;
  ends: { list: ListName; range: string; at: number }[] = [];
  storeFails = false;
  /** Answers of the guard to come; absent: it agrees at once. */
  guard: (() => Promise<unknown>)[] = [];
  /** What the guard was to hold, each time: an edit counts as what it comes to. */
  readonly sent: Partial<RangeOrders>[] = [];
  readonly asked: GuardRequest['ask'][] = [];
  private held = new Map<string, { version: number; ranges: PackedRanges }>();
  readonly events: string[] = [];
  readonly keeper: RangeKeeper;

  constructor(policy: PolicyDocument = defaultDocument) {
    this.keeper = new RangeKeeper(
      {
        store: {
          packed: (list) => this.lists[list],
          hostNames: () => [...this.names.keys()],
          listNextEnd: () => this.ends.map(({ at }) => at).sort((a, b) => a - b)[0] ?? null,
          listExpire: (now) => {
            if (this.storeFails) throw new StoreError('store-disk-full', 'the disk is full');
            const over = this.ends.filter(({ at }) => at <= now);
            this.ends = this.ends.filter(({ at }) => at > now);
            for (const { list } of over) this.lists[list] = pack('198.51.100.0/24');
            const entry = { comment: '', addedBy: '', addedAt: 0, until: null };
            return over.map(({ list, range }) => ({ list, entry: { range, ...entry } }));
          },
        },
        hostNames: { use: () => {}, addresses: () => this.names },
        feeds: { use: () => {}, ranges: () => this.feeds },
        countries: {
          ready: () => this.blocked !== null,
          blocked: () => this.blocked!,
          use: () => Promise.resolve(),
        },
        guard: { ask: (request) => this.ask(request) },
        now: () => Date.now(),
        event: (_level, code) => this.events.push(code),
      },
      policy,
    );
  }

  /** As a guard whose list became another one in some way. */
  forgetHeld(): void {
    this.held.clear();
  }

  private ask(request: GuardRequest): Promise<unknown> {
    this.asked.push(request.ask);
    if (request.ask === 'ranges') {
      this.sent.push(request.ranges);
      for (const list of ['allow', 'deny'] as const)
        if (request.ranges[list]) this.held.set(list, { version: request.version!, ranges: request.ranges[list] });
    }
    if (request.ask === 'edit') {
      const { list, base, gone, come } = request.edit;
      const held = this.held.get(list);
      if (held?.version !== base) return Promise.reject(new GuardRefusal('other-base', 'another list'));
      const ranges = union(subtract(held.ranges, gone), come);
      this.held.set(list, { version: request.version, ranges });
      this.sent.push({ [list]: ranges });
    }
    return this.guard.shift()?.() ?? Promise.resolve({ lifted: [], liftedCount: 0 });
  }
}

export const refusal = () => Promise.reject(new GuardRefusal('kernel-failed', 'the kernel says no'));
export const settled = () => vi.advanceTimersByTimeAsync(CONSOLE_SHARE_MS);
