/** Attackers who stay under every window of a minute, or come from many places. */
import { svwar } from '../traffic/attacks.ts';
import type { Endpoint } from '../traffic/datagram.ts';
import { TFTP } from '../traffic/good-cases.ts';
import { neighbours, patientGuesser, scattered } from '../traffic/patient.ts';
import { customers } from '../traffic/provider.ts';
import { tftpWalk } from '../traffic/tftp.ts';
import { ATTACKER, disguised, MINUTE, pbx, SECOND } from './scene.ts';
import { blocks, tells, type Group } from './scenario.ts';

const guesses =
  (count: number, everyMs: number, users: number, sources: Endpoint[] = [ATTACKER], burst = 1) =>
  () =>
    patientGuesser({ sources, pbx: pbx(), count, everyMs, users, burst });

const HOUR = 60 * MINUTE;

export const PATIENCE: Group = {
  title: 'Patience',
  kind: 'attack',
  scenarios: [
    {
      name: 'a guess each half hour, another user each time',
      note: 'staying below every window',
      traffic: guesses(60, 30 * MINUTE, 60),
      said: blocks('slow-bruteforce.in-a-day'),
    },
    {
      name: 'six guesses a day',
      note: 'staying below every window',
      traffic: guesses(60, 4 * HOUR, 60),
      said: blocks('slow-bruteforce.in-a-week'),
    },
    {
      name: 'thirty users in turn, again and again',
      note: 'two minutes between two guesses',
      traffic: guesses(200, 2 * MINUTE, 30),
      said: blocks('slow-bruteforce.in-an-hour'),
    },
    {
      name: 'one user, as a stranger each time, every twenty seconds',
      note: 'passing for a phone that starts anew',
      traffic: guesses(200, 20 * SECOND, 1),
      said: blocks('slow-bruteforce.in-haste'),
    },
    {
      name: 'one user, as a stranger each time, each half hour',
      note: 'perhaps a bad client with an old password: only told',
      traffic: guesses(60, 30 * MINUTE, 1),
      said: tells('slow-bruteforce.few-users'),
    },
    {
      name: 'an extension each hour, by calls',
      note: 'which users exist',
      traffic: () =>
        svwar({
          ...disguised(40, 1 / 3_600, { unknownUser: 404, callStatus: () => 404 }),
          method: 'INVITE',
          firstUser: 100_000,
        }),
      said: blocks('slow-bruteforce.in-a-day'),
    },
    {
      name: 'a file in ten minutes, over TFTP',
      note: 'passwords of phones',
      traffic: () => tftpWalk({ source: ATTACKER, server: TFTP, count: 40, rate: 1 / 600 }),
      said: blocks('slow-bruteforce.in-a-day'),
    },
    {
      name: 'one user tried from twelve places',
      note: 'each of them guesses twice a day',
      traffic: guesses(72, HOUR, 1, scattered(12)),
      said: blocks('distributed-bruteforce.one-user', '20.0.7.9'),
      campaign: true,
    },
    {
      name: 'one program in twelve places, on users of its own each',
      note: 'each of them guesses twice a day',
      traffic: guesses(72, HOUR, 72, scattered(12)),
      said: blocks('distributed-bruteforce.one-program', '20.0.7.9'),
      campaign: true,
    },
    {
      name: 'twenty-four networks of one provider, six guesses a day each',
      note: 'staying below what is counted for a source, a network and a region',
      traffic: guesses(24 * 8, 10 * MINUTE, 24 * 8, customers(24)),
      said: blocks('distributed-bruteforce.one-asn', '126.1.13.33'),
      campaign: true,
    },
    {
      name: 'one network of a provider after the other, six guesses each',
      note: 'moving on before a day has counted enough',
      traffic: guesses(
        28 * 6,
        HOUR,
        28 * 6,
        customers(28, 1).flatMap((one) => Array.from({ length: 6 }, () => one)),
      ),
      said: blocks('distributed-bruteforce.one-asn', '126.5.16.45'),
      campaign: true,
    },
    {
      name: 'a network that sends one address after the other',
      note: 'each address guesses once',
      traffic: guesses(
        60,
        5 * MINUTE,
        60,
        neighbours({ ...ATTACKER, host: '203.0.113.0', address: { ...ATTACKER.address, w3: 0xcb007100 } }, 60),
      ),
      said: { ...blocks('distributed-bruteforce.network', '203.0.113.19'), scope: 'network' },
      campaign: true,
    },
  ],
};
