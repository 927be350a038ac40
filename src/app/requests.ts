/** What the console asks of the guard. An answer means that the kernel holds what was asked for. */
import { formatAddress, parseAddress, type Address } from '../core/base/address.ts';
import { formatTarget, parseTarget, scopeOf, type Target } from '../core/base/target.ts';
import { NO_RANGES } from '../core/base/packed-ranges.ts';
import { Lists } from '../core/judge/lists.ts';
import { JUDGE_REASONS } from '../core/judge/verdict.ts';
import { type BlockRecord, type GuardReport, type GuardRequest, type StartOrders } from '../channel/protocol.ts';
import type { Reconciler } from '../enforce/reconcile.ts';
import type { PolicyDocument } from '../policy/schema.ts';
import { setOf } from './block-account.ts';
import { GuardError } from './guard-error.ts';
import type { ListsInForce } from './lists-in-force.ts';
import type { SensorLink } from './sensor-link.ts';
import { trustOf } from './phone-trust.ts';
import type { Standing } from './standing.ts';

interface Parts {
  standing: Standing;
  lists: ListsInForce;
  reconciler: Reconciler;
  sensor: SensorLink;
  report: (report: GuardReport) => void;
}

export class Requests {
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  async answer(request: GuardRequest): Promise<unknown> {
    switch (request.ask) {
      case 'policy':
        return this.usePolicy(request.policy);
      case 'ranges':
        return this.parts.lists.bringIn(request.ranges, request.version ?? null);
      case 'edit':
        return this.parts.lists.edit(request.edit, request.version);
      case 'block':
        return this.block(request.address, request.durationMs, request.reason);
      case 'extend':
        return this.extend(request.target, request.durationMs);
      case 'unblock':
        return { lifted: await this.unblock(targetOf(request.target)) };
      case 'explain':
        return this.parts.sensor.explain(request.address);
      case 'trust':
        return trustOf(this.parts.reconciler.desired, addressOf(request.address), Date.now());
      case 'registered':
        return this.parts.sensor.registered();
    }
  }

  /**
   * Once, by a guard that began from its own copies, which are up to two seconds older than its predecessor's end: what the console
   * remembers of blocks. The stories of those that were found in the kernel; those that a reboot took out of it; and it hears of those
   * that it does not know.
   */
  async learn({ blocks }: StartOrders): Promise<void> {
    const { standing, reconciler, sensor, report } = this.parts;
    const { account } = standing;
    const now = Date.now();
    for (const block of account.learn(blocks, now)) {
      const target = block.target;
      await reconciler.add(setOf(block), targetOf(target), block.until === null ? null : block.until - now);
      account.put({ ...block, dropped: 0 });
      sensor.send({ command: 'blocked', target, until: block.until });
    }
    const known = new Set(blocks.map((block) => `${block.target} ${block.since}`));
    for (const block of account.all())
      if (!known.has(`${block.target} ${block.since}`)) report({ type: 'blocked', block });
    standing.unsaved = true;
  }

  /** A console that came late, or came back: what it remembers of policy and lists is what counts; blocks are the guard's business. */
  async obey(orders: StartOrders): Promise<void> {
    await this.usePolicy(orders.policy);
    await this.parts.lists.bringIn(orders.ranges);
  }

  /** First into the kernel; a refusal there leaves what was in force before. */
  private async usePolicy(document: PolicyDocument): Promise<null> {
    const { standing, lists, reconciler, sensor } = this.parts;
    const policy = standing.compiled(document);
    const ruleset = standing.ruleset(policy);
    if (ruleset !== standing.ruleset()) await reconciler.setRuleset(ruleset);
    const same = JSON.stringify(document) === JSON.stringify(standing.document);
    standing.take(document, policy);
    standing.save();
    lists.usePolicy();
    if (!same) sensor.send({ command: 'policy', policy });
    return null;
  }

  private async block(text: string, durationMs: number | null, reason: string): Promise<BlockRecord> {
    const { standing, reconciler, sensor, report } = this.parts;
    const address = addressOf(text);
    const lists = new Lists({ allow: standing.ranges.allow, deny: NO_RANGES, ...standing.host });
    const exemption = lists.exemption(address);
    if (exemption !== null) throw new GuardError(exemption, `${text} is never blocked: ${JUDGE_REASONS[exemption]}.`);
    await reconciler.add('deny', address, durationMs);
    const block = standing.account.byHand(formatAddress(address), Date.now(), durationMs, reason);
    sensor.send({ command: 'blocked', target: block.address, until: block.until });
    report({ type: 'blocked', block });
    standing.unsaved = true;
    return block;
  }

  /** Where both a block by hand and an automatic one stand, both get the new end; the answer is the one by hand. */
  private async extend(text: string, durationMs: number | null): Promise<BlockRecord> {
    const { standing, reconciler, sensor, report } = this.parts;
    const { account } = standing;
    const target = targetOf(text);
    const key = formatTarget(target);
    const standingIn = (['deny', 'block'] as const).filter((set) => account.get(set, key) !== undefined);
    if (standingIn.length === 0) throw new GuardError('not-blocked', `${key} is not blocked.`);
    const until = durationMs === null ? null : Date.now() + durationMs;
    const blocks: BlockRecord[] = [];
    for (const set of standingIn) {
      await reconciler.add(set, target, durationMs);
      // It may have ended in this moment: then the kernel has it anew, and so has the account.
      const block = account.extended(set, key, until) ?? account.adopted(set, key, Date.now(), until, 0);
      report({ type: 'blocked', block });
      blocks.push(block);
    }
    sensor.send({ command: 'blocked', target: key, until });
    standing.unsaved = true;
    return blocks[0];
  }

  /** With an address the phones behind it that are blocked alone. True when the kernel had something against it and has it no more. */
  async unblock(target: Target): Promise<boolean> {
    const text = formatTarget(target);
    const phones = scopeOf(target) === 'address' ? this.parts.standing.account.phonesOf(text) : [];
    let lifted = await this.liftOne(target, text);
    for (const phone of phones) lifted = (await this.liftOne(targetOf(phone), phone)) || lifted;
    return lifted;
  }

  private async liftOne(target: Target, text: string): Promise<boolean> {
    const { standing, reconciler, sensor, report } = this.parts;
    const scope = scopeOf(target);
    const automatic = await reconciler.remove('block', target);
    const manual = scope === 'address' && (await reconciler.remove('deny', target));
    const limited = scope !== 'network' && (await reconciler.remove('limit', target));
    standing.account.lifted(text);
    sensor.send({ command: 'lift', target: text });
    standing.unsaved = true;
    if (automatic || manual) report({ type: 'unblocked', target: text, at: Date.now(), how: 'lifted' });
    return automatic || manual || limited;
  }
}

function targetOf(text: string): Target {
  const target = parseTarget(text);
  if (!target) throw new GuardError('bad-address', `"${text}" is no address, phone or network.`);
  return target;
}

function addressOf(text: string): Address {
  const address = parseAddress(text);
  if (!address) throw new GuardError('bad-address', `"${text}" is no IP address.`);
  return address;
}
