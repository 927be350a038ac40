/**
 * Fragments of SQL, of shell commands, of paths and of markup where a user or a file is named: an attempt on whatever stores or shows
 * it later (call records, web consoles, provisioning servers). Passwords and digests are never looked at.
 *
 * One look at a table passes the bytes that no fragment can do without; only then is there text to be read. Tolerance: names with an
 * apostrophe (O'Brien), `;` parameters (RFC 3966 §3), `%23` for the hash key, macros that a provisioning server forgot to fill in.
 */
import { BoundedMap } from '../base/bounded-map.ts';
import type { CountPolicy } from '../base/policy.ts';
import { EventWindow } from '../base/window.ts';
import { classOf } from '../decode/sip/ascii.ts';
import { HEADER_P_ASSERTED_IDENTITY, HEADER_SUBJECT } from '../decode/sip/header-names.ts';
import { headerField, VALUE_END, VALUE_START, type SipMessage } from '../decode/sip/message.ts';
import { COUNTED_SOURCES_MAX, type Detector, type Findings, type Tally } from './detector.ts';
import type { Sighting } from './sighting.ts';

const SLUG = 'injection';
const CODE = `${SLUG}.fragments`;

/** Longest piece of a field that is read; a fragment is shorter. */
const FIELD_BYTES_MAX = 256;

/** In names, slash and percent sign are rare; in product names and display names they are not. */
const NAME_MARKS = classOf('\'"`$|<>%/\\{');
const TEXT_MARKS = classOf("'`$<{");

const LESS = 0x3c;
const AT = 0x40;
/** Of these, records are kept. */
const RECORDED: readonly string[] = ['INVITE', 'MESSAGE'];

const COMMANDS = [
  ...['wget', 'curl', 'tftp', 'ftpget', 'nc', 'ncat', 'telnet', 'bash', 'sh', 'busybox', 'cat', 'rm', 'chmod', 'echo'],
  ...['ping', 'nslookup', 'sleep', 'uname', 'whoami', 'id', 'ls', 'php', 'perl', 'python', 'python3', 'reboot'],
].join('|');

/** What follows a command when it is one: people name their clinic for dogs & cats. */
const ARGUMENT = '[$/\\\\`;|<>]|\\s+(?:[-/~$\'"]|\\S*[/:])';

/** Against lower-case text, %-escapes undone. Each is linear in the length of the text. */
const FRAGMENTS: readonly RegExp[] = [
  // SQL: ' or 1=1 · ' or 'a'='a · ' or true-- · '-- · '; drop · union select 1 · functions that wait
  /['"][\s)]*(?:or|and|xor|\|\||&&)[\s(]*['"(]?\w*['")]*\s*(?:=|<|>|like\b|is\b|(?:--|#)[\s-]*$)/,
  // Tolerance: Nurses' #2, Parents' -- Reception.
  /['"]\)*(?:--|#|\/\*)|['"][\s)]*(?:--|#)[\s-]*$/,
  /['"][\s)]*;\s*(?:drop|delete|insert|update|alter|create|exec|shutdown|truncate|select)\b/,
  // Tolerance: Farmers' Union Select Insurance, St. John's Sleep (Lab).
  /\bunion(?:\s+all)?\s+select\b[\s(]*(?:[\d'"@*(,]|null\b|[\w.]+\s*[,(]|.*\bfrom\b)/,
  /\b(?:sleep\(|sleep\s+\(\s*[\d.]+\s*\)|(?:benchmark|pg_sleep|xp_cmdshell)\s*\()|\bwaitfor\s+delay\b/,
  // Shell: $(id) · ${IFS} · `id` · |sh · ; wget · & cat /x · () { :; };
  new RegExp(`\\$\\(\\s*(?:${COMMANDS})\\b|\\$\\([^)]*[\\s/|;]`),
  /\$\{(?:ifs|jndi|env|sys|lower|upper|:)/,
  new RegExp(`\`\\s*(?:${COMMANDS})\\b`),
  /`[^`]*[/$|;&<>][^`]*`/,
  new RegExp(`(?:[;|\\n]|&&)\\s*(?:${COMMANDS})(?=[\\s$/\\\\\`;&|<>]|$)`),
  new RegExp(`&\\s*(?:${COMMANDS})(?=${ARGUMENT})`),
  /\(\)\s*\{/,
  // Paths: ../../ · /etc/passwd
  /(?:\.\.[/\\]){2}|\.\.[/\\](?:etc|proc|var|usr|home|root|windows|boot)\b/,
  /\/etc\/(?:passwd|shadow|asterisk|freeswitch|kamailio)\b|\/proc\/self\b/,
  // Markup that a web console would run; escaped line ends, which make header fields of their own.
  /<\s*(?:script|iframe|svg|img|object)\b|<[^>]*\bon[a-z]{3,16}\s*=|javascript:/,
  /[\r\n]/,
];

/** No transfer leaves the server's directory. */
const CLIMBS = /(?:^|[/\\])\.\.(?:[/\\]|$)/;

export class Injection implements Detector {
  readonly slug = SLUG;
  private readonly policy: CountPolicy;
  private readonly seen = new BoundedMap<EventWindow>(COUNTED_SOURCES_MAX);

  constructor(policy: CountPolicy) {
    this.policy = policy;
  }

  request(s: Sighting, findings: Findings): void {
    const m = s.sip;
    if (
      holds(m.bytes, m.uriUserStart, m.uriUserEnd, NAME_MARKS) ||
      holds(m.bytes, m.fromUserStart, m.fromUserEnd, NAME_MARKS) ||
      holds(m.bytes, m.toUserStart, m.toUserEnd, NAME_MARKS) ||
      holds(m.bytes, m.contactUserStart, m.contactUserEnd, NAME_MARKS) ||
      holds(m.bytes, m.authUserStart, m.authUserEnd, NAME_MARKS) ||
      holds(m.bytes, m.fromDisplayStart, m.fromDisplayEnd, TEXT_MARKS) ||
      holds(m.bytes, m.userAgentStart, m.userAgentEnd, TEXT_MARKS) ||
      (RECORDED.includes(s.method) && s.fresh && inRecord(m))
    )
      this.count(s, findings);
  }

  tftpRequest(s: Sighting, findings: Findings): void {
    const { fileStart, fileEnd } = s.tftp;
    if (!hasMark(s.bytes, fileStart, fileEnd, NAME_MARKS)) return;
    const name = textOf(s.bytes, fileStart, fileEnd);
    if (CLIMBS.test(name) || isFragment(name)) this.count(s, findings);
  }

  forget(row: number): void {
    this.seen.delete(row);
  }

  tally(row: number, now: number): Tally[] {
    const { threshold, windowMs } = this.policy;
    return [{ kind: SLUG, what: CODE, count: this.seen.peek(row)?.count(now, windowMs) ?? 0, threshold, windowMs }];
  }

  private count(s: Sighting, findings: Findings): void {
    if (!s.fresh) return;
    let window = this.seen.get(s.row);
    if (window === undefined) this.seen.set(s.row, (window = new EventWindow()));
    const { threshold, windowMs } = this.policy;
    findings.report(SLUG, CODE, window.add(s.now, 0, windowMs), threshold, windowMs, s);
  }
}

/** What records of calls and messages hold besides who speaks to whom: Call-ID, Subject, the identity that a carrier asserts. */
function inRecord(m: SipMessage): boolean {
  const { bytes } = m;
  if (holds(bytes, m.callIdStart, m.callIdEnd, TEXT_MARKS)) return true;
  for (let i = 0; i < m.headerCount; i++) {
    const name = headerField(m, i, 0);
    if (name !== HEADER_SUBJECT && name !== HEADER_P_ASSERTED_IDENTITY) continue;
    const [start, end] = [headerField(m, i, VALUE_START), headerField(m, i, VALUE_END)];
    if (name === HEADER_SUBJECT ? holds(bytes, start, end, TEXT_MARKS) : inIdentity(bytes, start, end)) return true;
  }
  return false;
}

/** `"display name" <sip:user@host>`; what stands between the two is neither (La Toison d'Or" <…). */
function inIdentity(bytes: Uint8Array, start: number, end: number): boolean {
  const uri = Math.max(start, bytes.subarray(start, end).lastIndexOf(LESS) + start);
  const at = bytes.subarray(uri, end).indexOf(AT);
  return holds(bytes, start, uri, TEXT_MARKS) || (at > 0 && holds(bytes, uri + 1, uri + at, NAME_MARKS));
}

function holds(bytes: Uint8Array, start: number, end: number, marks: Uint8Array): boolean {
  return hasMark(bytes, start, end, marks) && isFragment(textOf(bytes, start, end));
}

function hasMark(bytes: Uint8Array, start: number, end: number, marks: Uint8Array): boolean {
  // An absent field is -1 to -1.
  for (let i = start; i < end; i++) if (marks[bytes[i]] === 1) return true;
  return false;
}

function isFragment(text: string): boolean {
  for (const fragment of FRAGMENTS) if (fragment.test(text)) return true;
  return false;
}

/**
 * Lower case, %-escapes undone. Folds of a header become spaces, and so does what SQL reads as one.
 */
function textOf(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  const last = Math.min(end, start + FIELD_BYTES_MAX);
  for (let i = start; i < last; i++) text += String.fromCharCode(bytes[i] < 0x20 ? 0x20 : bytes[i]);
  // Evasion: `%2527` is `%27` to the first reader and an apostrophe to the second.
  for (let pass = 0; pass < 2 && text.includes('%'); pass++)
    text = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return text
    .toLowerCase()
    .replaceAll('+', ' ')
    .replace(/\/\*.{0,40}?\*\//g, ' ');
}
