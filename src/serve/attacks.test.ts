/** The attack log, blocks page by page and saved views, on a real store. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GuardReport } from '../channel/protocol.ts';
import { PAGE_SCAN_MAX } from '../store/sqlite/incident-pages.ts';
import { openStore } from '../store/sqlite/open.ts';
import { VIEWS_MAX, type Store } from '../store/store.ts';
import { attack, attackPcap, attacks, events } from './attacks.ts';
import { audit } from './audit.ts';
import { blocked } from './blocking.ts';
import { asCaller, caller } from './caller.ts';
import type { OperationsContext } from './context.ts';
import { OperationError } from './operation-error.ts';
import { blockRecord } from './testing/guard-stand-in.ts';
import { ATTACKER, sampleBlock, sampleEvidence, sampleIncident, sampleVerdict, VICTIM } from './testing/samples.ts';
import { viewRemove, views, viewSave } from './views.ts';

const NOW = 1_767_225_600_000;
let dir: string;
let store: Store;
let context: OperationsContext;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rf-attacks-'));
  store = openStore(dir, { now: NOW });
  context = { store, now: () => NOW } as OperationsContext;
  const more = Array.from({ length: 25 }, (_, i): GuardReport => {
    const at = NOW - 100_000 - i * 1000;
    const incident = sampleIncident(at, {
      id: `earlier-${i}`,
      closed: at,
      ...(i % 5 === 0 ? { source: '203.0.113.5' } : {}),
    });
    return { type: 'incidents', changes: [{ incident, evidence: [] }] };
  });
  store.applyReports([
    ...more.reverse(),
    { type: 'incidents', changes: [{ incident: sampleIncident(NOW), evidence: sampleEvidence(NOW) }] },
    { type: 'verdict', verdict: { ...sampleVerdict(NOW), action: 'deny', at: NOW - 1 } },
    { type: 'verdict', verdict: sampleVerdict(NOW) },
    { type: 'blocked', block: sampleBlock(NOW) },
    { type: 'blocked', block: blockRecord({ address: '203.0.113.9', since: NOW - 9000, until: NOW - 1 }) },
    {
      type: 'blocked',
      block: blockRecord({ address: '203.0.113.8', since: NOW - 8000, until: null, origin: 'manual' }),
    },
  ]);
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

const refusal = (work: () => unknown): OperationError => {
  try {
    work();
  } catch (error) {
    if (error instanceof OperationError) return error;
    throw error;
  }
  throw new Error('it was not refused');
};

describe('one attack', () => {
  it('has its verdicts in the order of time, its messages decoded, and the earlier attacks of the source', () => {
    const { incident, block, verdicts, messages, earlier } = attack(context, 'attack-1');
    expect(incident.id).toBe('attack-1');
    expect(block?.address).toBe(ATTACKER);
    expect(verdicts.map(({ action }) => action)).toEqual(['deny', 'block']);
    expect(messages).toMatchObject([
      {
        side: 'in',
        from: ATTACKER,
        to: VICTIM,
        summary: `REGISTER sip:${VICTIM}`,
        method: 'REGISTER',
        truncated: false,
      },
    ]);
    expect(messages[0].text).toContain('User-Agent: x\\x1b[2J');
    expect(earlier).toHaveLength(20);
    expect(new Set(earlier.map(({ source }) => source))).toEqual(new Set([ATTACKER]));
    expect(earlier.map(({ id }) => id)).not.toContain('attack-1');
  });

  it('its evidence is a capture that can be read again', () => {
    const { name, bytes } = attackPcap(context, 'attack-1');
    expect(name).toBe('ringfence-attack-1.pcap');
    expect(Buffer.from(bytes).includes(`REGISTER sip:${VICTIM}`)).toBe(true);
    expect(bytes.length).toBeGreaterThan(24 + 16 + 28);
  });

  it('that nobody knows is not there', () => {
    expect(refusal(() => attack(context, 'nothing'))).toMatchObject({ outcome: 'no', code: 'attack-unknown' });
    expect(refusal(() => attackPcap(context, 'nothing'))).toMatchObject({ outcome: 'no', code: 'attack-unknown' });
  });
});

describe('pages', () => {
  const ids = (query: object) => attacks(context, query).items.map(({ id }) => id);

  it('of attacks, with filters as a query string has them', () => {
    expect(ids({ open: 'true' })).toEqual(['attack-1']);
    expect(ids({ source: '203.0.113.0/24', limit: '2' })).toEqual(['earlier-0', 'earlier-5']);
    expect(ids({ text: 'FRIENDLY-scanner', until: String(NOW - 120_000), limit: '1' })).toEqual(['earlier-11']);
    const first = attacks(context, { limit: 20 });
    const second = attacks(context, { limit: 20, cursor: first.next });
    expect([first.items.length, second.items.length, second.next]).toEqual([20, 6, null]);
  });

  it('of attacks: a search that one look does not end goes on', () => {
    const changes = Array.from({ length: PAGE_SCAN_MAX + 100 }, (_, i) => {
      const at = NOW + 1000 + i;
      return {
        incident: sampleIncident(at, { id: `many-${i}`, source: '203.0.113.77', userAgent: 'other' }),
        evidence: [],
      };
    });
    store.applyReports([{ type: 'incidents', changes }]);
    const found: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const { items, next } = attacks(context, {
        text: 'friendly-scanner',
        source: `${ATTACKER}/30`,
        limit: 7,
        cursor: cursor ?? undefined,
      });
      expect(items.length).toBeLessThanOrEqual(7);
      found.push(...items.map(({ id }) => id));
      cursor = next;
    }
    expect(found).toHaveLength(21);
    expect(new Set(found).size).toBe(21);
  });

  it.each([
    [{ source: '300.1.1.1' }, /source: /],
    [{ country: 'Germany' }, /country: two letters/],
    [{ open: 'yes' }, /open: /],
    [{ cursor: 'x' }, /cursor/],
  ])('%j is refused, and the place is named', (query, message) => {
    expect(refusal(() => attacks(context, query))).toMatchObject({
      outcome: 'usage',
      message: expect.stringMatching(message),
    });
  });

  it('of blocks: what is over is not there', () => {
    const { items, next, total } = blocked(context, {});
    expect(items.map(({ address }) => address)).toEqual([ATTACKER, '203.0.113.8']);
    expect([next, total]).toEqual([null, 2]);
    expect(blocked(context, { permanent: 'true' }).items.map(({ address }) => address)).toEqual(['203.0.113.8']);
    const page = blocked(context, { limit: 1 });
    expect(page).toMatchObject({ items: [{ address: ATTACKER }], total: 2 });
    expect(blocked(context, { limit: 1, cursor: page.next })).toMatchObject({
      items: [{ address: '203.0.113.8' }],
      next: null,
    });
  });

  it('of events and audit', () => {
    const entry = { who: 'alice', origin: 'x', what: 'deny.add', before: null, after: null, comment: '' };
    for (let i = 0; i < 3; i++) {
      store.noteEvent({ at: NOW, level: 'info', code: 'x', text: `${i}` });
      store.noteAudit({ ...entry, at: NOW + i, subject: `192.0.2.${i}` });
    }
    const page = events(context, { limit: 2 });
    expect(page.items.map(({ text }) => text)).toEqual(['2', '1']);
    expect(events(context, { limit: 2, cursor: page.next })).toMatchObject({ items: [{ text: '0' }], next: null });
    expect(audit(context, { who: 'alice', text: '192.0.2.1' }).items).toMatchObject([{ subject: '192.0.2.1' }]);
    const changes = audit(context, { limit: 2 });
    expect(audit(context, { limit: 2, cursor: changes.next })).toMatchObject({
      items: [{ subject: '192.0.2.0' }],
      next: null,
    });
  });
});

describe('saved views', () => {
  const as = <T>(name: string, work: () => T) => asCaller({ ...caller(), name }, work);

  it('belong to the person who saved them', () => {
    as('alice', () => viewSave(context, { name: ' Guessing ', filter: { kind: 'flood', last: '24h', open: 'true' } }));
    expect(as('alice', () => views(context)).items).toEqual([
      { name: 'Guessing', filter: { kind: 'flood', last: '24h', open: 'true' }, savedAt: NOW },
    ]);
    expect(as('bob', () => views(context)).items).toEqual([]);
    expect(refusal(() => as('bob', () => viewRemove(context, 'Guessing')))).toMatchObject({ code: 'view-unknown' });
    expect(as('alice', () => viewRemove(context, 'Guessing'))).toEqual({ name: 'Guessing' });
    expect(as('alice', () => views(context)).items).toEqual([]);
  });

  it.each([
    [{ name: '', filter: {} }, /name/],
    [{ name: 'x', filter: { kind: 'nonsense' } }, /filter\.kind/],
    [{ name: 'x', filter: { source: 'nobody' } }, /filter\.source/],
    [{ name: 'x', filter: { limit: '5' } }, /filter/],
    [{ name: 'x', filter: { text: 'x'.repeat(300) } }, /filter\.text/],
  ])('a filter that the attack log would refuse is not saved: %j', (view, message) => {
    expect(refusal(() => viewSave(context, view))).toMatchObject({
      outcome: 'usage',
      message: expect.stringMatching(message),
    });
    expect(views(context).items).toEqual([]);
  });

  it('one too many says what to do', () => {
    for (let i = 0; i < VIEWS_MAX; i++) viewSave(context, { name: `view ${i}`, filter: {} });
    expect(refusal(() => viewSave(context, { name: 'one more', filter: {} }))).toMatchObject({
      outcome: 'refused',
      code: 'store-views-full',
      hint: 'remove one that is not needed any more',
    });
  });
});
