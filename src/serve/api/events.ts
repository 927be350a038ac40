/** What the daemon has to tell about itself. */
import { z } from 'zod';
import { timeCell } from '../../lists/csv-writer.ts';
import { eventsInput } from '../inputs.ts';
import { endpoint, type Group } from './endpoint.ts';
import { moment, page } from './shapes.ts';

export const storedEvent = z
  .strictObject({
    at: moment,
    level: z.enum(['info', 'warning', 'error']),
    code: z.string().describe('Stable, e.g. `feed-stale`.'),
    text: z.string(),
  })
  .meta({ id: 'Event' });

export const eventPage = page(storedEvent);

export const eventsGroup: Group = {
  name: 'Events',
  description: 'What the daemon has to tell about itself: starts, repairs, feeds that fail.',
  endpoints: [
    endpoint({
      method: 'GET',
      path: '/events',
      id: 'listEvents',
      summary: 'Events of the daemon, the latest first.',
      scope: 'read',
      query: eventsInput,
      answer: eventPage,
      csv: {
        columns: {
          at: ({ at }) => timeCell(at),
          level: ({ level }) => level,
          code: ({ code }) => code,
          text: ({ text }) => text,
        },
      },
      run: (operations, { query }) => operations.events(query),
    }),
  ],
};
