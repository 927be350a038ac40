/** Scanners, extensions that exist, passwords. */
import { authCracker, svcrack, svmap, svwar } from '../traffic/attacks.ts';
import { endpoint, inbound, oneWay, START, type Traffic } from '../traffic/datagram.ts';
import { TEXT_DISGUISES, WIRE_DISGUISES } from '../traffic/disguises.ts';
import { PHONES, TOOLS } from '../traffic/shapes.ts';
import type { Shape } from '../traffic/sip-text.ts';
import { attack, ATTACKER, disguised, PBX } from './scene.ts';
import { blocks, type Group } from './scenario.ts';

const named = (userAgent: string): Shape => ({ ...PHONES.yealink, userAgent });

/** sippts: no magic cookie, very long branches, Call-IDs of 32 hexadecimal digits, tags of 8. */
const sippts: Shape = {
  ...TOOLS.nameless,
  userAgent: 'Cisco-CP7960G/8.0',
  branch: (random) => random.hex(71),
  callId: (random) => random.hex(32),
  tag: (random) => random.hex(8),
};

/** Nmap's version probe is the same text everywhere. */
function nmapProbe(): Traffic {
  const lines = [
    ...['OPTIONS sip:nm SIP/2.0', 'Via: SIP/2.0/UDP nm;branch=foo', 'From: <sip:nm@nm>;tag=root', 'To: <sip:nm2@nm2>'],
    ...['Call-ID: 50000', 'CSeq: 42 OPTIONS', 'Max-Forwards: 70', 'Content-Length: 0', 'Contact: <sip:nm@nm>'],
    ...['Accept: application/sdp', '', ''],
  ];
  return [inbound(START, ATTACKER, PBX, lines.join('\r\n'))];
}

/** One password for every user. */
function spray(): Traffic {
  const users = Array.from({ length: 20 }, (_, i) => String(1000 + i));
  return users.flatMap((user, i) =>
    svcrack({ ...attack(2, 4, {}, TOOLS.disguised), user, at: START + i * 700, seed: 40 + i, ports: 'one' }),
  );
}

const dark = Array.from({ length: 20 }, (_, i) => endpoint(`192.0.2.${20 + i}`, 5060));

export const SCANNERS: Group = {
  title: 'Scanners',
  kind: 'attack',
  scenarios: [
    {
      name: 'svmap under its own name',
      note: 'finding PBXs',
      traffic: () => svmap({ ...attack(3, 10, {}, TOOLS.sipvicious), targets: dark }),
      said: blocks('scanner-agent.certain'),
    },
    {
      name: 'svmap in its compact mode, without a name',
      note: 'finding PBXs',
      traffic: () => svmap(attack(3, 10, {}, TOOLS.sipviciousCompact)),
      said: blocks('scanner-fingerprint.sipvicious'),
    },
    {
      name: 'sipvicious with the name of a phone',
      note: 'finding PBXs',
      traffic: () => svmap(attack(3, 10, {}, TOOLS.sipviciousRenamed)),
      said: blocks('scanner-fingerprint.sipvicious'),
    },
    {
      name: 'sipcli that calls',
      note: 'finding PBXs that let calls out',
      traffic: () => svwar({ ...attack(3, 2, { callStatus: () => 404 }, TOOLS.sipcli), method: 'INVITE' }),
      said: blocks('scanner-agent.certain'),
    },
    {
      name: 'VaxSIPUserAgent that registers',
      note: 'finding accounts',
      traffic: () => svwar({ ...attack(3, 2, {}, named('VaxSIPUserAgent/3.1')), method: 'REGISTER' }),
      said: blocks('scanner-agent.certain'),
    },
    {
      name: 'the name of a scanner in odd case, folded',
      note: 'a name that simple filters miss',
      traffic: () => svmap(attack(3, 10, {}, named('Friendly-SCANNER'))),
      wire: TEXT_DISGUISES.folding,
      said: blocks('scanner-agent.certain'),
    },
    {
      name: 'sippts',
      note: 'finding PBXs',
      traffic: () => svmap(attack(3, 10, {}, sippts)),
      said: blocks('scanner-fingerprint.sippts'),
    },
    {
      name: "Nmap's version probe",
      note: 'finding PBXs',
      traffic: nmapProbe,
      said: blocks('scanner-fingerprint.nmap'),
    },
    {
      name: 'a scanner over TCP, byte by byte',
      note: 'finding PBXs',
      traffic: () => svmap(attack(3, 10, {}, TOOLS.sipvicious)),
      wire: WIRE_DISGUISES['TCP, split at every byte'],
      said: blocks('scanner-agent.certain'),
    },
    {
      name: 'a scanner in IP fragments, last first',
      note: 'a name that packet filters miss',
      traffic: () => svmap(attack(3, 10, {}, TOOLS.sipvicious)),
      wire: WIRE_DISGUISES['IP fragments, last first'],
      said: blocks('scanner-agent.certain'),
    },
  ],
};

export const EXTENSIONS: Group = {
  title: 'Looking for extensions',
  kind: 'attack',
  scenarios: [
    {
      name: 'REGISTER for one user after the other, unknown ones answered 404',
      note: 'which users exist',
      traffic: () => svwar({ ...disguised(60, 20, { unknownUser: 404 }), method: 'REGISTER', firstUser: 100_000 }),
      said: blocks('register-bruteforce.bad-registrations'),
    },
    {
      name: 'REGISTER for one user after the other, all challenged',
      note: 'which users exist',
      traffic: () => svwar({ ...disguised(80, 20), method: 'REGISTER', firstUser: 100_000 }),
      said: blocks('enumeration.users-abandoned'),
    },
    {
      name: 'INVITE for one user after the other, unknown ones answered 404',
      note: 'which users exist',
      traffic: () => svwar({ ...disguised(60, 20, { callStatus: () => 404 }), method: 'INVITE' }),
      said: blocks('enumeration.users-refused'),
    },
    {
      name: 'INVITE for one user after the other, all challenged',
      note: 'which users exist',
      traffic: () => svwar({ ...disguised(80, 20, { challengeCalls: 407 }), method: 'INVITE' }),
      said: blocks('enumeration.users-abandoned'),
    },
    {
      name: 'OPTIONS for one user after the other, unknown ones answered 404',
      note: 'which users exist',
      traffic: () => svwar({ ...disguised(60, 20, { optionsStatus: () => 404 }), method: 'OPTIONS' }),
      said: blocks('enumeration.users-refused'),
    },
    {
      name: 'OPTIONS for one user after the other, all answered 200',
      note: 'which users exist',
      traffic: () => svwar({ ...disguised(60, 20), method: 'OPTIONS' }),
      said: blocks('enumeration.users-probed'),
    },
    {
      name: 'OPTIONS for one user after the other, to a PBX that is silent',
      note: 'which users exist',
      traffic: () => svwar({ ...disguised(100, 20, { down: true }), method: 'OPTIONS' }),
      said: blocks('enumeration.users-pending'),
    },
    {
      name: 'a user every five seconds',
      note: 'staying below what people set',
      traffic: () => svwar({ ...disguised(30, 0.2, { optionsStatus: () => 404 }), method: 'OPTIONS' }),
      said: blocks('enumeration.users-refused'),
    },
  ],
};

export const PASSWORDS: Group = {
  title: 'Guessing passwords',
  kind: 'attack',
  scenarios: [
    {
      name: 'svcrack with the name of a phone',
      note: 'one user, password after password',
      traffic: () => svcrack({ ...disguised(40, 20), user: '1001' }),
      said: blocks('register-bruteforce.bad-registrations'),
    },
    {
      name: 'guesses that are answered 403',
      note: 'one user, password after password',
      traffic: () => svcrack({ ...disguised(40, 20, { wrongPassword: 403 }), user: '1001' }),
      said: blocks('register-bruteforce.bad-registrations'),
    },
    {
      name: 'one password for every user',
      note: 'staying below what is counted for a user',
      traffic: spray,
      said: blocks('register-bruteforce.bad-registrations'),
    },
    {
      name: 'six guesses a minute, for an hour',
      note: 'a guesser who passes for a phone with an old password',
      traffic: () => svcrack({ ...disguised(500, 0.1), user: '1001' }),
      said: { ...blocks('register-bruteforce.stuck-phone-too-long'), scope: 'port' },
    },
    {
      name: 'guesses of which the answers are not seen',
      note: 'a mirror port that carries one direction',
      traffic: () => oneWay(svcrack({ ...disguised(80, 20), user: '1001' })),
      said: blocks('register-bruteforce.unanswered-attempts'),
    },
    {
      name: 'guesses from port after port',
      note: 'evading what is counted for a port',
      traffic: () => svcrack({ ...disguised(40, 20), user: '1001', ports: 'each' }),
      said: blocks('register-bruteforce.bad-registrations'),
    },
    {
      name: 'guesses by INVITE',
      note: 'a PBX that protects REGISTER alone',
      traffic: () => authCracker({ ...disguised(40, 20, { challengeCalls: 407 }), user: '1001', method: 'INVITE' }),
      said: blocks('auth-bruteforce.wrong-credentials'),
    },
    {
      name: 'guesses by SUBSCRIBE',
      note: 'a PBX that protects REGISTER alone',
      traffic: () => authCracker({ ...disguised(40, 20, { challengeCalls: 401 }), user: '1001', method: 'SUBSCRIBE' }),
      said: blocks('auth-bruteforce.wrong-credentials'),
    },
    {
      name: 'guesses by MESSAGE',
      note: 'a PBX that protects REGISTER alone',
      traffic: () => authCracker({ ...disguised(40, 20, { challengeCalls: 407 }), user: '1001', method: 'MESSAGE' }),
      said: blocks('auth-bruteforce.wrong-credentials'),
    },
    {
      name: 'guesses over TCP, out of order',
      note: 'evading what reads packets',
      traffic: () => svcrack({ ...disguised(40, 20), user: '1001' }),
      wire: WIRE_DISGUISES['TCP, out of order'],
      said: blocks('register-bruteforce.bad-registrations'),
    },
    {
      name: 'guesses in compact headers, folded, over TCP',
      note: 'evading what compares text',
      traffic: () => svcrack({ ...disguised(40, 20), user: '1001' }),
      wire: TEXT_DISGUISES['compact, folded, over TCP byte by byte'],
      said: blocks('register-bruteforce.bad-registrations'),
    },
    {
      name: 'guesses over IPv6',
      note: 'a rule that was made for IPv4',
      traffic: () => svcrack({ ...disguised(40, 20), user: '1001' }),
      wire: WIRE_DISGUISES.IPv6,
      // Who owns one address of a line owns all: the /64.
      said: { ...blocks('register-bruteforce.bad-registrations', '2001:db8:cb00:71::42'), scope: 'network' },
    },
  ],
};
