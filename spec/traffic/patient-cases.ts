/** Healthy traffic over hours and days that looks like an attacker with patience. */
import { isV4 } from '../../src/core/base/address.ts';
import { atPort, endpoint, merge, neighbour, START, type Endpoint, type Traffic } from './datagram.ts';
import type { GoodCase } from './good-cases.ts';
import { scattered } from './patient.ts';
import { customers } from './provider.ts';
import { Phone } from './phone.ts';
import { Registrar } from './registrar.ts';
import { PBXS, PHONES } from './shapes.ts';
import type { Shape } from './sip-text.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const shapes: Shape[] = Object.values(PHONES);
const PBX = endpoint('192.0.2.10', 5060);
const PBX_V6 = endpoint('2001:db8:100::10', 5060);

/** A phone with an old password, that tries again and again. */
function stuck(traffic: Traffic, at: Endpoint, user: string, shape: Shape, everyMs: number, tries: number, from = 0) {
  const phone = new Phone(traffic, new Registrar({ endpoint: isV4(at.address) ? PBX : PBX_V6 }), {
    endpoint: at,
    user,
    password: 'old',
    shape,
  });
  for (let i = 0; i < tries; i++) phone.register(START + from + i * everyMs);
}

/** A client with an old password that has another port and another Call-ID each time. */
function strangers(traffic: Traffic, at: Endpoint, user: string, everyMs: number, tries: number, from: number) {
  for (let i = 0; i < tries; i++) {
    const phone = new Phone(traffic, new Registrar({ endpoint: PBX }), {
      ...{
        endpoint: atPort(at, 20_000 + i * 7),
        user,
        password: 'old',
        shape: PHONES.linphone,
        seed: Number(user) + i,
      },
    });
    phone.register(START + from + i * everyMs);
  }
}

function office(places: readonly Endpoint[], everyMs: number, tries: number): Traffic {
  const traffic: Traffic = [];
  places.forEach((place, i) => {
    stuck(traffic, place, String(1000 + i), shapes[i % shapes.length], everyMs, tries, i * 29 * SECOND);
  });
  return merge(traffic);
}

export const PATIENT_CASES: Readonly<Record<string, GoodCase>> = {
  'an office of 40 phones with expired passwords, behind one address': {
    looksLike: 'hundreds of refused passwords of 40 users from one address',
    traffic: () => {
      const nat = endpoint('198.51.100.1', 40_000);
      const places = Array.from({ length: 40 }, (_, i) => atPort(nat, 40_000 + i));
      return office(places, 20 * MINUTE, 36);
    },
  },
  'an office of 40 phones with expired passwords, each with its address': {
    looksLike: 'a network that guesses, one address after the other',
    traffic: () =>
      office(
        Array.from({ length: 40 }, (_, i) => neighbour(endpoint('198.51.100.10', 5060), i)),
        2 * MINUTE,
        90,
      ),
  },
  'an office of 40 phones with expired passwords in one IPv6 network': {
    looksLike: 'an attacker who goes through his /64',
    traffic: () =>
      office(
        Array.from({ length: 40 }, (_, i) => endpoint(`2001:db8:0:1::${(i + 16).toString(16)}`, 5060)),
        2 * MINUTE,
        90,
      ),
  },
  'customers of a carrier who share a /24, some of whom gave up': {
    looksLike: 'ten addresses of one network that failed and never came back',
    traffic: () => {
      const traffic: Traffic = [];
      const server = new Registrar({ endpoint: PBX });
      for (let i = 0; i < 60; i++) {
        const place = neighbour(endpoint('198.51.100.20', 30_000), i);
        const user = String(1100 + i);
        const shape = shapes[i % shapes.length];
        if (i % 6 === 0) stuck(traffic, place, user, shape, 20 * SECOND, 2, i * MINUTE);
        else {
          const phone = new Phone(traffic, server, { endpoint: place, user, shape });
          for (let hour = 0; hour < 8; hour++) phone.register(START + hour * 55 * MINUTE + i * SECOND);
        }
      }
      stuck(traffic, endpoint('198.51.100.99', 30_000), '1200', PHONES.yealink, 30 * MINUTE, 12);
      return merge(traffic);
    },
  },
  'four lines of a village whose addresses change every night, with old passwords, for a week': {
    looksLike: 'a network that sends four new addresses a day, each of which gives up',
    traffic: () => {
      const traffic: Traffic = [];
      for (let night = 0; night < 7; night++) {
        for (let line = 0; line < 4; line++) {
          const place = neighbour(endpoint('198.51.100.20', 30_000 + line), night * 4 + line);
          stuck(traffic, place, String(1400 + line), shapes[line], 5 * MINUTE, 3, (night * 24 * 60 + line) * MINUTE);
        }
      }
      return merge(traffic);
    },
  },
  'a softphone with a wrong password on a mobile network': {
    looksLike: 'one user tried from forty addresses of three networks',
    traffic: () => {
      const traffic: Traffic = [];
      for (let i = 0; i < 40; i++) {
        const place = endpoint(`${['198.51.100', '203.0.113', '192.0.0'][i % 3]}.${20 + i * 3}`, 20_000 + i);
        stuck(traffic, place, '1300', PHONES.linphone, 5 * MINUTE, 3, i * 30 * MINUTE);
      }
      return merge(traffic);
    },
  },
  'a monitoring system that probes a wrong account each minute for three days': {
    looksLike: 'one user tried 4,320 times, each time from another port and with another Call-ID',
    traffic: () => {
      const traffic: Traffic = [];
      for (let i = 0; i < 4_320; i++) {
        const place = endpoint('198.51.100.77', 10_000 + ((i * 7) % 50_000));
        const probe = new Phone(traffic, new Registrar({ endpoint: PBX }), {
          ...{ endpoint: place, user: '1400', password: 'old', shape: PBXS.carrier, seed: i },
        });
        probe.register(START + i * MINUTE);
      }
      return merge(traffic);
    },
  },
  'a popular user that 30 unrelated phones are set to': {
    looksLike: 'one user tried from 30 networks',
    traffic: () => {
      const traffic: Traffic = [];
      scattered(30).forEach((place, i) =>
        stuck(traffic, place, '100', shapes[i % shapes.length], 10 * MINUTE, 72, i * 17 * MINUTE),
      );
      return merge(traffic);
    },
  },
  'a quiet trunk with wrong numbers, for a week': {
    looksLike: 'sixty unknown users asked for, one every two or three hours',
    traffic: () => {
      const traffic: Traffic = [];
      const server = new Registrar({ endpoint: PBX, callStatus: (user) => (user.endsWith('4') ? 404 : 200) });
      const carrier = endpoint('203.0.113.200', 5060);
      const line = new Phone(traffic, server, {
        endpoint: carrier,
        user: '+442079460000',
        shape: PBXS.carrier,
        seed: 9,
      });
      for (let i = 0; i < 600; i++) line.call(START + i * 16 * MINUTE, `4420794${60_000 + i}`, MINUTE);
      return merge(traffic);
    },
  },
  'forty people who work at home, at one provider, after the passwords have changed': {
    looksLike: 'forty networks of one provider that guess together, night and day',
    traffic: () =>
      merge(
        ...customers(40, 2).map((home, i) => {
          const traffic: Traffic = [];
          const from = i * 7 * MINUTE;
          // Desk phones try again for hours; some people give up after two tries; some have a bad client that is a stranger each time.
          if (i % 4 === 0) stuck(traffic, home, String(1600 + i), shapes[i % shapes.length], 40 * SECOND, 2, from);
          else if (i % 4 === 1) strangers(traffic, home, String(1600 + i), 90 * MINUTE, 18, from);
          else stuck(traffic, home, String(1600 + i), shapes[i % shapes.length], 20 * MINUTE, 72, from);
          return traffic;
        }),
      ),
  },
  'a user who tries four old passwords, then the right one': {
    looksLike: 'a burst of guesses',
    traffic: () => {
      const traffic: Traffic = [];
      const place = endpoint('198.51.100.88', 5060);
      for (let day = 0; day < 5; day++) stuck(traffic, place, '1500', PHONES.linphone, 40 * SECOND, 4, day * 24 * HOUR);
      const right = new Phone(traffic, new Registrar({ endpoint: PBX }), {
        ...{ endpoint: place, user: '1500', shape: PHONES.linphone },
      });
      for (let day = 0; day < 5; day++) right.register(START + day * 24 * HOUR + 5 * MINUTE);
      return merge(traffic);
    },
  },
};
