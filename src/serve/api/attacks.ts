/** The attack log and its evidence. */
import { z } from 'zod';
import { attackFilter } from '../inputs.ts';
import { block } from './blocks.ts';
import { endpoint, type Group } from './endpoint.ts';
import { evidence, incident } from './attack-shapes.ts';
import { page } from './shapes.ts';

const attack = z
  .strictObject({
    incident,
    evidence: z.array(evidence).describe('The first messages, in the order of time.'),
    block: block.nullable().describe('Of the source, in force now; null: none is.'),
  })
  .meta({ id: 'Attack' });

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
      answer: page(incident),
      run: (operations, { query }) => ({ items: operations.attacks(query), next: null }),
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
  ],
};
