/** What the console asks of the guard. An answer means that the kernel holds what was asked for. */
import { formatAddress, parseAddress } from '../core/base/address.ts';
import { NO_RANGES, sameAddresses, unpackRanges } from '../core/base/packed-ranges.ts';
import { Lists } from '../core/judge/lists.ts';
import { JUDGE_REASONS } from '../core/judge/verdict.ts';
import type { BlockRecord, GuardReport, GuardRequest, Orders, RangeOrders } from '../channel/protocol.ts';
import type { Elements } from '../enforce/elements.ts';
import type { Reconciler } from '../enforce/reconcile.ts';
import { compilePolicy } from '../policy/compile.ts';
import { GuardError } from './guard-error.ts';
import type { SensorLink } from './sensor-link.ts';
import type { Standing } from './standing.ts';

interface Parts {
  standing: Standing;
  reconciler: Reconciler;
  elements: Elements;
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
      case 'orders':
        return this.obey(request.orders);
      case 'ranges':
        return this.bringIn(request.ranges);
      case 'block':
        return this.block(request.address, request.durationMs, request.reason);
      case 'unblock':
        return { lifted: await this.unblock(request.address) };
      case 'explain':
        return this.parts.sensor.explain(request.address);
    }
  }

  /** Policy and lists, first into the kernel; a refusal there leaves what was in force before. */
  async obey(orders: Orders): Promise<null> {
    const { standing, reconciler, sensor } = this.parts;
    const before = standing.orders;
    const policy = compilePolicy(orders.policy);
    const ruleset = standing.ruleset(policy);
    if (ruleset !== standing.ruleset()) await reconciler.setRuleset(ruleset);
    await this.bringIn(orders.ranges);
    standing.take(orders, policy);
    standing.save();
    if (JSON.stringify(orders.policy) !== JSON.stringify(before.policy)) sensor.send({ command: 'policy', policy });
    return null;
  }

  private async bringIn(ranges: Partial<RangeOrders>): Promise<null> {
    const { standing, reconciler, sensor } = this.parts;
    const { allow, deny } = { ...standing.orders.ranges, ...ranges };
    if (!sameAddresses(allow, standing.allow)) await reconciler.setRanges('allow', standing.exempt(allow));
    if (!sameAddresses(deny, standing.deny)) await reconciler.setRanges('denynet', [...unpackRanges(deny)]);
    standing.orders = { ...standing.orders, ranges: { ...standing.orders.ranges, ...ranges } };
    standing.unsaved = true;
    sensor.send({ command: 'lists', allow, deny });
    return null;
  }

  private async block(text: string, durationMs: number | null, reason: string): Promise<BlockRecord> {
    const { standing, reconciler, sensor, report } = this.parts;
    const address = addressOf(text);
    const exemption = new Lists({ allow: standing.allow, deny: NO_RANGES, ...standing.host }).exemption(address);
    if (exemption !== null) throw new GuardError(exemption, `${text} is never blocked: ${JUDGE_REASONS[exemption]}.`);
    await reconciler.add('deny', address, durationMs);
    const block = standing.account.byHand(formatAddress(address), Date.now(), durationMs, reason);
    sensor.send({ command: 'blocked', address: block.address, until: block.until });
    report({ type: 'blocked', block });
    standing.unsaved = true;
    return block;
  }

  private async unblock(text: string): Promise<boolean> {
    const { standing, reconciler, elements, sensor, report } = this.parts;
    const address = addressOf(text);
    const automatic = await reconciler.remove('block', address);
    const manual = await reconciler.remove('deny', address);
    const limited = elements.unlimit(address);
    const key = formatAddress(address);
    standing.account.lifted(key);
    sensor.send({ command: 'lift', address: key });
    standing.unsaved = true;
    if (automatic || manual) report({ type: 'unblocked', address: key, at: Date.now(), how: 'lifted' });
    return automatic || manual || limited;
  }
}

function addressOf(text: string) {
  const address = parseAddress(text);
  if (!address) throw new GuardError('bad-address', `"${text}" is no IP address.`);
  return address;
}
