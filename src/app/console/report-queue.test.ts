import { describe, expect, it } from 'vitest';
import type { Incident } from '../../core/judge/incident.ts';
import type { EvidenceItem } from '../../core/base/evidence.ts';
import type { BlockRecord, GuardReport } from '../../channel/protocol.ts';
import { EVIDENCE_WAITING_BYTES_MAX, REPORTS_WAITING_MAX, ReportQueue } from './report-queue.ts';

const incident = (id: string, count: number) => ({ id, count }) as Incident;
const evidence = (size: number) => ({ bytes: new Uint8Array(size) }) as EvidenceItem;
const change = (id: string, count: number, ...items: EvidenceItem[]): GuardReport => ({
  type: 'incidents',
  changes: [{ incident: incident(id, count), evidence: items }],
});
const blocked = (target: string): GuardReport => ({ type: 'blocked', block: { target } as BlockRecord });

describe('while the store cannot write', () => {
  it('states of the same incident become one, with all its evidence in order', () => {
    const queue = new ReportQueue();
    const [first, second] = [evidence(1), evidence(2)];
    queue.push(1, change('a', 1, first));
    queue.push(2, change('b', 1));
    queue.push(3, change('a', 5, second));
    expect(queue.length).toBe(2);
    expect(queue.pending()).toEqual([
      { type: 'incidents', changes: [{ incident: incident('a', 5), evidence: [first, second] }] },
      { type: 'incidents', changes: [{ incident: incident('b', 1), evidence: [] }] },
    ]);
    expect(queue.lastSeq).toBe(3);
  });

  it('of the kernel’s totals the newest of each address counts', () => {
    const queue = new ReportQueue();
    queue.push(1, { type: 'drops', dropped: [{ target: 'x', packets: 5, until: 1 }] });
    queue.push(2, { type: 'drops', dropped: [{ target: 'x', packets: 9, until: 2 }] });
    expect(queue.pending()).toEqual([{ type: 'drops', dropped: [{ target: 'x', packets: 9, until: 2 }] }]);
  });

  it('a full queue takes no further incident, and says so', () => {
    const queue = new ReportQueue();
    for (let i = 0; i < REPORTS_WAITING_MAX + 3; i++) queue.push(i, change(`incident-${i}`, 1));
    expect(queue.length).toBe(REPORTS_WAITING_MAX);
    expect(queue.dropped).toBe(3);
  });

  it('a block is never lost to incidents: the oldest one makes room', () => {
    const queue = new ReportQueue();
    for (let i = 0; i < REPORTS_WAITING_MAX; i++) queue.push(i, change(`incident-${i}`, 1));
    queue.push(REPORTS_WAITING_MAX, blocked('192.0.2.1'));
    expect(queue.length).toBe(REPORTS_WAITING_MAX);
    expect(queue.pending().at(-1)).toEqual(blocked('192.0.2.1'));
    expect(queue.pending()[0]).toMatchObject({ changes: [{ incident: { id: 'incident-1' } }] });
    expect(queue.dropped).toBe(1);
  });

  it('evidence is bounded in bytes; the incident itself stays', () => {
    const queue = new ReportQueue();
    queue.push(1, change('a', 1, evidence(EVIDENCE_WAITING_BYTES_MAX)));
    queue.push(2, change('b', 1, evidence(1)));
    expect(queue.pending()[1]).toEqual({ type: 'incidents', changes: [{ incident: incident('b', 1), evidence: [] }] });
    expect(queue.dropped).toBe(1);
  });

  it('after the commit it is empty, and its bounds are free again', () => {
    const queue = new ReportQueue();
    queue.push(1, change('a', 1, evidence(EVIDENCE_WAITING_BYTES_MAX)));
    queue.committed();
    expect(queue.length).toBe(0);
    queue.push(2, change('a', 2, evidence(1)));
    expect(queue.pending()).toMatchObject([{ changes: [{ incident: { count: 2 }, evidence: [{}] }] }]);
  });
});
