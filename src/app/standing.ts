/**
 * What the guard goes by at this moment: policy, lists, who is blocked, which addresses are its own. Survives in `last-good.json` and
 * the files beside it.
 */
import type { Address } from '../core/base/address.ts';
import { parseTarget } from '../core/base/target.ts';
import { NO_RANGES, sameAddresses, shared, type PackedRanges } from '../core/base/packed-ranges.ts';
import type { Policy } from '../core/base/policy.ts';
import { type FeedRanges, type RangeOrders, type StartOrders } from '../channel/protocol.ts';
import { Desired } from '../enforce/desired.ts';
import type { KernelElements } from '../enforce/kernel-elements.ts';
import { renderRuleset } from '../enforce/ruleset.ts';
import type { KernelError } from '../ffi/kernel-error.ts';
import { compilePolicy } from '../policy/compile.ts';
import { withConsolePort } from '../policy/console-port.ts';
import type { PolicyDocument } from '../policy/schema.ts';
import { BlockAccount, setOf } from './block-account.ts';
import { readHostAddresses, sameAddresses as sameHost, type HostAddresses } from './host-addresses.ts';
import { defaultOrders, readLastGood, writeLastGood } from './last-good.ts';
import { ListCopies, type LostCopy } from './list-copies.ts';

/** NFLOG groups are 16 bits wide; this one is nobody's default. */
export const NFLOG_GROUP = 5060;

export class Standing {
  document: PolicyDocument;
  policy: Policy;
  /** Shared with the sensor thread. */
  ranges: RangeOrders;
  account: BlockAccount;
  host: HostAddresses = readHostAddresses();
  /** Copies of lists that could not be read at the start. */
  readonly lost: LostCopy[];
  /** Policy, blocks and lists are as they were last: protection can begin with them. */
  readonly whole: boolean;
  /** Nothing is written while another daemon may have the directory. */
  mayWrite = false;
  /** Something changed that the next start must know. */
  unsaved = false;
  private readonly directory: string;
  private readonly consolePort: number | null;
  private readonly copies: ListCopies;

  /**
   * From the last good copies; without them from the defaults. `consolePort`: where administrators come in over the web; null: on this
   * machine only.
   */
  constructor(directory: string, consolePort: number | null = null) {
    this.directory = directory;
    this.consolePort = consolePort;
    this.copies = new ListCopies(directory);
    const lastGood = readLastGood(directory);
    const { blocks, blockHistory, policy, extended } = lastGood ?? { ...defaultOrders(), extended: [] };
    const { ranges, lost, found } = this.copies.read();
    this.whole = lastGood !== null && found && lost.length === 0;
    this.document = policy;
    this.policy = this.compiled(policy);
    this.ranges = { ...ranges, feeds: this.feedsOf(this.policy, ranges.feeds) };
    this.lost = lost;
    this.account = new BlockAccount(blocks, blockHistory, extended);
  }

  /** Before anything is in force: what the console remembers is what counts. */
  begin(orders: StartOrders): void {
    this.take(orders.policy, this.compiled(orders.policy));
    this.ranges = this.taken(orders.ranges);
    this.account = new BlockAccount(orders.blocks, orders.blockHistory, this.account.extensions());
  }

  /** The policy as it is in force on this machine. */
  compiled(document: PolicyDocument): Policy {
    return withConsolePort(compilePolicy(document), this.consolePort);
  }

  take(document: PolicyDocument, policy: Policy): void {
    this.document = document;
    this.policy = policy;
    this.ranges = { ...this.ranges, feeds: this.feedsOf(policy, this.ranges.feeds) };
    this.unsaved = true;
  }

  /**
   * What stands, with what the console sends in its place: in memory that is shared with the sensor, and a list whose addresses are
   * the same stays the same object, since nothing has to be done for it.
   */
  taken(changes: Partial<RangeOrders>): RangeOrders {
    const { ranges } = this;
    const { allow, deny, country, feeds } = withChanges(ranges, changes);
    return {
      allow: newer(ranges.allow, allow),
      deny: newer(ranges.deny, deny),
      country: newer(ranges.country, country),
      feeds: feeds.map((feed, i) => ({ name: feed.name, ranges: newer(ranges.feeds[i].ranges, feed.ranges) })),
    };
  }

  ruleset(policy = this.policy): string {
    return renderRuleset(policy, { nflogGroup: NFLOG_GROUP });
  }

  /** What the kernel never drops, whatever list it is on: this machine itself and its default gateways. */
  get exempt(): Address[] {
    return [...this.host.own, ...this.host.gateways];
  }

  /** What the kernel should hold at the start. */
  desired(now: number): Desired {
    const desired = new Desired();
    desired.lists = this.ranges;
    desired.exempt = this.exempt;
    for (const block of this.account.all()) {
      const target = parseTarget(block.target);
      if (target && (block.until === null || block.until > now))
        desired.want(setOf(block), target, block.until, block.dropped);
      // It ended while nobody watched. The kernel may have extended it: then it is adopted anew.
      else this.account.ended(setOf(block), block.target);
    }
    return desired;
  }

  /**
   * A table that outlived the guard before us says who is blocked: what it holds no more has ended, or was lifted after our copy was
   * written. After a reboot there is none, and the copy is all there is.
   */
  forgetEnded(kernel: Pick<KernelElements, 'get'>): void {
    try {
      this.account.keep((set, target) => kernel.get(set, parseTarget(target)!) !== null, Date.now());
    } catch (error) {
      if ((error as KernelError).code !== 'kernel-table-missing') throw error;
    }
  }

  /** True when the machine's addresses have changed. */
  readHost(): boolean {
    const host = readHostAddresses();
    if (sameHost(host, this.host)) return false;
    this.host = host;
    return true;
  }

  /** Policy and blocks, when they have changed; null, or why it failed. A full disk: the older copy stays, the next time tries again. */
  save(): string | null {
    if (!this.unsaved || !this.mayWrite) return null;
    const { document: policy, account } = this;
    const problem = writeLastGood(this.directory, {
      ...{ policy, blocks: account.all(), blockHistory: account.histories(), extended: account.extensions() },
    });
    this.unsaved = problem !== null;
    return problem;
  }

  /** Null, or why the copies could not be written: then the older ones stay. */
  saveLists(ranges: RangeOrders): string | null {
    return this.mayWrite ? this.copies.write(ranges) : null;
  }

  /** The older copies are not needed any more. */
  tidyLists(): void {
    if (this.mayWrite) this.copies.tidy();
  }

  /** The policy says which feeds there are; one that never had content is empty. */
  private feedsOf(policy: Policy, feeds: readonly FeedRanges[]): FeedRanges[] {
    return policy.feeds.map(({ name }) => feeds.find((feed) => feed.name === name) ?? { name, ranges: NO_RANGES });
  }
}

/** `ranges` with what `changes` names in its place, feeds one by one. A feed that the policy does not have is left out. */
export function withChanges(ranges: RangeOrders, { feeds = [], ...lists }: Partial<RangeOrders>): RangeOrders {
  const named = (name: string) => feeds.find((feed) => feed.name === name);
  return { ...ranges, ...lists, feeds: ranges.feeds.map((feed) => named(feed.name) ?? feed) };
}

function newer(before: PackedRanges, after: PackedRanges): PackedRanges {
  return before === after || sameAddresses(before, after) ? before : shared(after);
}
