/** Names and messages that look like somebody's exploit, and are what people and products are called. */
import { START } from '../traffic/datagram.ts';
import { PHONES } from '../traffic/shapes.ts';
import type { Shape } from '../traffic/sip-text.ts';
import { desk, pbx, SECOND } from './scene.ts';
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
    called('MySIPClient/2.1'),
    called('SIPVault Phone 1.0'),
    called('Gulpener 3'),
    called('Fanvil X4U 2.4.5 0c383e smaple'),
  ],
};
