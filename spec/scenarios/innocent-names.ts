/** Names and messages that look like somebody's exploit, and are what people and products are called. */
import { merge, START, type Traffic } from '../traffic/datagram.ts';
import { Phone } from '../traffic/phone.ts';
import { PBXS, PHONES } from '../traffic/shapes.ts';
import type { Shape } from '../traffic/sip-text.ts';
import { desk, pbx, PROVIDER, SECOND } from './scene.ts';
import type { Group, Scenario } from './scenario.ts';

/** A phone of this name that registers and calls. */
const named = (display: string, note: string, shape: Shape = PHONES.yealink): Scenario => ({
  name: `a phone called “${display}”`,
  note,
  traffic: () =>
    desk(
      pbx({ challengeCalls: 407 }),
      (phone) => {
        phone.register(START);
        for (let i = 0; i < 4; i++) phone.call(START + (2 + i * 4) * SECOND, '2002', 2_000);
      },
      { ...shape, display: () => display },
    ),
});

/** A carrier's call, with what carriers and phones write beside From. */
const asserted = (display: string, name: string): Scenario => ({
  name,
  note: 'an SQL condition, and a comment that ends an SQL string',
  traffic: () => {
    const server = pbx();
    const traffic: Traffic = [];
    const line = new Phone(traffic, server, { endpoint: PROVIDER, user: '+4930123456', shape: PBXS.carrier, seed: 3 });
    for (let i = 0; i < 3; i++) {
      const headers = {
        'P-Asserted-Identity': `"${display}" <sip:+4930123456;npdi=yes@198.18.5.5;user=phone>`,
        Subject: "RE: Angebot (50%) -- d'accord?",
      };
      line.send(
        line.request('INVITE', '2002', { headers, callId: `{7d1a-${i}}'x*~<a>@198.18.5.5` }),
        START + i * SECOND,
      );
    }
    return merge(traffic);
  },
});

const called = (userAgent: string): Scenario => ({
  name: `a product called “${userAgent}”`,
  note: 'a name on the list of scanners',
  traffic: () => desk(pbx(), (phone) => void phone.register(START), { ...PHONES.cisco, userAgent }),
});

export const NAMES: Group = {
  title: 'Names',
  kind: 'innocent',
  scenarios: [
    named("Paula's Dog & Cat Clinic", 'a shell command behind an ampersand'),
    named("Nurses' #2", 'a comment that ends an SQL string'),
    named("Parents' -- Reception", 'a comment that ends an SQL string'),
    named("St. John's Sleep (Lab)", 'a function of SQL that waits'),
    named("Farmers' Union Select Insurance", 'an SQL query'),
    named("Boys' and Girls' Club", 'an SQL condition'),
    named('Joe `the boss` Smith', 'a shell command'),
    named('$(USERNAME)', 'a macro that provisioning left in'),
    named('Ｄ’Angelo <3', 'markup'),
    named("O'Hara or Sons = 2", 'an SQL condition'),
    asserted("La Toison d'Or", "a call from “La Toison d'Or”, asserted by the carrier"),
    asserted('Müller & Söhne -- Büro', "a call about “RE: Angebot (50%) -- d'accord?”"),
    called('MySIPClient/2.1'),
    called('SIPVault Phone 1.0'),
    called('Gulpener 3'),
    called('Fanvil X4U 2.4.5 0c383e smaple'),
  ],
};
