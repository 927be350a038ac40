/** `ringfence replay FILE`: what would have been detected and blocked in a capture. */
import { parseRange, type AddressRange } from '../../src/core/base/address.ts';
import type { ReplayIncident, ReplayResult, ReplayVerdict } from '../../src/replay/result.ts';
import type { ReplayProgress } from '../../src/replay/replay.ts';
import { escapeDecoded, escapeText } from '../escape.ts';
import { CliError, EXIT_OK, EXIT_USAGE } from '../exit-codes.ts';
import { captureError, requireReadable } from '../input-file.ts';
import type { Globals } from '../program.ts';
import { ProgressBar } from '../progress-bar.ts';
import { renderFields, renderTable } from '../table.ts';
import { clockTime, duration, fullTime, zoneName } from '../when.ts';
import { colour, number, plural, print, printJson } from '../terminal.ts';
import { actionColour, endpoint } from '../words.ts';

interface Options {
  policy?: string;
  protect?: string[];
  allow?: string[];
  deny?: string[];
}

export async function replay(globals: Globals, file: string, options: Options): Promise<number> {
  if (file === '-') {
    const hint = 'Write it to a file first: cat … > capture.pcap; ringfence replay capture.pcap';
    throw new CliError(EXIT_USAGE, 'A capture cannot be read from standard input: it is read twice.', hint);
  }
  requireReadable(file, 'a capture (pcap or pcapng)');
  const { compilePolicy } = await import('../../src/policy/compile.ts');
  const { loadPolicyOption } = await import('../policy-option.ts');
  const { defaultDocument } = await import('../../src/policy/default-document.ts');
  const policy = compilePolicy(options.policy === undefined ? defaultDocument : await loadPolicyOption(options.policy));
  const { replayFile } = await import('../../src/replay/replay.ts');
  const { loadAsns } = await import('../../src/geo/embedded-asns.ts');
  const asns = await loadAsns();
  const bar = new ProgressBar(process.stderr);
  const ranges = (texts: string[] = []) => texts.map(parseRange).filter((range) => range !== null) as AddressRange[];
  let result: ReplayResult;
  try {
    const rest = { protect: ranges(options.protect), allow: ranges(options.allow), deny: ranges(options.deny) };
    result = replayFile(file, { policy, asns, ...rest }, (progress) => bar.update(share(progress), describe(progress)));
  } catch (error) {
    throw captureError(error);
  } finally {
    bar.end();
  }
  if (globals.json) printJson(result);
  else print(renderReplay(result));
  return EXIT_OK;
}

/** The first pass only looks who answers: about a quarter of the work. */
const FIRST_PASS_SHARE = 0.25;

function share({ pass, position, size }: ReplayProgress): number {
  const part = size === 0 ? 1 : position / size;
  return pass === 1 ? part * FIRST_PASS_SHARE : FIRST_PASS_SHARE + part * (1 - FIRST_PASS_SHARE);
}

function describe({ pass, frames }: ReplayProgress): string {
  return pass === 1 ? `looking who answers, ${number(frames)} frames` : `${number(frames)} frames`;
}

function renderReplay(result: ReplayResult): string {
  const parts = [renderSeen(result)];
  for (const warning of result.warnings) parts.push(`${colour.yellow('warning:')} ${escapeText(warning)}`);
  parts.push(renderIncidents(result.incidents), renderVerdicts(result));
  return parts.filter((part) => part !== '').join('\n\n');
}

function renderSeen(result: ReplayResult): string {
  const { sip, tftp } = result;
  const span =
    result.first === null
      ? 'nothing'
      : `${fullTime(Date.parse(result.first))}, ${duration(result.seconds * 1000)} of traffic`;
  const fields: [string, string][] = [
    ['capture', `${escapeText(result.file)}, ${plural(result.frames, 'frame')}`],
    ['from', span],
    ['protected', renderProtected(result)],
    ['SIP', plural(sip.messages, 'message')],
  ];
  if (sip.messages > 0) {
    fields.push(['requests', renderCounts(sip.requests)], ['answers', renderCounts(sip.responses)]);
  }
  if (Object.keys(sip.anomalies).length > 0) fields.push(['anomalies', renderCounts(sip.anomalies)]);
  if (tftp.requests > 0) fields.push(['TFTP', `${plural(tftp.requests, 'request')}, ${plural(tftp.errors, 'error')}`]);
  return renderFields(fields);
}

function renderProtected({ protected: side }: ReplayResult): string {
  const HOW = {
    option: 'as --protect says',
    answers: 'inferred: they answered',
    requests: 'inferred: they were asked, nobody answered',
    connections: 'inferred: clients connected to them',
    nothing: 'nothing to protect was found; name it with --protect',
  };
  const shown = side.endpoints.slice(0, 4).join(', ');
  const more = side.total > 4 ? ` and ${number(side.total - 4)} more` : '';
  return side.total === 0 ? HOW[side.from] : `${shown}${more} (${HOW[side.from]})`;
}

/** `REGISTER 120, OPTIONS 3`, the most frequent first. Names come from the wire. */
function renderCounts(counts: Record<string, number>): string {
  const SHOWN = 12;
  const sorted = Object.entries(counts).sort((a, b) => b[1] - a[1]);
  const shown = sorted.slice(0, SHOWN).map(([name, count]) => `${escapeText(name, 40)} ${number(count)}`);
  return sorted.length === 0 ? 'none' : `${shown.join(', ')}${sorted.length > SHOWN ? ', …' : ''}`;
}

function renderIncidents(incidents: ReplayIncident[]): string {
  if (incidents.length === 0) return colour.green('No attacks.');
  const now = Date.parse(incidents[0].first);
  const table = renderTable<ReplayIncident>(
    [
      { title: `FIRST (${zoneName(new Date(now))})`, cell: (incident) => clockTime(Date.parse(incident.first), now) },
      { title: 'SOURCE', cell: (incident) => incident.source },
      { title: 'VICTIM', cell: (incident) => endpoint(incident.victim, incident.victimPort), leaveOut: 3 },
      { title: 'KIND', cell: (incident) => incident.kind },
      { title: 'SEEN', cell: (incident) => number(incident.count), align: 'right' },
      { title: 'USERS', cell: (incident) => number(incident.usersTotal), align: 'right', leaveOut: 2 },
      { title: 'ACTION', cell: (incident) => incident.action, style: (text, row) => actionColour(row.action, text) },
      {
        title: 'USER AGENT',
        cell: (incident) => (incident.userAgent === null ? '' : escapeDecoded(incident.userAgent, 80)),
        widthMin: 12,
        leaveOut: 4,
      },
    ],
    incidents.slice(0, ROWS_MAX),
  );
  return `${colour.bold(plural(incidents.length, 'attack'))}\n${table}${moreThan(incidents.length)}`;
}

function renderVerdicts({ verdicts, verdictsTotal, first }: ReplayResult): string {
  if (verdicts.length === 0) return '';
  const begin = Date.parse(first ?? verdicts[0].at);
  const lines = verdicts.slice(0, ROWS_MAX).map((verdict) => renderVerdict(verdict, begin));
  return `${colour.bold(plural(verdictsTotal, 'verdict'))}\n${lines.join('\n')}${moreThan(verdicts.length)}`;
}

function renderVerdict(verdict: ReplayVerdict, begin: number): string {
  const at = Date.parse(verdict.at);
  const offset = `+${((at - begin) / 1000).toFixed(3)} s`.padStart(12);
  const action = actionColour(verdict.action, verdict.action.padEnd(5));
  const length = verdict.until === null ? '' : ` for ${duration(Date.parse(verdict.until) - at)}`;
  const counted = `${number(verdict.count)} of ${number(verdict.threshold)} within ${duration(verdict.windowMs)}`;
  return `${offset}  ${action}  ${verdict.target}${length}  ${colour.dim(`${verdict.reason} (${counted})`)}`;
}

/** Rows on the screen; `--json` has them all. */
const ROWS_MAX = 200;

function moreThan(count: number): string {
  return count > ROWS_MAX ? `\n… and ${number(count - ROWS_MAX)} more (--json has them all)` : '';
}
