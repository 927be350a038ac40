/** Opens the filled store and asks what each page of the console asks first, once; prints how long each answer took. */
import { attack, attacks } from '../src/serve/attacks.ts';
import { audit } from '../src/serve/audit.ts';
import { blocked } from '../src/serve/blocking.ts';
import type { OperationsContext } from '../src/serve/context.ts';
import { statistics } from '../src/serve/statistics.ts';
import { openStore } from '../src/store/sqlite/open.ts';
import { NOW, placeOf, sourceText } from './console-content.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface Asked {
  openMs: number;
  /** By what is asked: how long it took, how much of it was CPU, and the size of the answer. */
  pages: Record<string, { ms: number; cpuMs: number; bytes: number }>;
}

const started = performance.now();
const store = openStore(process.argv[2], { now: NOW, locate: placeOf });
const openMs = performance.now() - started;
// The operations that are asked here need no guard and no lists.
const context = { store, now: () => NOW } as OperationsContext;

const log = (filter: object) => () => attacks(context, { limit: 50, ...filter });
const overview = (days: number, stepMs: number) => () =>
  statistics(context, { since: NOW - days * DAY_MS, until: NOW, step: stepMs });
/** Of the busiest source, of two weeks ago. */
const { id } = store.incidents({ source: sourceText(0), until: NOW - 14 * DAY_MS, limit: 1 }).incidents[0];

const questions: Record<string, () => unknown> = {
  'status: attacks today and going on, blocked now': () => [
    store.incidentCount(NOW - 12 * HOUR_MS),
    store.blockCounts(NOW),
    store.events(10),
  ],
  'overview, 24 hours': overview(1, HOUR_MS),
  'overview, 7 days': overview(7, 6 * HOUR_MS),
  'overview, 30 days': overview(30, DAY_MS),
  attacks: log({}),
  'attacks of the last 24 hours': log({ since: NOW - DAY_MS }),
  'attacks of one kind': log({ kind: 'tftp-bruteforce' }),
  'attacks that were only watched': log({ action: 'watch' }),
  'attacks going on': log({ open: 'true' }),
  'attacks of the busiest source': log({ source: sourceText(0) }),
  'attacks of a source that is not there': log({ source: '198.51.100.77' }),
  'attacks of a network': log({ source: `${sourceText(40_000)}/24` }),
  'attacks of a network that is not there': log({ source: '240.0.0.0/8' }),
  'attacks on one victim': log({ victim: '192.0.2.24' }),
  'attacks from one country': log({ country: 'IR' }),
  'attacks from a country that is not there': log({ country: 'AQ' }),
  'attacks from one network by number': log({ asn: 64_999 }),
  'attacks with a text': log({ text: 'polycom' }),
  'attacks with a text that is not there': log({ text: 'nowhere to be found' }),
  'attacks long ago': log({ until: NOW - 29 * DAY_MS }),
  'one attack, with the earlier ones of its source': () => attack(context, id),
  blocked: () => blocked(context, { limit: 50 }),
  'blocked for ever': () => blocked(context, { limit: 50, permanent: 'true' }),
  'blocked in a network': () => blocked(context, { limit: 50, source: `${sourceText(7)}/16` }),
  'blocked with a text': () => blocked(context, { limit: 50, text: 'enumeration' }),
  'blocked with a text that is not there': () => blocked(context, { limit: 50, text: 'nowhere to be found' }),
  'why: blocks and verdicts of one address': () => [
    store.block(sourceText(3), NOW),
    store.blockHistory(sourceText(3)),
    store.verdicts({ source: '198.51.100.77', limit: 1 }),
    store.incidents({ source: sourceText(3) }),
  ],
  audit: () => audit(context, {}),
  'audit of one person and kind': () => audit(context, { who: 'alice', what: 'deny.remove' }),
  'audit with a text that is not there': () => audit(context, { text: 'nowhere to be found' }),
};

const pages: Asked['pages'] = {};
for (const [label, ask] of Object.entries(questions)) {
  const begun = performance.now();
  const cpu = process.cpuUsage();
  const bytes = Buffer.byteLength(JSON.stringify(ask()));
  const { user, system } = process.cpuUsage(cpu);
  pages[label] = { ms: performance.now() - begun, cpuMs: (user + system) / 1000, bytes };
}
store.close();
console.log(JSON.stringify({ openMs, pages } satisfies Asked));
