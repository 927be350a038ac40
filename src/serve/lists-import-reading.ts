/** A list file on its way into an import, while it is still being read: the command line and the upload of a browser share it. */
import { compareAddress } from '../core/base/address.ts';
import type { FileEntry, ReadOptions, ReadResult } from '../lists/entry.ts';
import { ListReader } from '../lists/list-reader.ts';
import type { ListEntry, NewListEntry } from '../store/store.ts';
import type { ImportChunkAnswer } from './answers.ts';

/** Gives the import more entries; the answer names the first `show` additions and changes. */
export type Stage = (entries: NewListEntry[], show: number) => Promise<ImportChunkAnswer>;

/** The first changes, with the line of the file. */
export interface Plan {
  added: { line: number; after: ListEntry }[];
  changed: { line: number; before: ListEntry; after: ListEntry }[];
}

/** Entries of one request. */
const CHUNK_ENTRIES = 2500;
/**
 * Entries that are put in the order of their addresses before they are sent. The daemon's index is in that order: a million addresses in
 * any order write each of its pages a hundred times. Larger windows gain little and cost memory.
 */
const WINDOW_ENTRIES = 50_000;
/** A file that somebody wrote by hand keeps its order. */
const SORTED_FROM = 10_000;

export class ImportReading {
  readonly plan: Plan = { added: [], changed: [] };
  /** Entries that were read, and those of them that are staged. */
  taken = 0;
  sent = 0;
  /** Called after each request. */
  onSent: () => void = () => {};
  private readonly reader: ListReader;
  private readonly stage: Stage;
  private readonly planMax: number;
  private window: FileEntry[] = [];
  private underWay: Promise<void> = Promise.resolve();

  /** `planMax`: planned changes that are kept for showing, of each kind. */
  constructor(options: Omit<ReadOptions, 'wallClock'>, stage: Stage, planMax: number) {
    this.reader = new ListReader({ ...options, wallClock: localTime }, (entry) => {
      this.taken++;
      this.window.push(entry);
    });
    this.stage = stage;
    this.planMax = planMax;
  }

  /** True: what follows is not read any more. */
  get stopped(): boolean {
    return this.reader.stopped;
  }

  /** Waits for the import when it is a window behind, and rejects with what went wrong there. */
  async push(chunk: Uint8Array): Promise<void> {
    this.reader.push(chunk);
    if (this.window.length >= WINDOW_ENTRIES) await this.next();
  }

  /** Resolves when everything is staged. */
  async end(): Promise<ReadResult> {
    const result = this.reader.end();
    await this.next();
    await this.underWay;
    for (const kept of [this.plan.added, this.plan.changed]) kept.sort((a, b) => a.line - b.line);
    return result;
  }

  private async next(): Promise<void> {
    await this.underWay;
    const { window } = this;
    this.window = [];
    this.underWay = this.send(window);
    // Whoever waits for it next hears what went wrong.
    this.underWay.catch(() => {});
  }

  private async send(window: FileEntry[]): Promise<void> {
    if (window.length >= SORTED_FROM) window.sort(byAddress);
    for (let i = 0; i < window.length; i += CHUNK_ENTRIES) {
      const chunk = window.slice(i, i + CHUNK_ENTRIES);
      // What the file does not say is left out of the JSON, and stays as it is on the list.
      const entries = chunk.map(({ address, comment, until, addedBy, addedAt }) => {
        return { range: address, comment, until, addedBy, addedAt };
      });
      const { steps } = await this.stage(entries, this.keeps() ? CHUNK_ENTRIES : 0);
      for (const step of steps) this.keep(chunk[step.at].line, step);
      this.sent += chunk.length;
      this.onSent();
    }
  }

  private keeps(): boolean {
    return this.plan.added.length < this.planMax || this.plan.changed.length < this.planMax;
  }

  private keep(line: number, step: ImportChunkAnswer['steps'][number]): void {
    const { added, changed } = this.plan;
    if (step.what === 'added' && added.length < this.planMax) added.push({ line, after: step.after });
    if (step.what === 'changed' && changed.length < this.planMax)
      changed.push({ line, before: step.before, after: step.after });
  }
}

/** Names last. */
function byAddress(a: FileEntry, b: FileEntry): number {
  if (a.range === null || b.range === null) return Number(a.range === null) - Number(b.range === null);
  return compareAddress(a.range.first, b.range.first);
}

/** A time without a zone is the clock on the wall of the machine that reads the file. */
function localTime(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  return new Date(year, month - 1, day, hour, minute, second).getTime();
}
