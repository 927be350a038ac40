/**
 * Reports on their way to the console: numbered, kept until acknowledged, sent again to a console that was restarted. Bounded, because
 * protection must not depend on anybody reading them: when it is full the oldest that only repeats a state goes first.
 */
import type { GuardReport, ToConsole } from '../channel/protocol.ts';

export const BACKLOG_MAX = 20_000;

type NumberedReport = Extract<ToConsole, { kind: 'report' }>;

export class Backlog {
  /** Reports that were given up. */
  dropped = 0;
  private readonly waiting = new Map<number, NumberedReport>();
  private seq = 0;

  get size(): number {
    return this.waiting.size;
  }

  add(report: GuardReport): NumberedReport {
    const numbered: NumberedReport = { kind: 'report', seq: ++this.seq, report };
    // Health is only of interest now; it is not kept for a console that is away.
    if (report.type === 'health') return numbered;
    if (this.waiting.size >= BACKLOG_MAX) this.giveUpOne();
    this.waiting.set(numbered.seq, numbered);
    return numbered;
  }

  /** Everything up to `seq` is in the store. */
  acknowledge(seq: number): void {
    for (const key of this.waiting.keys()) {
      if (key > seq) return;
      this.waiting.delete(key);
    }
  }

  unacknowledged(): NumberedReport[] {
    return [...this.waiting.values()];
  }

  /** The oldest report of incidents (a later one repeats their counts); else the oldest of all. */
  private giveUpOne(): void {
    let victim = this.waiting.keys().next().value!;
    let looked = 0;
    for (const [seq, { report }] of this.waiting) {
      if (report.type === 'incidents' || report.type === 'drops') {
        victim = seq;
        break;
      }
      if (++looked === 1000) break;
    }
    this.waiting.delete(victim);
    this.dropped++;
  }
}
