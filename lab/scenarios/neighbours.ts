/** Beside other firewalls: their rules, and the traffic that is none of ours, are the same before, beside and after Ringfence. */
import assert from 'node:assert/strict';
import { CONTAINER, docker, PUBLISHED } from '../neighbours/docker.ts';
import { fail2ban } from '../neighbours/fail2ban.ts';
import { firewalld } from '../neighbours/firewalld.ts';
import { foreignRules } from '../neighbours/foreign-rules.ts';
import { iptablesLegacy, iptablesNft } from '../neighbours/iptables.ts';
import type { Neighbour } from '../neighbours/neighbour.ts';
import { SecondRoot } from '../neighbours/second-root.ts';
import { Traffic } from '../neighbours/traffic.ts';
import { ufw } from '../neighbours/ufw.ts';
import { NO_SCANNER_LISTS, type Scenario, type Stage } from '../scenario.ts';

const PHONE_AGENT = 'Zoiper rv2.10.11.5';
const ALL_OF_IT = { rtp: 100, dns: 100, keptConnection: true, newConnection: true };

function beside(neighbour: Neighbour, port = 5060, policy = ''): Scenario {
  return {
    name: neighbour.name,
    title: neighbour.title,
    policy: null,
    async run(stage) {
      const root = await SecondRoot.open(stage.network);
      stage.undo(() => root.close());
      await neighbour.start(stage, root);
      const traffic = await Traffic.open(stage.network);
      stage.undo(() => traffic.close());
      const alone = await foreignRules(stage.network);
      assert(alone.length > 0, `${neighbour.name} has written no rules`);
      const unchanged = async (when: string) => {
        assert.deepEqual(await traffic.round(), ALL_OF_IT, when);
        stage.check(`RTP, DNS and TCP connections pass, ${when}`);
      };
      await unchanged('before Ringfence starts');

      await stage.ringfence.run({ policy: NO_SCANNER_LISTS + policy });
      stage.timeline.say('ringfence', 'starts');
      assert.deepEqual(await foreignRules(stage.network), alone, `Ringfence changed the rules of ${neighbour.name}`);
      stage.check(`the ${alone.length} rules of ${neighbour.name} are as they were`);
      const source = await attackIsStopped(stage, port);
      await unchanged('beside it');

      await neighbour.reload(stage, root);
      stage.timeline.say('lab', `${neighbour.name} loads its rules again`);
      assert(await stage.ringfence.inKernel(source), 'the block is gone');
      assert.equal((await stage.ringfence.status()).state, 'protecting');
      assert(await stage.ringfence.drops('attacker'), 'the attacker gets through');
      await unchanged(`after a reload of ${neighbour.name}`);
      await phoneRegisters(stage, port);

      const before = await foreignRules(stage.network);
      await stage.ringfence.stop();
      assert.equal(await stage.ringfence.kernelTable(), '', 'the table is still there');
      assert.deepEqual(await foreignRules(stage.network), before, `Ringfence took rules of ${neighbour.name} with it`);
      await unchanged('after Ringfence has stopped');
    },
  };
}

/** Over a connection that the neighbour calls established from the second packet on: what ban tools behind it do not stop. */
async function attackIsStopped(stage: Stage, port: number): Promise<string> {
  const attack = { userAgents: [PHONE_AGENT] };
  const source = stage.attackers.address(attack);
  const args = ['-p', `${port}`];
  const tool = stage.starts('svcrack, disguised,', stage.attackers.svcrack('1000', '1-9999', args, attack));
  await stage.expectBlocked(source, 'register-bruteforce');
  await tool.kill();
  return source;
}

async function phoneRegisters(stage: Stage, serverPort: number): Promise<void> {
  const phones = await stage.openPhones([stage.phone('1001', 5070, { serverPort })]);
  assert.deepEqual((await phones.register(0)).statuses, [401, 200]);
  stage.check('a phone registers');
}

export const neighbours: Scenario[] = [
  beside(ufw),
  beside(firewalld),
  beside(iptablesNft),
  beside(iptablesLegacy),
  beside(fail2ban),
  beside(docker, PUBLISHED, `ports: { sip: "5060,${PUBLISHED}" }\nguests: ["${CONTAINER}"]\n`),
];
