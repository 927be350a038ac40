/**
 * Reports of the guard that wait for the store. While the store cannot write (a full disk), reports go on coming: what is an
 * update of the same thing is merged, so that the queue grows with the number of incidents and not with the length of the attack.
 */
import type { IncidentChange } from '../../core/judge/incident.ts';
import type { GuardReport } from '../../channel/protocol.ts';

/** Entries, each an incident, a verdict, a block … A day of attacks on a small host is some hundreds. */
export const REPORTS_WAITING_MAX = 50_000;
/** Evidence held in memory while the store cannot take it, bytes; beyond it the incidents are kept without. */
export const EVIDENCE_WAITING_BYTES_MAX = 64 * 1024 * 1024;

export class ReportQueue {
  /** Sequence number of the newest report taken in; what an acknowledgement after the commit names. */
  lastSeq = 0;
  /** Reports lost because the queue was full: shown in the status, never hidden. */
  dropped = 0;
  private entries: (GuardReport | null)[] = [];
  private size = 0;
  private evidenceBytes = 0;
  private readonly incidentAt = new Map<string, IncidentChange>();
  private dropsAt = new Map<string, { target: string; packets: number; until: number | null }>();

  /** Reports that wait. */
  get length(): number {
    return this.size + (this.dropsAt.size > 0 ? 1 : 0);
  }

  push(seq: number, report: GuardReport): void {
    this.lastSeq = seq;
    if (report.type === 'incidents') for (const change of report.changes) this.addChange(change);
    // The kernel's counters are totals: the newest of a target says all.
    else if (report.type === 'drops') for (const drop of report.dropped) this.addDrop(drop);
    else this.append(report);
  }

  private addChange(change: IncidentChange): void {
    const known = this.incidentAt.get(change.incident.id);
    const bytes = change.evidence.reduce((sum, item) => sum + item.bytes.length, 0);
    const fits = this.evidenceBytes + bytes <= EVIDENCE_WAITING_BYTES_MAX;
    if (!fits) this.dropped++;
    else this.evidenceBytes += bytes;
    const evidence = fits ? change.evidence : [];
    if (known) {
      known.incident = change.incident;
      known.evidence = [...known.evidence, ...evidence];
      return;
    }
    const entry: IncidentChange = { incident: change.incident, evidence };
    if (this.append({ type: 'incidents', changes: [entry] })) this.incidentAt.set(entry.incident.id, entry);
  }

  private addDrop(drop: { target: string; packets: number; until: number | null }): void {
    if (this.dropsAt.size >= REPORTS_WAITING_MAX && !this.dropsAt.has(drop.target)) {
      this.dropped++;
      return;
    }
    this.dropsAt.set(drop.target, drop);
  }

  /**
   * Invariant: blocks and verdicts are never lost while there is an entry that matters less. The newest incident that finds the
   * queue full is not taken; a block takes the place of the oldest incident.
   */
  private append(report: GuardReport): boolean {
    if (this.size >= REPORTS_WAITING_MAX) {
      this.dropped++;
      if (report.type === 'incidents' || report.type === 'event') return false;
      const victim = this.entries.findIndex((entry) => entry?.type === 'incidents' || entry?.type === 'event');
      if (victim < 0) return false;
      const entry = this.entries[victim];
      if (entry?.type === 'incidents') this.incidentAt.delete(entry.changes[0].incident.id);
      this.entries[victim] = null;
      this.size--;
    }
    this.entries.push(report);
    this.size++;
    return true;
  }

  /** Everything that waits, in the order of arrival; it stays queued until `committed`. */
  pending(): GuardReport[] {
    const reports = this.entries.filter((entry) => entry !== null);
    if (this.dropsAt.size > 0) reports.push({ type: 'drops', dropped: [...this.dropsAt.values()] });
    return reports;
  }

  committed(): void {
    this.entries = [];
    this.size = 0;
    this.evidenceBytes = 0;
    this.incidentAt.clear();
    this.dropsAt = new Map();
  }
}
