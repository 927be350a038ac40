/** What the events of a day say of the firewall's own health. */
import type { StoredEvent } from '../../store/store.ts';
import { EVENTS_MAX, type SensorDay } from './daily-report.ts';

/** What the reconciler calls the changes of others that it put back (`enforce/reconcile-event.ts`). */
const REPAIRS = new Set(['table-missing', 'structure-changed', 'ranges-changed', 'elements-removed']);
const PACKETS_LOST = 'packets-lost';
/** Characters of an event's text that are told. */
const TEXT_MAX = 300;
/** Codes that are told apart; the program has fewer. */
const CODES_MAX = 500;

type Told = SensorDay['events'][number];

/** Of losses there is one event for some minutes, whose text `lossText` makes. */
export function lossText(packets: number): string {
  return `${packets} packets were not looked at: there were more than the sensor could take.`;
}

export class SensorTally {
  readonly #day: Omit<SensorDay, 'events'> = {
    ...{ starts: 0, consoleRestarts: 0, sensorRestarts: 0, kernelRepairs: 0, kernelFailures: 0 },
    ...{ packetsLost: null, warnings: 0, errors: 0 },
  };
  readonly #told = new Map<string, Told>();

  event({ at, level, code, text }: StoredEvent): void {
    const day = this.#day;
    if (code === 'guard-started') day.starts++;
    if (code === 'console-died') day.consoleRestarts++;
    if (code.startsWith('sensor-')) day.sensorRestarts++;
    if (REPAIRS.has(code)) day.kernelRepairs++;
    if (code.startsWith('kernel-')) day.kernelFailures++;
    if (code === PACKETS_LOST) day.packetsLost = (day.packetsLost ?? 0) + (parseInt(text, 10) || 0);
    if (level === 'info') return;
    day[level === 'warning' ? 'warnings' : 'errors']++;
    const known = this.#told.get(code);
    if (known) {
      known.count++;
      if (level === 'error') known.level = level;
      if (at >= known.last) Object.assign(known, { last: at, text: text.slice(0, TEXT_MAX) });
    } else if (this.#told.size < CODES_MAX) {
      this.#told.set(code, { code, level, count: 1, last: at, text: text.slice(0, TEXT_MAX) });
    }
  }

  day(): SensorDay {
    const errors = ({ level }: Told) => Number(level === 'error');
    const events = [...this.#told.values()].sort((a, b) => errors(b) - errors(a) || b.count - a.count);
    return { ...this.#day, events: events.slice(0, EVENTS_MAX) };
  }
}
