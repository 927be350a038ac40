/** What the administrator says goes: allowlist, monitor mode, blocks and lists by hand. */
import assert from 'node:assert/strict';
import type { Incident } from '../../src/core/judge/incident.ts';
import type { Action } from '../../src/core/judge/verdict.ts';
import type { ExplainAnswer } from '../../src/serve/answers.ts';
import { ADDRESSES } from '../network.ts';
import { run, until } from '../process.ts';
import type { Scenario, Stage } from '../scenario.ts';

const source = ADDRESSES.attacker.v4;

/** The attack runs to its end; it is in the log, and nothing was held back. */
async function loggedAndNeverBlocked(stage: Stage, action: Action, reason: string): Promise<void> {
  const tool = stage.starts('svcrack -u 1000 -r 1-100', stage.attackers.svcrack('1000', '1-100'));
  await until(
    'the last guess has reached the PBX',
    10_000,
    async () => ((await stage.reached.from(source)).length >= 100 ? true : undefined),
    200,
  );
  await tool.kill();
  const incidents = await stage.ringfence.attacks(source);
  assert(incidents.length > 0, 'the attack is not in the log');
  for (const incident of incidents) {
    stage.timeline.say('ringfence', `incident ${incident.kind}: action ${incident.action}, ${incident.reason}`);
    assert.deepEqual([incident.action, incident.reason], [action, reason]);
  }
  await stage.expectNotBlocked(source);
  const reached = (await stage.reached.from(source)).length;
  stage.check(`all of its ${reached} requests reached the PBX`);
  assert(reached >= 100);
}

export const allowlisted: Scenario = {
  name: 'allowlisted',
  title: 'an allowlisted attacker is logged and never blocked',
  async run(stage) {
    const { code, output } = await stage.ringfence.cli('allow', 'add', source, '--comment', 'penetration test');
    assert.equal(code, 0, output);
    await loggedAndNeverBlocked(stage, 'pass', 'allowlisted');
  },
};

export const monitorOnly: Scenario = {
  name: 'monitor-only',
  title: 'in monitor mode everything is detected and nothing is blocked',
  policy: 'mode: monitor\n',
  run: (stage) => loggedAndNeverBlocked(stage, 'watch', 'monitor-only'),
};

export const byHand: Scenario = {
  name: 'by-hand',
  title: 'block, unblock, deny and allow by the command line, felt by a real phone',
  async run(stage) {
    const { ringfence } = stage;
    const address = ADDRESSES.phones.v4;
    const phones = await stage.openPhones([stage.phone('1000', 5070, { patienceMs: 1500 })]);
    const works = async () => (await phones.options(0)).statuses[0] === 200;
    const step = async (args: string[], exitCode: number, phoneWorks: boolean) => {
      const { code, output } = await ringfence.cli(...args);
      stage.timeline.say('lab', `ringfence ${args.join(' ')} → exit code ${code}\n${output.trim()}`);
      assert.equal(code, exitCode, output);
      assert.equal(
        await works(),
        phoneWorks,
        `after ${args.join(' ')} the phone ${phoneWorks ? 'must' : 'must not'} get through`,
      );
    };
    assert(await works(), 'the phone works to begin with');
    await step(['block', address, '--for', '10m', '--reason', 'lab'], 0, false);
    await step(['blocked', address], 0, false);
    await step(['unblock', address], 0, true);
    await step(['blocked', address], 1, true);
    await step(['deny', 'add', '192.0.2.0/24', '--comment', 'lab'], 0, false);
    await step(['allow', 'add', address], 0, true);
    await step(['block', address], 3, true);
    await step(['allow', 'remove', address], 0, false);
    await step(['deny', 'remove', '192.0.2.0/24'], 0, true);
    // The machine itself and its way out: refused, whoever asks.
    await step(['block', ADDRESSES.pbx.v4], 3, true);
    await step(['block', '169.254.1.1'], 3, true);
    // Nonsense: refused with a message, nothing changed.
    await step(['block', '300.1.1.1'], 2, true);
    await step(['deny', 'add', '300.1.1.1/40'], 2, true);
    assert.deepEqual(await ringfence.blocked(), []);
    stage.check('every command did what it said, to the phone as well');
  },
};

export const explained: Scenario = {
  name: 'explained',
  title: 'explain says why: for an attacker, for a phone, for an address that was never seen',
  async run(stage) {
    const tool = stage.starts('svwar', stage.attackers.svwar('REGISTER', '100-200'));
    await stage.expectBlocked(source, 'scanner-agent');
    await tool.kill();
    const attacker = await stage.ringfence.json<ExplainAnswer>('explain', source);
    stage.timeline.say('ringfence', `explain ${source}: ${attacker.because}`);
    assert.equal(attacker.now, 'block');
    assert(attacker.until !== null && attacker.until > Date.now());
    assert.equal(attacker.verdict?.kind, 'scanner-agent');
    const stranger = await stage.ringfence.json<ExplainAnswer>('explain', '203.0.113.200');
    stage.timeline.say('ringfence', `explain 203.0.113.200: ${stranger.because}`);
    assert.deepEqual([stranger.now, stranger.block], ['pass', null]);
    const file = `${stage.ringfence.data}/evidence.pcap`;
    const [{ id }] = await stage.ringfence.json<Incident[]>('attacks', '--source', source);
    const written = await stage.ringfence.cli('attacks', 'pcap', id, '-o', file);
    assert.equal(written.code, 0, written.output);
    const { stdout } = await run(['tshark', '-r', file, '-T', 'fields', '-e', 'sip.Method', '-e', 'ip.src']);
    assert.match(stdout, new RegExp(`REGISTER\\s+${source}`));
    stage.check('the evidence opens in Wireshark');
  },
};
