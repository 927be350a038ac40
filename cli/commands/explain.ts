/** `ringfence explain ADDR`: the whole story of an address, in paragraphs. */
import type { ExplainAnswer } from '../../src/serve/answers.ts';
import { argumentText } from '../../src/serve/argument-text.ts';
import { ask } from '../client.ts';
import { escapeText } from '../escape.ts';
import { EXIT_OK } from '../exit-codes.ts';
import type { Globals } from '../program.ts';
import { renderTable, wrap } from '../table.ts';
import { clockTime, duration, relativeTime, timeAndAge } from '../when.ts';
import { colour, number, plural, print, printJson } from '../terminal.ts';
import { actionColour, endpoint } from '../words.ts';
import { renderIncidents, triedOnly } from './attacks.ts';

/** Earlier blocks and attacks that are shown; `--json` has them all. */
const SHOWN_MAX = 10;

export async function explain(globals: Globals, address: string): Promise<number> {
  const answer = await ask<ExplainAnswer>(globals.data, 'GET', `/explain/${encodeURIComponent(address)}`);
  if (globals.json) printJson(answer);
  else print(renderExplanation(answer, Date.now()));
  return EXIT_OK;
}

function renderExplanation(answer: ExplainAnswer, now: number): string {
  const paragraphs = [headline(answer, now), wrap(escapeText(answer.because, 1000))];
  for (const part of [
    verdictText(answer, now),
    rulesText(answer, now),
    countsText(answer, now),
    historyText(answer, now),
  ]) {
    if (part) paragraphs.push(part);
  }
  if (answer.incidents.length > 0) {
    const more = answer.incidents.length > SHOWN_MAX ? ` (the last ${SHOWN_MAX} of ${answer.incidents.length})` : '';
    paragraphs.push(`Attacks${more}:\n${renderIncidents(answer.incidents.slice(0, SHOWN_MAX), now)}`);
  }
  return paragraphs.join('\n\n');
}

const NOW_TEXT: Record<ExplainAnswer['now'], string> = {
  allow: 'is never blocked',
  pass: 'is not blocked',
  watch: 'is watched and not blocked',
  limit: 'is limited',
  block: 'is blocked',
  deny: 'is blocked for good',
};
/** With an end, for ever is the wrong word. */
const UNTIL_TEXT = { ...NOW_TEXT, allow: 'is allowed', deny: 'is blocked' };

function headline({ address, port, transport, now: state, reason, until }: ExplainAnswer, now: number): string {
  const closed = reason === 'feed' || reason === 'country' ? ' on protected ports' : '';
  const words = actionColour(state, `${(until === null ? NOW_TEXT : UNTIL_TEXT)[state]}${closed}`);
  const whom = port === null ? address : `${endpoint(address, port)}/${transport}`;
  return `${colour.bold(whom)} ${words}${until === null ? '' : ` until ${timeAndAge(until, now)}`}.`;
}

function verdictText({ verdict, incidents }: ExplainAnswer, now: number): string | null {
  if (!verdict) return null;
  const counted = `${number(verdict.count)} counted within ${duration(verdict.windowMs)}; ${number(verdict.threshold)} cross the line`;
  const { seen, shows, unless } = argumentText({
    ...verdict,
    user: triedOnly(incidents.find(({ id }) => id === verdict.incident)),
  });
  const lines = [
    `The rule: ${verdict.kind}, finding ${verdict.finding}: ${counted}.`,
    `The verdict: ${verdict.action} (${verdict.reason}) at ${timeAndAge(verdict.at, now)}, after ${plural(verdict.blocksBefore, 'earlier block')}.`,
    `The last packet before it: ${endpoint(verdict.source, verdict.sourcePort)} to ${endpoint(verdict.victim, verdict.victimPort)} over ${verdict.transport.toUpperCase()}.`,
    ...(verdict.argument.shows.length === 0 ? [] : [`Seen: ${seen}`, `It proves: ${shows}`]),
    ...(unless === '' ? [] : [`What would have changed it: ${unless}`]),
    `The packets: ringfence attacks show ${verdict.incident}`,
  ];
  return lines.map((line) => wrap(line)).join('\n');
}

/** Every rule that speaks of the address, the overruled ones too. */
function rulesText({ entries, feeds, place }: ExplainAnswer, now: number): string {
  const lines = entries.slice(0, SHOWN_MAX).map(({ list, range, comment, addedBy, addedAt, until }) => {
    const said = comment === '' ? '' : ` (“${escapeText(comment, 200)}”)`;
    const end = until === null ? '' : `, until ${timeAndAge(until, now)}`;
    return `On the ${list}list: ${range}${said}, added by ${escapeText(addedBy, 40)} ${relativeTime(addedAt, now)}${end}.`;
  });
  if (entries.length > SHOWN_MAX)
    lines.push(`… and ${plural(entries.length - SHOWN_MAX, 'more entry', 'more entries')}.`);
  for (const { name, action } of feeds) lines.push(`On the feed ${name}, which says ${action}.`);
  const network = place.network === null ? '' : `, ${escapeText(place.network, 100)} (AS${place.asn})`;
  if (place.outcome !== 'special')
    lines.push(`Country: ${place.countryName ?? 'none known'}${network}. ${place.because}`);
  return lines.map((line) => wrap(line)).join('\n');
}

function countsText({ engine }: ExplainAnswer, now: number): string | null {
  if (engine === null) return 'What the detectors count now is not known: the guard did not answer.';
  if (!engine.known) return 'The detectors have counted no packet of it since the start.';
  const seen = engine.lastSeen === null ? '' : `, last seen ${relativeTime(engine.lastSeen, now)}`;
  const suspicious = engine.suspicious ? ' Its user agent is a suspicious one, so thresholds are lower.' : '';
  const phones = {
    unknown: '',
    known: ' Somebody at this address got in before: only what is known to come from it counts against it.',
    registered: ` Phones that are registered behind it: ${engine.phones}.`,
  }[engine.standing];
  const counts = engine.counts.filter((tally) => tally.count > 0);
  if (counts.length === 0) return `The detectors count nothing against it now${seen}.${suspicious}${phones}`;
  const table = renderTable(
    [
      { title: 'DETECTOR', cell: (tally) => tally.kind },
      { title: 'COUNTS', cell: (tally) => tally.what },
      { title: 'NOW', cell: (tally) => number(tally.count), align: 'right' },
      { title: 'THRESHOLD', cell: (tally) => number(tally.threshold), align: 'right' },
      { title: 'WITHIN', cell: (tally) => duration(tally.windowMs) },
    ],
    counts,
  );
  return `Counted now${seen}:${suspicious}${phones}\n${table}`;
}

function historyText(answer: ExplainAnswer, now: number): string | null {
  const { earlierBlocks, permanentAfter } = answer;
  if (earlierBlocks.length === 0) return 'It was never blocked before.';
  const rule = permanentAfter === 0 ? '' : `; after ${permanentAfter} the next one is permanent`;
  const lines = earlierBlocks.slice(0, SHOWN_MAX).map((block) => {
    const length = block.until === null ? 'for good' : `for ${duration(block.until - block.since)}`;
    const dropped = block.dropped > 0 ? `, ${plural(block.dropped, 'packet')} dropped` : '';
    const whom = block.scope === 'address' ? '' : ` (${block.target})`;
    return `  ${clockTime(block.since, now)}  ${length}${whom}, ${escapeText(block.reason, 120)}${dropped}`;
  });
  return `${plural(earlierBlocks.length, 'earlier block')}${rule}:\n${lines.join('\n')}`;
}
