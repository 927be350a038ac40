/** How products write their messages: header order, spelling and habits as seen in captures of them, nothing more. */
import type { Random } from './random.ts';
import type { Shape } from './sip-text.ts';

const base = {
  displayGap: ' ',
  contactParams: '',
  extra: {},
  branch: (random: Random) => `z9hG4bK${random.hex(16)}`,
  tag: (random: Random) => random.hex(10),
  callId: (random: Random, host: string) => `${random.hex(16)}@${host}`,
  rport: true,
  display: () => null,
} satisfies Partial<Shape>;

const ALLOW = 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, NOTIFY, REFER, SUBSCRIBE, UPDATE, MESSAGE, PUBLISH';
const CLASSIC = ['Via', 'From', 'To', 'Call-ID', 'CSeq', 'Contact', 'Authorization', 'Proxy-Authorization'];
const TAIL = ['Max-Forwards', 'User-Agent', 'Expires', 'Allow', 'Supported', 'Content-Type', 'Content-Length'];

export const PHONES = {
  yealink: {
    ...base,
    userAgent: 'Yealink SIP-T46S 66.86.0.15',
    order: [
      ...CLASSIC,
      'Allow',
      'Max-Forwards',
      'User-Agent',
      'Expires',
      'Allow-Events',
      'Content-Type',
      'Content-Length',
    ],
    display: (user) => `Desk ${user}`,
    extra: { Allow: ALLOW, 'Allow-Events': 'talk,hold,conference,refer,check-sync' },
  },
  polycom: {
    ...base,
    userAgent: 'PolycomVVX-VVX_411-UA/5.9.6.2327',
    order: ['Via', 'From', 'To', 'CSeq', 'Call-ID', 'Contact', 'User-Agent', 'Accept-Language', 'Authorization'],
    display: (user) => user,
    extra: { 'Accept-Language': 'en' },
    rport: false,
  },
  grandstream: {
    ...base,
    userAgent: 'Grandstream GXP2160 1.0.11.16',
    order: ['Via', 'From', 'To', 'Call-ID', 'CSeq', 'Contact', 'Authorization', ...TAIL],
    contactParams: ';reg-id=1;+sip.instance="<urn:uuid:00000000-0000-1000-8000-000B82AABBCC>"',
    extra: { Supported: 'path', Allow: ALLOW },
  },
  cisco: {
    ...base,
    userAgent: 'Cisco/SPA504G-7.6.2g',
    order: [
      'Via',
      'From',
      'To',
      'Call-ID',
      'CSeq',
      'Max-Forwards',
      'Authorization',
      'Contact',
      'Expires',
      'User-Agent',
    ],
    display: (user) => `Line ${user}`,
    branch: (random) => `z9hG4bK-${random.hex(16)}`,
    rport: false,
    extra: { Supported: 'replaces' },
  },
  snom: {
    ...base,
    userAgent: 'snomD725/10.1.46.16',
    order: [
      'Via',
      'From',
      'To',
      'Call-ID',
      'CSeq',
      'Max-Forwards',
      'User-Agent',
      'Contact',
      'Supported',
      'Authorization',
    ],
    contactParams: ';line=r5n3k2vq;reg-id=1',
    extra: { Supported: 'path, gruu', 'X-Real-IP': '10.20.30.40' },
    branch: (random) => `z9hG4bK-${random.hex(16)}`,
  },
  linphone: {
    ...base,
    userAgent: 'LinphoneiOS/5.0.1 (iPhone) LinphoneSDK/5.2.0',
    order: [
      'Via',
      'From',
      'To',
      'CSeq',
      'Call-ID',
      'Max-Forwards',
      'Supported',
      'Accept',
      'Contact',
      'Expires',
      'User-Agent',
    ],
    branch: (random) => `z9hG4bK.${random.hex(16)}`,
    extra: { Supported: 'replaces, outbound, gruu, path', Accept: 'application/sdp' },
  },
  /** A mobile client that writes short names (RFC 3261 §7.3.3) to stay under one packet. */
  mobile: {
    ...base,
    compact: true,
    userAgent: 'Acrobits SIPIS (Groundwire)',
    order: [
      'Via',
      'From',
      'To',
      'Call-ID',
      'CSeq',
      'Contact',
      'Expires',
      'Max-Forwards',
      'User-Agent',
      'Authorization',
    ],
    extra: { Supported: 'outbound' },
  },
} satisfies Record<string, Shape>;

export const PBXS = {
  asterisk: {
    ...base,
    userAgent: 'Asterisk PBX 20.5.0',
    order: ['Via', 'From', 'To', 'Contact', 'Call-ID', 'CSeq', 'Allow', 'Supported', 'Max-Forwards', 'User-Agent'],
    display: (user) => user,
    branch: (random) => `z9hG4bKPj${random.hex(16)}`,
    extra: { Allow: ALLOW, Supported: '100rel, timer, replaces, norefersub' },
  },
  freeswitch: {
    ...base,
    userAgent: 'FreeSWITCH-mod_sofia/1.10.11-release~64bit',
    order: ['Via', 'Max-Forwards', 'From', 'To', 'Call-ID', 'CSeq', 'Contact', 'User-Agent', 'Allow', 'Supported'],
    display: (user) => user,
    extra: { Allow: ALLOW, Supported: 'timer, path, replaces' },
  },
  carrier: {
    ...base,
    userAgent: null,
    order: ['Via', 'Record-Route', 'From', 'To', 'Call-ID', 'CSeq', 'Contact', 'Max-Forwards', 'Allow'],
    rport: false,
    extra: { Allow: ALLOW, 'P-Asserted-Identity': '<sip:+442079460000@carrier.example>' },
  },
} satisfies Record<string, Shape>;

/** sipvicious writes numbers, and tags that are the hexadecimal text of "what it tries", a byte 1 and a number. */
const decimal = (random: Random) => String(random.word());

/** sipvicious 0.3: svmap, svwar and svcrack write the same way; `compact` is their `-c`, which also sends no user agent. */
const sipvicious: Shape = {
  ...base,
  userAgent: 'friendly-scanner',
  order: ['Via', 'Max-Forwards', 'To', 'From', 'User-Agent', 'Call-ID', 'Contact', 'CSeq', 'Accept', 'Content-Length'],
  display: (user) => user,
  displayGap: '',
  branch: (random) => `z9hG4bK-${decimal(random)}`,
  tag: (random, user) => Buffer.from(`${user}\x01${decimal(random)}`).toString('hex'),
  callId: decimal,
  extra: { Accept: 'application/sdp' },
};

export const TOOLS = {
  sipvicious,
  sipviciousCompact: {
    ...sipvicious,
    compact: true,
    userAgent: null,
    order: ['Via', 'To', 'From', 'Call-ID', 'Contact', 'CSeq', 'Max-Forwards', 'Accept', 'Content-Length'],
  },
  /** A bot that pretends to be a phone. */
  disguised: { ...PHONES.yealink },
  /** A bot that sends no user agent. */
  nameless: { ...base, userAgent: null, order: [...CLASSIC, 'Max-Forwards', 'Content-Type', 'Content-Length'] },
  /** sipvicious with `-U` or edited: its user agent is gone, its habits are not. */
  sipviciousRenamed: { ...sipvicious, userAgent: 'Linksys-SPA942' },
  /** SIPp's built-in scenarios: no user agent, its own branch shape, `sipp` as the user. */
  sipp: {
    ...base,
    userAgent: null,
    order: [
      'Via',
      'From',
      'To',
      'Call-ID',
      'CSeq',
      'Contact',
      'Max-Forwards',
      'Subject',
      'Content-Type',
      'Content-Length',
    ],
    display: (user) => user,
    branch: (random) => `z9hG4bK-${random.hex(16)}`,
    extra: { Subject: 'Performance Test' },
    rport: false,
  },
  sipcli: {
    ...base,
    userAgent: 'sipcli/v1.8',
    order: [
      'Via',
      'From',
      'To',
      'Contact',
      'Call-ID',
      'CSeq',
      'Max-Forwards',
      'User-Agent',
      'Content-Type',
      'Content-Length',
    ],
    displayGap: '',
  },
} satisfies Record<string, Shape>;
