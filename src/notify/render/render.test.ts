/** What people read: the answers that every message owes them. */
import { describe, expect, it } from 'vitest';
import type { AttackFacts, Notice } from '../notice.ts';
import { attack, attackNotice, AT, campaign, everyNotice, inviteLimitAttack, tftpAttack } from '../testing/notices.ts';
import { moment, rate, span } from './figures.ts';
import { render } from './render.ts';
import { strangersText } from './strangers-text.ts';

const OPTIONS = { timeZone: 'Europe/Berlin', hostName: 'pbx1', consoleUrl: null };

const textOf = (notice: Notice) => render(notice, OPTIONS).text.replace(/\s+/g, ' ');

describe('an attack', () => {
  const rows: [question: string, over: Partial<AttackFacts>, answer: string][] = [
    ['who', {}, 'Attacker: 203.0.113.66:5071 – Netherlands (NL), AS64500 Example Networks B.V.'],
    ['who, unknown', { country: null, asn: null, network: null }, '203.0.113.66:5071 – country not known'],
    ['who, IPv6', { attacker: { address: '2001:db8::1', port: 5060 } }, 'Attacker: [2001:db8::1]:5060 – '],
    ['whom', {}, 'Victim: 192.0.2.10:5060 (SIP over UDP)'],
    ['how', {}, 'Method: Password guessing by REGISTER (register-bruteforce.bad-registrations)'],
    ['how much', {}, 'Messages: 57 in 18s (3.2 a second), from 2026-11-21 15:03:04 CET'],
    ['what line was crossed', {}, 'Line crossed: 5 within 1m; the line is 5'],
    ['whose accounts', {}, 'Users tried: 100, 101, alice, and 42 more'],
    ['with what', {}, 'User agent: friendly-scanner'],
    ['what was done, until when', {}, 'Blocked in the kernel until 2026-11-21 16:03:22 CET (1h from this message).'],
    [
      'to one phone',
      { target: '203.0.113.66:5071/udp' },
      '(203.0.113.66:5071/udp alone, one phone behind the address)',
    ],
    [
      'to a network',
      { target: '203.0.113.0/24' },
      'Blocked in the kernel (203.0.113.0/24, the network around it) until',
    ],
    ['for good', { action: 'deny', until: null, blocksBefore: 3 }, 'Blocked for good: it was blocked 3 times before.'],
    ['what not', { action: 'watch', reason: 'monitor-only' }, 'Watched, not blocked: the policy says monitor'],
    ['and why', { action: 'pass', reason: 'allowlisted' }, 'Let through: the source is on the allowlist.'],
    [
      'to calls',
      { action: 'limit' },
      'Limited: only so many INVITEs a second get through until 2026-11-21 16:03:22 CET',
    ],
    ['what is next', {}, '* Lift the block ringfence unblock 203.0.113.66'],
    ['where to look', {}, 'More: https://pbx.example.org:8470/attacks/mb2k9xq0-1f'],
  ];
  it.each(rows)('%s', (_question, over, answer) => {
    expect(textOf(attackNotice({ attack: attack(over) }))).toContain(answer);
  });

  it('of TFTP names the files', () => {
    const text = textOf(attackNotice({ attack: tftpAttack }));
    expect(text).toContain('Files asked for: SEP001122334455.cnf.xml, y000000000000.cfg, and 10 more');
    expect(text).toContain('Victim: 192.0.2.10:69 (TFTP)');
  });

  it('that is over says so first, and that a block has ended', () => {
    const over = attackNotice({ kind: 'attack-ended', at: AT + 7_200_000 });
    expect(render(over, OPTIONS).subject).toBe('[Ringfence pbx1] Over: 203.0.113.66 guesses passwords at 192.0.2.10');
    expect(textOf(over)).toContain('Blocked in the kernel until 2026-11-21 16:03:22 CET (which is over).');
  });

  it('that reached a higher step says from where', () => {
    const text = textOf(attackNotice({ kind: 'attack-escalated', before: 'limit' }));
    expect(text).toContain('Until now it was limited.');
  });
});

it('too many INVITEs: the limit, and both ways to answer', () => {
  const text = textOf({ kind: 'invite-limit', id: 'i', at: AT, attack: inviteLimitAttack });
  expect(text).toContain('It started more calls than its limit allows: 61 where 60 are allowed within 10s.');
  expect(text).toContain('Deny the address ringfence deny add 203.0.113.66');
  expect(text).toContain('Raise its limit');
});

it('a campaign: how many, how, whom, from where', () => {
  const text = textOf({ kind: 'campaign-opened', id: 'c', at: AT, campaign: campaign(), attachments: [] });
  for (const part of [
    'Under attack now by 10,000 sources',
    'Attacks: 10,412',
    'Password guessing by REGISTER 9,000',
    'Netherlands (NL) 7,000',
  ])
    expect(text).toContain(part);
});

it('a digest says why it is one, and what it stands for', () => {
  const storm = everyNotice(attack(), 'The kernel table was repaired.').find(({ kind }) => kind === 'storm')!;
  expect(textOf(storm)).toContain(
    'More than 30 messages in an hour would have gone out here, so this one stands for 10,000 messages',
  );
  expect(textOf(storm)).toContain('The kernel table was repaired.');
});

it('the report of a day: a mail is the report itself, a chat gets how it begins', () => {
  const [text, html] = [
    'Ringfence on pbx1: 3 attacks\nSaturday, UTC\n=====\n\nTHE DAY\n  Attacks     3\n',
    '<p>3 attacks</p>',
  ];
  const day = { day: '2026-11-21', subject: '2026-11-21: 3 attacks', text, html, attachments: [] };
  const message = render({ kind: 'daily-report', id: 'r', at: AT, ...day }, OPTIONS);
  expect(message).toMatchObject({ subject: '[Ringfence pbx1] 2026-11-21: 3 attacks', text, html });
  expect(message.content.tables).toMatchObject([{ rows: [['THE DAY'], ['Attacks  3']] }]);
});

it('no line of a text is longer than mail allows, but for what cannot be broken', () => {
  const { text } = render(attackNotice(), OPTIONS);
  for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(78);
});

describe('small things', () => {
  it.each([
    [AT, 'UTC', '2026-11-21 14:03:22 UTC'],
    [Date.UTC(2026, 9, 25, 0, 30), 'Europe/Berlin', '2026-10-25 02:30:00 CEST'],
    [Date.UTC(2026, 9, 25, 1, 30), 'Europe/Berlin', '2026-10-25 02:30:00 CET'],
    [Date.UTC(2026, 10, 21, 23, 0), 'Asia/Kolkata', '2026-11-22 04:30:00 GMT+5:30'],
  ])('%d in %s', (at, zone, shown) => expect(moment(at, zone)).toBe(shown));
  it.each([
    [0.2, '12 a minute'],
    [0.001, '3.6 an hour'],
    [1234.5, '1,235 a second'],
    [2.25, '2.3 a second'],
  ])('%d', (perSecond, shown) => expect(rate(perSecond)).toBe(shown));
  it.each([
    [400, '400 ms'],
    [45_000, '45s'],
    [3_599_000, '1h'],
    [5_400_000, '1h30m'],
  ])('%d ms', (ms, shown) => expect(span(ms)).toBe(shown));
  it.each([
    ['friendly-scanner/1.0', 'friendly-scanner/1.0'],
    ['SEP0011.cnf.xml', 'SEP0011.cnf.xml'],
    ['see http://evil.example/x', 'see http[://]evil[.]example/x'],
    ['www.evil.example', 'www[.]evil.example'],
    ['@all, alice@pbx', '[@]all, alice[@]pbx'],
    ['a\r\nb\u202ec', 'a\\r\\nb\\u{202e}c'],
  ])('%j', (text, shown) => expect(strangersText(text)).toBe(shown));
});
