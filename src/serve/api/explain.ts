/** Why an address is blocked or not. */
import { z } from 'zod';
import { engineIncident, incident, verdict } from './attack-shapes.ts';
import { block } from './blocks.ts';
import { endpoint, type Group } from './endpoint.ts';
import { geoLookup } from './geo.ts';
import { coveringEntry, listEntry } from './list-shapes.ts';
import { addressText, count, kind, moment, momentOrNull } from './shapes.ts';

const pastBlock = block
  .extend({
    ended: momentOrNull('still in force').optional(),
    how: z.enum(['expired', 'lifted', 'replaced']).nullable().optional(),
  })
  .meta({ id: 'PastBlock' });

const engine = z
  .strictObject({
    address: addressText,
    known: z.boolean().describe('The engine has counted packets of this address since it started.'),
    lastSeen: momentOrNull('never'),
    state: z.enum(['exempt', 'denied', 'blocked', 'limited', 'open']),
    exemption: z.string().nullable().describe('Why it is exempt: `allowlisted`, `own-address`, `default-gateway`.'),
    until: momentOrNull('none, or permanent'),
    permanent: z.boolean(),
    blocksBefore: count,
    suspicious: z.boolean(),
    standing: z
      .enum(['unknown', 'known', 'registered'])
      .describe('`registered`: a phone behind it holds a registration; `known`: somebody at it got in before.'),
    phones: count.describe('Registrations that hold behind it.'),
    mode: z.enum(['protect', 'monitor']),
    counts: z
      .array(z.strictObject({ kind, what: z.string(), count: z.number(), threshold: z.number(), windowMs: z.number() }))
      .describe('What every detector counts for it now, against its threshold.'),
    incidents: z.array(engineIncident).describe('Open ones, oldest first.'),
  })
  .meta({ id: 'EngineExplanation' });

const phoneTrust = z
  .strictObject({
    phones: z.array(z.strictObject({ port: z.int(), transport: z.enum(['udp', 'tcp']), until: moment })),
    known: momentOrNull('no phone is registered at it, or was in the last day'),
  })
  .meta({ id: 'PhoneTrust' });

export const explanation = z
  .strictObject({
    address: addressText,
    port: z.int().nullable().describe('Of the phone that was asked for; null: the address was.'),
    transport: z.enum(['udp', 'tcp']).nullable(),
    now: z.enum(['pass', 'watch', 'limit', 'block', 'deny', 'allow']).describe('What happens to its packets now.'),
    because: z.string().describe('One paragraph for people.'),
    reason: z.string().nullable(),
    until: momentOrNull('no end that is known (permanent, on a feed, of a country, or nothing in force)'),
    allow: listEntry.nullable().describe('The narrowest entry of the allowlist that covers it.'),
    deny: listEntry.nullable().describe('The narrowest entry of the denylist that covers it.'),
    entries: z
      .array(coveringEntry)
      .describe('All entries that cover it, allowlist first, the widest first; host names of the allowlist, too.'),
    feeds: z
      .array(z.strictObject({ name: z.string(), action: z.enum(['block', 'watch']) }))
      .describe('The feeds that list it, overruled or not.'),
    place: geoLookup,
    guest: z.boolean().describe('One of the guests that this gateway protects.'),
    block: block.nullable().describe('The block that drops its packets.'),
    blocks: z.array(block).describe('Every block in force that covers it, or a phone behind it; the narrowest first.'),
    trust: phoneTrust.nullable().describe('Registered phones at the address; null: the guard did not answer.'),
    verdict: verdict.nullable().describe('The verdict that led to what is in force, or else the last one.'),
    earlierBlocks: z.array(pastBlock),
    permanentAfter: count.describe('After so many blocks the next one is permanent; 0: never.'),
    incidents: z.array(incident),
    engine: engine.nullable().describe('What the detectors count now; null: the guard did not answer.'),
  })
  .meta({ id: 'Explanation' });

export const explainGroup: Group = {
  name: 'Explain',
  description: 'Why an address is blocked or not: rule, packets, threshold, until when.',
  endpoints: [
    endpoint({
      method: 'GET',
      path: '/explain/{address}',
      id: 'explainAddress',
      summary:
        'Why an address, or one phone behind it (`203.0.113.9:5062`), is blocked or not. Any address, seen or not.',
      scope: 'read',
      answer: explanation,
      run: (operations, { params }) => operations.explain(params.address),
    }),
  ],
};
