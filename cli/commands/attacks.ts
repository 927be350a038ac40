/** `ringfence attacks`, `attacks show`, `attacks pcap`: the attack log and its evidence. */
import { writeFileSync } from 'node:fs';
import { DETECTORS } from '../../src/core/base/policy.ts';
import { nearest } from '../../src/policy/nearest.ts';
import type { AttackAnswer, EvidenceAnswer } from '../../src/serve/answers.ts';
import { argumentText } from '../../src/serve/argument-text.ts';
import type { Place, StoredIncident } from '../../src/store/store.ts';
import { ask, askAll } from '../client.ts';
import { escapeDecoded, escapeMessage, escapeText } from '../escape.ts';
import { CliError, EXIT_NO_PERMISSION, EXIT_OK, EXIT_USAGE } from '../exit-codes.ts';
import type { Globals } from '../program.ts';
import { renderFields, renderTable, wrap } from '../table.ts';
import { byteSize, clockTime, duration, timeAndAge, zoneName } from '../when.ts';
import { colour, number, plural, print, printJson } from '../terminal.ts';
import { actionColour, endpoint, someNames, viaTransport } from '../words.ts';

interface Filter {
  since?: number;
  until?: number;
  source?: string;
  kind?: string;
  limit: number;
}

export async function attacks(globals: Globals, filter: Filter): Promise<number> {
  if (filter.kind !== undefined) requireKind(filter.kind);
  const { limit, ...query } = filter;
  const found = await askAll<StoredIncident>(globals.data, '/attacks', query, limit);
  if (globals.json) printJson(found);
  else print(found.length === 0 ? 'No attacks.' : renderIncidents(found, Date.now()));
  return EXIT_OK;
}

function requireKind(kind: string): void {
  if ((DETECTORS as readonly string[]).includes(kind)) return;
  const near = nearest(kind, DETECTORS);
  const hint = near ? `Did you mean ${near}?` : undefined;
  throw new CliError(EXIT_USAGE, `--kind ${escapeText(kind)}: expected one of ${DETECTORS.join(', ')}.`, hint);
}

export function renderIncidents(incidents: StoredIncident[], now: number, withId: boolean = true): string {
  const placed = incidents.some(({ country }) => country !== null);
  return renderTable<StoredIncident>(
    [
      ...(withId ? [{ title: 'ID', cell: (incident: StoredIncident) => incident.id }] : []),
      { title: `LAST (${zoneName(new Date(now))})`, cell: (incident) => clockTime(incident.last, now) },
      { title: 'SOURCE', cell: (incident) => incident.source },
      ...(placed
        ? [{ title: 'FROM', cell: ({ country }: StoredIncident) => escapeText(country ?? '', 10), leaveOut: 6 }]
        : []),
      { title: 'VICTIM', cell: (incident) => endpoint(incident.victim, incident.victimPort), leaveOut: 4 },
      { title: 'KIND', cell: (incident) => incident.kind },
      { title: 'SEEN', cell: (incident) => number(incident.count), align: 'right', leaveOut: 1 },
      { title: 'DROPPED', cell: (incident) => number(incident.dropped), align: 'right', leaveOut: 2 },
      { title: 'ACTION', cell: (incident) => incident.action, style: (text, row) => actionColour(row.action, text) },
      { title: 'OPEN', cell: (incident) => (incident.closed === null ? 'open' : ''), leaveOut: 3 },
      {
        title: 'USER AGENT',
        cell: (incident) => (incident.userAgent === null ? '' : escapeDecoded(incident.userAgent, 80)),
        widthMin: 12,
        leaveOut: 5,
      },
    ],
    incidents,
  );
}

export async function attackShow(globals: Globals, id: string): Promise<number> {
  const answer = await ask<AttackAnswer>(globals.data, 'GET', `/attacks/${encodeURIComponent(id)}`);
  const { incident, evidence, block } = answer;
  // The other fields are the same again, decoded, for the console in the browser.
  if (globals.json) printJson({ incident, evidence, block });
  else print(renderAttack({ incident, evidence, block }, Date.now()));
  return EXIT_OK;
}

function renderAttack(
  { incident, evidence, block }: Pick<AttackAnswer, 'incident' | 'evidence' | 'block'>,
  now: number,
): string {
  const fields: [string, string][] = [
    ['attack', incident.id],
    ['kind', incident.kind],
    ['source', endpoint(incident.source, incident.sourcePort)],
    ...placeFields(incident),
    ['victim', `${endpoint(incident.victim, incident.victimPort)} over ${viaTransport(incident.transport)}`],
    ['first', timeAndAge(incident.first, now)],
    ['last', timeAndAge(incident.last, now)],
    ['lasted', `${duration(incident.last - incident.first)}${incident.closed === null ? ', still open' : ''}`],
    ['seen', plural(incident.count, 'message')],
    ['dropped', plural(incident.dropped, 'packet')],
    ['user agent', incident.userAgent === null ? 'none sent' : escapeDecoded(incident.userAgent)],
  ];
  const users = someNames(incident.users, incident.usersTotal, 'user');
  if (users) fields.push(['tried', users]);
  const files = someNames(incident.files, incident.files.length, 'file');
  if (files) fields.push(['asked for', files]);
  fields.push(['action', `${actionColour(incident.action)} because of ${incident.reason}`]);
  if (incident.finding !== incident.reason) fields.push(['finding', incident.finding]);
  if (incident.target !== incident.source) fields.push(['about', incident.target]);
  if (block) fields.push(['blocked', block.until === null ? 'permanently' : `until ${timeAndAge(block.until, now)}`]);
  const proof = evidence.map((item, i) => renderEvidence(item, i + 1, now));
  const title = evidence.length === 0 ? 'No evidence is kept of this attack.' : 'Evidence, the first messages:';
  return [renderFields(fields), '', ...argumentLines(incident), title, ...proof].join('\n');
}

/** What the evidence proves, and what would have changed the verdict. */
function argumentLines(incident: AttackAnswer['incident']): string[] {
  if (incident.argument.shows.length === 0) return [];
  const { shows, unless } = argumentText({ ...incident, threshold: 0, user: triedOnly(incident) });
  return [wrap(`It proves: ${shows}`), ...(unless === '' ? [] : [wrap(`What would have changed it: ${unless}`)]), ''];
}

/** The only user that was tried, to be shown; undefined when there were more, or none. */
export function triedOnly(incident: Pick<StoredIncident, 'users' | 'usersTotal'> | undefined): string | undefined {
  return incident?.usersTotal === 1 && incident.users.length === 1 ? escapeDecoded(incident.users[0]) : undefined;
}

/** Country and network as they were known when the attack began; nothing when neither was. */
function placeFields({ country, asn, network }: Place): [string, string][] {
  const name = network === null ? '' : escapeText(network, 100);
  const fields: [string, string][] = [];
  if (country !== null) fields.push(['country', `${escapeText(country, 10)}${countryName(country)}`]);
  if (asn !== null || name !== '') fields.push(['network', [asn === null ? '' : `AS${asn}`, name].join(' ').trim()]);
  return fields;
}

function countryName(code: string): string {
  const name = /^[A-Z]{2}$/.test(code) ? new Intl.DisplayNames('en', { type: 'region' }).of(code) : undefined;
  return name === undefined || name === code ? '' : ` (${name})`;
}

function renderEvidence(item: EvidenceAnswer, index: number, now: number): string {
  const bytes = Buffer.from(item.base64, 'base64');
  const way = item.side === 'in' ? '→' : '←';
  const from = endpoint(item.from, item.fromPort);
  const to = endpoint(item.to, item.toPort);
  const cut = item.length > bytes.length ? `, the first ${byteSize(bytes.length)} kept` : '';
  const head = `${way} ${index}. ${clockTime(item.at, now)}  ${from} → ${to}  ${byteSize(item.length)}${cut}`;
  return [`\n${colour.dim(head)}`, ...escapeMessage(bytes).map((line) => `  ${line}`)].join('\n').trimEnd();
}

export async function attackPcap(globals: Globals, id: string, options: { output: string }): Promise<number> {
  const answer = await ask<AttackAnswer>(globals.data, 'GET', `/attacks/${encodeURIComponent(id)}`);
  const { writePcap } = await import('../../src/capture/recorder.ts');
  const capture = writePcap(
    answer.evidence.map(({ base64, ...item }) => ({ ...item, bytes: Buffer.from(base64, 'base64') })),
  );
  if (options.output === '-') {
    process.stdout.write(capture);
    return EXIT_OK;
  }
  const shown = escapeText(options.output);
  try {
    // Evidence holds users and digests: for its owner only.
    writeFileSync(options.output, capture, { mode: 0o600 });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const exitCode = code === 'EACCES' || code === 'EPERM' ? EXIT_NO_PERMISSION : EXIT_USAGE;
    throw new CliError(exitCode, `${shown} cannot be written: ${escapeText(message)}`);
  }
  if (globals.json) printJson({ file: options.output, messages: answer.evidence.length, bytes: capture.length });
  else print(`${shown}: ${plural(answer.evidence.length, 'message')}, ${byteSize(capture.length)}`);
  return EXIT_OK;
}
