/** People whom anything that counts failures by address would shut out: for an old password, or for what a stranger writes in their name. */
import { atPort, merge, START, type Traffic } from '../traffic/datagram.ts';
import { Phone } from '../traffic/phone.ts';
import { transact } from '../traffic/registrar.ts';
import { PHONES } from '../traffic/shapes.ts';
import { ofProvider } from './innocent-machines.ts';
import { DESK, desk, office, pbx, PROVIDER, SECOND } from './scene.ts';
import type { Group, Said } from './scenario.ts';

/** The phone, and nobody else behind its address. */
const stuck = (source: string): Said => ({
  ...{ source, action: 'limit', scope: 'port', finding: 'register-bruteforce.stuck-phone' },
});

/** Tries again and again with the same password. */
function keepsTrying(phone: Phone, everyMs: number, times: number, from = START): void {
  phone.password = 'last-year';
  for (let i = 0; i < times; i++) phone.register(from + i * everyMs);
}

/** Requests with the address of somebody else on them, sent by a stranger who never sees an answer. */
function forged(of: typeof DESK, count: number): Traffic {
  const server = pbx();
  const traffic: Traffic = [];
  for (let i = 0; i < count; i++) {
    const phone = new Phone(traffic, server, {
      endpoint: atPort(of, 1_024 + i),
      user: '1001',
      shape: PHONES.yealink,
      seed: 500 + i,
    });
    const credentials = { ...phone.credentials('made-up', false), password: `guess${i}` };
    const r = phone.request('REGISTER', '1001', { credentials });
    transact(traffic, server, r, phone.shape, START + 12 * SECOND + i * 100);
  }
  return merge(traffic);
}

export const SUSPECTS: Group = {
  title: 'Wrong suspects',
  kind: 'innocent',
  scenarios: [
    {
      name: 'an office of forty phones, one with an old password',
      note: 'password guessing behind an address with 39 customers',
      traffic: () =>
        office(pbx(), 40, (phone, i) => {
          if (i === 7) keepsTrying(phone, 4 * SECOND, 6, START + 2 * SECOND);
          else phone.register(START + i * 40);
        }),
      said: stuck('198.51.100.1'),
    },
    {
      name: 'a phone at home with an old password, all evening',
      note: 'password guessing',
      traffic: () => desk(pbx(), (phone) => keepsTrying(phone, 5 * SECOND, 60)),
      said: stuck('198.51.100.20'),
    },
    {
      name: 'a phone whose account was deleted',
      note: 'REGISTER answered 404 for hours',
      traffic: () =>
        desk(pbx({ unknownUser: 404, password: () => null }), (phone) => {
          for (let i = 0; i < 60; i++) phone.register(START + i * 30 * SECOND);
        }),
      said: stuck('198.51.100.20'),
    },
    {
      name: 'a provider whose address is forged',
      note: 'password guessing from the address of the trunk',
      traffic: () =>
        merge(
          ofProvider({}, (line) => {
            for (let i = 0; i < 12; i++) line.call(START + i * 500, `20${String(i).padStart(2, '0')}`, 2_000);
          }),
          forged(PROVIDER, 60),
        ),
    },
    {
      name: 'a registered phone whose address is forged',
      note: 'password guessing from the address of a customer',
      traffic: () =>
        merge(
          desk(pbx(), (phone) => void phone.register(START)),
          forged(DESK, 60),
        ),
    },
  ],
};
