/**
 * One listener: what waits for it, bounded, and how fast it is told. A client that reads slowly costs no more than its queue: nothing
 * is written while its socket is full, changes of one incident become one, and a queue that overflows becomes a `gap`.
 */
import type { LiveEvent, LiveEventOf } from '../api/live.ts';
import type { Change } from './changes.ts';
import { LIVE_CHANGES_MAX } from './changes.ts';

/** A page shows no more than this. Under an attack of many sources the rest is merged, or missed and asked for. */
export const INCIDENTS_PER_SECOND = 20;
export const BLOCKS_PER_SECOND = 200;
/** A socket that took nothing for so long belongs to nobody. */
export const STALLED_MS = 60_000;

/** Where the text goes. False: that was enough for now, `writable` will be called. */
export type Write = (text: string) => boolean;

export interface Sources {
  idOf: (seq: number) => string;
  newest: () => number;
  /** As JSON; null: the store does not say. */
  incident: (id: string) => string | null;
}

type Told = Exclude<Change, { event: 'incident' }>;

export class LiveClient {
  private readonly write: Write;
  private readonly sources: Sources;
  private blocks: Told[] = [];
  /** Incidents to tell, by id, with the first change that was not told. */
  private incidents = new Map<string, number>();
  /** `status` and `rates` are the present: only the newest is of use. */
  private present = new Map<'status' | 'rates', string>();
  /** Changes that it will not be told; null: nobody knows how many. */
  private missed: number | null = 0;
  private blocksLeft = BLOCKS_PER_SECOND;
  private incidentsLeft = INCIDENTS_PER_SECOND;
  /** Since when its socket takes nothing; null: it takes text. */
  private fullSince: number | null;

  /** Nothing is written before `writable` is called. */
  constructor(write: Write, sources: Sources, now: number) {
    this.write = write;
    this.sources = sources;
    this.fullSince = now;
  }

  offer(change: Change): void {
    if (change.event === 'incident') {
      if (!this.incidents.has(change.incident)) this.incidents.set(change.incident, change.seq);
    } else {
      this.blocks.push(change);
    }
    const waiting = this.blocks.length + this.incidents.size;
    if (waiting <= LIVE_CHANGES_MAX) return;
    this.miss(waiting);
    this.blocks = [];
    this.incidents.clear();
  }

  /** It cannot be told of that many changes. */
  miss(changes: number | null): void {
    this.missed = changes === null || this.missed === null ? null : this.missed + changes;
  }

  offerPresent(event: 'status' | 'rates', json: string): void {
    this.present.set(event, json);
  }

  /** A second has passed. */
  refill(): void {
    this.blocksLeft = BLOCKS_PER_SECOND;
    this.incidentsLeft = INCIDENTS_PER_SECOND;
  }

  writable(): void {
    this.fullSince = null;
  }

  stalled(now: number): boolean {
    return this.fullSince !== null && now - this.fullSince > STALLED_MS;
  }

  /** Writes what may be written now, in one piece. */
  flush(now: number): void {
    if (this.fullSince !== null) return;
    const text = this.takeGap() + this.takePresent() + this.takeBlocks() + this.takeIncidents();
    if (text !== '' && !this.write(text)) this.fullSince = now;
  }

  private takeGap(): string {
    if (this.missed === 0) return '';
    const gap: LiveEventOf<'gap'> = { missed: this.missed };
    this.missed = 0;
    return this.textOf('gap', JSON.stringify(gap));
  }

  private takePresent(): string {
    const texts = [...this.present].map(([event, json]) => this.textOf(event, json));
    this.present.clear();
    return texts.join('');
  }

  private takeBlocks(): string {
    let text = '';
    while (this.blocksLeft > 0) {
      const change = this.blocks.shift();
      if (!change) break;
      this.blocksLeft--;
      text += this.textOf(change.event, JSON.stringify(change.data));
    }
    return text;
  }

  private takeIncidents(): string {
    let text = '';
    for (const id of this.incidents.keys()) {
      if (this.incidentsLeft === 0) break;
      this.incidents.delete(id);
      const json = this.sources.incident(id);
      this.incidentsLeft--;
      if (json === null) {
        this.miss(1);
        continue;
      }
      text += this.textOf('incident', json);
    }
    return text;
  }

  /** JSON has no line breaks of its own, so one `data:` line holds it. */
  private textOf(event: LiveEvent['event'], json: string): string {
    return `event: ${event}\nid: ${this.toldUpTo()}\ndata: ${json}\n\n`;
  }

  /**
   * Invariant: of the changes up to this one none waits here. Incidents wait longer than blocks, so this is not simply the number of
   * the change that is told: a client that comes back may be told one twice, never misses one.
   */
  private toldUpTo(): string {
    const [firstIncident = Infinity] = this.incidents.values();
    const waits = Math.min(this.blocks[0]?.seq ?? Infinity, firstIncident);
    return this.sources.idOf(waits === Infinity ? this.sources.newest() : waits - 1);
  }
}
