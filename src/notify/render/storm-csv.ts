/** All notices that a digest stands for, as CSV that no spreadsheet runs (`lists/formula.ts`): nothing of them is lost. */
import { escapeDecoded } from '../../core/base/escape.ts';
import { csvLine, timeCell, type CsvCell } from '../../lists/csv-writer.ts';
import type { AttackFacts, Notice, ReadyAttachment } from '../notice.ts';

const COLUMNS = [
  ...['told_at', 'what', 'incident', 'attacker', 'attacker_port', 'country', 'asn', 'network', 'victim', 'victim_port'],
  ...['transport', 'method', 'finding', 'count', 'rate_per_second', 'first', 'last', 'users_total', 'users', 'files'],
  ...['user_agent', 'action', 'reason', 'until', 'dropped', 'text'],
];

/** One line for each attack of each notice; a notice about no attack is one line with its text. */
export function stormCsv(notices: readonly Notice[]): ReadyAttachment {
  const lines = [COLUMNS, ...notices.flatMap(rowsOf)].map(csvLine);
  const base64 = Buffer.from(lines.join('')).toString('base64');
  return { name: 'ringfence-attacks.csv', contentType: 'text/csv; charset=utf-8', base64 };
}

function rowsOf(notice: Notice): CsvCell[][] {
  const row = (attack: AttackFacts | null, text: string) => [
    ...[timeCell(notice.at), notice.kind],
    ...(attack ? attackCells(attack) : new Array<CsvCell>(COLUMNS.length - 3).fill(null)),
    safe(text),
  ];
  switch (notice.kind) {
    case 'attack-opened':
    case 'attack-escalated':
    case 'attack-ended':
      return [notice.attack, ...notice.others].map((attack) => row(attack, ''));
    case 'invite-limit':
      return [row(notice.attack, '')];
    case 'campaign-opened':
    case 'campaign-ended':
      return [row(null, `${notice.campaign.sources} sources, ${notice.campaign.incidents} attacks`)];
    case 'storm':
      return [row(null, `${notice.notices} notices, ${notice.campaign.sources} sources`)];
    case 'daily-report':
      return [row(null, notice.subject)];
    case 'trouble':
      return [row(null, `${notice.code}: ${notice.text}`)];
    case 'test':
      return [row(null, `test by ${notice.by}`)];
  }
}

function attackCells(attack: AttackFacts): CsvCell[] {
  const { attacker, victim, users, files, userAgent, network } = attack;
  return [
    ...[attack.incident, attacker.address, attacker.port, attack.country, attack.asn, network && safe(network)],
    ...[victim.address, victim.port, attack.transport, attack.kind, attack.finding, attack.count],
    ...[Number(attack.ratePerSecond.toFixed(3)), timeCell(attack.first), timeCell(attack.last), attack.usersTotal],
    ...[users.map((name) => safe(name)).join(' '), files.map((name) => safe(name)).join(' ')],
    ...[userAgent && safe(userAgent), attack.action, attack.reason, timeCell(attack.until), attack.dropped],
  ];
}

/** Not shortened as in a message, and no brackets in what looks like a link: this is for machines, too. */
function safe(text: string): string {
  return escapeDecoded(text, 1000);
}
