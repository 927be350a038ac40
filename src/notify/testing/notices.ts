/** Notices as the stages make them, for tests: one ordinary, and one of which a stranger wrote every text. */
import type { AttackFacts, AttackNotice, CampaignFacts, Notice } from '../notice.ts';

export const AT = Date.UTC(2026, 10, 21, 14, 3, 22);
const CONSOLE = 'https://pbx.example.org:8470';

/**
 * What a scanner may send as its name to hit whoever shows it: line breaks and headers, HTML, a formula, markup of every chat, calls to
 * everybody, links, a terminal's escape sequence and characters that turn text round.
 */
export const HOSTILE_TEXTS = [
  'x\r\nBcc: victim@example.net\r\n\r\n',
  '<img src=x onerror=alert(1)><script>alert(2)</script>"\'&',
  '=HYPERLINK("http://evil.example/a","b")',
  '<!channel> <@U123> @channel @here @all *b* _i_ ~s~ `c` ```d``` [l](http://evil.example) ![i](http://evil.example/i.png)',
  '|t|t| # h > q - l + m . ! {a} \\ www.evil.example evil.example/pay',
  '\x1b]0;owned\x07\x1b[31m\u202egpj.exe\u2066\u200b\u0000\ud800',
];

export function attack(over: Partial<AttackFacts> = {}): AttackFacts {
  return {
    incident: 'mb2k9xq0-1f',
    attacker: { address: '203.0.113.66', port: 5071 },
    victim: { address: '192.0.2.10', port: 5060 },
    transport: 'udp',
    kind: 'register-bruteforce',
    finding: 'register-bruteforce.bad-registrations',
    count: 57,
    crossed: { count: 5, threshold: 5, windowMs: 60_000 },
    ratePerSecond: 3.2,
    first: AT - 18_000,
    last: AT,
    closed: null,
    users: ['100', '101', 'alice'],
    usersTotal: 45,
    files: [],
    userAgent: 'friendly-scanner',
    country: 'NL',
    asn: 64500,
    network: 'Example Networks B.V.',
    action: 'block',
    target: '203.0.113.66',
    reason: 'register-bruteforce.bad-registrations',
    until: AT + 3_600_000,
    blocksBefore: 1,
    dropped: 1204,
    link: `${CONSOLE}/attacks/mb2k9xq0-1f`,
    next: [
      { what: 'Keep it out for good', command: 'ringfence deny add 203.0.113.66', link: `${CONSOLE}/lists/deny` },
      { what: 'Lift the block', command: 'ringfence unblock 203.0.113.66', link: null },
      {
        what: 'See why it was blocked',
        command: 'ringfence explain 203.0.113.66',
        link: `${CONSOLE}/why/203.0.113.66`,
      },
    ],
    ...over,
  };
}

/** Every text that a stranger chooses is this one. */
export function attackBy(text: string): AttackFacts {
  return attack({ users: [text, text], files: [text], userAgent: text, network: text });
}

export function attackNotice(over: Partial<AttackNotice> = {}): AttackNotice {
  return {
    ...{ kind: 'attack-opened', id: 'attack-opened:mb2k9xq0-1f', at: AT, before: null, others: [], othersTotal: 0 },
    attack: attack(),
    ...over,
  } as AttackNotice;
}

export const tftpAttack = attack({
  ...{ kind: 'tftp-bruteforce', finding: 'tftp-bruteforce.files-refused', userAgent: null, users: [], usersTotal: 12 },
  files: ['SEP001122334455.cnf.xml', 'y000000000000.cfg'],
  victim: { address: '192.0.2.10', port: 69 },
});

export const inviteLimitAttack = attack({
  ...{ kind: 'invite-limit', finding: 'invite-limit.rate', action: 'watch', reason: 'invite-limit.rate', until: null },
  crossed: { count: 61, threshold: 60, windowMs: 10_000 },
  next: [
    { what: 'Deny the address', command: 'ringfence deny add 203.0.113.66', link: null },
    {
      what: 'Raise its limit: a trunk or a call centre may send more',
      command:
        "ringfence policy set detect.invite-limit.overrides '[{source: 203.0.113.66, simultaneous: 60, threshold: 120}]'",
      link: `${CONSOLE}/protection`,
    },
  ],
});

export function campaign(one: AttackFacts = attack()): CampaignFacts {
  return {
    ...{ first: AT - 300_000, last: AT, sources: 10_000, incidents: 10_412, count: 523_301, blocked: 9_998 },
    unlisted: 0,
    kinds: [
      { kind: 'register-bruteforce', sources: 9000 },
      { kind: 'scanner-agent', sources: 1000 },
    ],
    victims: [{ address: '192.0.2.10', sources: 10_000 }],
    countries: [
      { country: 'NL', sources: 7000 },
      { country: null, sources: 3000 },
    ],
    networks: [{ asn: 64500, network: one.network, sources: 7000 }],
    examples: [one, attack({ attacker: { address: '2001:db8:66:77:88:99:aa:bb', port: 5060 }, country: null })],
    link: `${CONSOLE}/attacks`,
    next: [{ what: 'Close the ports to a country', command: 'ringfence geo preview NL', link: null }],
  };
}

/** One of each kind, with these facts. */
export function everyNotice(one: AttackFacts, text: string): Notice[] {
  const facts = campaign(one);
  return [
    attackNotice({ attack: one, others: [one], othersTotal: 3 }),
    attackNotice({ kind: 'attack-escalated', before: 'limit', attack: one }),
    attackNotice({ kind: 'attack-ended', attack: one }),
    { kind: 'invite-limit', id: 'invite-limit:1', at: AT, attack: { ...one, kind: 'invite-limit' } },
    { kind: 'campaign-opened', id: 'campaign:1', at: AT, campaign: facts, attachments: [] },
    { kind: 'campaign-ended', id: 'campaign:1:ended', at: AT, campaign: facts, attachments: [] },
    {
      ...{
        kind: 'storm',
        id: 'storm:1',
        at: AT,
        from: AT - 3_600_000,
        to: AT,
        perHourMax: 30,
        notices: 10_000,
        cause: 'cap',
      },
      campaign: facts,
      lost: 0,
      lines: [{ at: AT, text }],
      attachments: [],
    },
    {
      ...{ kind: 'trouble', id: 'trouble:1', at: AT, level: 'error', code: 'store-disk-full', text },
      ...{ hint: 'free some space', link: null },
    },
    { kind: 'test', id: 'test:1', at: AT, channel: 'office', by: 'alice' },
  ];
}
