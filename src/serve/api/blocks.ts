/** Who is blocked, and blocks by hand. */
import { z } from 'zod';
import { SCOPES } from '../../core/base/target.ts';
import { timeCell } from '../../lists/csv-writer.ts';
import { blockFilter, blockInput } from '../inputs.ts';
import { extendInput, promoteInput } from '../lists-inputs.ts';
import { endpoint, type Group } from './endpoint.ts';
import { listEntry } from './list-shapes.ts';
import { addressText, count, listName, moment, momentOrNull, page, targetText } from './shapes.ts';

export const block = z
  .strictObject({
    target: targetText,
    address: z.string().describe('The address; of a network its prefix.'),
    scope: z.enum(SCOPES).describe('`port`: one phone behind the address; `address`; `network`: all of a prefix.'),
    port: z.int().nullable().describe('Of one phone its source port, otherwise null.'),
    transport: z.enum(['udp', 'tcp']).nullable().describe('Of one phone, otherwise null.'),
    since: moment,
    until: momentOrNull('permanent'),
    reason: z.string().describe('`register-bruteforce.bad-registrations`, or what a person wrote.'),
    finding: z.string().nullable().describe('What a detector found; null: a person made it, or it is not known.'),
    incident: z.string().nullable().describe('Id of the attack that led to it; null: none, or not known.'),
    origin: z
      .enum(['automatic', 'manual', 'kernel'])
      .describe('`automatic`: a verdict; `manual`: a person; `kernel`: found in the kernel at the start.'),
    dropped: count.describe('Packets dropped so far, by the kernel’s counter.'),
  })
  .meta({ id: 'Block' });

export const blockPage = page(block, { total: count });

export const promotion = z
  .strictObject({
    address: addressText,
    to: listName,
    entry: listEntry,
    added: z.boolean().describe('False: it was on the list already.'),
    wasBlocked: z.boolean().describe('A block of it was in force.'),
  })
  .meta({ id: 'Promotion' });

export const blocksGroup: Group = {
  name: 'Blocks',
  description: 'Phones, addresses and networks that are blocked now. A change is in the kernel when it is answered.',
  endpoints: [
    endpoint({
      method: 'GET',
      path: '/blocks',
      id: 'listBlocks',
      summary: 'Who is blocked now, the newest first.',
      scope: 'read',
      query: blockFilter,
      answer: blockPage,
      csv: {
        columns: {
          address: ({ address }) => address,
          since: ({ since }) => timeCell(since),
          until: ({ until }) => timeCell(until),
          reason: ({ reason }) => reason,
          origin: ({ origin }) => origin,
          dropped: ({ dropped }) => dropped,
          attack: ({ incident }) => incident,
          scope: ({ scope }) => scope,
          target: ({ target }) => target,
        },
      },
      run: (operations, { query }) => operations.blocked(query),
    }),
    endpoint({
      method: 'POST',
      path: '/blocks',
      id: 'addBlock',
      summary: 'Block an address now, for a time or for ever.',
      scope: 'act',
      body: blockInput,
      answer: block,
      run: (operations, { body }) => operations.block(body),
    }),
    endpoint({
      method: 'POST',
      path: '/blocks/extend',
      id: 'extendBlock',
      summary: 'Give a block a new end, from now on.',
      scope: 'act',
      body: extendInput,
      answer: block,
      run: (operations, { body }) => operations.extend(body),
    }),
    endpoint({
      method: 'POST',
      path: '/blocks/promote',
      id: 'promoteBlock',
      summary: 'Put a blocked address or network on one of the lists; its block goes.',
      scope: 'act',
      body: promoteInput,
      answer: promotion,
      run: (operations, { body }) => operations.promote(body),
    }),
    endpoint({
      method: 'DELETE',
      path: '/blocks/{address}',
      id: 'removeBlock',
      summary: 'Lift the block of a phone, an address (with its phones) or a network.',
      scope: 'act',
      answer: z.strictObject({
        address: z.string().describe('The target, as it was asked for.'),
        lifted: z.literal(true),
      }),
      run: (operations, { params }) => operations.unblock(params.address),
    }),
  ],
};
