/** Incidents (upserted by id) and their evidence. */
import { hash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { parseAddress, type Address } from '../../core/base/address.ts';
import type { EvidenceItem } from '../../core/base/evidence.ts';
import { INCIDENT_USERS_MAX } from '../../core/judge/incident.ts';
import type { IncidentChange } from '../../core/judge/incident.ts';
import type { Place, StoredIncident } from '../store.ts';
import { aboutOf, aboutValues } from './about-columns.ts';
import type { Blamed, StatisticsBatch } from './statistics-batch.ts';
import { VALUE_CHARS_MAX, int, intOrNull, listOf, text, textList, textOrNull } from './values.ts';
import type { Row } from './values.ts';

/** Where an address is; asked for every report of an incident, so a microsecond is what it may take. */
export type Locate = (address: Address) => Place;

export const NOWHERE: Place = { country: null, asn: null, network: null };

/** Evidence kept of one incident, whatever the policy and the guard say (the policy's own maxima are 100 and 256 kB). */
export const EVIDENCE_PER_INCIDENT_MAX = 100;
export const EVIDENCE_BYTES_PER_INCIDENT_MAX = 262_144;

/** More do not come in before the country data are there; places for all of them take 30 ms. */
export const PLACED_LATER_MAX = 10_000;

/**
 * Measured with 2 cores (`npm run bench console`): 33 µs of CPU for each of a million incidents, 17 of them for the row and its first two indexes, the
 * rest for the index of sources (a page of its own for each, written twice) and the statistics; 48 µs at a million for one of a source that nobody has
 * seen before, so 20,000/s.
 *
 * The newer state wins. Tolerance: a report that comes again is older than or the same as what is stored: counters never run
 * backwards and a closed incident is never opened again. The place is the one that was known first.
 */
const UPSERT = `
  INSERT INTO incidents (id, source, kind, victim, first, last, closed, count, dropped, source_port, victim_port, transport,
                         users_total, users, files, user_agent, action, reason, finding, country, asn, network,
                         scope, target, proof, argument)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET
    last = excluded.last, closed = coalesce(excluded.closed, closed), count = excluded.count,
    dropped = max(dropped, excluded.dropped), users_total = excluded.users_total, users = excluded.users,
    files = excluded.files, user_agent = coalesce(excluded.user_agent, user_agent), action = excluded.action,
    reason = excluded.reason, finding = excluded.finding, country = coalesce(country, excluded.country),
    asn = coalesce(asn, excluded.asn), network = coalesce(network, excluded.network), scope = excluded.scope,
    target = excluded.target, proof = excluded.proof, argument = excluded.argument
  WHERE excluded.last >= last AND excluded.count >= count AND (closed IS NULL OR excluded.closed IS NOT NULL)`;

export class IncidentTable {
  readonly #locate: Locate;
  readonly #upsert: StatementSync;
  readonly #byId: StatementSync;
  readonly #before: StatementSync;
  readonly #blamed: StatementSync;
  readonly #evidenceRoom: StatementSync;
  readonly #addEvidence: StatementSync;
  readonly #countEvidence: StatementSync;
  readonly #evidence: StatementSync;
  readonly #closeLeftOpen: StatementSync;
  readonly #unplaced: StatementSync;
  readonly #place: StatementSync;

  constructor(db: DatabaseSync, locate: Locate = () => NOWHERE) {
    this.#locate = locate;
    this.#upsert = db.prepare(UPSERT);
    this.#byId = db.prepare('SELECT * FROM incidents WHERE id = ?');
    this.#before = db.prepare('SELECT count, users FROM incidents WHERE id = ?');
    this.#blamed = db.prepare(
      'SELECT kind, victim, user_agent AS userAgent, country, asn, network FROM incidents WHERE id = ?',
    );
    this.#evidenceRoom = db.prepare(
      'SELECT evidence_count AS count, evidence_bytes AS bytes FROM incidents WHERE id = ?',
    );
    this.#addEvidence = db.prepare(
      `INSERT OR IGNORE INTO evidence (incident, digest, at, side, transport, from_address, from_port, to_address, to_port, length, bytes)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#countEvidence = db.prepare('UPDATE incidents SET evidence_count = ?, evidence_bytes = ? WHERE id = ?');
    this.#evidence = db.prepare('SELECT * FROM evidence WHERE incident = ? ORDER BY at, n');
    this.#closeLeftOpen = db.prepare(
      'UPDATE incidents INDEXED BY incidents_open SET closed = last WHERE closed IS NULL AND last < ?',
    );
    this.#unplaced = db.prepare(
      `SELECT n, source FROM incidents
       WHERE n > (SELECT max(n) FROM incidents) - ${PLACED_LATER_MAX} AND (country IS NULL OR asn IS NULL)`,
    );
    this.#place = db.prepare(
      'UPDATE incidents SET country = coalesce(country, ?), asn = coalesce(asn, ?), network = coalesce(network, ?) WHERE n = ?',
    );
  }

  apply({ incident, evidence }: IncidentChange, statistics: StatisticsBatch): void {
    const id = text(incident.id);
    const place = this.placeOf(text(incident.source));
    const before = this.#before.get(id) as { count: number; users: string } | undefined;
    const users = textList(incident.users, INCIDENT_USERS_MAX);
    const { changes } = this.#upsert.run(
      id,
      text(incident.source),
      text(incident.kind),
      text(incident.victim),
      int(incident.first),
      int(incident.last),
      intOrNull(incident.closed),
      int(incident.count),
      int(incident.dropped),
      int(incident.sourcePort),
      int(incident.victimPort),
      text(incident.transport),
      int(incident.usersTotal),
      users,
      textList(incident.files, INCIDENT_USERS_MAX),
      textOrNull(incident.userAgent, VALUE_CHARS_MAX),
      text(incident.action),
      text(incident.reason),
      text(incident.finding),
      textOrNull(place.country),
      intOrNull(place.asn),
      textOrNull(place.network),
      ...aboutValues(incident),
    );
    if (changes > 0) {
      const listed = incident.users.slice(0, INCIDENT_USERS_MAX);
      const grown = users === before?.users ? [] : newIn(listed, before?.users);
      const messages = int(incident.count) - (before?.count ?? 0);
      statistics.incident(incident, place, { attacks: before ? 0 : 1, messages, users: grown });
    }
    if (evidence.length > 0) this.#keep(id, evidence);
  }

  /** See `Store.placeIncidents`. */
  placeLatest(): number {
    let placed = 0;
    for (const { n, source } of this.#unplaced.all() as Row[]) {
      const { country, asn, network } = this.placeOf(source);
      if (country === null && asn === null) continue;
      this.#place.run(textOrNull(country), intOrNull(asn), textOrNull(network), n);
      placed++;
    }
    return placed;
  }

  placeOf(source: string): Place {
    const address = parseAddress(source);
    return address === null ? NOWHERE : this.#locate(address);
  }

  #keep(id: string, evidence: readonly EvidenceItem[]): void {
    const row = this.#evidenceRoom.get(id) as { count: number; bytes: number };
    let { count, bytes } = row;
    for (const item of evidence) {
      const body = item.bytes;
      if (count >= EVIDENCE_PER_INCIDENT_MAX || bytes + body.length > EVIDENCE_BYTES_PER_INCIDENT_MAX) break;
      const facts = [
        int(item.at),
        text(item.side),
        text(item.transport),
        text(item.from),
        int(item.fromPort),
        text(item.to),
        int(item.toPort),
        int(item.length),
      ] as const;
      const digest = hash('sha1', Buffer.concat([Buffer.from(`${facts.join('\0')}\0`), body]), 'buffer').subarray(
        0,
        12,
      );
      if (this.#addEvidence.run(id, digest, ...facts, body).changes === 0) continue;
      count++;
      bytes += body.length;
    }
    if (count !== row.count) this.#countEvidence.run(count, bytes, id);
  }

  get(id: string): StoredIncident | null {
    const row = this.#byId.get(text(id)) as Row | undefined;
    return row ? toIncident(row) : null;
  }

  /** What the statistics tell of the attack that led to a block. */
  blamed(id: string): (Blamed & Place) | null {
    return (this.#blamed.get(text(id)) as (Blamed & Place) | undefined) ?? null;
  }

  evidence(id: string): EvidenceItem[] {
    return (this.#evidence.all(text(id)) as Row[]).map((row) => ({
      at: row.at,
      side: row.side,
      transport: row.transport,
      from: row.from_address,
      fromPort: row.from_port,
      to: row.to_address,
      toPort: row.to_port,
      bytes: row.bytes,
      length: row.length,
    }));
  }

  closeLeftOpen(before: number): number {
    return Number(this.#closeLeftOpen.run(int(before)).changes);
  }
}

function newIn(users: readonly string[], before: string | undefined): readonly string[] {
  if (before === undefined) return users;
  const known = new Set(listOf(before));
  return users.filter((user) => !known.has(user));
}

export function toIncident(row: Row): StoredIncident {
  return {
    id: row.id,
    source: row.source,
    sourcePort: row.source_port,
    victim: row.victim,
    victimPort: row.victim_port,
    transport: row.transport,
    kind: row.kind,
    first: row.first,
    last: row.last,
    count: row.count,
    dropped: row.dropped,
    users: listOf(row.users),
    usersTotal: row.users_total,
    files: listOf(row.files),
    userAgent: row.user_agent,
    action: row.action,
    ...aboutOf(row),
    reason: row.reason,
    finding: row.finding,
    closed: row.closed,
    country: row.country,
    asn: row.asn,
    network: row.network,
  };
}
