/** A notice as one syslog message: RFC 5424 for servers, and the line that /dev/log takes. */
import type { SyslogPolicy } from '../../policy/compile-notify.ts';
import type { Delivery } from '../channel.ts';
import type { AttackFacts, CampaignFacts, Notice } from '../notice.ts';
import { strangersText } from '../render/strangers-text.ts';

/** RFC 5424 §6.2.1. */
const FACILITIES: Record<SyslogPolicy['facility'], number> = {
  ...{ auth: 4, authpriv: 10, daemon: 3, local0: 16, local1: 17, local2: 18, local3: 19 },
  ...{ local4: 20, local5: 21, local6: 22, local7: 23 },
};
export const SEVERITIES = { crit: 2, err: 3, warning: 4, notice: 5, info: 6 } as const;

/** RFC 5424 §7: names of one's own need a number of the IANA; this is the one that RFC 5612 keeps for those who have none. */
const STRUCTURE = 'ringfence@32473';
/** RFC 5426 §3.2: what receivers should take in one datagram. */
const MESSAGE_BYTES_MAX = 2048;
const NAMES_MAX = 8;
const NAME_CHARS_MAX = 32;
/** RFC 5424 §6: printable ASCII, and at most so much of it. */
const HOST_CHARS_MAX = 255;
const BYTE_ORDER_MARK = '\ufeff';

export interface SyslogMessage {
  facility: SyslogPolicy['facility'];
  severity: keyof typeof SEVERITIES;
  text: string;
  params: [name: string, value: string][];
}

export function syslogMessage(
  { notice, message, messageId }: Delivery,
  facility: SyslogPolicy['facility'],
): SyslogMessage {
  const { subject, summary } = message.content;
  const params: [string, string][] = [['id', messageId], ['kind', notice.kind], ...paramsOf(notice)];
  return { facility, severity: severityOf(notice), text: `${subject}. ${summary}`, params };
}

/** RFC 5424 §6, cut at the end to what a datagram may hold. */
export function rfc5424({ facility, severity, text, params }: SyslogMessage, at: number, hostName: string): Buffer {
  const priority = FACILITIES[facility] * 8 + SEVERITIES[severity];
  const host = hostName.replace(/[^!-~]/g, '?').slice(0, HOST_CHARS_MAX) || '-';
  const header = `<${priority}>1 ${new Date(at).toISOString()} ${host} ringfence ${process.pid} notice`;
  const structure = `[${STRUCTURE}${params.map(([name, value]) => ` ${name}="${paramValue(value)}"`).join('')}]`;
  // RFC 5424 §6.4: UTF-8 begins with the mark, ASCII needs none.
  const said = /^[ -~]*$/.test(text) ? text : BYTE_ORDER_MARK + text;
  return cutAtCharacter(Buffer.from(`${header} ${structure} ${said}`), MESSAGE_BYTES_MAX);
}

/** For /dev/log, whose readers know no structured data. */
export function plainLine({ text, params }: SyslogMessage): string {
  return `${text} ${params.map(([name, value]) => `${name}="${paramValue(value)}"`).join(' ')}`;
}

/** RFC 5424 §6.3.3: these three are escaped, and nothing else is. */
function paramValue(value: string): string {
  return value.replace(/["\\\]]/g, '\\$&');
}

/** Not in the middle of a character of UTF-8. */
function cutAtCharacter(bytes: Buffer, max: number): Buffer {
  if (bytes.length <= max) return bytes;
  let end = max;
  while ((bytes[end] & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}

function severityOf(notice: Notice): SyslogMessage['severity'] {
  switch (notice.kind) {
    case 'campaign-opened':
      return 'crit';
    case 'trouble':
      return { info: 'info', warning: 'warning', error: 'err' }[notice.level] as SyslogMessage['severity'];
    case 'attack-ended':
    case 'campaign-ended':
      return 'notice';
    case 'daily-report':
    case 'test':
      return 'info';
    case 'attack-opened':
    case 'attack-escalated':
    case 'invite-limit':
    case 'storm':
      return 'warning';
  }
}

function paramsOf(notice: Notice): [string, string][] {
  if ('attack' in notice) return attackParams(notice.attack);
  if ('campaign' in notice) return campaignParams(notice.campaign);
  return notice.kind === 'trouble' ? [['code', notice.code]] : [];
}

function attackParams(attack: AttackFacts): [string, string][] {
  const { attacker, victim, users, usersTotal, files, userAgent, country, asn, network, until } = attack;
  const names = (all: string[]) =>
    all
      .slice(0, NAMES_MAX)
      .map((name) => strangersText(name, NAME_CHARS_MAX))
      .join(' ');
  const known: [string, string | number | null][] = [
    ['incident', attack.incident],
    ['source', attacker.address],
    ['sourcePort', attacker.port],
    ['victim', victim.address],
    ['victimPort', victim.port],
    ['transport', attack.transport],
    ['method', attack.kind],
    ['finding', attack.finding],
    ['action', attack.action],
    ['reason', attack.reason],
    ['until', until === null ? null : new Date(until).toISOString()],
    ['count', attack.count],
    ['dropped', attack.dropped],
    ['country', country],
    ['asn', asn],
    ['network', network && strangersText(network, NAME_CHARS_MAX * 2)],
    ['users', names(users)],
    ['usersTotal', usersTotal],
    ['files', names(files)],
    ['userAgent', userAgent && strangersText(userAgent)],
  ];
  return known.filter(([, value]) => value !== null && value !== '').map(([name, value]) => [name, String(value)]);
}

function campaignParams({ sources, incidents, blocked, count }: CampaignFacts): [string, string][] {
  const figures = { sources, incidents, blocked, count };
  return Object.entries(figures).map(([name, value]) => [name, String(value)]);
}
