/**
 * Incidents: open ones by source, victim and method, and the case files of what may become one. Both bounded; what is full closes or
 * forgets its oldest.
 */
import { formatWords } from '../base/address.ts';
import { BoundedMap } from '../base/bounded-map.ts';
import { DETECTORS, type DetectorAction, type DetectorSlug, type Policy } from '../base/policy.ts';
import type { Proof } from '../base/proof.ts';
import type { SourceTable } from '../base/source-table.ts';
import type { Scope } from '../base/target.ts';
import type { Sighting } from '../detect/sighting.ts';
import { NO_ARGUMENT, type Argument } from './argument.ts';
import { CaseFile } from './case-file.ts';
import type { EvidenceMaker } from './evidence.ts';
import type { Incident, IncidentChange } from './incident.ts';
import type { Action } from './verdict.ts';

export const INCIDENTS_OPEN_MAX = 1 << 14;
/** Victims of one source and method that get an incident of their own; a sweep over more is counted with the last one. */
export const VICTIMS_PER_SOURCE_MAX = 64;
/** Case files below the threshold, and the bytes of evidence in all of them. */
export const CASE_FILES_MAX = 1 << 14;
export const CASE_BYTES_MAX = 1 << 24;
/** Room for kinds in the key of an incident, which is a row and a kind. */
const KINDS_MAX = 32;
/** Looking for idle incidents is not urgent: they close up to this much late. */
const SWEEP_MS = 5000;

export interface OpenIncident {
  id: string;
  row: number;
  key: number;
  file: CaseFile;
  source: string;
  sourcePort: number;
  victim: string;
  victimPort: number;
  victimHash: number;
  transport: 'udp' | 'tcp';
  finding: string;
  dropped: number;
  action: Action;
  scope: Scope;
  target: string;
  proof: Proof | null;
  argument: Argument;
  /** The most that the finding ruled on might lead to; undefined: whatever the policy asks for. */
  most: DetectorAction | undefined;
  reason: string;
  /** Until when the action stands without asking the judge again. */
  decidedUntil: number;
  /** Whom of a line it was decided for. */
  host: number;
  /** A verdict was given. */
  ruled: boolean;
  /** It waits to be taken. */
  changed: boolean;
  closed: number | null;
}

export class Incidents {
  private policy: Policy;
  private readonly sources: SourceTable;
  private readonly maker: EvidenceMaker;
  private readonly open = new Map<number, OpenIncident[]>();
  private readonly files: BoundedMap<CaseFile>;
  /** The open incident that led to the block of its source: what is dropped belongs to it. */
  private readonly blamed = new Map<number, OpenIncident>();
  private changed: OpenIncident[] = [];
  private fileBytes = 0;
  private serial = 0;
  private nextSweep = Infinity;
  openCount = 0;

  constructor(policy: Policy, sources: SourceTable, maker: EvidenceMaker) {
    this.policy = policy;
    this.sources = sources;
    this.maker = maker;
    this.files = new BoundedMap(CASE_FILES_MAX, (_key, file) => (this.fileBytes -= file.bytes));
  }

  setPolicy(policy: Policy): void {
    this.policy = policy;
  }

  /** The open incident of this source, victim and method, with the message counted; undefined when there is none. */
  count(kind: DetectorSlug, s: Sighting): OpenIncident | undefined {
    const list = this.open.get(keyOf(s.row, kind));
    if (!list) return undefined;
    const victimHash = hashVictim(s);
    let incident = list.find((one) => one.victimHash === victimHash);
    if (!incident && list.length >= VICTIMS_PER_SOURCE_MAX) incident = list.at(-1);
    if (incident) this.addTo(incident.file, s);
    if (incident) this.change(incident);
    return incident;
  }

  /** Below the threshold: keeps the message in the case file. `windowMs` later it is forgotten. */
  brew(kind: DetectorSlug, s: Sighting, windowMs: number, sinceMs: number): void {
    const key = keyOf(s.row, kind);
    let file = this.files.get(key);
    if (file && s.now - file.last > Math.max(windowMs, SWEEP_MS)) {
      this.fileBytes -= file.bytes;
      file = undefined;
      this.files.delete(key);
    }
    if (!file) this.files.set(key, (file = new CaseFile(kind, sinceMs)));
    file.first = Math.min(file.first, sinceMs);
    this.fileBytes += this.addTo(file, s);
    while (this.fileBytes > CASE_BYTES_MAX && this.files.size > 1) this.files.evict();
  }

  /** The threshold is crossed: the case file becomes an incident. `counted` is the detector's own count, of events since `sinceMs`. */
  begin(kind: DetectorSlug, finding: string, counted: number, s: Sighting, sinceMs: number): OpenIncident {
    const key = keyOf(s.row, kind);
    if (this.openCount >= INCIDENTS_OPEN_MAX) this.closeOldest(s.now);
    const file = this.files.peek(key) ?? new CaseFile(kind, s.now);
    if (this.files.peek(key)) {
      this.files.delete(key);
      this.fileBytes -= file.bytes;
    }
    this.addTo(file, s);
    // Detectors that count every message report from the crossing on; what they counted before belongs to the incident.
    // Of a second victim's incident they may belong to the first one's.
    if (!this.open.has(key)) {
      file.count = Math.max(file.count, counted);
      file.first = Math.min(file.first, sinceMs);
    }
    const incident: OpenIncident = {
      id: `${Math.floor(file.first).toString(36)}-${(this.serial++).toString(36)}`,
      row: s.row,
      key,
      file,
      source: formatWords(s.source0, s.source1, s.source2, s.source3),
      sourcePort: s.sourcePort,
      victim: formatWords(s.victim0, s.victim1, s.victim2, s.victim3),
      victimPort: s.servicePort,
      victimHash: hashVictim(s),
      transport: s.tcp ? 'tcp' : 'udp',
      finding,
      dropped: 0,
      action: 'watch',
      scope: 'address',
      target: formatWords(s.source0, s.source1, s.source2, s.source3),
      proof: null,
      argument: NO_ARGUMENT,
      most: undefined,
      reason: finding,
      decidedUntil: 0,
      host: s.host,
      ruled: false,
      changed: false,
      closed: null,
    };
    const list = this.open.get(key);
    if (list) list.push(incident);
    else this.open.set(key, [incident]);
    this.openCount++;
    this.sources.pin(s.row);
    this.change(incident);
    this.nextSweep = Math.min(this.nextSweep, s.now + SWEEP_MS);
    return incident;
  }

  /** This incident's verdict blocked the source. */
  blame(incident: OpenIncident): void {
    this.blamed.set(incident.row, incident);
  }

  /** Whether an open incident led to the block of this source. */
  blames(row: number): boolean {
    return this.blamed.has(row);
  }

  /** Packets of a source that were dropped after the verdict. The attack goes on, so its incident stays open. */
  dropped(row: number, packets: number, now: number): void {
    const incident = this.blamed.get(row);
    if (!incident) return;
    incident.dropped += packets;
    incident.file.last = Math.max(incident.file.last, now);
    this.change(incident);
  }

  /** Open incidents of a source, oldest first. */
  of(row: number): OpenIncident[] {
    const all = DETECTORS.flatMap((kind) => this.open.get(keyOf(row, kind)) ?? []);
    return all.sort((a, b) => a.file.first - b.file.first);
  }

  /** The administrator's wishes changed: every incident's action is decided anew at its next message. */
  reconsider(): void {
    for (const list of this.open.values()) for (const incident of list) incident.decidedUntil = 0;
  }

  wakeAt(): number {
    return this.openCount > 0 ? this.nextSweep : Infinity;
  }

  /** Closes what has been quiet for the policy's idle time. */
  sweep(now: number): void {
    if (now < this.nextSweep) return;
    this.nextSweep = now + SWEEP_MS;
    const { idleMs } = this.policy.incident;
    const idle: OpenIncident[] = [];
    for (const list of this.open.values()) for (const one of list) if (now - one.file.last >= idleMs) idle.push(one);
    for (const incident of idle) this.close(incident, now);
  }

  closeSource(row: number, now: number): void {
    for (const incident of this.of(row)) this.close(incident, now);
    for (const kind of DETECTORS) {
      const key = keyOf(row, kind);
      const file = this.files.peek(key);
      if (!file) continue;
      this.fileBytes -= file.bytes;
      this.files.delete(key);
    }
  }

  take(): IncidentChange[] {
    const changes = this.changed.map((one) => {
      const evidence = one.file.evidence;
      one.file.evidence = [];
      one.changed = false;
      return { incident: snapshot(one), evidence };
    });
    this.changed = [];
    return changes;
  }

  private change(incident: OpenIncident): void {
    if (incident.changed) return;
    incident.changed = true;
    this.changed.push(incident);
  }

  private close(incident: OpenIncident, now: number): void {
    incident.closed = now;
    this.change(incident);
    const list = this.open.get(incident.key)!;
    list.splice(list.indexOf(incident), 1);
    if (list.length === 0) this.open.delete(incident.key);
    this.openCount--;
    if (this.blamed.get(incident.row) === incident) this.blamed.delete(incident.row);
    if (this.of(incident.row).length === 0) this.sources.unpin(incident.row);
  }

  private closeOldest(now: number): void {
    for (const list of this.open.values()) {
      this.close(list[0], now);
      return;
    }
  }

  private addTo(file: CaseFile, s: Sighting): number {
    const { evidenceMessages, evidenceBytes } = this.policy.incident;
    return file.add(s, this.maker, evidenceMessages, evidenceBytes);
  }
}

export function snapshot(one: OpenIncident): Incident {
  const { id, source, sourcePort, victim, victimPort, transport, dropped, closed, file } = one;
  const { action, scope, target, proof, argument, reason, finding } = one;
  const { kind, first, last, count, usersTotal, userAgent } = file;
  const [users, files] = [[...file.users], [...file.files]];
  return {
    ...{ id, source, sourcePort, victim, victimPort, transport, kind, first, last, count, dropped },
    ...{ users, usersTotal, files, userAgent, action, scope, target, proof, argument, reason, finding, closed },
  };
}

function keyOf(row: number, kind: DetectorSlug): number {
  return row * KINDS_MAX + DETECTORS.indexOf(kind);
}

function hashVictim(s: Sighting): number {
  return Math.imul(s.victim0, 31) ^ Math.imul(s.victim1, 17) ^ Math.imul(s.victim2, 7) ^ s.victim3;
}
