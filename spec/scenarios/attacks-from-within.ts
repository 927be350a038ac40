/** Attackers among customers: in an office with registered phones, with an account of their own, or with a line that has many addresses. */
import { authCracker, svcrack } from '../traffic/attacks.ts';
import { atPort, endpoint, merge, START, type Endpoint, type Traffic } from '../traffic/datagram.ts';
import { oneLine, patientGuesser } from '../traffic/patient.ts';
import { Phone } from '../traffic/phone.ts';
import { PHONES } from '../traffic/shapes.ts';
import { ATTACKER, DESK, disguised, OFFICE, office, pbx, SECOND } from './scene.ts';
import { blocks, tells, type Group } from './scenario.ts';

/** An office with twenty phones, and somebody among them who guesses passwords. */
function insider(ports: 'one' | 'each'): Traffic {
  const server = pbx();
  return merge(
    office(server, 20, (phone, i) => void phone.register(START + i * 30)),
    svcrack({
      ...disguised(60, 10),
      pbx: server,
      source: atPort(OFFICE, 52_000),
      user: '1003',
      ports,
      at: START + 2 * SECOND,
    }),
  );
}

/** A customer with an account of his own, who tries those of others from the same port. */
function customer(): Traffic {
  const traffic: Traffic = [];
  const server = pbx();
  const own = new Phone(traffic, server, { endpoint: DESK, user: '2001', shape: PHONES.linphone, seed: 5 });
  for (let i = 0; i < 30; i++) {
    if (i % 3 === 0) own.register(START + i * 500, 120);
    const other = new Phone(traffic, server, {
      endpoint: DESK,
      user: String(2100 + i),
      password: '1234',
      shape: PHONES.linphone,
      seed: 400 + i,
    });
    other.register(START + 250 + i * 500);
  }
  return merge(traffic);
}

/** A stolen account: it registers at night from abroad, and calls abroad on a hundred lines at once. */
function stolen(): Traffic {
  const traffic: Traffic = [];
  const server = pbx({ challengeCalls: 407, callStatus: () => 200 });
  const thief = new Phone(traffic, server, { endpoint: ATTACKER, user: '1001', shape: PHONES.linphone, seed: 77 });
  thief.register(START);
  for (let i = 0; i < 120; i++) {
    thief.nonce = null;
    thief.call(START + SECOND + i * 20, `0088213555${String(i).padStart(3, '0')}`, 12 * SECOND);
  }
  return merge(traffic);
}

const hops = (sources: Endpoint[], everyMs: number) => () =>
  patientGuesser({
    sources,
    pbx: pbx({ endpoint: endpoint('2001:db8::10', 5060) }),
    count: sources.length,
    everyMs,
    users: 1,
    ports: 'each',
  });

export const INSIDERS: Group = {
  title: 'From among customers',
  kind: 'attack',
  scenarios: [
    {
      name: 'a guesser in an office of twenty phones',
      note: 'hiding behind customers',
      traffic: () => insider('one'),
      said: { ...blocks('register-bruteforce.bad-registrations', '198.51.100.1'), scope: 'port' },
    },
    {
      name: 'a guesser in an office of twenty phones, port after port',
      note: 'hiding behind customers',
      traffic: () => insider('each'),
      said: blocks('register-bruteforce.bad-registrations', '198.51.100.1'),
    },
    {
      name: 'a customer who tries the accounts of others',
      note: 'an account of his own forgives nothing',
      traffic: customer,
      said: { ...blocks('register-bruteforce.bad-registrations', '198.51.100.20'), scope: 'port' },
    },
    {
      name: 'a stolen account that calls abroad on a hundred lines',
      note: 'only told: who has the password may call',
      traffic: stolen,
      said: { ...tells('invite-limit.simultaneous'), scope: 'port' },
    },
    {
      name: 'an IPv6 line that uses a new address for each guess',
      note: 'evading what is counted for an address',
      traffic: hops(oneLine('2001:db8:bad:1', 60), 500),
      said: { ...blocks('register-bruteforce.bad-registrations', '2001:db8:bad:1:5::7'), scope: 'network' },
      campaign: true,
    },
    {
      name: 'guesses by INVITE for user after user',
      note: 'one password for every user',
      traffic: () =>
        merge(
          ...Array.from({ length: 20 }, (_, i) =>
            authCracker({
              ...disguised(2, 10, { challengeCalls: 407 }),
              user: String(1001 + i),
              method: 'INVITE',
              at: START + i * 500,
              seed: 90 + i,
            }),
          ),
        ),
      said: blocks('auth-bruteforce.wrong-credentials'),
    },
  ],
};
