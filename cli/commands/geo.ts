/** `ringfence geo status|lookup|update|countries|preview`. */
import { resolve } from 'node:path';
import type {
  CountryRuleAnswer,
  GeoCountryAnswer,
  GeoLookupAnswer,
  GeoPreviewAnswer,
  GeoStatusAnswer,
  GeoUpdateAnswer,
  PreviewSource,
} from '../../src/serve/answers.ts';
import { ask, askAll } from '../client.ts';
import { escapeLines, escapeText } from '../escape.ts';
import { EXIT_OK } from '../exit-codes.ts';
import { requireReadable } from '../input-file.ts';
import type { Globals } from '../program.ts';
import { renderFields, renderTable, wrap } from '../table.ts';
import { byteSize, relativeTime, timeAndAge } from '../when.ts';
import { colour, number, plural, print, printJson } from '../terminal.ts';

/** Addresses are sold: after half a year some have moved to another country. */
const OLD_MS = 180 * 86_400_000;

export async function geoStatus(globals: Globals): Promise<number> {
  const answer = await ask<GeoStatusAnswer>(globals.data, 'GET', '/geo');
  if (globals.json) printJson(answer);
  else print(renderStatus(answer, Date.now()));
  return EXIT_OK;
}

export function renderStatus(answer: GeoStatusAnswer, now: number): string {
  const { inUse, networks, problem, blocked } = answer;
  const fields: [string, string][] = [['rule', ruleText(answer.rule)]];
  if (answer.rule.mode !== 'off') {
    fields.push(['blocks', `${number(blocked.rangesV4)} IPv4 and ${number(blocked.rangesV6)} IPv6 ranges`]);
  }
  if (inUse === null) fields.push(['data', colour.red('none: no country is known')]);
  else {
    const made = inUse.made === null ? '' : `\nmade ${timeAndAge(inUse.made, now)}`;
    fields.push(
      ['data', `${escapeText(inUse.source, 200)}${made}`],
      [
        'know',
        `${plural(inUse.countries, 'country', 'countries')}, ${number(inUse.rangesV4)} IPv4 and ${number(inUse.rangesV6)} IPv6 ranges`,
      ],
      ['memory', byteSize(inUse.bytes)],
    );
  }
  fields.push(['networks', networks === null ? 'none' : escapeText(networks.source, 200)]);
  fields.push(['provider', answer.provider]);
  if (answer.checkedAt !== null) fields.push(['checked', timeAndAge(answer.checkedAt, now)]);
  const next = answer.updating
    ? 'now'
    : answer.nextAt === null
      ? 'never: these data do not change'
      : timeAndAge(answer.nextAt, now);
  fields.push(['next look', next]);
  const lines = [renderFields(fields)];
  if (problem) {
    const since = problem.at === problem.since ? '' : `, again ${relativeTime(problem.at, now)}`;
    lines.push(
      '',
      `${colour.red('!')} ${escapeLines(problem.text)} ${colour.dim(`[${problem.code}]`)} (since ${timeAndAge(problem.since, now)}${since})`,
      ...(problem.hint ? [`  ${escapeText(problem.hint)}`] : []),
    );
  }
  if (inUse?.made && now - inUse.made > OLD_MS) {
    lines.push(
      '',
      colour.yellow(
        'The data are old. Fresh ones: ringfence policy set countries.data.provider dbip (docs/geo.md has more).',
      ),
    );
  }
  if (answer.attribution !== '') lines.push('', colour.dim(wrap(answer.attribution)));
  return lines.join('\n');
}

function ruleText({ mode, list, unknown, protocols }: CountryRuleAnswer): string {
  if (mode === 'off') return 'off: no country is blocked';
  const what = mode === 'block' ? 'block' : 'allow only';
  const ports = [protocols.sipUdp && 'SIP/udp', protocols.sipTcp && 'SIP/tcp', protocols.tftp && 'TFTP'].filter(
    Boolean,
  );
  const others = `addresses without a country ${unknown === 'pass' ? 'pass' : 'are blocked'}`;
  return `${what} ${list.join(', ')} on ${ports.join(', ') || 'no port'}; ${others}`;
}

export async function geoLookup(globals: Globals, addresses: string[]): Promise<number> {
  const answer = await ask<GeoLookupAnswer[]>(globals.data, 'POST', '/geo/lookup', { addresses });
  if (globals.json) printJson(answer);
  else print(answer.map(renderLookup).join('\n\n'));
  return EXIT_OK;
}

function renderLookup(one: GeoLookupAnswer): string {
  const blocked = one.outcome === 'blocked' ? colour.red : (text: string) => text;
  return `${colour.bold(one.address)}\n${renderFields(
    [
      ['country', one.country === null ? 'none' : `${one.country} ${one.countryName}`],
      ['network', networkText(one) || 'not known'],
      ['rule', blocked(one.because)],
    ],
    2,
  )}`;
}

function networkText({ asn, network }: { asn: number | null; network: string | null }): string {
  if (asn === null) return '';
  return network === null ? `AS${asn}` : `AS${asn} ${escapeText(network, 60)}`;
}

export async function geoUpdate(globals: Globals, options: { file?: string; acceptLoss?: boolean }): Promise<number> {
  if (options.file !== undefined) requireReadable(options.file, 'a file of country data (CSV or mmdb, packed or not)');
  const file = options.file === undefined ? {} : { file: resolve(options.file) };
  const body = { ...file, acceptLoss: options.acceptLoss ?? false };
  const answer = await ask<GeoUpdateAnswer>(globals.data, 'POST', '/geo/update', body);
  if (globals.json) printJson(answer);
  else {
    const { inUse } = answer.status;
    const data =
      inUse === null
        ? 'no data'
        : `${escapeText(inUse.source, 200)}, ${plural(inUse.countries, 'country', 'countries')}`;
    print(answer.changed ? `New country data are in use: ${data}.` : `Nothing newer: ${data} stay in use.`);
  }
  return EXIT_OK;
}

export async function geoCountries(globals: Globals): Promise<number> {
  const rows = await askAll<GeoCountryAnswer>(globals.data, '/geo/countries');
  if (globals.json) printJson(rows);
  else print(rows.length === 0 ? 'No country data are loaded.' : renderCountries(rows));
  return EXIT_OK;
}

function renderCountries(rows: GeoCountryAnswer[]): string {
  return renderTable<GeoCountryAnswer>(
    [
      { title: 'CODE', cell: (row) => row.code },
      { title: 'NAME', cell: (row) => row.name, widthMin: 12 },
      { title: 'BLOCKED', cell: (row) => (row.blocked ? 'yes' : ''), style: colour.red },
      { title: 'IPV4 RANGES', cell: (row) => number(row.rangesV4), align: 'right', leaveOut: 2 },
      { title: 'IPV4 ADDRESSES', cell: (row) => number(row.addressesV4), align: 'right' },
      { title: 'IPV6 RANGES', cell: (row) => number(row.rangesV6), align: 'right', leaveOut: 1 },
      { title: 'IPV6 /64s', cell: (row) => number(row.networksV6), align: 'right', leaveOut: 3 },
    ],
    rows,
  );
}

export interface PreviewOptions {
  mode?: string;
  list?: string[];
  unknown?: string;
  since?: number;
}

export async function geoPreview(globals: Globals, options: PreviewOptions): Promise<number> {
  const answer = await ask<GeoPreviewAnswer>(globals.data, 'POST', '/geo/preview', options);
  if (globals.json) printJson(answer);
  else print(renderPreview(answer));
  return EXIT_OK;
}

function renderPreview(answer: GeoPreviewAnswer): string {
  const { attacks, registered, ranges } = answer;
  const fields: [string, string][] = [
    ['now', `${ruleText(answer.before)} (${number(ranges.before)} ranges)`],
    ['then', `${ruleText(answer.after)} (${number(ranges.after)} ranges)`],
    ['since', timeAndAge(answer.since, answer.until)],
    ['recorded', tally(attacks.seen)],
    ['stopped', tally(attacks.stopped)],
  ];
  if (attacks.letIn.sources > 0) fields.push(['let in', `${tally(attacks.letIn)}, kept out now`]);
  fields.push(['phones', phonesText(registered)]);
  const lines = [renderFields(fields)];
  if (registered.lockedOut.length > 0) {
    lines.push('', colour.red('Registered now, and locked out:'), ...registered.lockedOut.map(sourceLine));
  }
  if (attacks.byCountry.length > 0) {
    lines.push('', 'Stopped, by country:');
    lines.push(...attacks.byCountry.slice(0, 20).map((one) => `  ${one.name}: ${tally(one)}`));
    lines.push('', 'The busiest:', ...attacks.top.map(sourceLine));
  }
  lines.push('', ...answer.notKnown.map((sentence) => wrap(sentence)), '', colour.dim('Nothing was changed.'));
  return lines.join('\n');
}

function phonesText({ seen, lockedOutCount }: GeoPreviewAnswer['registered']): string {
  if (seen === null) return 'not known';
  const locked =
    lockedOutCount === 0 ? 'none of them locked out' : colour.red(`${number(lockedOutCount)} of them locked out`);
  return seen === 0 ? 'none is registered now' : `${plural(seen, 'source')} with registered phones now, ${locked}`;
}

function tally({ sources, incidents }: { sources: number; incidents: number }): string {
  if (incidents === 0) return 'none';
  return `${plural(incidents, 'attack')} from ${plural(sources, 'source')}`;
}

function sourceLine(one: PreviewSource & { incidents?: number }): string {
  const count = one.incidents === undefined ? '' : `, ${plural(one.incidents, 'attack')}`;
  const network = networkText(one);
  return `  ${one.address}  ${one.country ?? 'no country'}${network === '' ? '' : `, ${network}`}${count}`;
}
