/** Notifications: where channels stand, what waits, and tests. */
import { z } from 'zod';
import { timeCell } from '../../lists/csv-writer.ts';
import { CHANNEL_KINDS } from '../../notify/channel.ts';
import { deliveriesInput, secretInput } from '../notify-inputs.ts';
import { endpoint, type Group } from './endpoint.ts';
import { shortPage, shortPageInput } from './paging.ts';
import { count, moment, momentOrNull, page } from './shapes.ts';

export const notifyChannel = z
  .strictObject({
    name: z.string(),
    kind: z.enum(CHANNEL_KINDS),
    destination: z.string().describe('Server, address or program; never a secret.'),
    recipients: z.array(z.string()),
    state: z
      .enum(['idle', 'fine', 'failing'])
      .describe('`idle`: nothing was sent yet. `failing`: the last try did not work.'),
    secret: z
      .enum(['set', 'none', 'other-destination'])
      .describe('`other-destination`: set for another server than the policy names now, and not used.'),
    perHourMax: count,
    waiting: count.describe('Messages of the outbox that wait for their next try.'),
    held: count.describe('Notices that are held back for the digest.'),
    deliveredAt: momentOrNull('nothing was delivered yet'),
    problem: z
      .strictObject({
        answer: z.string().describe('In the words of the other side.'),
        recipient: z.string(),
        at: moment,
        tries: count,
        since: moment.describe('When the message that fails was made, milliseconds since the epoch.'),
      })
      .nullable()
      .describe('The latest try that did not work; null: none since the last that did.'),
  })
  .meta({ id: 'NotifyChannel' });

export const notifyDelivery = z
  .strictObject({
    id: count,
    notice: z.string(),
    channel: z.string(),
    recipient: z.string(),
    messageId: z.string().describe('The same for every try.'),
    state: z.enum(['waiting', 'delivered', 'refused', 'given-up']),
    at: moment.describe('When it was made.'),
    tries: count,
    triedAt: momentOrNull('it was not tried yet'),
    nextInMs: count.nullable().describe('How long until the next try; null: there is none.'),
    reason: z.string().describe('Why it was let through, or is tried again.'),
    answer: z.string().nullable().describe('The last answer of the other side.'),
  })
  .meta({ id: 'NotifyDelivery' });

export const notifyTest = z
  .strictObject({
    channel: z.string(),
    results: z.array(
      z.strictObject({
        recipient: z.string(),
        outcome: z.enum(['delivered', 'retry', 'refused']),
        answer: z.string().describe('In the words of the other side.'),
      }),
    ),
  })
  .meta({ id: 'NotifyTest' });

export const notifySecret = z
  .strictObject({ channel: z.string(), secret: z.enum(['set', 'none']), changed: z.boolean() })
  .meta({ id: 'NotifySecret' });

export const notifyGroup: Group = {
  name: 'Notifications',
  description:
    'Who is told, whether it arrived, and what waits. Channels are settings: the section `notify` of the policy.',
  endpoints: [
    endpoint({
      method: 'GET',
      path: '/notify/channels',
      id: 'listNotifyChannels',
      summary: 'Every channel: last delivery, what waits, last error.',
      scope: 'read',
      query: shortPageInput,
      answer: page(notifyChannel),
      csv: {
        columns: {
          name: ({ name }) => name,
          kind: ({ kind }) => kind,
          destination: ({ destination }) => destination,
          state: ({ state }) => state,
          waiting: ({ waiting }) => waiting,
          held: ({ held }) => held,
          deliveredAt: ({ deliveredAt }) => timeCell(deliveredAt),
          problem: ({ problem }) => problem?.answer ?? null,
        },
      },
      run: (operations, { query }) => shortPage(operations.notifyChannels(), query),
    }),
    endpoint({
      method: 'GET',
      path: '/notify/deliveries',
      id: 'listNotifyDeliveries',
      summary: 'The outbox: what waits and what became of the rest, the latest first.',
      scope: 'read',
      query: deliveriesInput,
      answer: page(notifyDelivery),
      csv: {
        columns: {
          at: ({ at }) => timeCell(at),
          notice: ({ notice }) => notice,
          channel: ({ channel }) => channel,
          recipient: ({ recipient }) => recipient,
          state: ({ state }) => state,
          tries: ({ tries }) => tries,
          triedAt: ({ triedAt }) => timeCell(triedAt),
          reason: ({ reason }) => reason,
          answer: ({ answer }) => answer,
          messageId: ({ messageId }) => messageId,
        },
      },
      run: (operations, { query }) => operations.notifyDeliveries(query),
    }),
    endpoint({
      method: 'POST',
      path: '/notify/channels/{name}/test',
      id: 'testNotifyChannel',
      summary: 'Send a test message now, past caps and quiet hours, and answer what the other side says.',
      scope: 'act',
      answer: notifyTest,
      run: (operations, { params }) => operations.notifyTest(params.name),
    }),
    endpoint({
      method: 'PUT',
      path: '/notify/channels/{name}/secret',
      id: 'setNotifySecret',
      summary: 'Set the password or key of a channel, for the server that it names now. No answer ever holds it.',
      scope: 'configure',
      body: secretInput,
      answer: notifySecret,
      run: (operations, { params, body }) => operations.notifySecretSet(params.name, body),
    }),
    endpoint({
      method: 'DELETE',
      path: '/notify/channels/{name}/secret',
      id: 'removeNotifySecret',
      summary: 'Forget the password or key of a channel.',
      scope: 'configure',
      answer: notifySecret,
      run: (operations, { params }) => operations.notifySecretRemove(params.name),
    }),
  ],
};
