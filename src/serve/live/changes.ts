/** What happened, in the order in which it reached the store: numbered, and the latest kept for clients that come back. */
import { targetFields, type GuardReport } from '../../channel/protocol.ts';
import { parseTarget } from '../../core/base/target.ts';
import type { LiveEventOf } from '../api/live.ts';

/** Kept for a client that comes back, and for one that is slow; who missed more asks for everything anew. */
export const LIVE_CHANGES_MAX = 500;

export type Change = { seq: number } & (
  | { event: 'block'; data: LiveEventOf<'block'> }
  | { event: 'unblock'; data: LiveEventOf<'unblock'> }
  /** The incident is read from the store when it is sent: the newest state, once. */
  | { event: 'incident'; incident: string }
);

/** `missed`: how many changes a client cannot be told any more; null: that is not known. */
export type Replay = { changes: Change[]; missed: 0 } | { changes: []; missed: number | null };

/** Of a phone its address; of an address or a network the target itself. */
function addressPart(target: string): string {
  const parsed = parseTarget(target);
  return parsed === null ? target : targetFields(parsed).address;
}

export class Changes {
  /** Number of the newest change; 0: there was none. */
  newest = 0;
  /** Tells the ids of this console from those of the one before it. */
  private readonly run: string;
  private kept: Change[] = [];

  constructor(run: number) {
    this.run = run.toString(36);
  }

  /** The reports as changes; what nobody watches live is left out. */
  add(reports: readonly GuardReport[]): Change[] {
    const added: Change[] = [];
    for (const report of reports) {
      if (report.type === 'incidents') {
        for (const { incident } of report.changes) {
          added.push({ seq: ++this.newest, event: 'incident', incident: incident.id });
        }
      } else if (report.type === 'blocked') {
        added.push({ seq: ++this.newest, event: 'block', data: report.block });
      } else if (report.type === 'unblocked') {
        const { target, at, how } = report;
        added.push({ seq: ++this.newest, event: 'unblock', data: { target, address: addressPart(target), at, how } });
      }
    }
    this.kept = [...this.kept, ...added].slice(-LIVE_CHANGES_MAX);
    return added;
  }

  /** As an event's `id:` says it: everything up to this change has been sent. */
  idOf(seq: number): string {
    return `${this.run}-${seq}`;
  }

  /** What came after the id that a client saw last (`Last-Event-ID`). */
  after(id: string): Replay {
    const [, run, digits] = /^([0-9a-z]{1,12})-(\d{1,15})$/.exec(id) ?? [];
    const seq = Number(digits);
    if (run !== this.run || seq > this.newest) return { changes: [], missed: null };
    const changes = this.kept.filter((change) => change.seq > seq);
    const missed = this.newest - seq;
    return changes.length === missed ? { changes, missed: 0 } : { changes: [], missed };
  }
}
