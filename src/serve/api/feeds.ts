/** Lists that others keep, and the host names of the allowlist. */
import { z } from 'zod';
import { HOST_PROBLEM_CODES } from '../../feeds/host-name.ts';
import { timeCell } from '../../lists/csv-writer.ts';
import { feedInput } from '../feed-inputs.ts';
import { endpoint, type Group } from './endpoint.ts';
import { shortPage, shortPageInput } from './paging.ts';
import { addressText, count, moment, momentOrNull, page, rangeText } from './shapes.ts';

const feedFields = {
  name: z.string(),
  from: z.string().describe('URL or file; what may be a secret in it is hidden.'),
  action: z.enum(['block', 'watch']),
  everyMs: z.int(),
  state: z
    .enum(['current', 'stale', 'waiting'])
    .describe('`waiting`: there has been no content yet. `stale`: not confirmed for three periods; it stays in force.'),
  refreshing: z.boolean(),
  changedAt: momentOrNull('never'),
  confirmedAt: momentOrNull('never'),
  nextAt: momentOrNull('nothing is planned'),
  problem: z
    .strictObject({
      code: z.string(),
      text: z.string(),
      hint: z.string().nullable(),
      since: moment.describe('Since when it has not worked, milliseconds since the epoch.'),
      at: moment.describe('When it was tried last, milliseconds since the epoch.'),
    })
    .nullable(),
  format: z.string().nullable().describe('What the list was read as.'),
  entries: count,
  ranges: count.describe('After overlapping and neighbouring entries were joined.'),
  bad: z
    .strictObject({
      total: count,
      first: z.array(z.strictObject({ line: z.int(), value: z.string(), why: z.string() })),
    })
    .describe('Lines that are no entry; the first ones with their place.'),
  refused: z
    .strictObject({
      total: count,
      first: z.array(z.strictObject({ line: z.int(), address: z.string(), reason: z.string(), why: z.string() })),
    })
    .describe('Entries that no list of attackers can mean.'),
  hits: count
    .nullable()
    .describe(
      'Packets from its addresses since the kernel counts: dropped, or with `watch` counted only. Null: the guard has not reported.',
    ),
};

export const feed = z.strictObject(feedFields).meta({ id: 'Feed' });

export const hostName = z
  .strictObject({
    name: z.string(),
    addresses: z.array(addressText),
    confirmedAt: momentOrNull('never'),
    nextAt: momentOrNull('nothing is planned'),
    problem: z
      .strictObject({ code: z.enum(HOST_PROBLEM_CODES), text: z.string(), since: moment })
      .nullable()
      .describe('`host-name-private` and `host-name-many` are remarks: the answer is in force.'),
  })
  .meta({ id: 'HostName' });

export const feedDetail = z
  .strictObject({
    ...feedFields,
    overridden: z
      .strictObject({
        total: count,
        first: z.array(
          z.strictObject({
            range: rangeText,
            by: z.string().nullable().describe('The entry of the allowlist that wins; null: it has just gone.'),
            comment: z.string(),
          }),
        ),
      })
      .describe('What of the feed the allowlist overrides: the first ones, and how many pieces there are.'),
  })
  .meta({ id: 'FeedDetail' });

export const feedChange = z
  .strictObject({
    name: z.string(),
    added: z.boolean().describe('There was none of this name.'),
    changed: z.boolean().describe('False: the policy said so already.'),
    version: z.int().describe('Of the policy.'),
    file: z.string().nullable().describe('The policy file that wins at the next start; null: there is none.'),
    feed: feed.nullable().describe('What the first fetch came to; null after it was removed.'),
  })
  .meta({ id: 'FeedChange' });

export const feedsGroup: Group = {
  name: 'Feeds',
  description: 'Lists of addresses that others keep, fetched on a schedule. The allowlist wins over every feed.',
  endpoints: [
    endpoint({
      method: 'GET',
      path: '/feeds',
      id: 'listFeeds',
      summary: 'Feeds and the host names of the allowlist: what they hold and where they stand.',
      scope: 'read',
      query: shortPageInput,
      answer: page(feed, { hostNames: z.array(hostName) }),
      csv: {
        columns: {
          name: ({ name }) => name,
          from: ({ from }) => from,
          action: ({ action }) => action,
          state: ({ state }) => state,
          entries: ({ entries }) => entries,
          ranges: ({ ranges }) => ranges,
          hits: ({ hits }) => hits,
          changedAt: ({ changedAt }) => timeCell(changedAt),
          confirmedAt: ({ confirmedAt }) => timeCell(confirmedAt),
          problem: ({ problem }) => problem?.text ?? null,
        },
      },
      run: (operations, { query }) => {
        const { feeds, hostNames } = operations.feeds();
        return { ...shortPage(feeds, query), hostNames };
      },
    }),
    endpoint({
      method: 'POST',
      path: '/feeds',
      id: 'putFeed',
      summary: 'Add a feed, or change the one of this name.',
      scope: 'configure',
      body: feedInput,
      answer: feedChange,
      run: (operations, { body }) => operations.feedAdd(body),
    }),
    endpoint({
      method: 'POST',
      path: '/feeds/refresh',
      id: 'refreshFeeds',
      summary: 'Fetch all feeds now.',
      scope: 'act',
      answer: z.array(feed),
      run: (operations) => operations.feedsRefresh(),
    }),
    endpoint({
      method: 'GET',
      path: '/feeds/{name}',
      id: 'getFeed',
      summary: 'One feed: what it holds, what was left out, what the allowlist overrides.',
      scope: 'read',
      answer: feedDetail,
      run: (operations, { params }) => operations.feedShow(params.name),
    }),
    endpoint({
      method: 'POST',
      path: '/feeds/{name}/refresh',
      id: 'refreshFeed',
      summary: 'Fetch one feed now.',
      scope: 'act',
      answer: z.array(feed),
      run: (operations, { params }) => operations.feedsRefresh(params.name),
    }),
    endpoint({
      method: 'DELETE',
      path: '/feeds/{name}',
      id: 'removeFeed',
      summary: 'Take a feed out.',
      scope: 'configure',
      answer: feedChange,
      run: (operations, { params }) => operations.feedRemove(params.name),
    }),
  ],
};
