/**
 * What must never be blocked: real phones doing what real phones do, against the default policy. One row after the other from the same
 * address, so that whatever a row leaves in a window counts for the next.
 */
import assert from 'node:assert/strict';
import { ADDRESSES } from '../network.ts';
import type { Phones } from '../phones.ts';
import type { Scenario, Stage } from '../scenario.ts';

const NAT_PHONES = 200;
const NAT_USERS = Object.fromEntries(Array.from({ length: NAT_PHONES }, (_, i) => [`${2000 + i}`, `pass-${2000 + i}`]));
const NONCE_SECONDS = 2;

interface Office {
  stage: Stage;
  /** 0: user 1000 over UDP, 1: user 1001 over TCP, 2: user 1002 over IPv6. */
  phones: Phones;
  /** All the others, behind the same NAT address. */
  crowd: Phones;
}

interface Row {
  what: string;
  run(office: Office): Promise<void>;
}

/** Every outcome ends in success: the phones noticed nothing of the firewall either. */
function succeeds(outcomes: { statuses: number[] }[]): void {
  for (const { statuses } of outcomes) assert.equal(statuses.at(-1), 200, `statuses ${statuses.join(' ')}`);
}

const ROWS: Row[] = [
  {
    what: 'phones register, over UDP, TCP and IPv6',
    run: async ({ phones }) => succeeds([await phones.register(0), await phones.register(1), await phones.register(2)]),
  },
  {
    what: 're-register with the nonce they kept, ten times in a row',
    run: async ({ phones }) => {
      for (let i = 0; i < 10; i++) succeeds([await phones.register(0), await phones.register(1)]);
    },
  },
  {
    what: 'forget the nonce and are challenged every time, twenty times',
    run: async ({ phones }) => {
      for (let i = 0; i < 20; i++) succeeds([await phones.register(0, { nonce: 'forget' })]);
    },
  },
  {
    what: 'retransmit: every request arrives five times',
    run: async ({ phones }) => {
      for (let i = 0; i < 4; i++) succeeds([await phones.register(0, { nonce: 'forget', copies: 5 })]);
    },
  },
  {
    what: 'call each other, over UDP and TCP, and hang up',
    run: async ({ phones }) =>
      succeeds([await phones.call(0, '1001'), await phones.call(1, '1000'), await phones.call(0, '1001')]),
  },
  {
    what: 'dial three wrong numbers',
    run: async ({ phones }) => {
      for (const number of ['1999', '4711', '0']) assert.equal((await phones.call(0, number)).statuses.at(-1), 404);
    },
  },
  {
    what: 'keep their NAT bindings open: CRLF, double CRLF, NUL, OPTIONS',
    run: async ({ phones, crowd }) => {
      for (let i = 0; i < 10; i++) {
        await phones.keepAlive();
        await crowd.keepAlive();
        succeeds([await phones.options(0)]);
      }
    },
  },
  {
    what: 'somebody mistypes the password four times, then gets it right',
    run: async ({ phones }) => {
      for (let i = 0; i < 4; i++) {
        assert.equal((await phones.register(0, { nonce: 'forget', password: `typo-${i}` })).statuses.at(-1), 401);
      }
      succeeds([await phones.register(0)]);
    },
  },
  {
    what: `${NAT_PHONES} phones behind one NAT address come back at once after an outage`,
    run: async ({ crowd }) => succeeds(await crowd.registerAll({ nonce: 'forget' })),
  },
  {
    what: 'and re-register at once when all their nonces have expired',
    run: async ({ crowd, stage }) => {
      await new Promise((resolve) => setTimeout(resolve, (NONCE_SECONDS + 1.5) * 1000));
      const outcomes = await crowd.registerAll();
      succeeds(outcomes);
      const again = outcomes.filter(({ statuses }) => statuses.length > 1);
      assert.equal(again.length, NAT_PHONES, 'every phone was challenged again');
      stage.say(`stale=true was said ${outcomes.filter(({ stale }) => stale).length} times`);
    },
  },
  {
    what: 'eight phones never come back with credentials after the challenge (the user gave up)',
    run: async ({ phones }) => {
      for (let i = 0; i < 8; i++) await phones.register(0, { nonce: 'forget', giveUpWhenChallenged: true });
    },
  },
  {
    what: 'unregister',
    run: async ({ phones }) =>
      succeeds([await phones.register(0, { expires: 0 }), await phones.register(1, { expires: 0 })]),
  },
];

function goodCases(marksStale: boolean): Scenario {
  return {
    name: marksStale ? 'phones' : 'phones-unmarked-stale',
    title: `phones that are never blocked; the PBX ${marksStale ? 'marks expired nonces with stale=true' : 'does not say when a nonce has merely expired'}`,
    pbx: { users: { ...NAT_USERS, '1000': 'a', '1001': 'b', '1002': 'c' }, nonceSeconds: NONCE_SECONDS, marksStale },
    async run(stage) {
      const phones = await stage.openPhones([
        { ...stage.phone('1000', 5070), password: 'a' },
        { ...stage.phone('1001', 5071, { transport: 'tcp' }), password: 'b' },
        { ...stage.phone('1002', 5072, { address: ADDRESSES.phones.v6 }), password: 'c' },
      ]);
      const crowd = await stage.openPhones(
        Object.entries(NAT_USERS).map(([user, password], i) => ({ ...stage.phone(user, 6000 + i), password })),
      );
      for (const { what, run } of ROWS) {
        stage.timeline.say('phone', what);
        await run({ stage, phones, crowd });
        for (const address of [ADDRESSES.phones.v4, ADDRESSES.phones.v6]) {
          assert.equal(await stage.ringfence.block(address), undefined, `blocked: phones that ${what}`);
          assert.deepEqual(await stage.ringfence.attacks(address), [], `taken for an attack: phones that ${what}`);
        }
      }
      await stage.expectNotBlocked(ADDRESSES.phones.v4);
      await stage.expectNotBlocked(ADDRESSES.phones.v6);
    },
  };
}

export const phonesNeverBlocked = [goodCases(true), goodCases(false)];
