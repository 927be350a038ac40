/**
 * A scenario is a timeline of a real attack (or of real, good traffic) with what must be true at each point. `npm run lab` shows it,
 * the lab tests run it; there is one description for both.
 */
import assert from 'node:assert/strict';
import type { BlockRecord } from '../src/channel/protocol.ts';
import type { DetectorSlug } from '../src/core/base/policy.ts';
import type { Incident } from '../src/core/judge/incident.ts';
import { Attackers } from './attackers.ts';
import { Reached, type Passed } from './capture.ts';
import { Kamailio, USERS, type PbxOptions } from './kamailio.ts';
import { sweep } from './leftovers.ts';
import { ADDRESSES, Network, type HostName, type Variant } from './network.ts';
import type { PhoneOptions } from './phone.ts';
import { Phones } from './phones.ts';
import { until, type Program } from './process.ts';
import { Ringfence } from './ringfence.ts';
import { TftpServer } from './tftp.ts';
import { Timeline } from './timeline.ts';

export interface Scenario {
  /** As one types it: `npm run lab svcrack`. */
  name: string;
  /** What it shows, in one sentence. */
  title: string;
  variant?: Variant;
  pbx?: PbxOptions;
  tftp?: boolean;
  /** Policy document (YAML) that Ringfence starts with; null: Ringfence is not started by the stage. */
  policy?: string | null;
  run(stage: Stage): Promise<void>;
}

/** Tools without the detectors that know them by name and shape: then thresholds are what stops them. */
export const NO_SCANNER_LISTS =
  'detect: { scanner-agent: { enabled: false }, scanner-fingerprint: { enabled: false } }\n';

/** The promise: from the packet that crosses the threshold on, no more than this many requests reach the PBX. */
export const REACHED_AFTER_MAX = 5;
export const BLOCKED_WITHIN_MS = 3_000;

export class Stage {
  readonly network: Network;
  readonly attackers: Attackers;
  readonly timeline: Timeline;
  readonly reached: Reached;
  readonly ringfence: Ringfence;
  #phones: Phones[] = [];
  /** Ends what a scenario has started itself, when it is over. */
  readonly undo: (step: () => Promise<unknown>) => void;

  constructor(
    network: Network,
    timeline: Timeline,
    reached: Reached,
    ringfence: Ringfence,
    attackers: Attackers,
    undo: (step: () => Promise<unknown>) => void,
  ) {
    this.network = network;
    this.timeline = timeline;
    this.reached = reached;
    this.ringfence = ringfence;
    this.attackers = attackers;
    this.undo = undo;
  }

  /** Says what starts, gives the program back. */
  starts(what: string, program: Program): Program {
    this.timeline.say('attacker', `${what} starts`);
    return program;
  }

  /** Waits for the tool's end and shows its last words. */
  async ends(program: Program): Promise<string> {
    const { output } = await program.done;
    const lines = output
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('WARNING:TakeASip:using an INVITE'));
    this.timeline.say(
      'attacker',
      `${program.name} ends, saying:\n${lines.slice(-4).join('\n').slice(0, 400) || '(nothing)'}`,
    );
    return output;
  }

  /** A tool that gets no answers waits for them for a quarter of a minute: ended here, after a second in which it gets nothing through. */
  async endsHungry(program: Program, source: string): Promise<void> {
    const before = (await this.reached.all()).length;
    await pause(1000);
    const after = (await this.reached.all()).length;
    assert.equal(after, before, `${after - before} packets passed in a second of an attack that is blocked`);
    this.timeline.say(
      'kernel',
      `has dropped ${await this.ringfence.dropped(source)} packets of ${source}, none came through`,
    );
    await program.kill();
    this.timeline.say('attacker', `${program.name} gets no answer any more; ended`);
  }

  /** Lets a tool run for so long that a flood is worth the name, and ends it. */
  async lasts(program: Program, milliseconds: number): Promise<void> {
    await Promise.race([program.done, pause(milliseconds)]);
    await program.kill();
  }

  /** The kernel drops the source, the store knows of it, and an incident of the expected kind says why. */
  async expectBlocked(
    source: string,
    kind: DetectorSlug,
    withinMs = BLOCKED_WITHIN_MS,
  ): Promise<{ block: BlockRecord; incident: Incident }> {
    const block = await until(`${source} is blocked`, withinMs, async () => this.ringfence.block(source));
    const { verdict } = await this.ringfence.explain(source);
    if (verdict) {
      const { finding, count, threshold, windowMs } = verdict;
      this.timeline.say(
        'ringfence',
        `threshold crossed: ${finding}, ${count} of ${threshold}${within(windowMs)}`,
        verdict.at,
      );
    }
    this.timeline.say('kernel', `drops ${source} ${describeEnd(block)}`, block.since);
    assert(
      await this.ringfence.inKernel(source),
      `${source} is blocked according to the store, but not in the kernel's table`,
    );
    const incident = await until(`an incident of ${kind} by ${source}`, withinMs, async () =>
      (await this.ringfence.attacks(source)).find((found) => found.kind === kind),
    );
    this.timeline.say(
      'ringfence',
      `incident ${incident.kind}: ${incident.source} → ${incident.victim}, ${incident.count} seen, ${incident.reason}`,
    );
    return { block, incident };
  }

  async expectNotBlocked(source: string): Promise<void> {
    assert.equal(await this.ringfence.block(source), undefined, `${source} must not be blocked`);
    assert.equal(await this.ringfence.inKernel(source), false, `${source} must not be in the kernel's table`);
    this.check(`${source} is not blocked`);
  }

  /** `counted` says which of the packets that passed bring the threshold nearer; the rest after the crossing one are counted. */
  async expectFewReached(
    source: string,
    threshold: number,
    counted: (packet: Passed, before: Passed[]) => boolean,
  ): Promise<void> {
    const passed = await this.reached.all();
    let crossing = -1;
    let seen = 0;
    passed.forEach((packet, index) => {
      if (crossing < 0 && counted(packet, passed.slice(0, index)) && ++seen === threshold) crossing = index;
    });
    assert(
      crossing >= 0,
      `the attack never crossed the threshold: ${seen} of ${threshold} (${passed.length} packets passed)`,
    );
    const after = passed.slice(crossing + 1).filter((packet) => packet.from === source && packet.what !== '');
    this.check(
      `${after.length} requests reached the PBX after the threshold was crossed (at most ${REACHED_AFTER_MAX})`,
    );
    assert(
      after.length <= REACHED_AFTER_MAX,
      `${after.length} requests reached the PBX after the threshold was crossed`,
    );
  }

  check(text: string): void {
    this.timeline.say('check', `✓ ${text}`);
  }

  say(text: string): void {
    this.timeline.say('lab', text);
  }

  async openPhones(phones: PhoneOptions[], host: HostName = 'phones'): Promise<Phones> {
    const opened = await Phones.open(this.network, host, phones);
    this.#phones.push(opened);
    return opened;
  }

  /** A phone behind the NAT, with the right password. */
  phone(user: string, port: number, more: Partial<PhoneOptions> = {}): PhoneOptions {
    const family = more.address?.includes(':') ? 'v6' : 'v4';
    return {
      server: this.network.target[family],
      address: ADDRESSES.phones[family],
      port,
      user,
      password: USERS[user] ?? '',
      ...more,
    };
  }

  async stopPhones(): Promise<void> {
    for (const phones of this.#phones.splice(0)) await phones.stop();
  }
}

/** Answers that refuse a request with credentials: what the register and authentication thresholds count. */
export function refusedCredentials(source: string): (packet: Passed, before: Passed[]) => boolean {
  return (packet, before) => {
    if (packet.to !== source || !/^(401|403|404|407)$/.test(packet.what) || /stale=true/i.test(packet.text))
      return false;
    const branch = branchOf(packet.text);
    const request = before.find((earlier) => earlier.from === source && branchOf(earlier.text) === branch);
    return request !== undefined && /^(Proxy-)?Authorization:/im.test(request.text);
  };
}

/** Answers that refuse a user; every one of svwar's is about another user. */
export function refusedUser(source: string): (packet: Passed) => boolean {
  return (packet) => packet.to === source && packet.what === '404';
}

export function request(source: string): (packet: Passed) => boolean {
  return (packet) => packet.from === source && packet.what !== '';
}

function branchOf(text: string): string | undefined {
  return /^(?:Via|v)\s*:.*?;branch=([^;,\s]+)/im.exec(text)?.[1];
}

function within(windowMs: number): string {
  return windowMs > 0 ? ` in ${windowMs / 1000} s` : '';
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function describeEnd(block: BlockRecord): string {
  return block.until === null ? 'for good' : `for ${Math.round((block.until - block.since) / 1000)} s`;
}

/** What a failing test shows: the reason, what happened before it, and the daemon's last words. */
export class NotAsPromised extends Error {
  readonly reason: string;
  readonly daemonSaid: string;

  constructor(cause: Error, timeline: Timeline, daemonOutput: string) {
    const daemonSaid = daemonOutput.slice(-4000);
    super(`${cause.message}\n\n${timeline}\n\nringfence run said:\n${daemonSaid}`);
    this.reason = cause.message;
    this.daemonSaid = daemonSaid;
    this.stack = cause.stack;
  }
}

/** Builds everything, plays the scenario, takes everything down. A failure carries the timeline and the daemon's last words. */
export async function play(scenario: Scenario, timeline: Timeline): Promise<void> {
  for (const name of await sweep()) timeline.say('lab', `removed ${name}, left behind by an interrupted run`);
  const undo: (() => Promise<unknown>)[] = [];
  let ringfence: Ringfence | undefined;
  let failure: NotAsPromised | undefined;
  const leaks: string[] = [];
  let takingDown: Promise<void> | undefined;
  const takeDown = () =>
    (takingDown ??= (async () => {
      for (const step of undo.splice(0).reverse()) await step().catch((error: Error) => leaks.push(error.message));
    })());
  // The tools end, so the scenario goes on for a moment with whatever it makes of that: the process is gone before it can say so.
  const interrupted = () => void takeDown().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const network = await Network.build(scenario.variant);
    undo.push(async () => leaks.push(...(await network.tearDown())));
    const kamailio = await Kamailio.start(network, scenario.pbx);
    undo.push(() => kamailio.stop());
    if (scenario.tftp) {
      const tftp = await TftpServer.start(network);
      undo.push(() => tftp.stop());
    }
    const reached = await Reached.start(network);
    undo.push(() => reached.stop());
    ringfence = Ringfence.prepare(network);
    undo.push(() => ringfence!.remove());
    const attackers = new Attackers(network);
    undo.push(() => attackers.stop());
    timeline.say(
      'lab',
      `${scenario.variant ?? 'host'} network ready: Kamailio on ${network.target.v4} and ${network.target.v6}`,
    );
    if (scenario.policy !== null) {
      const status = await ringfence.run({ policy: scenario.policy });
      timeline.say('ringfence', `${status.state}, SIP ports ${status.protects?.sipUdp ?? '?'}`);
    }
    const stage = new Stage(network, timeline, reached, ringfence, attackers, (step) => void undo.push(step));
    undo.push(() => stage.stopPhones());
    await scenario.run(stage);
  } catch (error) {
    failure = new NotAsPromised(error as Error, timeline, ringfence?.output ?? '(not started)');
  } finally {
    if (takingDown) await new Promise(() => {}); // interrupted: `process.exit` ends this
    await takeDown();
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
  if (failure) throw failure;
  assert.deepEqual(leaks, [], 'the lab left something running');
}
