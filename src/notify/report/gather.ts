/** A day's report from the store. Others are answered between the pages of a thousand attacks. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Store, StoredEvent } from '../../store/store.ts';
import type { SpanPage, SpanQuery } from '../../store/span-store.ts';
import { COMPARED_DAYS, composeReport } from './compose.ts';
import { PERMANENT_MAX, type DailyReport, type DataAge, type PermanentBlock } from './daily-report.ts';
import { dropsOf } from './drops.ts';
import { localDay, shiftDay, type LocalDay } from './local-day.ts';
import { SensorTally } from './sensor-day.ts';
import { DayTally } from './tally.ts';

export interface ReportOptions {
  store: Store;
  day: LocalDay;
  host: string;
  now: number;
  /** `block.permanentAfter`. */
  permanentAfter: number;
  /** Sources with an account that got in within the last hour. */
  registered: readonly string[];
  data: DataAge;
}

/** Pages of events: more than the store keeps. */
const EVENT_PAGES_MAX = 200;
/** Pages of blocks. */
const BLOCK_PAGES_MAX = 50;

export async function gatherReport(options: ReportOptions): Promise<DailyReport> {
  const { store, day, host, now, permanentAfter, registered, data } = options;
  const tally = new DayTally({ hours: day.hours, registered: new Set(registered), permanentAfter });
  await eachOf(
    day,
    (query) => store.spans.incidents(query),
    (incident) => tally.incident(incident),
  );
  await eachOf(
    day,
    (query) => store.spans.verdicts(query),
    (verdict) => tally.verdict(verdict),
  );
  leaveOutSettled(store, tally);
  const days = daysBefore(day);
  const before = [];
  for (const { from, to } of days) {
    before.push(store.spans.totals(from, to));
    await nextTurn();
  }
  const drops = dropsOf((query) => store.statistics(query), day, days);
  const sensor = new SensorTally();
  await eachEvent(store, day, (event) => sensor.event(event));
  const permanent = await permanentBlocks(store, day, now);
  const facts = { day, host, madeAt: now, tally, permanentAfter, before, drops, permanent, data };
  return composeReport({ ...facts, sensor: sensor.day() });
}

function daysBefore({ day, zone }: LocalDay): LocalDay[] {
  const days: LocalDay[] = [];
  for (let i = 1; i <= COMPARED_DAYS; i++) {
    // Null: a day that the zone skipped.
    const before = localDay(shiftDay(day, -i), zone);
    if (before) days.push(before);
  }
  return days;
}

async function eachOf<T>({ from, to }: LocalDay, ask: (query: SpanQuery) => SpanPage<T>, take: (item: T) => void) {
  let after: number | null = null;
  do {
    const page: SpanPage<T> = ask({ from, to, after });
    page.items.forEach(take);
    after = page.next;
    await nextTurn();
  } while (after !== null);
}

async function eachEvent(store: Store, { from, to }: LocalDay, take: (event: StoredEvent) => void): Promise<void> {
  let cursor: string | null = null;
  for (let pages = 0; pages < EVENT_PAGES_MAX; pages++) {
    const page = store.eventsPage({ since: from, until: to - 1, limit: 1000, ...(cursor === null ? {} : { cursor }) });
    page.events.forEach(take);
    cursor = page.next;
    if (cursor === null) return;
    await nextTurn();
  }
}

/** Lifted by hand, or blocked for good since: somebody has decided. */
function leaveOutSettled(store: Store, tally: DayTally): void {
  const near = tally.candidates['near-permanent'];
  for (const address of [...near.keys()]) {
    const [latest] = store.blockHistory(address);
    if (latest?.how === 'lifted' || (latest?.ended === null && latest.until === null)) near.delete(address);
  }
}

async function permanentBlocks(store: Store, day: LocalDay, now: number): Promise<DailyReport['permanent']> {
  const rows: PermanentBlock[] = [];
  let total = 0;
  let cursor: string | null = null;
  for (let pages = 0; pages < BLOCK_PAGES_MAX; pages++) {
    const page = store.blocksPage({ now, permanent: true, limit: 1000, ...(cursor === null ? {} : { cursor }) });
    for (const { address, since, reason, origin } of page.blocks) {
      if (since < day.from || since >= day.to) continue;
      total++;
      if (rows.length < PERMANENT_MAX) rows.push({ address, since, reason, byHand: origin === 'manual' });
    }
    cursor = page.next;
    // The newest come first.
    if (cursor === null || page.blocks.at(-1)!.since < day.from) break;
    await nextTurn();
  }
  return { rows, total };
}
