/** The world failing: processes killed, the table flushed, the disk full, the database damaged, a policy with an error. */
import assert from 'node:assert/strict';
import { open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory } from '../leftovers.ts';
import { ADDRESSES } from '../network.ts';
import { run, until } from '../process.ts';
import { Ringfence } from '../ringfence.ts';
import type { Scenario, Stage } from '../scenario.ts';

const source = ADDRESSES.attacker.v4;
const second = ADDRESSES.attacker2.v4;

async function attackFromBoth(stage: Stage): Promise<void> {
  await attack(stage, 'attacker');
  await attack(stage, 'attacker2');
}

async function attack(stage: Stage, from: 'attacker' | 'attacker2'): Promise<void> {
  const tool = stage.starts(`svmap from ${ADDRESSES[from].v4}`, stage.attackers.svmap([], { from }));
  await stage.expectBlocked(ADDRESSES[from].v4, 'scanner-agent', 5_000);
  await tool.kill();
}

export const consoleKilled: Scenario = {
  name: 'console-killed',
  title: 'kill -9 of the console during an attack: blocking goes on, nothing is lost, the console comes back',
  async run(stage) {
    await attack(stage, 'attacker');
    const before = await stage.ringfence.consolePid();
    await stage.ringfence.killConsole();
    stage.say('kill -9 of the console');
    const tool = stage.starts(`svmap from ${second}`, stage.attackers.svmap([], { from: 'attacker2' }));
    await until('the kernel drops the second attacker', 3_000, async () =>
      (await stage.ringfence.inKernel(second)) ? true : undefined,
    );
    stage.timeline.say('kernel', `drops ${second}`);
    await tool.kill();
    await stage.expectBlocked(second, 'scanner-agent', 10_000);
    assert.notEqual(await stage.ringfence.consolePid(), before);
    assert((await stage.ringfence.attacks(source)).length > 0, 'the first incident is gone');
    assert(await stage.ringfence.block(source), 'the first block is gone');
    stage.check('a new console knows both attacks and both blocks');
  },
};

export const everythingKilled: Scenario = {
  name: 'everything-killed',
  title: 'kill -9 of everything during an attack: the blocks stay in force, a restart knows everything',
  async run(stage) {
    await stage.ringfence.cli('deny', 'add', '203.0.113.128/25', '--comment', 'lab');
    await attackFromBoth(stage);
    const tool = stage.starts('svcrack, blocked and going on,', stage.attackers.svcrack('1000', '1-9999'));
    await stage.ringfence.crash();
    stage.say('kill -9 of guard and console');
    assert(await stage.ringfence.inKernel(source), 'the block must outlive the crash');
    const before = (await stage.reached.from(source)).length;
    await tool.kill();
    assert.equal(before, 1, 'only the first packet ever reached the PBX');
    stage.check('the kernel went on dropping');

    await stage.ringfence.run();
    for (const address of [source, second]) {
      assert(await stage.ringfence.inKernel(address), `${address} is not in the kernel any more`);
      const block = await stage.ringfence.block(address);
      assert.equal(block?.origin, 'automatic', `the block of ${address} lost its story`);
      assert.equal((await stage.ringfence.attacks(address)).length > 0, true, `the incident of ${address} is gone`);
    }
    const denied = await stage.ringfence.json<{ range: string }[]>('deny', 'list');
    assert(
      denied.some(({ range }) => range === '203.0.113.128/25'),
      'the denylist entry is gone',
    );
    stage.check('after the restart: both blocks with their story, both incidents, the denylist');
  },
};

export const cleanStop: Scenario = {
  name: 'clean-stop',
  title: 'a clean stop leaves no rule behind; a start brings the blocks back',
  async run(stage) {
    await attack(stage, 'attacker');
    await stage.ringfence.stop();
    assert.equal(await stage.ringfence.kernelTable(), '');
    const { stdout } = await run(['nft', 'list', 'tables'], { namespace: stage.network.namespace('pbx') });
    assert.doesNotMatch(stdout, /ringfence/);
    stage.check('the table is gone, the lab’s own table is untouched');
    assert.match(stdout, /lab-reached/);
    await stage.ringfence.run();
    assert(await stage.ringfence.inKernel(source));
    stage.check('the block is back after the start');
  },
};

export const flushed: Scenario = {
  name: 'flushed',
  title: 'somebody flushes the whole ruleset: the table is repaired and the repair reported',
  async run(stage) {
    await attack(stage, 'attacker');
    await stage.ringfence.nft('delete', 'table', 'inet', 'ringfence');
    stage.say('nft delete table inet ringfence');
    await until(
      'the table is back with its block',
      15_000,
      async () => ((await stage.ringfence.inKernel(source)) ? true : undefined),
      200,
    );
    const status = await until('the repair is reported', 5_000, async () => {
      const answer = await stage.ringfence.status();
      return answer.kernel!.repairs > 0 ? answer : undefined;
    });
    stage.timeline.say('ringfence', `repaired ${status.kernel!.repairs} time(s): ${status.kernel!.lastRepair}`);
    await attack(stage, 'attacker2');
    stage.check('and the next attacker is blocked again');
  },
};

export const fullDisk: Scenario = {
  name: 'full-disk',
  title: 'the disk is full: blocking goes on, the problem is named, and what happened is remembered once there is room',
  policy: null,
  async run(stage) {
    const directory = temporaryDirectory('disk');
    await run(['mount', '-t', 'tmpfs', '-o', 'size=8m', 'rf-lab-disk', directory]);
    const ringfence = Ringfence.prepare(stage.network, directory);
    try {
      await ringfence.run();
      const filler = await open(join(directory, 'filler'), 'w');
      const chunk = Buffer.alloc(64 * 1024, 1);
      try {
        for (;;) await filler.write(chunk);
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
      } finally {
        await filler.close();
      }
      stage.say('the disk is full');
      const tool = stage.starts('svmap', stage.attackers.svmap());
      await until('the kernel drops the attacker', 3_000, async () =>
        (await ringfence.inKernel(source)) ? true : undefined,
      );
      stage.timeline.say('kernel', `drops ${source}`);
      await tool.kill();
      const status = await until('the problem is named', 10_000, async () => {
        const answer = await ringfence.status();
        return answer.problems.some(({ code }) => code.includes('disk-full')) ? answer : undefined;
      });
      assert.equal(status.protecting, true);
      stage.timeline.say('ringfence', status.problems.map(({ code, text }) => `${code}: ${text}`).join('\n'));
      await rm(join(directory, 'filler'));
      stage.say('there is room again');
      await until(
        'the incident is in the store',
        20_000,
        async () => ((await ringfence.attacks(source)).length > 0 ? true : undefined),
        200,
      );
      await until(
        'the problem is over',
        20_000,
        async () => ((await ringfence.status()).problems.length === 0 ? true : undefined),
        200,
      );
      await ringfence.crash();
      await ringfence.run();
      assert(
        (await ringfence.attacks(source)).length > 0 && (await ringfence.block(source)),
        'it was not remembered after all',
      );
      stage.check('incident and block were remembered, and survive a crash');
    } finally {
      await ringfence.crash().catch(() => {});
      await run(['umount', directory]);
      await rm(directory, { recursive: true, force: true });
    }
  },
};

export const damagedDatabase: Scenario = {
  name: 'damaged-database',
  title: 'the database is damaged: Ringfence starts, protects, says so, and keeps the damaged file',
  async run(stage) {
    await attack(stage, 'attacker');
    await stage.ringfence.stop();
    const files = (await readdir(stage.ringfence.data)).filter((name) => /\.(db|sqlite)$/.test(name));
    assert.equal(files.length, 1, `one database expected in ${stage.ringfence.data}: ${files.join(', ')}`);
    const file = join(stage.ringfence.data, files[0]);
    const { size } = await stat(file);
    await writeFile(file, Buffer.alloc(size, 0x5a));
    stage.say(`${files[0]} overwritten, all ${size} bytes`);
    await stage.ringfence.run();
    const status = await stage.ringfence.status();
    assert.equal(status.protecting, true);
    const told = [
      ...status.problems.map(({ text }) => text),
      ...status.lastEvents.map(({ text }) => text),
      stage.ringfence.output,
    ];
    assert(
      told.some((text) => /damaged|corrupt/i.test(text)),
      `nobody was told:\n${told.join('\n')}`,
    );
    const kept = (await readdir(stage.ringfence.data)).filter((name) => name.startsWith(files[0]) && name !== files[0]);
    assert(
      kept.some((name) => /damaged|corrupt/i.test(name)),
      `the damaged file was not kept: ${kept.join(', ')}`,
    );
    await attack(stage, 'attacker2');
    stage.check('it protects, said what happened, and kept the damaged file');
  },
};

/** Each names what is wrong, where, and what was expected. */
const BAD_POLICIES: { text: string; says: RegExp }[] = [
  { text: 'mode: protect\nports:\n  sip: "5060-"\n', says: /:3:.*5060-/s },
  { text: 'guests:\n  - 300.1.1.1/40\n', says: /:2:.*300\.1\.1\.1\/40/s },
  { text: 'detect:\n  flood:\n    treshold: 10\n', says: /:3:.*treshold.*threshold/s },
  { text: 'block:\n  for: soon\n', says: /:2:.*soon/s },
  { text: 'mode: [protect\n', says: /lab-bad\.yaml:\d+/ },
];

export const badPolicy: Scenario = {
  name: 'bad-policy',
  title: 'a policy with an error: the message names line and expectation, the policy in force stays',
  policy: 'block: { for: 7m }\n',
  async run(stage) {
    const { ringfence } = stage;
    const file = join(ringfence.data, 'lab-bad.yaml');
    for (const { text, says } of BAD_POLICIES) {
      await writeFile(file, text);
      for (const command of [
        ['check', file],
        ['policy', 'apply', file],
      ]) {
        const { code, output } = await ringfence.cli(...command);
        assert.notEqual(code, 0, `${command.join(' ')} accepted:\n${text}`);
        assert.match(output, says);
      }
      stage.timeline.say('ringfence', (await ringfence.cli('check', file)).output.trim());
    }
    const set = await ringfence.cli('policy', 'set', 'detect.flood.threshold', 'many');
    assert.notEqual(set.code, 0);
    assert.match(set.output, /detect\.flood\.threshold/);
    assert.match((await ringfence.cli('policy', 'get', 'block.for')).output, /7m/);
    stage.check('after all of these the policy in force is the old one');

    const other = Ringfence.prepare(stage.network);
    try {
      const program = await other.launch({ policy: BAD_POLICIES[0].text });
      const { code, output } = await program.done;
      assert.notEqual(code, 0);
      assert.match(output, /:3:.*5060-/s);
      stage.check('a daemon that is started with such a file says so and does not start');
    } finally {
      await other.remove();
    }
  },
};
