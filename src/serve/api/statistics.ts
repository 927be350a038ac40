/** Attacks over time and by whom, as the Overview shows them. */
import { z } from 'zod';
import { DETECTORS } from '../../core/base/policy.ts';
import { statisticsInput } from '../statistics.ts';
import { endpoint, type Group } from './endpoint.ts';
import { addressText, count, moment, strangersText } from './shapes.ts';

const counted = {
  attacks: count.describe('Attacks that began.'),
  messages: count.describe('Messages that the detectors counted.'),
  dropped: count.describe('Packets that the kernel dropped because of a block.'),
};

const top = (key: z.ZodString) => z.array(z.strictObject({ key, ...counted }));

const statistics = z
  .strictObject({
    from: moment,
    to: moment,
    stepMs: z.int().describe('Milliseconds from one point of the series to the next.'),
    series: z
      .array(
        z.strictObject({
          at: moment.describe('The begin of the step, milliseconds since the epoch.'),
          kind: z
            .enum([...DETECTORS, 'other'])
            .describe('`other`: dropped because of a block by hand, or of one whose reason is not known.'),
          ...counted,
        }),
      )
      .describe('In the order of time; a kind is left out of a step in which nothing of it happened.'),
    totals: z.strictObject(counted),
    before: z.strictObject(counted).describe('Of the period of the same length before.'),
    top: z
      .strictObject({
        sources: top(addressText),
        victims: top(addressText),
        countries: top(z.string().describe('ISO 3166-1 alpha-2.')).describe('All of them.'),
        networks: z.array(
          z.strictObject({
            asn: z.int(),
            network: z.string().nullable().describe('Its name; null: not known.'),
            ...counted,
          }),
        ),
        userAgents: top(strangersText('A user agent.')),
        users: top(strangersText('A user tried.')),
      })
      .describe(
        'The most first. Exact unless a flood brings more keys than an hour keeps; then what is told of a key is the least.',
      ),
  })
  .meta({ id: 'Statistics' });

export const statisticsGroup: Group = {
  name: 'Statistics',
  description: 'Attacks over time, and who attacked whom the most.',
  endpoints: [
    endpoint({
      method: 'GET',
      path: '/statistics',
      id: 'getStatistics',
      summary: 'Attacks and drops of a period by kind, compared with the one before, and the top of each dimension.',
      description:
        'Whole hours count (days, where it is longer ago than eight of them). Nothing said: the last 24 hours.',
      scope: 'read',
      query: statisticsInput,
      answer: statistics,
      run: (operations, { query }) => operations.statistics(query),
    }),
  ],
};
