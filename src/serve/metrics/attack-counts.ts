/** How many attacks and verdicts the console has heard of since its start, by detector and action. */
import { DETECTORS, type DetectorSlug } from '../../core/base/policy.ts';
import { INCIDENTS_OPEN_MAX } from '../../core/judge/incidents.ts';
import type { Action } from '../../core/judge/verdict.ts';
import type { GuardReport } from '../../channel/protocol.ts';

const ACTIONS: readonly Action[] = ['pass', 'watch', 'limit', 'block', 'deny'];

/** Every pair is there from the start: a rate over a series that has just appeared says nothing. */
class ByKindAndAction {
  readonly counts = DETECTORS.flatMap((kind) => ACTIONS.map((action) => ({ kind, action, count: 0 })));

  add(kind: DetectorSlug, action: Action): void {
    this.counts.find((one) => one.kind === kind && one.action === action)!.count++;
  }
}

export class AttackCounts {
  private readonly incidents = new ByKindAndAction();
  private readonly verdicts = new ByKindAndAction();
  /** Open ones that were counted. Invariant: no more than the guard holds open; who forgets the oldest counts it twice, at worst. */
  private readonly open = new Set<string>();

  /** Incidents by the action that each began with; a step up the ladder is a further verdict. */
  get begun() {
    return this.incidents.counts;
  }

  get ruled() {
    return this.verdicts.counts;
  }

  /** Reports that are in the store now. */
  committed(reports: readonly GuardReport[]): void {
    for (const report of reports) {
      if (report.type === 'verdict') this.verdicts.add(report.verdict.kind, report.verdict.action);
      if (report.type === 'incidents') for (const { incident } of report.changes) this.heard(incident);
    }
  }

  private heard({
    id,
    kind,
    action,
    closed,
  }: {
    id: string;
    kind: DetectorSlug;
    action: Action;
    closed: number | null;
  }) {
    if (!this.open.has(id)) this.incidents.add(kind, action);
    if (closed !== null) this.open.delete(id);
    else this.open.add(id);
    if (this.open.size <= INCIDENTS_OPEN_MAX) return;
    const [oldest] = this.open;
    this.open.delete(oldest);
  }
}
