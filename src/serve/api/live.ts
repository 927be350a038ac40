/** What is told while it happens, as server-sent events. The stream itself is in `serve/live`. */
import { z } from 'zod';
import { incident } from './attack-shapes.ts';
import { block } from './blocks.ts';
import type { Group } from './endpoint.ts';
import { addressText, count, moment, targetText } from './shapes.ts';
import { status } from './status.ts';

export const unblock = z
  .strictObject({ target: targetText, address: addressText, at: moment, how: z.enum(['expired', 'lifted']) })
  .meta({ id: 'Unblock' });

export const rates = z
  .strictObject({
    at: moment,
    requestsPerSecond: z.number().describe('SIP requests that reached the protected ports.'),
    dropsPerSecond: z.number().describe('Packets dropped by blocks, denylist and countries; a mean over four seconds.'),
    attacksOpen: count.describe('Attacks that go on now.'),
  })
  .meta({ id: 'Rates' });

export const gap = z
  .strictObject({ missed: count.nullable().describe('Changes that were not told; null: nobody knows how many.') })
  .meta({ id: 'Gap' });

/** One event: its name is the line `event:`, its data are the line `data:`, as JSON. */
export const liveEvent = z
  .discriminatedUnion('event', [
    z.strictObject({ event: z.literal('status'), data: status }),
    z.strictObject({ event: z.literal('rates'), data: rates }),
    z.strictObject({ event: z.literal('incident'), data: incident }),
    z.strictObject({ event: z.literal('block'), data: block }),
    z.strictObject({ event: z.literal('unblock'), data: unblock }),
    z.strictObject({ event: z.literal('gap'), data: gap }),
  ])
  .meta({ id: 'LiveEvent' });

export type LiveEvent = z.output<typeof liveEvent>;
export type LiveEventOf<Name extends LiveEvent['event']> = Extract<LiveEvent, { event: Name }>['data'];

export const liveGroup: Group = {
  name: 'Live',
  description: 'What happens, while it happens.',
  endpoints: [],
  streams: [
    {
      path: '/live',
      id: 'live',
      summary: 'Incidents, blocks, rates and the status as server-sent events.',
      description: [
        'For `EventSource`. An event is sent when the attack log and the list of blocks have it.',
        '',
        '- `status`: at the start, within a second when something of it changed, and every five seconds.',
        '- `rates`: every second.',
        '- `incident`: a new or changed attack; changes of one become one, 20 a second at most.',
        '- `block`, `unblock`: a block came (or got another end) or went.',
        '- `gap`: changes were missed; ask the lists anew.',
        '',
        'A client that comes back with `Last-Event-ID` hears what it missed, up to 500 changes; some may be told twice.',
      ].join('\n'),
      scope: 'read',
      events: liveEvent,
    },
  ],
};
