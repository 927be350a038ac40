/** Feeds: what they hold and where they stand; added and removed by changes of the policy. */
import { formatRange, inRange } from '../core/base/address.ts';
import {
  countRanges,
  intersect,
  packRanges,
  union,
  unpackRanges,
  type PackedRanges,
} from '../core/base/packed-ranges.ts';
import { FEEDS_MAX } from '../feeds/feeds.ts';
import type { FeedStatus } from '../feeds/feed.ts';
import type { PolicyDocument } from '../policy/schema.ts';
import { inStore, type OperationsContext } from './context.ts';
import { feedInput, feedName } from './feed-inputs.ts';
import type { FeedAnswer, FeedChangeAnswer, FeedDetailAnswer, FeedsAnswer, OverriddenRange } from './answers.ts';
import { checkInput } from './inputs.ts';
import { awaitForce } from './lists-force.ts';
import { OperationError } from './operation-error.ts';
import { policyChange } from './policy.ts';

/** Overridden pieces that are named. */
const OVERRIDDEN_NAMED_MAX = 20;
/** A slow server goes on being asked after that; whoever asked looks again. */
export const REFRESH_WAIT_MS = 20_000;

export function feeds(context: OperationsContext): FeedsAnswer {
  return {
    feeds: context.feeds.status().map((status) => answerOf(context, status)),
    hostNames: context.hostNames.status(),
  };
}

function answerOf({ guard }: OperationsContext, status: FeedStatus): FeedAnswer {
  const counted = guard.health?.lists.feeds.find(({ name }) => name === status.name);
  return { ...status, hits: counted?.packets ?? null };
}

export function feedShow(context: OperationsContext, input: unknown): FeedDetailAnswer {
  const feed = findFeed(context, input);
  const found = context.feeds.ranges().find(({ name }) => name === feed.name);
  return { ...feed, overridden: found ? overriddenOf(context, found.ranges) : { total: 0, first: [] } };
}

/** The allowlist wins over every feed (the kernel asks it first): here is where that matters. */
function overriddenOf(context: OperationsContext, ranges: PackedRanges): FeedDetailAnswer['overridden'] {
  const named = [...context.hostNames.addresses()].flatMap(([name, addresses]) =>
    addresses.map((address) => ({ name, range: { first: address, last: address } })),
  );
  const allowed = union(
    inStore(() => context.store.packed('allow')),
    packRanges(named.map(({ range }) => range)),
  );
  const both = intersect(ranges, allowed);
  const first: OverriddenRange[] = [];
  for (const piece of unpackRanges(both)) {
    if (first.length === OVERRIDDEN_NAMED_MAX) break;
    const [entry] = inStore(() => context.store.listOverlapping('allow', piece, 1));
    const host = named.find(({ range }) => inRange(range.first, piece));
    first.push({ range: formatRange(piece), by: entry?.range ?? host?.name ?? null, comment: entry?.comment ?? '' });
  }
  return { total: countRanges(both), first };
}

function findFeed(context: OperationsContext, input: unknown): FeedAnswer {
  const name = checkInput(feedName, input);
  const feed = feeds(context).feeds.find((one) => one.name === name);
  if (feed) return feed;
  const names = feeds(context).feeds.map((one) => one.name);
  const hint = names.length === 0 ? 'There are none: ringfence feeds add NAME URL' : `There are: ${names.join(', ')}`;
  throw new OperationError('no', 'feed-unknown', `There is no feed ${name}.`, hint);
}

/** One, or all at the same time. Resolves when the kernel holds what was fetched, or after `REFRESH_WAIT_MS` with what goes on still `refreshing`. */
export async function feedsRefresh(context: OperationsContext, input: unknown): Promise<FeedAnswer[]> {
  const wanted = input === undefined ? feeds(context).feeds : [findFeed(context, input)];
  await patiently(Promise.all(wanted.map(({ name }) => refreshed(context, name))));
  return feeds(context).feeds.filter(({ name }) => wanted.some((one) => one.name === name));
}

async function refreshed(context: OperationsContext, name: string): Promise<void> {
  await context.feeds.refresh(name);
  await awaitForce(`The list of feed ${name}`, context.ranges.feedsInForce([name]));
}

async function patiently(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise<void>((resolve) => (timer = setTimeout(resolve, REFRESH_WAIT_MS)))]);
  clearTimeout(timer);
}

/** Adds a feed, or changes the one of this name; what is left out stays as it is, or is the policy's default. */
export async function feedAdd(context: OperationsContext, input: unknown): Promise<FeedChangeAnswer> {
  const { name, yes, url = '', file = '', action, every } = checkInput(feedInput, input);
  let added = false;
  const answer = await changeFeeds(context, `feed ${name} added or changed`, yes, (before) => {
    const old = before.find((one) => one.name === name);
    added = old === undefined;
    if (!old && before.length === FEEDS_MAX) {
      const hint = `Take one out first: ringfence feeds remove ${before[0].name}`;
      throw new OperationError(
        'usage',
        'feeds-too-many',
        `There are ${FEEDS_MAX} feeds, and there can be no more.`,
        hint,
      );
    }
    const given = { name, url, file, ...(action && { action }), ...(every && { every }) };
    if (!old) return [...before, given];
    return before.map((one) => (one === old ? { ...one, ...given } : one));
  });
  // In force is what counts: the first fetch belongs to the answer.
  await patiently(refreshed(context, name));
  return { name, added, ...answer, feed: feeds(context).feeds.find((one) => one.name === name) ?? null };
}

export async function feedRemove(context: OperationsContext, input: unknown): Promise<FeedChangeAnswer> {
  const name = checkInput(feedName, input);
  const answer = await changeFeeds(context, `feed ${name} removed`, true, (before) => {
    if (!before.some((one) => one.name === name)) findFeed(context, name);
    return before.filter((one) => one.name !== name);
  });
  return { name, added: false, ...answer, feed: null };
}

type FeedEntries = PolicyDocument['feeds'];

async function changeFeeds(
  context: OperationsContext,
  comment: string,
  yes: boolean,
  change: (before: FeedEntries) => Partial<FeedEntries[number]>[],
): Promise<Pick<FeedChangeAnswer, 'changed' | 'version' | 'file'>> {
  const { changed, version, file } = await policyChange(context, {
    ...{ path: 'feeds', comment, yes },
    change: (document) => JSON.stringify(change(document.feeds)),
  });
  return { changed, version, file };
}
