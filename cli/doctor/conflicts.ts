/** Other programs that drop the same packets: seen and named, never touched. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { escapeText } from '../escape.ts';
import { runProgram } from './run-program.ts';
import type { DoctorContext, Finding } from './finding.ts';

const OWN_TABLE = 'ringfence';
const SIP_JAIL = /asterisk|freeswitch|kamailio|opensips|freepbx|pbx|voip|(^|[-_])sip([-_]|$)/i;

export async function checkFail2ban(): Promise<Finding> {
  const asked = await runProgram('fail2ban-client', ['status']);
  const fine = (text: string): Finding => ({ area: 'conflicts', check: 'fail2ban', level: 'ok', text, fix: null });
  if (asked.missing) return fine('fail2ban is not installed.');
  if (asked.code !== 0) return fine('fail2ban is not running.');
  const jails = sipJails(asked.stdout);
  if (jails.length === 0) return fine('fail2ban runs without a SIP jail.');
  const names = jails.map((jail) => escapeText(jail)).join(', ');
  return {
    area: 'conflicts',
    check: 'fail2ban',
    level: 'warn',
    text: `fail2ban bans SIP sources too (${names}): an address lifted here stays banned there.`,
    fix: `${jails.map((jail) => `fail2ban-client stop ${escapeText(jail)}`).join('; ')}   (and enabled = false in jail.local)`,
  };
}

/** The SIP jails in the output of `fail2ban-client status`. */
export function sipJails(status: string): string[] {
  const list = /Jail list:\s*(.*)/.exec(status)?.[1] ?? '';
  return list.split(/[\s,]+/).filter((jail) => SIP_JAIL.test(jail));
}

export async function checkTables(context: DoctorContext): Promise<Finding[]> {
  if (!context.root) {
    const text = 'Other firewall tables were not read: that needs root.';
    return [{ area: 'conflicts', check: 'other-tables', level: 'warn', text, fix: 'sudo ringfence doctor' }];
  }
  const listed = await runProgram('nft', ['--json', '--terse', 'list', 'ruleset']);
  if (listed.missing || listed.code !== 0) return [];
  const sources = droppersOfNft(listed.stdout, context);
  for (const program of ['iptables-legacy-save', 'ip6tables-legacy-save']) {
    const saved = await runProgram(program, []);
    if (saved.code === 0) sources.push(...droppersOfIptables(program, saved.stdout, context));
  }
  const offload = context.gateway ? flowtables(listed.stdout).map(offloaded) : [];
  if (sources.length === 0) {
    const text = 'No other firewall table drops the protected SIP ports.';
    return [{ area: 'conflicts', check: 'other-tables', level: 'ok', text, fix: null }, ...offload];
  }
  const drops = sources.map((source): Finding => ({
    area: 'conflicts',
    check: 'other-tables',
    level: 'warn',
    text: `${source.where} drops protected SIP ports: phones may be cut off there whatever Ringfence says.`,
    fix: source.look,
  }));
  return [...drops, ...offload];
}

/** Packets of offloaded connections leave at the network card's own hook, before prerouting: our gate never sees them. */
function offloaded(name: string): Finding {
  return {
    area: 'conflicts',
    check: 'flow-offload',
    level: 'warn',
    text: `The flowtable ${name} takes forwarded connections past every rule: a block stops new ones only, and guests' traffic is not seen whole.`,
    fix: `let no SIP connection into it: put udp/tcp port conditions before its "flow add" (nft list ruleset)`,
  };
}

/** Names of the flowtables of other tables in nft's JSON, with their tables. */
export function flowtables(json: string): string[] {
  const items = (JSON.parse(json) as { nftables: Json[] }).nftables;
  return items
    .filter(({ flowtable }) => flowtable && String(flowtable.table) !== OWN_TABLE)
    .map(({ flowtable }) => escapeText(`${flowtable.family} ${flowtable.table} ${flowtable.name}`));
}

interface Dropper {
  where: string;
  look: string;
}

/** A node of nft's JSON: an object, a list or a plain value; what is not there is undefined. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape is nft's, and every step is checked for absence
type Json = any;

/** Rules of other tables that match a protected SIP port as destination and drop or reject. */
export function droppersOfNft(json: string, context: DoctorContext): Dropper[] {
  const found = new Map<string, Dropper>();
  const items = (JSON.parse(json) as { nftables: Json[] }).nftables;
  for (const { rule } of items) {
    if (!rule || String(rule.table) === OWN_TABLE) continue;
    const parts = Array.isArray(rule.expr) ? rule.expr : [];
    const drops = parts.some((part: Json) => 'drop' in part || 'reject' in part);
    if (!drops || !parts.some((part: Json) => part.match && matchesPort(part.match, context))) continue;
    const name = escapeText(`${rule.family} ${rule.table}`);
    found.set(name, { where: `The table ${name}`, look: `nft list table ${name}` });
  }
  return [...found.values()];
}

function matchesPort(match: Json, context: DoctorContext): boolean {
  const payload = match.left?.payload;
  if (!payload || String(payload.field) !== 'dport' || String(match.op) === '!=') return false;
  const protocol = String(payload.protocol);
  const protects = [...(protocol === 'tcp' ? [] : context.sipUdp), ...(protocol === 'udp' ? [] : context.sipTcp)];
  const values: Json[] = match.right?.set ? [...match.right.set] : [match.right];
  return values.some((value) => {
    const [first, last] = value?.range
      ? [Number(value.range[0]), Number(value.range[1])]
      : [Number(value), Number(value)];
    return protects.some((range) => first <= range.last && last >= range.first);
  });
}

/** The same in the output of iptables-save. */
export function droppersOfIptables(program: string, saved: string, context: DoctorContext): Dropper[] {
  const hit = saved.split('\n').some((line) => {
    if (!/^-A .*-j (DROP|REJECT)\b/.test(line)) return false;
    const ports = /(?<!! )--dports? (\S+)/.exec(line)?.[1];
    if (!ports) return false;
    const protects = / -p tcp\b/.test(line) ? context.sipTcp : context.sipUdp;
    return ports.split(',').some((piece) => {
      const [first, last = first] = piece.split(':').map(Number);
      return protects.some((range) => first <= range.last && last >= range.first);
    });
  });
  return hit ? [{ where: `iptables (legacy) of ${program}`, look: program }] : [];
}

/** Daemons of other data directories in this network namespace: both would want the table `inet ringfence`. */
export function checkOtherDaemons(context: DoctorContext): Finding {
  const own = readlinkOr('/proc/self/ns/net');
  const others: string[] = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (Number(pid) === process.pid) continue;
    const args = readArguments(pid);
    const at = args.findIndex((arg) => arg.endsWith('/cli/main.ts'));
    if (at < 0 || args[at + 1] === undefined || !args.slice(at + 1).includes('run')) continue;
    if (readlinkOr(`/proc/${pid}/ns/net`) !== own) continue;
    if (dataOf(args) !== context.dataDirectory) others.push(`pid ${pid}, --data ${escapeText(dataOf(args), 100)}`);
  }
  if (others.length === 0) {
    const text = 'No other Ringfence runs in this network namespace.';
    return { area: 'conflicts', check: 'other-ringfence', level: 'ok', text, fix: null };
  }
  return {
    area: 'conflicts',
    check: 'other-ringfence',
    level: 'fail',
    text: `Another Ringfence protects this network namespace already (${others.join('; ')}).`,
    fix: 'stop one of the two, or ask that one: ringfence --data DIR status',
  };
}

function dataOf(args: string[]): string {
  const at = args.indexOf('--data');
  if (at >= 0) return args[at + 1] ?? '';
  return args.find((arg) => arg.startsWith('--data='))?.slice('--data='.length) ?? '/var/lib/ringfence';
}

/** A process may end between the listing and the reading. */
function readArguments(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function readlinkOr(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
