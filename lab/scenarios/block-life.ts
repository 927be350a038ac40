/** The life of a block: it ends by itself, it lasts while the attack lasts, and the fourth one stays. */
import assert from 'node:assert/strict';
import { ADDRESSES } from '../network.ts';
import { until } from '../process.ts';
import type { Scenario, Stage } from '../scenario.ts';

const source = ADDRESSES.attacker.v4;

/** One packet of svmap is enough for a block; the tool is ended then, so that nothing extends it. */
async function blockOnce(stage: Stage): Promise<{ until: number | null; since: number }> {
  const tool = stage.starts('svmap', stage.attackers.svmap());
  const { block } = await stage.expectBlocked(source, 'scanner-agent');
  await tool.kill();
  return block;
}

/** Only what is proven counts towards a permanent block: passwords tried with nonces that were sent to the cracker. */
async function crackOnce(stage: Stage): Promise<{ until: number | null; since: number }> {
  const tool = stage.starts('svcrack', stage.attackers.svcrack('1000', '1-9999'));
  const { block } = await stage.expectBlocked(source, 'register-bruteforce');
  await tool.kill();
  return block;
}

async function waitForTheEnd(stage: Stage, withinMs: number): Promise<void> {
  await until('the kernel has let the block expire', withinMs, async () =>
    (await stage.ringfence.inKernel(source)) ? undefined : true,
  );
  stage.timeline.say('kernel', `the block of ${source} is over`);
  await until('the store knows it too', 5_000, async () => ((await stage.ringfence.block(source)) ? undefined : true));
}

export const expiry: Scenario = {
  name: 'expiry',
  title: 'a block is over when its time is over, and the PBX can be reached again',
  policy: 'block: { for: 5s }\n',
  async run(stage) {
    const block = await blockOnce(stage);
    await waitForTheEnd(stage, 8_000);
    const lasted = Date.now() - block.since;
    stage.check(`it lasted ${(lasted / 1000).toFixed(1)} s, the policy says 5 s`);
    assert(lasted >= 4_900, 'it ended early');
    const phones = await stage.openPhones([{ ...stage.phone('1000', 5070), address: source }], 'attacker');
    assert.deepEqual((await phones.options(0)).statuses, [200]);
    stage.check('the address is answered again');
  },
};

export const extended: Scenario = {
  name: 'extended',
  title: 'a block lasts while the attack goes on: every dropped packet starts its time again',
  policy: 'block: { for: 4s, extend: true }\n',
  async run(stage) {
    await blockOnce(stage);
    const flood = stage.starts(
      'an OPTIONS flood from the blocked address, 9 s long,',
      stage.attackers.optionsFlood(50, 450),
    );
    const began = Date.now();
    await until(
      'twice the time of the block has passed',
      10_000,
      async () => (Date.now() - began > 7_500 ? true : undefined),
      500,
    );
    assert(await stage.ringfence.inKernel(source), 'the block ended although the attack went on');
    stage.check('7.5 s into the flood the block of 4 s is still there');
    await flood.kill();
    await waitForTheEnd(stage, 8_000);
    stage.check('it ended after the flood did');
    assert.equal(
      (await stage.reached.from(source)).length,
      1,
      'only the first packet of svmap may have reached the PBX',
    );
  },
};

export const fourthIsPermanent: Scenario = {
  name: 'fourth-is-permanent',
  title: 'after three blocks the fourth is for good',
  policy:
    // Time enough to look at it, on a busy machine as well.
    'block: { for: 3s, permanentAfter: 3 }\n' +
    'detect: { scanner-agent: { enabled: false }, scanner-fingerprint: { enabled: false } }\n',
  async run(stage) {
    for (let round = 1; round <= 3; round++) {
      const block = await crackOnce(stage);
      assert(block.until !== null, `block ${round} must end`);
      await waitForTheEnd(stage, 6_000);
    }
    const fourth = await crackOnce(stage);
    assert.equal(fourth.until, null);
    stage.check('the fourth block has no end');
    await stage.ringfence.stop();
    await stage.ringfence.run();
    assert(await stage.ringfence.inKernel(source));
    assert.equal((await stage.ringfence.block(source))?.until, null);
    stage.check('and it is still there after a restart');
    const { code, output } = await stage.ringfence.cli('unblock', source);
    assert.equal(code, 0, output);
    await stage.expectNotBlocked(source);
  },
};
