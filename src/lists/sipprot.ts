/**
 * A `sipprot.conf` → changes of the policy, and the addresses of its lists if it has any.
 *
 * What is publicly known: the four settings below (`block_threshold` 3 means that the fourth block is permanent, 0 never) and, from its
 * manual, ports such as `5060` or `5060:5062`. The file has no published grammar, so `key = value`, `key: value` and `key value` are
 * all read, in any case, with sections, `#` and `;`. Every change says how its value was understood; what is not known is named.
 */
import { formatPorts, parsePorts } from '../policy/ports.ts';
import { DURATION_MAX_MS, formatDuration, parseDuration } from '../policy/duration.ts';
import { FileDecoder } from './decoder.ts';
import { PROBLEMS_MAX, type FileEntry, type Problem, type ReadOptions } from './entry.ts';
import { Intake, NO_REMARKS } from './intake.ts';
import { LineSplitter } from './lines.ts';
import { shown } from './shown.ts';

export interface PolicyChange {
  line: number;
  /** As `policy set` takes them. */
  path: string;
  value: string;
  /** What stood in the file, and how it was understood. */
  why: string;
}

export interface SipprotResult {
  changes: PolicyChange[];
  allow: FileEntry[];
  deny: FileEntry[];
  problems: Problem[];
  /** Lines whose key is not known, escaped: nothing was done about them. */
  unknown: { line: number; text: string }[];
}

/** A file of settings; longer ones are none. */
const LINES_MAX = 10_000;
/** What the policy takes (`policy/schema.ts`). */
const COUNT_MAX = 1_000_000;
const PERMANENT_AFTER_MAX = 1000;
const BLOCK_MAX_MS = 365 * 86_400_000;
const WINDOW_MAX_MS = 86_400_000;

type Understood = { path: string; value: string; why: string } | { why: string; expected: string };
type Setting = (value: string) => Understood;

const SETTINGS: Record<string, Setting> = {
  monit_period: (value) =>
    time(
      value,
      'detect.register-bruteforce.window',
      WINDOW_MAX_MS,
      (text) => `bad registrations are counted over ${text}`,
    ),
  hit_count: (value) =>
    count(
      value,
      'detect.register-bruteforce.threshold',
      1,
      COUNT_MAX,
      (n) => `${n} bad registrations in that time block a source`,
    ),
  block_time: (value) => time(value, 'block.for', BLOCK_MAX_MS, (text) => `a block lasts ${text}`),
  block_threshold: (value) =>
    count(value, 'block.permanentAfter', 0, PERMANENT_AFTER_MAX, (n) =>
      n === 0 ? 'no block becomes permanent by itself' : `after ${n} blocks the next one is permanent`,
    ),
  sip_ports: (value) => ports(value, 'ports.sip'),
  udp_ports: (value) => ports(value, 'ports.sip.udp'),
  tcp_ports: (value) => ports(value, 'ports.sip.tcp'),
  tftp_ports: (value) => ports(value, 'ports.tftp'),
};
const SPELLINGS: Record<string, string> = {
  port: 'sip_ports',
  ports: 'sip_ports',
  sip_port: 'sip_ports',
  udp_port: 'udp_ports',
  sip_udp_ports: 'udp_ports',
  tcp_port: 'tcp_ports',
  sip_tcp_ports: 'tcp_ports',
  tftp_port: 'tftp_ports',
};
const LISTS: Record<string, 'allow' | 'deny'> = {
  allowlist: 'allow',
  allow_list: 'allow',
  whitelist: 'allow',
  white_list: 'allow',
  denylist: 'deny',
  deny_list: 'deny',
  blacklist: 'deny',
  black_list: 'deny',
};
const LINE = /^([a-z][a-z0-9_.-]*)\s*(?:[=:]\s*|\s+)(.*)$/i;

export function readSipprot(bytes: Uint8Array, options: Pick<ReadOptions, 'now' | 'encoding'>): SipprotResult {
  const reader = new SipprotReader(options);
  const decoder = new FileDecoder(options.encoding);
  const lines = new LineSplitter(reader);
  lines.push(decoder.push(bytes));
  lines.push(decoder.end());
  lines.end();
  return reader.result();
}

class SipprotReader {
  private readonly changes = new Map<string, PolicyChange>();
  private readonly entries: Record<'allow' | 'deny', FileEntry[]> = { allow: [], deny: [] };
  private readonly intakes: Record<'allow' | 'deny', Intake>;
  private readonly problems: Problem[] = [];
  private readonly unknown: SipprotResult['unknown'] = [];

  constructor(options: Pick<ReadOptions, 'now'>) {
    const intake = (list: 'allow' | 'deny') =>
      new Intake({ ...options, list }, (entry) => this.entries[list].push(entry));
    this.intakes = { allow: intake('allow'), deny: intake('deny') };
  }

  result(): SipprotResult {
    const { allow, deny } = this.intakes;
    const problems = [...this.problems, ...allow.result(null, 0).problems, ...deny.result(null, 0).problems];
    problems.sort((a, b) => a.line - b.line);
    return { changes: [...this.changes.values()], ...this.entries, problems, unknown: this.unknown };
  }

  line(text: string, number: number): void {
    const line = text.replace(/(?:^|\s)[#;].*$/, '').trim();
    if (line === '' || /^\[.*\]$/.test(line) || number > LINES_MAX) return;
    const match = LINE.exec(line);
    const key = match === null ? '' : match[1].toLowerCase().replaceAll('-', '_');
    const value = match === null ? '' : match[2].trim().replace(/^(["'])(.*)\1$/, '$2');
    const list = LISTS[key];
    const setting = SETTINGS[SPELLINGS[key] ?? key];
    if (list !== undefined) {
      for (const address of value.split(/[\s,;]+/))
        if (address !== '') this.intakes[list].take(number, address, NO_REMARKS);
    } else if (setting === undefined) {
      if (this.unknown.length < PROBLEMS_MAX) this.unknown.push({ line: number, text: shown(line) });
    } else this.set(number, key, value, setting(value));
  }

  longLine(beginning: string, number: number): void {
    this.problem(number, beginning, 'the line is too long for a setting', 'key = value');
  }

  /** The last line for a key counts, as where the file comes from. */
  private set(line: number, key: string, value: string, understood: Understood): void {
    if ('expected' in understood) return this.problem(line, value, `${key}: ${understood.why}`, understood.expected);
    const { path, value: written, why } = understood;
    this.changes.set(path, { line, path, value: written, why: shown(`${key} = ${value}: ${why}`, 200) });
  }

  private problem(line: number, value: string, why: string, expected: string): void {
    if (this.problems.length < PROBLEMS_MAX)
      this.problems.push({ line, code: 'setting-invalid', value: shown(value), why: shown(why, 200), expected });
  }
}

function count(value: string, path: string, min: number, max: number, meaning: (n: number) => string): Understood {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
  if (number >= min && number <= max) return { path, value: String(number), why: meaning(number) };
  return { why: 'no such number', expected: `a whole number from ${min} to ${max}` };
}

/** A number alone is seconds; it is said so, because nothing in the file does. */
function time(value: string, path: string, maxMs: number, meaning: (text: string) => string): Understood {
  const bare = /^\d{1,9}$/.test(value);
  const parsed = parseDuration(bare ? `${value}s` : value);
  const ms = 'ms' in parsed ? parsed.ms : 0;
  const expected = `seconds, or 90s, 5m, 1h, from 1s to ${formatDuration(Math.min(maxMs, DURATION_MAX_MS))}`;
  if (ms < 1000 || ms > maxMs) return { why: 'no such duration', expected };
  const text = formatDuration(ms);
  return { path, value: text, why: meaning(text) + (bare ? ' (read as seconds)' : '') };
}

/** Ranges are written with a colon there. */
function ports(value: string, path: string): Understood {
  const parsed = parsePorts(value.replaceAll(':', '-').replaceAll(/[\s,]+/g, ','));
  if ('problem' in parsed) return { why: parsed.problem, expected: '5060,5062,5070:5080' };
  const text = formatPorts(parsed.ranges);
  return { path, value: text, why: `protected ports ${text}` };
}
