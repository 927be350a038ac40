/** One attack as a message: who attacked whom, how, how much, what was done until when, and what can be done next. */
import type { RenderOptions } from '../channel.ts';
import type { AttackFacts, AttackNotice, InviteLimitNotice } from '../notice.ts';
import { ACTION_BADGES, actionSentence } from './action-words.ts';
import { content, type Content, type Fact, type Table } from './content.ts';
import { counted, country, endpoint, moment, network, number, rate, span } from './figures.ts';
import { METHOD_WORDS } from './method-words.ts';
import { strangersText } from './strangers-text.ts';

/** Names of users or files that one message tells; the console has more. */
const NAMES_SHOWN_MAX = 20;
const NAME_CHARS_MAX = 40;

export function attackContent(notice: AttackNotice, { timeZone }: RenderOptions): Content {
  const { attack, at, kind, before } = notice;
  const title = who(attack);
  const over = kind === 'attack-ended';
  const escalated = kind === 'attack-escalated' && before !== null;
  const badge = over ? 'Over' : ACTION_BADGES[attack.action];
  const done = actionSentence(attack, at, timeZone);
  const was = escalated ? ` Until now it was ${ACTION_BADGES[before].toLowerCase()}.` : '';
  const ended = over ? `The attack is over: no message of it since ${moment(attack.last, timeZone)}. ` : '';
  return content({
    subject: `${badge}: ${title}`,
    tone: over ? 'over' : attack.action === 'watch' || attack.action === 'limit' ? 'warning' : 'attack',
    badge,
    headline: title,
    summary: `${ended}${done}${was}`,
    facts: attackFacts(attack, timeZone),
    tables: othersTable(notice),
    steps: attack.next,
    link: attack.link,
  });
}

/** Product.md, D8: the notification that over the limit the administrator gets, with the ways to answer it. */
export function inviteLimitContent({ attack, at }: InviteLimitNotice, { timeZone }: RenderOptions): Content {
  const { crossed } = attack;
  const limit = crossed ? `: ${number(crossed.count)} where ${number(crossed.threshold)} are allowed` : '';
  const within = crossed && crossed.windowMs > 0 ? ` within ${span(crossed.windowMs)}` : '';
  return content({
    subject: `INVITE limit exceeded: ${attack.attacker.address} calling ${attack.victim.address}`,
    tone: attack.action === 'block' || attack.action === 'deny' ? 'attack' : 'warning',
    badge: ACTION_BADGES[attack.action],
    headline: `${attack.attacker.address} exceeds its limit of INVITEs`,
    summary: `It started more calls than its limit allows${limit}${within}. ${actionSentence(attack, at, timeZone)}`,
    facts: attackFacts(attack, timeZone),
    steps: attack.next,
    link: attack.link,
  });
}

/** `203.0.113.66 guesses passwords at 192.0.2.10`. */
export function who({ attacker, victim, kind }: AttackFacts): string {
  return `${attacker.address} ${METHOD_WORDS[kind].does} ${victim.address}`;
}

export function attackFacts(attack: AttackFacts, timeZone: string): Fact[] {
  const { attacker, victim, transport, kind, finding, crossed, dropped, blocksBefore, userAgent, files } = attack;
  const service = kind === 'tftp-bruteforce' ? 'TFTP' : `SIP over ${transport.toUpperCase()}`;
  const facts: (Fact | false)[] = [
    fact('Attacker', `${endpoint(attacker)} – ${place(attack)}`),
    fact('Victim', `${endpoint(victim)} (${service})`),
    fact('Method', `${METHOD_WORDS[kind].name} (${finding})`),
    crossed !== null && fact('Line crossed', crossedLine(crossed)),
    fact('Messages', messages(attack, timeZone)),
    attack.users.length > 0 &&
      fact('Users tried', names(attack.users, Math.max(attack.usersTotal, attack.users.length))),
    files.length > 0 && fact('Files asked for', names(files, Math.max(attack.usersTotal, files.length))),
    userAgent !== null && fact('User agent', strangersText(userAgent)),
    blocksBefore > 0 && fact('Blocked before', blocksBefore === 1 ? 'once' : `${number(blocksBefore)} times`),
    dropped > 0 && fact('Dropped since', counted(dropped, 'packet')),
    fact('Incident', attack.incident),
  ];
  return facts.filter((one) => one !== false);
}

function fact(label: string, value: string): Fact {
  return { label, value };
}

/** `Netherlands (NL), AS64500 Example BV`. */
export function place({ country: code, asn, network: name }: Pick<AttackFacts, 'country' | 'asn' | 'network'>): string {
  const net = network(asn, name);
  return net === null ? country(code) : `${country(code)}, ${net}`;
}

function crossedLine({ count, threshold, windowMs }: NonNullable<AttackFacts['crossed']>): string {
  const within = windowMs > 0 ? ` within ${span(windowMs)}` : '';
  return `${number(count)}${within}; the line is ${number(threshold)}`;
}

function messages({ count, first, last, ratePerSecond }: AttackFacts, timeZone: string): string {
  const from = moment(first, timeZone);
  if (last - first < 1000) return `${number(count)}, at ${from}`;
  return `${number(count)} in ${span(last - first)} (${rate(ratePerSecond)}), from ${from}`;
}

function names(all: string[], total: number): string {
  const shown = all.slice(0, NAMES_SHOWN_MAX).map((name) => strangersText(name, NAME_CHARS_MAX));
  const more = total > shown.length ? `, and ${number(total - shown.length)} more` : '';
  return `${shown.join(', ')}${more}`;
}

/** Attacks that stand beside the one a message is about, or stand as examples of a campaign. */
export function attacksTable(title: string, attacks: AttackFacts[], total: number): Table[] {
  if (attacks.length === 0) return [];
  return [
    {
      title,
      titles: ['Attacker', 'Attack', 'Done'],
      rows: attacks.map((one) => [
        `${one.attacker.address} (${one.country ?? '?'})`,
        `${METHOD_WORDS[one.kind].name} at ${one.victim.address}, ${counted(one.count, 'message')}`,
        ACTION_BADGES[one.action],
      ]),
      more: total > attacks.length ? `and ${number(total - attacks.length)} more` : null,
    },
  ];
}

function othersTable({ others, othersTotal, attack }: AttackNotice): Table[] {
  return attacksTable(`Other attacks by ${attack.attacker.address}`, others, othersTotal);
}
