/** Ringfence in front of the PBX instead of on it: the victim is the guest, and its other callers notice nothing. */
import assert from 'node:assert/strict';
import { ADDRESSES, type Variant } from '../network.ts';
import { NO_SCANNER_LISTS, refusedCredentials, type Scenario } from '../scenario.ts';

function inFront(
  variant: Exclude<Variant, 'host'>,
  title: string,
  guest: { v4: string; v6: string },
  family: 'v4' | 'v6',
): Scenario {
  return {
    name: family === 'v4' ? variant : `${variant}-v6`,
    title,
    variant,
    policy: `guests: ["${guest.v4}", "${guest.v6}"]\n${NO_SCANNER_LISTS}`,
    async run(stage) {
      const attack = { v6: family === 'v6', userAgents: ['Zoiper rv2.10.11.5'] };
      const source = stage.attackers.address(attack);
      const tool = stage.starts('svcrack, disguised,', stage.attackers.svcrack('1000', '1-9999', [], attack));
      const { incident } = await stage.expectBlocked(source, 'register-bruteforce');
      assert.equal(incident.victim, guest[family], 'the victim is the guest');
      await tool.kill();
      await stage.expectFewReached(source, 5, refusedCredentials(source));
      const phones = await stage.openPhones([
        stage.phone('1001', 5070),
        stage.phone('1002', 5071, { transport: 'tcp' }),
      ]);
      assert.deepEqual((await phones.register(0)).statuses, [401, 200]);
      assert.deepEqual((await phones.register(1)).statuses, [401, 200]);
      await stage.expectNotBlocked(ADDRESSES.phones.v4);
      stage.check('phones register through the gateway as before');
    },
  };
}

export const gateway: Scenario[] = [
  inFront('gateway', 'the PBX is a routed guest behind the gateway that Ringfence runs on', ADDRESSES.guest, 'v4'),
  inFront('gateway', 'the same over IPv6', ADDRESSES.guest, 'v6'),
  inFront(
    'dnat',
    'the PBX is behind destination NAT: the incident names its inner address',
    ADDRESSES.hiddenGuest,
    'v4',
  ),
];
