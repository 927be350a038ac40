/** Traffic of healthy users: none of it may ever be blocked. Every case says what makes it look bad. */
import { atPort, endpoint, merge, neighbour, START, type Endpoint, type Traffic } from './datagram.ts';
import { Phone } from './phone.ts';
import { Random } from './random.ts';
import { Registrar, retransmissions, type RegistrarOptions } from './registrar.ts';
import { PBXS, PHONES } from './shapes.ts';
import type { Shape } from './sip-text.ts';
import { tftpBoot } from './tftp.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export const PBX = endpoint('192.0.2.10', 5060);
export const TFTP = endpoint('192.0.2.10', 69);
const PHONE = endpoint('198.51.100.20', 5060);
const NAT = endpoint('198.51.100.1', 40_000);
const shapes: Shape[] = Object.values(PHONES);

const pbx = (options: Partial<RegistrarOptions> = {}) => new Registrar({ endpoint: PBX, ...options });

/** `count` phones behind one address, each with its own port, starting within `spreadMs`. */
function natPhones(
  server: Registrar,
  count: number,
  spreadMs: number,
  each: (phone: Phone, at: number) => void,
): Traffic {
  const traffic: Traffic = [];
  const random = new Random(count);
  for (let i = 0; i < count; i++) {
    const inside = neighbour(endpoint('10.0.0.10', 5060), i);
    const phone = new Phone(traffic, server, {
      endpoint: atPort(NAT, NAT.port + i),
      inside,
      user: String(1000 + i),
      shape: shapes[i % shapes.length],
      seed: i + 1,
    });
    each(phone, START + random.below(spreadMs));
  }
  return merge(traffic);
}

function onePhone(
  server: Registrar,
  act: (phone: Phone) => void,
  at: Endpoint = PHONE,
  shape: Shape = PHONES.yealink,
): Traffic {
  const traffic: Traffic = [];
  act(new Phone(traffic, server, { endpoint: at, user: '2001', shape, seed: 5 }));
  return merge(traffic);
}

/** RFC 3261 timers E and F: an unanswered request is repeated until 64·T1 = 32 s, then the phone tries again. */
function unanswered(traffic: Traffic): Traffic {
  return merge(traffic, ...traffic.map((d) => retransmissions(d, 10)));
}

const GATEWAY_LINES = 48;

/** An analogue gateway: all its lines register from one address and port. */
function gateway(server: Registrar, at: number, minutes: number): Traffic {
  const traffic: Traffic = [];
  const lines = Array.from(
    { length: GATEWAY_LINES },
    (_, i) =>
      new Phone(traffic, server, { endpoint: PHONE, user: String(2000 + i), shape: PHONES.grandstream, seed: 300 + i }),
  );
  for (let minute = 0; minute <= minutes; minute += 5)
    lines.forEach((line, i) => line.register(at + minute * MINUTE + i * 40, 300));
  return merge(traffic);
}

/** What becomes of a carrier's calls: most are answered, some are busy, cancelled or dialled wrong. */
const TRUNK_OUTCOMES = [200, 200, 200, 200, 200, 200, 486, 487, 480, 404];

/** A carrier's trunk: `perSecond` calls from one address, no registration, no challenge, wrong numbers among them. */
export function trunk(perSecond: number, seconds: number): Traffic {
  const server = pbx({ callStatus: (user) => TRUNK_OUTCOMES[Number(user.slice(-1))] });
  const traffic: Traffic = [];
  const carrier = endpoint('203.0.113.200', 5060);
  const random = new Random(77);
  const line = new Phone(traffic, server, { endpoint: carrier, user: '+442079460000', shape: PBXS.carrier, seed: 9 });
  for (let i = 0; i < perSecond * seconds; i++) {
    line.call(START + (i * SECOND) / perSecond, `44207946${String(random.below(10_000)).padStart(4, '0')}`, 5_000);
  }
  return merge(traffic);
}

export interface GoodCase {
  /** Why it might be mistaken. */
  looksLike: string;
  traffic: () => Traffic;
}

export const GOOD_CASES: Readonly<Record<string, GoodCase>> = {
  'a day of a registered phone': {
    looksLike: 'hundreds of challenged requests from one address',
    traffic: () =>
      onePhone(pbx({ challengeCalls: 407 }), (p) => {
        for (let hour = 0; hour < 24; hour++) {
          const at = START + hour * HOUR;
          p.register(at);
          for (let k = 0; k < 60; k++) p.keepAlive(at + k * MINUTE + 7 * SECOND);
          p.asked(at + 10 * MINUTE, 'OPTIONS', 200);
          if (hour % 3 === 0) p.call(at + 20 * MINUTE, '2002', 90 * SECOND);
          p.subscribe(at + 30 * MINUTE, '2002', 'dialog');
          p.asked(at + 31 * MINUTE, 'NOTIFY', 200, { Event: 'dialog', 'Subscription-State': 'active' });
          p.publish(at + 40 * MINUTE);
        }
      }),
  },
  'a phone that is challenged for every request': {
    looksLike: 'REGISTER answered 401 again and again',
    traffic: () =>
      onePhone(pbx(), (p) => {
        for (let i = 0; i < 60; i++) {
          p.nonce = null;
          p.register(START + i * 10 * SECOND, 10);
        }
      }),
  },
  'a nonce that is stale': {
    looksLike: 'credentials answered 401',
    traffic: () =>
      onePhone(pbx({ nonceLifetimeMs: 5 * SECOND }), (p) => {
        for (let i = 0; i < 40; i++) p.register(START + i * 8 * SECOND, 60);
      }),
  },
  'a nonce that is old, said without stale': {
    looksLike: 'credentials answered 401 without stale=true',
    traffic: () =>
      onePhone(pbx({ nonceLifetimeMs: 5 * SECOND, oldNonce: 'silent' }), (p) => {
        for (let i = 0; i < 40; i++) p.register(START + i * 8 * SECOND, 60);
      }),
  },
  'a new nonce after every success': {
    looksLike: 'credentials answered 401 without stale=true, five times a minute',
    traffic: () =>
      onePhone(pbx({ oneTimeNonce: true }), (p) => {
        for (let i = 0; i < 60; i++) p.register(START + i * 6 * SECOND, 60);
      }),
  },
  'retransmissions of an authenticated REGISTER': {
    looksLike: 'the same credentials refused many times',
    traffic: () => {
      const traffic = onePhone(pbx(), (p) => {
        p.password = 'mistyped';
        p.register(START);
      });
      // The answers are late: each request is sent eleven times and each copy gets its answer.
      return merge(traffic, ...traffic.map((d) => retransmissions(d, 10)));
    },
  },
  'a password mistyped twice, then right': {
    looksLike: 'two bad registrations',
    traffic: () =>
      onePhone(pbx(), (p) => {
        const right = p.password;
        p.password = 'secert-2001';
        p.register(START);
        p.register(START + 10 * SECOND);
        p.password = right;
        p.register(START + 25 * SECOND);
      }),
  },
  '200 phones behind one NAT after an outage': {
    looksLike: '200 users challenged from one address within seconds',
    traffic: () => natPhones(pbx(), 200, 3 * SECOND, (p, at) => void p.register(at)),
  },
  '200 phones behind one NAT, all at the same instant': {
    looksLike: '200 users challenged from one address at once',
    traffic: () => natPhones(pbx(), 200, 1, (p, at) => void p.register(at)),
  },
  '200 phones behind one NAT with stale nonces': {
    looksLike: '200 credentials answered 401 from one address',
    traffic: () =>
      natPhones(pbx({ nonceLifetimeMs: MINUTE }), 200, 3 * SECOND, (p, at) => {
        p.register(at);
        p.register(at + 5 * MINUTE);
      }),
  },
  '200 phones behind one NAT with old nonces, said without stale': {
    looksLike: '200 credentials answered 401 without stale=true from one address',
    traffic: () =>
      natPhones(pbx({ nonceLifetimeMs: MINUTE, oldNonce: 'silent' }), 200, 3 * SECOND, (p, at) => {
        p.register(at);
        p.register(at + 5 * MINUTE);
      }),
  },
  '200 phones behind one NAT while the PBX is down': {
    looksLike: 'thousands of REGISTERs for 200 users that nothing answers',
    traffic: () => unanswered(natPhones(pbx({ down: true }), 200, 3 * SECOND, (p, at) => void p.register(at))),
  },
  'a PBX that is down for ten minutes and comes back': {
    looksLike: 'a burst of REGISTERs after a silence',
    traffic: () =>
      merge(
        unanswered(
          natPhones(pbx({ down: true }), 200, 3 * SECOND, (p, at) =>
            [0, 4, 8].forEach((m) => p.register(at + m * MINUTE)),
          ),
        ),
        natPhones(pbx(), 200, 3 * SECOND, (p, at) => void p.register(at + 10 * MINUTE)),
      ),
  },
  'a gateway that registers 48 lines from one port': {
    looksLike: '48 users challenged from one address and port',
    traffic: () => gateway(pbx(), START, 30),
  },
  'a gateway of 48 lines while the PBX is down': {
    looksLike: '48 users asked for from one port with nothing answered',
    traffic: () => unanswered(gateway(pbx({ down: true }), START, 0)),
  },
  'a trunk with 50 calls a second': {
    looksLike: 'an INVITE flood with five unknown users a second',
    traffic: () => trunk(50, 20),
  },
  'OPTIONS keep-alives of 30 phones behind one NAT': {
    looksLike: 'an OPTIONS scan',
    traffic: () =>
      natPhones(pbx(), 30, SECOND, (p, at) => {
        p.register(at);
        for (let i = 1; i <= 20; i++) p.options(at + i * 15 * SECOND);
      }),
  },
  'CRLF and NUL keep-alives': {
    looksLike: 'malformed SIP, one a second',
    traffic: () =>
      onePhone(pbx(), (p) => {
        p.register(START);
        for (let i = 1; i <= 120; i++) p.keepAlive(START + i * SECOND, ['\r\n\r\n', '\r\n', '\0', '\0\0\0\0'][i % 4]);
      }),
  },
  'a busy-lamp phone that subscribes to 40 extensions': {
    looksLike: '40 users asked for from one address',
    traffic: () =>
      onePhone(pbx({ challengeCalls: 401 }), (p) => {
        p.register(START);
        for (let i = 0; i < 40; i++) p.subscribe(START + SECOND + i * 100, String(1000 + i), 'dialog');
        for (let i = 0; i < 40; i++) p.asked(START + 6 * SECOND + i * 50, 'NOTIFY', 200, { Event: 'dialog' });
        p.publish(START + 10 * SECOND);
      }),
  },
  'calls that are held, resumed, busy and cancelled': {
    looksLike: 'many INVITEs, some refused',
    traffic: () =>
      onePhone(
        pbx({ challengeCalls: 407, callStatus: (u) => ({ 3: 486, 4: 487, 5: 480 })[u.slice(-1)] ?? 200 }),
        (p) => {
          p.register(START);
          for (let i = 0; i < 12; i++) {
            const at = START + (i + 1) * 10 * SECOND;
            p.call(at, String(2002 + (i % 6)), 5 * SECOND);
            p.reinvite(at + 5 * SECOND, '2002');
          }
        },
      ),
  },
  'a call that is challenged, then authenticated': {
    looksLike: 'INVITE answered 401',
    traffic: () =>
      onePhone(pbx({ challengeCalls: 401 }), (p) => {
        for (let i = 0; i < 10; i++) {
          p.nonce = null;
          p.call(START + i * 12 * SECOND, '2002', 4 * SECOND);
        }
      }),
  },
  'a user who misdials six times in a minute': {
    looksLike: 'unknown users by INVITE',
    traffic: () =>
      onePhone(pbx({ challengeCalls: 407, callStatus: (u) => (u.startsWith('9') ? 404 : 200) }), (p) => {
        p.register(START);
        for (let i = 0; i < 6; i++) p.call(START + (i + 1) * 9 * SECOND, `90${i}123`);
      }),
  },
  'calls that ring six phones at once': {
    looksLike: 'six answers to each INVITE, all but one never final',
    traffic: () =>
      onePhone(pbx({ forks: 6 }), (p) => {
        for (let i = 0; i < 20; i++) p.call(START + i * 6 * SECOND, '2002', 2 * SECOND);
      }),
  },
  'calls that are redirected': {
    looksLike: 'INVITEs without a 200',
    traffic: () =>
      onePhone(pbx({ callStatus: () => 302 }), (p) => {
        for (let i = 0; i < 30; i++) p.call(START + i * 2 * SECOND, '2002');
      }),
  },
  'a registration that is too brief': {
    looksLike: 'REGISTER refused with 423',
    traffic: () =>
      onePhone(pbx({ minExpires: 120 }), (p) => {
        for (let i = 0; i < 20; i++) p.register(START + i * 5 * SECOND, 60);
      }),
  },
  'phones of every make on addresses of their own': {
    looksLike: 'user agents and header shapes of all kinds',
    traffic: () => {
      const traffic: Traffic = [];
      const server = pbx({ challengeCalls: 407 });
      [...shapes, ...Object.values(PBXS)].forEach((shape, i) => {
        const p = new Phone(traffic, server, {
          endpoint: neighbour(PHONE, i),
          user: String(3000 + i),
          shape,
          seed: 40 + i,
        });
        p.register(START + i * 200);
        p.call(START + 10 * SECOND + i * 200, '2002', 5 * SECOND);
        p.options(START + 30 * SECOND);
      });
      return merge(traffic);
    },
  },
  '20 phones that boot over TFTP': {
    looksLike: 'eighty file names that do not exist',
    traffic: () =>
      merge(
        ...Array.from({ length: 20 }, (_, i) => {
          const mac = (0x0004f2a00000 + i * 977).toString(16).toUpperCase().padStart(12, '0');
          return tftpBoot(TFTP, atPort(neighbour(PHONE, i), 49_152), mac, START + i * 700);
        }),
      ),
  },
};
