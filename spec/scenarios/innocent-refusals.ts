/** People who are refused again and again, all of them customers: wrong lists, wrong passwords, accounts that ended. */
import { atPort, endpoint, merge, START, type Traffic } from '../traffic/datagram.ts';
import { TFTP } from '../traffic/good-cases.ts';
import { PATIENT_CASES } from '../traffic/patient-cases.ts';
import { Phone } from '../traffic/phone.ts';
import { PHONES } from '../traffic/shapes.ts';
import { tftpAsk } from '../traffic/tftp.ts';
import { ofProvider } from './innocent-machines.ts';
import { DESK, desk, MINUTE, OFFICE, office, pbx, SECOND } from './scene.ts';
import type { Group, Scenario } from './scenario.ts';

/** What becomes of the numbers of an old list: not in use, nobody there, busy, rings out, answered. */
const OLD_LIST = [404, 487, 200, 404, 486, 404, 480, 200, 487, 404];

/** Phones that are known, whose accounts then all end. */
function suspended(status: 403 | 404): Traffic {
  const open = pbx();
  const closed = pbx({ unknownUser: status as 403, password: () => null });
  const before = office(open, 30, (phone, i) => void phone.register(START + i * 30));
  const after = office(closed, 30, (phone, i) => {
    for (let k = 0; k < 3; k++) phone.register(START + 3 * SECOND + i * 150 + k * 6 * SECOND);
  });
  return merge(before, after);
}

function atHome(name: keyof typeof PATIENT_CASES): Scenario {
  const { looksLike, traffic } = PATIENT_CASES[name];
  return { name, note: looksLike, traffic };
}

export const REFUSALS: Group = {
  title: 'Refused, and yet customers',
  kind: 'innocent',
  scenarios: [
    atHome('forty people who work at home, at one provider, after the passwords have changed'),
    {
      name: 'a dialler without a password, at work on an old list of numbers',
      note: 'looking for extensions: four of ten numbers are answered 404',
      traffic: () =>
        ofProvider({ callStatus: (n) => OLD_LIST[Number(n) % 10] }, (line) => {
          for (let i = 0; i < 110; i++) line.call(START + i * 180, `02079460${String(i).padStart(3, '0')}`, 2_000);
        }),
    },
    {
      name: 'a dialler with a password, at work on an old list of numbers',
      note: 'looking for extensions: four of ten numbers are answered 404',
      traffic: () =>
        desk(pbx({ challengeCalls: 407, callStatus: (n) => OLD_LIST[Number(n) % 10] }), (phone) => {
          phone.register(START);
          for (let i = 0; i < 70; i++)
            phone.call(START + SECOND + i * 250, `02079460${String(i).padStart(3, '0')}`, 2_000);
        }),
    },
    {
      name: 'a customer whose account is suspended: 403 for thirty phones',
      note: 'password guessing with thirty users',
      traffic: () => suspended(403),
    },
    {
      name: 'a customer whose accounts are deleted: 404 for thirty phones',
      note: 'looking for users',
      traffic: () => suspended(404),
    },
    {
      name: 'an office whose passwords were all changed, before its phones know the new ones',
      note: 'password guessing with thirty users',
      traffic: () => {
        const server = pbx();
        return office(server, 30, (phone, i) => {
          phone.register(START + i * 30);
          const right = phone.password;
          phone.password = 'the old one';
          phone.nonce = null;
          for (let k = 0; k < 3; k++) phone.register(START + 3 * SECOND + i * 150 + k * 5 * SECOND);
          phone.password = right;
          phone.register(START + 20 * SECOND + i * 50);
        });
      },
    },
    {
      name: 'a busy office in which a soft phone has a wrong password, until somebody corrects it',
      note: 'password guessing',
      traffic: () =>
        office(pbx({ challengeCalls: 407 }), 30, (phone, i) => {
          if (i !== 11) {
            phone.register(START + i * 30);
            for (let k = 0; k < 2; k++) phone.call(START + 2 * SECOND + i * 100 + k * 8 * SECOND, '2002', 3_000);
            return;
          }
          const right = phone.password;
          phone.password = 'Secret1';
          for (let k = 0; k < 4; k++) phone.register(START + 3 * SECOND + k * 4 * SECOND);
          phone.password = right;
          phone.register(START + 20 * SECOND);
        }),
    },
    {
      name: 'two accounts on one phone, one with an old password',
      note: 'password guessing between good registrations',
      traffic: () => {
        const traffic: Traffic = [];
        const server = pbx();
        const [good, bad] = ['2001', '2002'].map(
          (user, i) => new Phone(traffic, server, { endpoint: DESK, user, shape: PHONES.snom, seed: 60 + i }),
        );
        bad.password = 'last-year';
        for (let i = 0; i < 8; i++) {
          good.register(START + i * 3 * SECOND, 60);
          bad.register(START + 200 + i * 3 * SECOND, 60);
          bad.nonce = null;
        }
        return merge(traffic);
      },
    },
    {
      name: 'an X-Lite user who types the wrong password three times',
      note: 'password guessing by a program that attackers use, too',
      traffic: () =>
        desk(
          pbx(),
          (phone) => {
            const right = phone.password;
            for (const [i, typed] of ['hello', 'Hello', 'hello1'].entries()) {
              phone.password = typed;
              phone.nonce = null;
              phone.register(START + i * 6 * SECOND);
            }
            phone.password = right;
            phone.register(START + 20 * SECOND);
          },
          { ...PHONES.linphone, userAgent: 'X-Lite release 4.9.8 stamp 84253' },
        ),
      said: { source: '198.51.100.20', action: 'limit', scope: 'port', finding: 'register-bruteforce.stuck-phone' },
    },
    {
      name: 'a switchboard with forty keys for extensions that are gone',
      note: 'looking for extensions: forty users answered 404 within seconds',
      traffic: () => {
        const server = pbx({ eventStatus: () => 404 });
        return desk(server, (phone) => {
          phone.register(START);
          for (let i = 0; i < 40; i++)
            phone.send(
              phone.request('SUBSCRIBE', String(3000 + i), { headers: { Event: 'dialog' }, expires: 3600 }),
              START + SECOND + i * 50,
            );
        });
      },
    },
    {
      name: 'presence that the PBX does not know: 489 for every phone',
      note: 'sixty refusals within seconds',
      traffic: () =>
        office(pbx({ eventStatus: () => 489 }), 30, (phone, i) => {
          phone.register(START + i * 30);
          for (let k = 0; k < 2; k++) phone.publish(START + 2 * SECOND + i * 60 + k * 5 * SECOND);
        }),
    },
    {
      name: 'a program that sends short messages to people of whom many have left',
      note: 'looking for users: a third of the messages is answered 404',
      traffic: () =>
        ofProvider({ eventStatus: ({ toUser }) => (Number(toUser) % 3 === 0 ? 404 : 202) }, (line) => {
          for (let i = 0; i < 40; i++)
            line.send(line.request('MESSAGE', String(3000 + i), { body: 'Your parcel is here.' }), START + i * 400);
        }),
    },
    {
      name: 'a PBX that is overloaded: 503 for a hundred phones',
      note: 'a hundred users, none of whom gets in',
      traffic: () => {
        const server = pbx({ password: () => null, unknownUser: 503 as 403 });
        return office(server, 100, (phone, i) => {
          for (let k = 0; k < 2; k++) phone.register(START + i * 40 + k * 8 * SECOND);
        });
      },
    },
    {
      name: 'a trunk whose pings are answered 503',
      note: 'OPTIONS each second, all refused',
      traffic: () =>
        ofProvider({ optionsStatus: () => 503 }, (line) => {
          for (let i = 0; i < 24; i++) line.options(START + i * SECOND);
        }),
    },
    {
      name: 'thirty phones whose password field is empty, in an office that is known',
      note: 'thirty users challenged and given up',
      traffic: () => {
        const server = pbx();
        const known = office(server, 3, (phone, i) => void phone.register(START + i * 50), atPort(OFFICE, 30_000));
        const empty = office(server, 30, (phone, i) => {
          for (let k = 0; k < 4; k++)
            phone.send(
              phone.request('REGISTER', phone.user, { expires: 3600, cseq: k + 1 }),
              START + SECOND + i * 90 + k * 5 * SECOND,
            );
        });
        return merge(known, empty);
      },
    },
    {
      name: 'a hundred phones of a known office that each ask for five files that are not there',
      note: 'five hundred names over TFTP from one address',
      traffic: () => {
        const known = office(pbx(), 3, (phone, i) => void phone.register(START + i * 50), atPort(OFFICE, 30_000));
        const boots = Array.from({ length: 100 }, (_, i) => {
          const mac = (0x0004f2a00000 + i * 977).toString(16).padStart(12, '0');
          const files = ['.cfg', '-phone.cfg', '-web.cfg', '-license.cfg', '-directory.xml'].map((end) => mac + end);
          return tftpAsk(TFTP, atPort(OFFICE, 50_000 + i * 5), files, START + SECOND + i * 150, 200);
        });
        return merge(known, ...boots);
      },
    },
    {
      name: 'a PBX of a customer whose credit is used up',
      note: 'toll fraud: calls abroad without a password, all refused',
      traffic: () => {
        const paid = (number: string) => Number(number.slice(-2)) < 30;
        return ofProvider({ callStatus: (number) => (paid(number) ? 200 : 403) }, (line) => {
          for (let i = 0; i < 48; i++) line.call(START + i * 400, `004420794600${String(i).padStart(2, '0')}`, 3_000);
        });
      },
    },
    {
      name: 'a phone with an old password on a mobile network that changes its address all day',
      note: 'one user tried from twelve places',
      traffic: () => {
        const traffic: Traffic = [];
        const server = pbx();
        for (let i = 0; i < 14; i++) {
          const there = endpoint(`100.${64 + i * 3}.${(i * 37) % 256}.${9 + i}`, 20_000 + i * 77);
          const phone = new Phone(traffic, server, {
            endpoint: there,
            inside: endpoint('10.1.2.3', 5060),
            user: '2001',
            shape: PHONES.mobile,
            seed: 300 + i,
          });
          phone.password = 'last-year';
          for (let k = 0; k < 4; k++) {
            phone.nonce = null;
            phone.register(START + i * 60 * MINUTE + k * 10 * MINUTE);
          }
        }
        return merge(traffic);
      },
    },
    {
      name: 'phones that keep the NAT open by NOTIFY, refused each time',
      note: 'a NOTIFY that nobody asked for from thirty phones',
      traffic: () =>
        office(pbx({ dialogStatus: () => 489 }), 30, (phone, i) => {
          phone.register(START + i * 20);
          for (let k = 0; k < 4; k++)
            phone.send(
              phone.request('NOTIFY', '', { headers: { Event: 'keep-alive' } }),
              START + SECOND + i * 30 + k * 5 * SECOND,
            );
        }),
    },
    {
      name: 'a pinger that asks for each of sixty lines of our gateway',
      note: 'OPTIONS for one user after the other',
      traffic: () =>
        ofProvider({}, (line) => {
          line.asked(START, 'OPTIONS', 200);
          for (let k = 0; k < 2; k++)
            for (let i = 0; i < 60; i++) line.options(START + SECOND + k * 10 * SECOND + i * 100, String(7000 + i));
        }),
    },
  ],
};
