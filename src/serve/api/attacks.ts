/** The attack log and its evidence. */
import { z } from 'zod';
import { timeCell } from '../../lists/csv-writer.ts';
import { attackFilter } from '../inputs.ts';
import { block } from './blocks.ts';
import { endpoint, fileEndpoint, type Group } from './endpoint.ts';
import { evidence, incident, message, verdict } from './attack-shapes.ts';
import { momentOrNull, page } from './shapes.ts';

export const attack = z
  .strictObject({
    incident,
    evidence: z.array(evidence).describe('The first messages, in the order of time.'),
    block: block.nullable().describe('Of the source, in force now; null: none is.'),
    verdicts: z.array(verdict).describe('In the order of time.'),
    told: z
      .strictObject({ seen: z.string(), shows: z.string(), unless: z.string() })
      .nullable()
      .describe(
        'The argument in words: what was seen, what it proves, what would have changed it. Null: the verdict is not on record any more.',
      ),
    messages: z.array(message).describe('The evidence, decoded, in the order of time.'),
    earlier: z.array(incident).describe('Other attacks of the same source, the latest first, 20 at most.'),
  })
  .meta({ id: 'Attack' });

export const attackPage = page(incident, {
  searchedTo: momentOrNull('through all there are').describe(
    'How far back the page has looked, a filter at so many attacks at a time. Milliseconds since the epoch; null: through all there are.',
  ),
});

export const attacksGroup: Group = {
  name: 'Attacks',
  description: 'The attack log: one source attacking one victim with one method, from first to last packet.',
  endpoints: [
    endpoint({
      method: 'GET',
      path: '/attacks',
      id: 'listAttacks',
      summary: 'The attack log, the one with the latest message first.',
      scope: 'read',
      query: attackFilter,
      answer: attackPage,
      csv: {
        columns: {
          id: ({ id }) => id,
          first: ({ first }) => timeCell(first),
          last: ({ last }) => timeCell(last),
          closed: ({ closed }) => timeCell(closed),
          kind: ({ kind }) => kind,
          source: ({ source }) => source,
          sourcePort: ({ sourcePort }) => sourcePort,
          country: ({ country }) => country,
          asn: ({ asn }) => asn,
          network: ({ network }) => network,
          victim: ({ victim }) => victim,
          victimPort: ({ victimPort }) => victimPort,
          transport: ({ transport }) => transport,
          messages: ({ count }) => count,
          dropped: ({ dropped }) => dropped,
          usersTotal: ({ usersTotal }) => usersTotal,
          users: ({ users }) => users.join(' '),
          files: ({ files }) => files.join(' '),
          userAgent: ({ userAgent }) => userAgent,
          action: ({ action }) => action,
          reason: ({ reason }) => reason,
          finding: ({ finding }) => finding,
        },
      },
      run: (operations, { query }) => operations.attacks(query),
    }),
    endpoint({
      method: 'GET',
      path: '/attacks/{id}',
      id: 'getAttack',
      summary: 'One attack with its evidence.',
      scope: 'read',
      answer: attack,
      run: (operations, { params }) => operations.attack(params.id),
    }),
    fileEndpoint({
      method: 'GET',
      path: '/attacks/{id}/pcap',
      id: 'getAttackPcap',
      summary: 'The evidence of one attack as a capture file, for Wireshark.',
      scope: 'read',
      file: 'application/vnd.tcpdump.pcap',
      run: (operations, { params }) => operations.attackPcap(params.id),
    }),
  ],
};
