/** What the reports of one transaction add to the statistics. It lives as long as the transaction, so a failed one leaves nothing. */
import type { Incident } from '../../core/judge/incident.ts';
import { HOUR_MS } from '../statistics.ts';
import type { Place } from '../store.ts';
import { addTo, type Dimension, type Tally } from './statistics-tally.ts';
import { text } from './values.ts';

/** By how much an incident grew with a report. */
export interface Growth {
  attacks: 0 | 1;
  messages: number;
  /** Users that it did not list before. */
  users: readonly string[];
}

/** What is known of the attack that led to a block. */
export type Blamed = Partial<Pick<Incident, 'victim' | 'userAgent'>> & { kind: string };

export class StatisticsBatch {
  /** By the begin of the hour. A batch of reports is bounded (`REPORTS_WAITING_MAX`), so this is. */
  readonly hours = new Map<number, Map<Dimension, Tally>>();

  incident(incident: Incident, place: Place, { attacks, messages, users }: Growth): void {
    if (attacks > 0) {
      this.#whole(incident, place, incident.first, attacks, 0);
      for (const user of users) this.#add(incident.first, 'users', user, 1, 0, 0);
    } else for (const user of users) this.#add(incident.last, 'users', user, 1, 0, 0);
    if (messages > 0) this.#whole(incident, place, incident.last, 0, messages);
  }

  #whole(incident: Incident, place: Place, at: number, attacks: number, messages: number): void {
    const { kind, source, victim, userAgent } = incident;
    this.#add(at, 'kinds', kind, attacks, messages, 0);
    this.#add(at, 'sources', source, attacks, messages, 0);
    this.#add(at, 'victims', victim, attacks, messages, 0);
    if (userAgent !== null) this.#add(at, 'userAgents', userAgent, attacks, messages, 0);
    this.#place(at, place, attacks, messages, 0);
  }

  drops(at: number, address: string, packets: number, { kind, victim, userAgent }: Blamed, place: Place): void {
    this.#add(at, 'kinds', kind, 0, 0, packets);
    this.#add(at, 'sources', address, 0, 0, packets);
    if (victim !== undefined) this.#add(at, 'victims', victim, 0, 0, packets);
    if (userAgent) this.#add(at, 'userAgents', userAgent, 0, 0, packets);
    this.#place(at, place, 0, 0, packets);
  }

  #place(at: number, { country, asn, network }: Place, attacks: number, messages: number, dropped: number): void {
    if (country !== null) this.#add(at, 'countries', country, attacks, messages, dropped);
    // The name after the number: of one number there is one name.
    if (asn !== null) this.#add(at, 'networks', `${asn} ${network ?? ''}`, attacks, messages, dropped);
  }

  #add(time: number, dimension: Dimension, key: string, attacks: number, messages: number, dropped: number): void {
    const at = Math.floor(time / HOUR_MS) * HOUR_MS;
    let hour = this.hours.get(at);
    if (hour === undefined) this.hours.set(at, (hour = new Map()));
    let tally = hour.get(dimension);
    if (tally === undefined) hour.set(dimension, (tally = new Map()));
    addTo(tally, text(key), attacks, messages, dropped);
  }
}
