/** The firewall's own troubles: events of the store as notices, each kind at most once an hour. */
import type { StoredEvent } from '../store/store.ts';
import type { Moment } from './moment.ts';
import type { TroubleNotice } from './notice.ts';
import { put } from './outbox.ts';

const CURSOR = 'event-row';
const EVENTS_MAX = 200;
const HOUR_MS = 3_600_000;

/** Notes of the notifications themselves are told by who makes them, on the other channels. */
const OWN = 'notify-';

/** Events that were noted since the last pass. */
export function tellTroubles(moment: Moment): void {
  const { rows, policy } = moment;
  const last = rows.lastEventRow();
  const cursor = rows.state<number>(CURSOR);
  if (cursor === null || policy.channels.length === 0) {
    if (cursor !== last) rows.setState(CURSOR, last);
    return;
  }
  const { events, row } = rows.eventsAfter(Math.min(cursor, last), EVENTS_MAX);
  if (row !== cursor) rows.setState(CURSOR, row);
  for (const event of events) {
    if (event.level !== 'info' && !event.code.startsWith(OWN)) put(troubleOf(event, moment), moment);
  }
}

function troubleOf({ at, level, code, text }: StoredEvent, moment: Moment): TroubleNotice {
  return trouble({ level, code, text, hint: 'ringfence status' }, at, moment.policy.consoleUrl);
}

/** `about`: what it is about, when one code has several. */
export function trouble(
  { level, code, text, hint }: Pick<TroubleNotice, 'level' | 'code' | 'text' | 'hint'>,
  at: number,
  consoleUrl: string | null,
  about = '',
): TroubleNotice {
  const id = `trouble-${code}${about && `-${about}`}-${Math.floor(at / HOUR_MS)}`
    .replace(/[^\w.:-]/g, '_')
    .slice(0, 100);
  return { kind: 'trouble', id, at, level, code, text, hint, link: consoleUrl && `${consoleUrl}/health` };
}
