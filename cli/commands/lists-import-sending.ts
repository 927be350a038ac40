/** Entries of a file on their way to the daemon, while the file is still being read. */
import { compareAddress } from '../../src/core/base/address.ts';
import type { FileEntry } from '../../src/lists/entry.ts';
import type { ImportChunkAnswer } from '../../src/serve/answers.ts';
import type { Connection } from '../client.ts';
import type { Plan } from './lists-import-plan.ts';

/** Entries of one request. */
const CHUNK_ENTRIES = 2500;
/**
 * Entries that are put in the order of their addresses before they are sent. The daemon's index is in that order: a million addresses in
 * any order write each of its pages a hundred times. Larger windows gain little and cost memory.
 */
const WINDOW_ENTRIES = 50_000;
/** A file that somebody wrote by hand keeps its order. */
const SORTED_FROM = 10_000;
/** Planned changes that are kept for showing, of each kind. */
const PLAN_KEPT_MAX = 1000;

export class ImportSending {
  readonly plan: Plan = { added: [], changed: [] };
  /** Entries that were given, and those of them that the daemon has. */
  taken = 0;
  sent = 0;
  /** Called after each request. */
  onSent: () => void = () => {};
  private readonly connection: Connection;
  private readonly id: number;
  private readonly planned: boolean;
  private window: FileEntry[] = [];
  private underWay: Promise<void> = Promise.resolve();

  /** `planned`: additions and changes are wanted, for a dry run. */
  constructor(connection: Connection, id: number, planned: boolean) {
    this.connection = connection;
    this.id = id;
    this.planned = planned;
  }

  add(entry: FileEntry): void {
    this.taken++;
    this.window.push(entry);
  }

  /** Sends a window that is full; waits for the one before, and rejects with what went wrong there. */
  async room(): Promise<void> {
    if (this.window.length >= WINDOW_ENTRIES) await this.next();
  }

  /** Resolves when the daemon has everything. */
  async all(): Promise<void> {
    await this.next();
    await this.underWay;
    for (const kept of [this.plan.added, this.plan.changed]) kept.sort((a, b) => a.line - b.line);
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
      const path = `/imports/${this.id}/entries`;
      const show = this.planned && this.keeps() ? CHUNK_ENTRIES : 0;
      const { steps } = await this.connection.ask<ImportChunkAnswer>('POST', path, { entries, show });
      for (const step of steps) this.keep(chunk[step.at].line, step);
      this.sent += chunk.length;
      this.onSent();
    }
  }

  private keeps(): boolean {
    return this.plan.added.length < PLAN_KEPT_MAX || this.plan.changed.length < PLAN_KEPT_MAX;
  }

  private keep(line: number, step: ImportChunkAnswer['steps'][number]): void {
    const { added, changed } = this.plan;
    if (step.what === 'added' && added.length < PLAN_KEPT_MAX) added.push({ line, after: step.after });
    if (step.what === 'changed' && changed.length < PLAN_KEPT_MAX)
      changed.push({ line, before: step.before, after: step.after });
  }
}

/** Names last. */
function byAddress(a: FileEntry, b: FileEntry): number {
  if (a.range === null || b.range === null) return Number(a.range === null) - Number(b.range === null);
  return compareAddress(a.range.first, b.range.first);
}
