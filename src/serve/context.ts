/** What the operations work with. */
import type { RangesAnswer } from '../channel/protocol.ts';
import type { Address } from '../core/base/address.ts';
import type { Feeds } from '../feeds/feeds.ts';
import type { HostNames } from '../feeds/host-names.ts';
import type { CountryData } from '../geo/country-data.ts';
import type { Delivered } from '../notify/channel.ts';
import type { Secrets } from '../notify/secrets.ts';
import type { NotifyPolicy } from '../policy/compile-notify.ts';
import type { Identity } from '../identity/identity.ts';
import type { PolicyDocument } from '../policy/schema.ts';
import type { ListName, Store } from '../store/store.ts';
import { StoreError } from '../store/error.ts';
import type { GuardLink } from './guard-link.ts';
import { explainRefusal } from './guard-refusals.ts';
import { OperationError } from './operation-error.ts';
import type { Problem } from './answers.ts';
import type { Turns } from './turns.ts';

export interface OperationsContext {
  store: Store;
  guard: GuardLink;
  /** Milliseconds since the epoch. */
  now: () => number;
  turns: Turns;
  dataDirectory: string;
  version: string;
  /** The file that wins at every start, and what is wrong with it. */
  policyFile: { path: string; problem: Problem | null } | null;
  /** The reports of the guard on their way into the store. */
  intake: () => { trouble: Problem | null; waiting: number; lost: number };
  /** Leaves, as soon as what is being answered has gone out, and is started again: another database is to be opened. */
  startAgain: () => void;
  /** This machine's own addresses and its default gateways, as they are now: never blocked. */
  host: () => { own: Address[]; gateways: Address[] };
  geo: CountryData;
  feeds: Feeds;
  hostNames: HostNames;
  ranges: RangesLink;
  identity: Identity;
  /** Tells those who go by the policy beside the guard and the lists; absent: nobody does. */
  onPolicy?: (policy: PolicyDocument) => void;
  /** Absent: nobody can open the console in a browser. */
  web?: WebLink;
  /** Absent: nobody is told anything. */
  notify?: NotifyLink;
}

/** Who is told (`app/console/notifications.ts`). */
export interface NotifyLink {
  policy(): NotifyPolicy;
  /** The policy that counts from now on. */
  use(policy: PolicyDocument): void;
  /** To every recipient of a channel, now; what each one's server said. */
  test(channel: string, by: string): Promise<{ recipient: string; delivered: Delivered }[]>;
  secrets: Pick<Secrets, 'state' | 'set'>;
  /** The stages' steady time, in which the outbox counts. */
  steady(): number;
}

/** The console in the browser. */
export interface WebLink {
  /** Its port, where people come in from other machines; null: it listens on this one only. */
  managementPort: number | null;
  /** As a browser on this machine takes it; null: it does not listen. */
  origin: () => string | null;
  /** Why nobody can open it; null: it listens. */
  problem: () => Problem | null;
}

/** Brings the long lists into force (`app/console/range-keeper.ts`). */
export interface RangesLink {
  /**
   * Resolves when the kernel holds the list as the store has it at this moment, with the addresses of its host names. Rejects with
   * `GuardRefusal`; then the kernel has what it had before, and who made the change takes it back.
   */
  bringIntoForce(list: ListName): Promise<RangesAnswer>;
  /** The guard goes by this policy now: resolves when its countries and feeds are in force, or are on their way after a failure. */
  use(policy: PolicyDocument): Promise<void>;
  /** Resolves when the kernel holds what these feeds list now. Rejects with `GuardRefusal`; it is tried again. */
  feedsInForce(names: readonly string[]): Promise<void>;
  /** Resolves when the kernel holds the countries as data and policy are now. Rejects with `GuardRefusal`; it is tried again. */
  countriesInForce(): Promise<void>;
  /** Changes that are not in force, and that go on being tried; `what` is as in `the feed sip`. */
  problems(): { what: string; text: string }[];
}

/** Who changes things over the socket: the file's mode lets nobody else in. */
export const BY_COMMAND = 'administrator';

/**
 * Sends the guard what the store says now and waits until the kernel has it. When the guard says no, `undo` takes the change out
 * of the store again. Errors: `OperationError`.
 */
export async function bringIntoForce(context: OperationsContext, what: string, undo: () => void): Promise<void> {
  const { policy } = context.store.orders(context.now());
  try {
    await context.guard.ask({ ask: 'policy', policy });
    context.notify?.use(policy);
    await context.ranges.use(policy);
    context.onPolicy?.(policy);
  } catch (error) {
    undo();
    throw explainRefusal(error, what);
  }
}

/** Runs `change` on the store; its failures become `OperationError`s. */
export function inStore<T>(change: () => T): T {
  try {
    return change();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new OperationError(outcomeOf(error), error.code, error.message, error.hint);
  }
}

function outcomeOf(error: StoreError): 'usage' | 'no' | 'refused' | 'failed' {
  if (error.code === 'store-version-unknown') return 'no';
  if (error.code === 'store-views-full') return 'refused';
  const usage = ['store-range-invalid', 'store-policy-invalid', 'store-query-invalid'];
  return usage.includes(error.code) ? 'usage' : 'failed';
}
