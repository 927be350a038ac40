/** The first answer to every question of the API that reads, over the socket of a daemon that has just started on a store that is filled. */
import { Connection } from '../cli/client.ts';
import { Network } from '../lab/network.ts';
import { Ringfence } from '../lab/ringfence.ts';
import { contract } from '../src/serve/api/contract.ts';
import type { Incident } from '../src/core/judge/incident.ts';
import { DAYS, NOW, sourceText } from './console-content.ts';
import type { Report } from './report.ts';
import { median } from './statistics.ts';

/** Issue 4: every page's first query. */
const FIRST_LIMIT_MS = 200;
const STARTS = 3;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The last whole day of the content. */
const REPORT_DAY = new Date(NOW - DAY_MS).toISOString().slice(0, 10);
/** Asked below, each with what it needs; a stream, which has no end; and files, which are no page's first question. */
const NOT_AS_IT_IS = /\{|^\/live$|^\/statistics$|^\/policy\/value$|\.(csv|pcap)$/;

export async function firstAnswers(report: Report, data: string): Promise<void> {
  const undo: (() => Promise<unknown>)[] = [];
  try {
    const network = await Network.build('host');
    undo.push(() => network.tearDown());
    const ringfence = Ringfence.prepare(network, data);
    const tookMs = new Map<string, number[]>();
    await countedReport(report, ringfence, data);
    for (let start = 0; start < STARTS; start++) {
      await ringfence.run();
      undo.push(() => ringfence.stop());
      const connection = new Connection(data);
      for (const path of await questions(data)) {
        const asked = performance.now();
        await connection.ask('GET', path);
        tookMs.set(path, [...(tookMs.get(path) ?? []), performance.now() - asked]);
      }
      connection.close();
      await undo.pop()!();
    }
    for (const [path, all] of tookMs) {
      report.figure({
        ...{
          label: `first GET ${path.replace(/&until.*/, '')}`,
          value: median(all),
          unit: 'ms',
          limit: FIRST_LIMIT_MS,
        },
        note: `slowest of ${STARTS} starts ${Math.max(...all).toFixed(0)} ms`,
      });
    }
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

/** What a console that runs does by itself every hour, and what everybody waits for who asks for figures of this moment. */
async function countedReport(report: Report, ringfence: Ringfence, data: string): Promise<void> {
  await ringfence.run();
  try {
    const connection = new Connection(data);
    const asked = performance.now();
    const { totals } = await connection.ask<{ totals: { attacks: number } }>('GET', `/reports/${REPORT_DAY}`);
    connection.close();
    report.figure({
      ...{ label: 'a report, counted', value: performance.now() - asked, unit: 'ms' },
      note: `${totals.attacks.toLocaleString('en-US')} attacks that day; others are answered meanwhile`,
    });
  } finally {
    await ringfence.stop();
  }
}

/** In the order of the contract, which is that of the pages: what one answer warms up for the next is in the figures, as it is in use. */
async function questions(data: string): Promise<string[]> {
  const plain = contract
    .flatMap((group) => group.endpoints)
    .filter(
      ({ method, path, scope }) =>
        method === 'GET' && scope !== 'session' && scope !== 'none' && !NOT_AS_IT_IS.test(path),
    )
    .map(({ path }) => path);
  const statistics = [1, 7, DAYS].map(
    (days) => `/statistics?since=${NOW - days * DAY_MS}&until=${NOW}&step=${days > 7 ? DAY_MS : HOUR_MS}`,
  );
  const connection = new Connection(data);
  const { items } = await connection.ask<{ items: Incident[] }>('GET', `/attacks?limit=1&source=${sourceText(0)}`);
  connection.close();
  return [
    ...statistics,
    ...plain,
    `/attacks/${items[0].id}`,
    `/explain/${sourceText(3)}`,
    `/reports/${REPORT_DAY}?kept=true`,
    '/lists/allow',
    '/lists/deny',
    '/policy/value?path=detect',
  ];
}
