/** Phones, alone and in offices: old passwords, restarts, networks that change under them. */
import { atPort, endpoint, merge, neighbour, START, type Traffic } from '../traffic/datagram.ts';
import { Dialog } from '../traffic/dialog.ts';
import { WIRE_DISGUISES } from '../traffic/disguises.ts';
import { Phone } from '../traffic/phone.ts';
import type { Registrar } from '../traffic/registrar.ts';
import { PHONES } from '../traffic/shapes.ts';
import { DESK, desk, MINUTE, OFFICE, office, pbx, SECOND } from './scene.ts';
import type { Group } from './scenario.ts';

/** Forty phones that call each other; the PBX forgets everything; they hang up, and register again. */
function restart(): Traffic {
  const up = pbx();
  const after = pbx({ dialogStatus: () => 481 });
  const traffic = office(up, 40, (phone, i) => {
    phone.register(START + i * 20);
    if (i % 2 === 1) return;
    const call = new Dialog(phone, START + 4 * SECOND + i * 50, String(1000 + i + 1));
    call.send('BYE', START + 12 * SECOND + i * 10);
  });
  const again = office(after, 40, (phone, i) => {
    phone.register(START + 15 * SECOND + i * 30);
    phone.send(phone.request('BYE', '1001', { toTag: `gone${i}` }), START + 14 * SECOND + i * 20);
  });
  return merge(traffic, again);
}

/** The line of an office fails: everybody comes back from the address of the other line, in the middle of their calls. */
function otherLine(): Traffic {
  const server = pbx({ challengeCalls: 407 });
  const calls: Dialog[] = [];
  const before = office(server, 30, (phone, i) => {
    phone.register(START + i * 20);
    if (i % 3 === 0) calls.push(new Dialog(phone, START + 2 * SECOND + i * 40, '2002'));
  });
  const there = endpoint('192.0.2.200', 52_000);
  const after = office(
    server,
    30,
    (phone, i) => {
      phone.register(START + 10 * SECOND + i * 25);
      if (i % 3 === 0) calls[i / 3].send('INVITE', START + 9 * SECOND + i * 25, {}, phone.endpoint);
    },
    there,
  );
  return merge(before, after);
}

/** A softphone in a train: a new address every half minute, registered each time, one call all the way. */
function train(server: Registrar): Traffic {
  const traffic: Traffic = [];
  let call: Dialog | undefined;
  for (let i = 0; i < 8; i++) {
    const at = START + i * 3 * SECOND;
    const there = neighbour(endpoint('100.70.3.9', 30_000 + i * 7), i * 999);
    const inside = endpoint('10.1.2.3', 5060);
    const phone = new Phone(traffic, server, {
      endpoint: there,
      inside,
      user: '2001',
      shape: PHONES.mobile,
      seed: 70 + i,
    });
    phone.register(at);
    if (call) call.send('INVITE', at + 100, {}, there);
    else call = new Dialog(phone, at + 100, '2002');
  }
  return merge(traffic);
}

/** A home router whose ALG writes its own address into some fields and forgets others, and repeats what was answered. */
function alg(server: Registrar): Traffic {
  return desk(
    server,
    (phone) => {
      for (let i = 0; i < 5; i++) {
        phone.register(START + i * 4 * SECOND, 60);
        phone.send(
          phone.request('OPTIONS', '', { contact: `<sip:2001@198.51.100.20:${1024 + i}>` }),
          START + 1_500 + i * 4_000,
        );
        phone.keepAlive(START + 2_000 + i * 4_000, '\0');
      }
    },
    { ...PHONES.cisco, callId: (random) => `${random.hex(8)}@192.168.1.20`, rport: false },
  );
}

export const OFFICES: Group = {
  title: 'Phones and offices',
  kind: 'innocent',
  scenarios: [
    {
      name: 'a PBX that restarts under forty phones',
      note: 'BYE for calls that nobody has, from one address, and forty registrations at once',
      traffic: restart,
    },
    {
      name: 'an office that changes to its other line, in the middle of calls',
      note: 're-INVITEs for calls of another address',
      traffic: otherLine,
    },
    {
      name: 'a softphone in a train',
      note: 'one user from address after address, re-INVITEs for a call of another one',
      traffic: () => train(pbx({ challengeCalls: 407 })),
    },
    {
      name: 'a NAT that gives a phone a new port every time',
      note: 'one user from port after port',
      traffic: () => {
        const traffic: Traffic = [];
        for (let i = 0; i < 20; i++) {
          const phone = new Phone(traffic, pbx(), {
            endpoint: atPort(OFFICE, 41_000 + i),
            user: '2001',
            shape: PHONES.snom,
            seed: i + 1,
          });
          phone.register(START + i * SECOND, 60);
        }
        return merge(traffic);
      },
    },
    {
      name: 'a PBX whose clock is wrong: every nonce is old',
      note: 'credentials refused again and again',
      traffic: () =>
        desk(pbx({ nonceLifetimeMs: SECOND }), (phone) => {
          for (let i = 0; i < 10; i++) phone.register(START + i * 2 * SECOND, 60);
        }),
    },
    {
      name: 'a home router that rewrites SIP',
      note: 'Call-IDs, contacts and ports that do not fit together',
      traffic: () => alg(pbx()),
    },
    {
      name: 'a secretary who registers for another',
      note: 'From and To of a REGISTER differ',
      traffic: () =>
        desk(pbx(), (phone) => {
          const r = phone.request('REGISTER', '2001', { fromUser: 'reception', expires: 300 });
          for (let i = 0; i < 5; i++)
            phone.sendAuthenticated({ ...r, callId: `third-${i}`, branch: `z9hG4bKthird${i}` }, START + i * 4 * SECOND);
        }),
    },
    {
      name: 'a telephone with eight shared lines',
      note: 'eight users from one port, with subscriptions for each',
      traffic: () => {
        const traffic: Traffic = [];
        for (let i = 0; i < 8; i++) {
          const line = new Phone(traffic, pbx({ challengeCalls: 401 }), {
            endpoint: DESK,
            user: String(3000 + i),
            shape: PHONES.polycom,
            seed: 20 + i,
          });
          line.register(START + i * 100);
          line.subscribe(START + 2 * SECOND + i * 100, String(3000 + i), 'call-info');
          line.asked(START + 3 * SECOND + i * 100, 'NOTIFY', 200, {
            Event: 'call-info',
            'Subscription-State': 'active',
          });
        }
        return merge(traffic);
      },
    },
    {
      name: 'a browser telephone behind a WebRTC gateway, over TCP',
      note: 'fifty users over one connection',
      traffic: () => {
        const traffic: Traffic = [];
        for (let i = 0; i < 50; i++) {
          const shape = { ...PHONES.linphone, userAgent: 'JsSIP 3.10.1 / gateway' };
          const user = new Phone(traffic, pbx(), { endpoint: DESK, user: String(4000 + i), shape, seed: 30 + i });
          user.register(START + i * 200, 120);
        }
        return merge(traffic);
      },
      wire: WIRE_DISGUISES.TCP,
    },
    {
      name: 'keep-alives over TCP',
      note: 'junk on a connection',
      traffic: () =>
        desk(pbx(), (phone) => {
          phone.register(START);
          for (let i = 1; i < 40; i++) phone.keepAlive(START + i * 500);
        }),
      wire: WIRE_DISGUISES.TCP,
    },
    {
      name: 'a user who types the wrong password three times',
      note: 'password guessing',
      traffic: () =>
        desk(
          pbx(),
          (phone) => {
            const right = phone.password;
            for (const [i, typed] of ['hello', 'Hello', 'hello1'].entries()) {
              phone.password = typed;
              phone.register(START + i * 5 * SECOND);
            }
            phone.password = right;
            phone.register(START + 20 * SECOND);
          },
          PHONES.linphone,
        ),
    },
    {
      name: 'a user whose name is O’Brien',
      note: 'an apostrophe in every name',
      traffic: () =>
        desk(
          pbx({ challengeCalls: 407, password: () => "o'brien's" }),
          (phone) => {
            phone.password = "o'brien's";
            for (let i = 0; i < 6; i++) phone.subscribe(START + i * SECOND, "o'brien", 'presence');
          },
          { ...PHONES.linphone, display: () => "Pat O'Brien" },
        ),
    },
    {
      name: 'a phone whose provisioning left a macro in',
      note: 'a shell fragment in a name',
      traffic: () =>
        desk(
          pbx(),
          (phone) => {
            for (let i = 0; i < 6; i++) phone.options(START + i * 3 * SECOND, '$USER_ID');
          },
          { ...PHONES.cisco, display: () => '$(MA)' },
        ),
    },
    {
      name: 'forty phones that come back after a power cut, each at its own moment',
      note: 'forty users challenged from one address',
      traffic: () => office(pbx(), 40, (phone, i) => void phone.register(START + ((i * 7919) % 20) * SECOND)),
    },
    {
      name: 'registrations of ten seconds',
      note: 'a REGISTER every five seconds from every phone',
      traffic: () =>
        office(pbx({ nonceLifetimeMs: MINUTE }), 20, (phone, i) => {
          for (let k = 0; k < 5; k++) phone.register(START + i * 50 + k * 5 * SECOND, 10);
        }),
    },
  ],
};
