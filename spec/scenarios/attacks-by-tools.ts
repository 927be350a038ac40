/** What other tools send than the ones in `attacks-on-accounts.ts`, and what their users change to pass unseen. */
import { Attacker, flood, malformedFlood, svcrack, svwar } from '../traffic/attacks.ts';
import { merge, START, type Traffic } from '../traffic/datagram.ts';
import { TEXT_DISGUISES, WIRE_DISGUISES } from '../traffic/disguises.ts';
import { TFTP } from '../traffic/good-cases.ts';
import { transact } from '../traffic/registrar.ts';
import { PHONES, TOOLS } from '../traffic/shapes.ts';
import type { Shape, SipRequest } from '../traffic/sip-text.ts';
import { tftpAsk } from '../traffic/tftp.ts';
import { attack, ATTACKER, disguised, PBX, pbx } from './scene.ts';
import { blocks, type Group } from './scenario.ts';

const nse: Shape = {
  ...TOOLS.nameless,
  userAgent: 'Yealink SIP-T46S 66.86.0.15',
  display: () => 'Nmap NSE',
  branch: (r) => `z9hG4bK${r.hex(25)}`,
  tag: (r) => r.hex(20),
  callId: (r) => r.hex(60),
};
const sipptsShape: Shape = {
  ...PHONES.yealink,
  branch: (r) => r.hex(71),
  callId: (r) => r.hex(32),
  tag: (r) => r.hex(8),
};
const sipsak: Shape = {
  ...TOOLS.nameless,
  userAgent: 'sipsak 0.9.7',
  branch: (r) => `z9hG4bK.${r.hex(8)}`,
  tag: (r) => r.hex(8),
  callId: (r, host) => `${r.word()}@${host}`,
};

/** Metasploit's enumerator: a random user and agent, a constant tag, and no empty line at the end. */
function enumerator(method: 'OPTIONS' | 'REGISTER'): Traffic {
  const server = pbx({ unknownUser: 404, optionsStatus: (user) => (Number(user) < 5 ? 200 : 404) });
  const bot = new Attacker(
    { ...attack(60, 20), pbx: server },
    {
      ...TOOLS.nameless,
      userAgent: 'qX7',
      branch: (random) => `z9hG4bK.${random.hex(8)}`,
      tag: () => '70c00e8c',
      callId: (random, host) => `${random.word()}@${host}`,
    },
  );
  for (let i = 0; !bot.done; i++) {
    const user = String(i).padStart(4, '0');
    bot.send(
      bot.request(method, user, {
        fromUser: 'k3v',
        contact: `<sip:k3v@${ATTACKER.host}:5060>`,
        uri: `sip:${user}@${PBX.host}`,
      }),
    );
  }
  return bot
    .sorted()
    .map((d) =>
      d.from.port === PBX.port && d.from.host === PBX.host
        ? d
        : { ...d, payload: d.payload.subarray(0, d.payload.length - 2) },
    );
}

/** Guesses with one nonce for all, counted as if the server had asked for it; each under a Call-ID of its own. */
function oneNonce(known: boolean, users = 1): Traffic {
  const traffic: Traffic = [];
  const server = pbx();
  const bot = new Attacker(disguised(1, 1), TOOLS.disguised);
  const first = transact(traffic, server, { ...bot.request('REGISTER', '1001'), from: ATTACKER }, bot.shape, START);
  const nonce = known ? first.final!.challenge!.nonce : 'ffffffff00000000';
  for (let i = 0; i < 80; i++) {
    const user = String(1001 + (i % users));
    const credentials = { ...bot.credentials(user, nonce, false), count: i + 1 };
    const r: SipRequest = { ...bot.request('REGISTER', user), cseq: 1, credentials };
    transact(traffic, server, { ...r, from: ATTACKER }, bot.shape, START + 100 + i * 100);
  }
  return merge(traffic);
}

const files = () => {
  const makes = ['SEP%.cnf.xml', '%.cfg', 'spa%.xml', 'cfg%.xml', '%-phone.cfg', 'aastra%.cfg'];
  const names = Array.from({ length: 36 }, (_, i) =>
    makes[i % 6].replace('%', (0x0004f2000000 + i).toString(16).padStart(12, '0')),
  );
  return tftpAsk(TFTP, ATTACKER, names, START, 300);
};

export const OTHER_TOOLS: Group = {
  title: 'Other tools',
  kind: 'attack',
  scenarios: [
    {
      name: "Metasploit's enumerator by OPTIONS",
      note: 'which users exist',
      traffic: () => enumerator('OPTIONS'),
      said: blocks('enumeration.users-refused'),
    },
    {
      name: "Metasploit's enumerator by REGISTER",
      note: 'which users exist',
      traffic: () => enumerator('REGISTER'),
      said: blocks('register-bruteforce.bad-registrations'),
    },
    {
      name: 'Nmap sip-brute under another name',
      note: 'passwords',
      traffic: () => svcrack({ ...attack(40, 10, {}, nse), user: '1001' }),
      said: blocks('register-bruteforce.bad-registrations'),
    },
    {
      name: 'sippts that calls itself a phone, one socket for each extension',
      note: 'which users exist',
      traffic: () => svwar({ ...attack(40, 20, { unknownUser: 404 }, sipptsShape), method: 'REGISTER', ports: 'each' }),
      said: blocks('scanner-fingerprint.sippts'),
    },
    {
      name: 'sipsak that counts through users',
      note: 'which users exist',
      traffic: () => svwar({ ...attack(40, 10, { unknownUser: 404 }, sipsak), method: 'REGISTER', firstUser: 100_000 }),
      said: blocks('register-bruteforce.bad-registrations'),
    },
    {
      name: 'names of files of six makes over TFTP',
      note: 'passwords of phones',
      traffic: files,
      said: blocks('tftp-bruteforce.files-refused'),
    },
    {
      name: 'guesses with one nonce for all',
      note: 'speed',
      traffic: () => oneNonce(true),
      said: blocks('register-bruteforce.bad-registrations'),
    },
    {
      name: 'guesses with a nonce that was never given out',
      note: 'a PBX that does not look',
      traffic: () => oneNonce(false),
      said: blocks('register-bruteforce.bad-registrations'),
    },
    {
      name: 'users in turn, each with a nonce that was never given out',
      note: 'a PBX that does not look',
      traffic: () => oneNonce(false, 80),
      said: blocks('enumeration.users-abandoned'),
    },
    {
      name: 'guesses with a TCP connection for each',
      note: 'evading what is counted for a connection',
      traffic: () => svcrack({ ...disguised(40, 20), user: '1001', ports: 'each' }),
      wire: WIRE_DISGUISES.TCP,
      said: blocks('register-bruteforce.bad-registrations'),
    },
    {
      name: 'guesses in odd case, with white space before colons',
      note: 'evading what compares text',
      traffic: () => svcrack({ ...disguised(40, 20), user: '1001' }),
      wire: TEXT_DISGUISES['odd case'],
      said: blocks('register-bruteforce.bad-registrations'),
    },
    {
      name: 'malformed SIP over one TCP connection',
      note: 'a PBX that crashes',
      traffic: () => malformedFlood(attack(60, 20)),
      wire: WIRE_DISGUISES.TCP,
      said: blocks('malformed.messages'),
    },
    {
      name: 'answers to questions that nobody asked',
      note: 'a PBX that is too busy for calls',
      traffic: () =>
        flood({ ...attack(3_600, 600), method: 'OPTIONS' })
          .filter((d) => d.to.host === PBX.host)
          .map((d) => ({
            ...d,
            payload: Buffer.from(
              Buffer.from(d.payload)
                .toString('latin1')
                .replace(/^.*\r\n/, 'SIP/2.0 200 OK\r\n'),
              'latin1',
            ),
          })),
      said: blocks('flood.requests'),
    },
  ],
};
