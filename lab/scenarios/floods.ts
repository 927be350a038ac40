/** Too much of something: INVITEs (watched, limited or blocked, as the policy says), OPTIONS, malformed messages, TFTP requests. */
import assert from 'node:assert/strict';
import { ADDRESSES } from '../network.ts';
import { until } from '../process.ts';
import { REACHED_AFTER_MAX, request, type Scenario } from '../scenario.ts';

const source = ADDRESSES.attacker.v4;

export const inviteWatch: Scenario = {
  name: 'invite-watch',
  title: 'an INVITE flood over the limit is reported and, by default, nothing else',
  async run(stage) {
    const tool = stage.starts('SIPp, 100 INVITEs a second,', stage.attackers.inviteFlood(100, 200));
    const incident = await until('an incident of invite-limit', 5_000, async () =>
      (await stage.ringfence.attacks(source)).find(({ kind }) => kind === 'invite-limit'),
    );
    stage.timeline.say('ringfence', `incident invite-limit, ${incident.count} seen, action ${incident.action}`);
    assert.equal(incident.action, 'watch');
    await tool.done;
    await stage.expectNotBlocked(source);
    const reached = (await stage.reached.from(source)).filter(({ what }) => what === 'INVITE').length;
    assert.equal(reached, 200, 'watching must not hold anything back');
    stage.check('all 200 INVITEs reached the PBX');
  },
};

export const inviteLimit: Scenario = {
  name: 'invite-limit',
  title: 'with action limit the kernel lets five new INVITEs a second through',
  policy: 'detect: { invite-limit: { action: limit } }\n',
  async run(stage) {
    const tool = stage.starts('SIPp, 100 INVITEs a second,', stage.attackers.inviteFlood(100, 500));
    await stage.lasts(tool, 5_500);
    await stage.expectNotBlocked(source);
    const reached = (await stage.reached.from(source)).filter(({ what }) => what === 'INVITE').length;
    // 60 before the limit, then 5 a second for the rest of the 5 s, a burst and some that were on their way.
    stage.check(`${reached} of 500 INVITEs reached the PBX (60 before the limit, 5 a second after it)`);
    assert(reached >= 60 && reached <= 60 + 5 * 6 + 20, `${reached} INVITEs reached the PBX`);
  },
};

export const inviteBlock: Scenario = {
  name: 'invite-block',
  title: 'with action block the flood ends',
  policy: 'detect: { invite-limit: { action: block } }\n',
  async run(stage) {
    const tool = stage.starts('SIPp, 100 INVITEs a second,', stage.attackers.inviteFlood(100, 300));
    await stage.expectBlocked(source, 'invite-limit');
    await tool.kill();
    await stage.expectFewReached(source, 60, (packet) => packet.from === source && packet.what === 'INVITE');
  },
};

export const optionsFlood: Scenario = {
  name: 'options-flood',
  title: 'an OPTIONS flood is blocked once it is more than any phone or monitor sends',
  async run(stage) {
    const tool = stage.starts('SIPp, 400 OPTIONS a second,', stage.attackers.optionsFlood(400, 1500));
    await stage.expectBlocked(source, 'flood', 6_000);
    await tool.kill();
    await stage.expectFewReached(source, 500, request(source));
  },
};

export const malformed: Scenario = {
  name: 'malformed',
  title: 'messages broken in five ways, as fuzzers send them',
  async run(stage) {
    const tool = stage.starts('malformed SIP, 200 a second,', stage.attackers.malformed(200, 400));
    await stage.expectBlocked(source, 'malformed');
    await tool.done;
    const passed = (await stage.reached.all()).filter(({ from }) => from === source).length;
    stage.check(`${passed} of 400 reached the PBX (threshold 20)`);
    assert(passed <= 20 + REACHED_AFTER_MAX);
  },
};

export const tftpWalk: Scenario = {
  name: 'tftp-walk',
  title: 'the provisioning server is asked for every MAC address of a vendor',
  tftp: true,
  async run(stage) {
    stage.starts('a TFTP walk', stage.attackers.tftpWalk(256));
    const { incident } = await stage.expectBlocked(source, 'tftp-bruteforce');
    assert(incident.files.length >= 10, 'the incident names the files that were asked for');
    // Requests, not answers: a TFTP server answers from another port. One refusal each, so the tenth crosses the threshold.
    await stage.expectFewReached(source, 10, (packet) => packet.from === source && packet.what === 'RRQ');
  },
};
