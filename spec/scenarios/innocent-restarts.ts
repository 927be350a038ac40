/** The machine was started again, and Ringfence with it: it knows nobody, and everybody comes back with what he had before. */
import { START } from '../traffic/datagram.ts';
import { WIRE_DISGUISES } from '../traffic/disguises.ts';
import { ofProvider } from './innocent-machines.ts';
import { desk, office, pbx, SECOND } from './scene.ts';
import type { Group } from './scenario.ts';

/** A nonce that was given out before the machine was started again. */
const OLD = `${(START - 900 * SECOND).toString(16).padStart(12, '0')}5f3e2d1c4b5a69788796`;

/** Phones that come back with the nonces of yesterday. */
const comeBack = (count: number, everyMs: number, oldNonce: 'stale' | 'silent') =>
  office(pbx({ oldNonce }), count, (phone, i) => {
    phone.nonce = OLD;
    phone.register(START + i * everyMs);
  });

export const RESTARTS: Group = {
  title: 'After a restart of everything',
  kind: 'innocent',
  scenarios: [
    {
      name: 'two hundred phones that come back with their old nonces, said to be stale',
      note: 'two hundred refused credentials from one address',
      traffic: () => comeBack(200, 15, 'stale'),
    },
    {
      name: 'two hundred phones that come back with their old nonces, of which the PBX only says 401',
      note: 'two hundred refused credentials from one address',
      traffic: () => comeBack(200, 15, 'silent'),
    },
    {
      name: 'the same two hundred, all at the same instant, over TCP',
      note: 'two hundred refused credentials from one address within 30 ms',
      traffic: () => comeBack(200, 0.1, 'silent'),
      wire: WIRE_DISGUISES.TCP,
    },
    {
      name: 'a trunk that ends the calls it had before',
      note: 'BYE for forty calls that nobody has',
      traffic: () =>
        ofProvider({ dialogStatus: () => 481 }, (line) => {
          for (let i = 0; i < 40; i++) {
            line.send(line.request('BYE', '2002', { toTag: `before${i}`, cseq: 2 }), START + i * 500);
            if (i % 4 === 0) line.call(START + 200 + i * 500, `30${String(i).padStart(2, '0')}`, 3_000);
          }
        }),
    },
    {
      name: 'a trunk whose session timers ask for calls that are gone',
      note: 're-INVITE for twenty calls that nobody has',
      traffic: () =>
        ofProvider({ dialogStatus: () => 481 }, (line) => {
          for (let i = 0; i < 20; i++)
            line.send(line.request('INVITE', '2002', { toTag: `before${i}`, cseq: 2 }), START + i * 900);
        }),
    },
    {
      name: 'an office that hangs up what it had before, and registers again',
      note: 'BYE for calls that nobody has, from one address',
      traffic: () =>
        office(pbx({ dialogStatus: () => 481 }), 60, (phone, i) => {
          phone.send(phone.request('BYE', '2002', { toTag: `before${i}`, cseq: 2 }), START + i * 60);
          phone.register(START + 6 * SECOND + i * 50);
        }),
    },
    {
      name: 'a switchboard that renews its forty subscriptions',
      note: 'SUBSCRIBE for forty dialogs that nobody has',
      traffic: () =>
        desk(pbx({ eventStatus: () => 481 }), (phone) => {
          for (let i = 0; i < 40; i++)
            phone.send(
              phone.request('SUBSCRIBE', String(3000 + i), {
                toTag: `before${i}`,
                headers: { Event: 'dialog' },
                expires: 3600,
              }),
              START + i * 80,
            );
          phone.register(START + 5 * SECOND);
        }),
    },
  ],
};
