/** Shapes that many answers share. */
import { z } from 'zod';
import { DETECTORS } from '../../core/base/policy.ts';

export const moment = z.int().describe('Milliseconds since the epoch.');
/** What a block covers. */
export const targetText = z
  .string()
  .describe('One phone `203.0.113.9:5062/udp` (`[2001:db8::1]:5062/udp`), an address, or a network `203.0.113.0/24`.');
/** Null is explained where it stands. */
export const momentOrNull = (meaning: string) =>
  z.int().nullable().describe(`Milliseconds since the epoch; null: ${meaning}.`);
export const count = z.int().min(0);
export const addressText = z.string().describe('IPv4 or IPv6 address in its canonical text.');
export const rangeText = z
  .string()
  .describe(
    '`192.0.2.1`, `192.0.2.0/24`, `192.0.2.1-192.0.2.9` or the same in IPv6; on the allowlist also a host name.',
  );
/** What strangers sent. Show it as text; control characters are not escaped. */
export const strangersText = (what: string) => z.string().describe(`${what} Chosen by a stranger: show it as text.`);

export const listName = z.enum(['allow', 'deny']).meta({ id: 'ListName' });
export const kind = z.enum(DETECTORS).meta({ id: 'AttackKind', description: 'The detector that found it.' });
export const action = z.enum(['pass', 'watch', 'limit', 'block', 'deny']).meta({
  id: 'Action',
  description: '`watch`: recorded only; `limit`: fewer INVITEs; `block`: for a time; `deny`: for good.',
});
export const transport = z.enum(['udp', 'tcp']);

/** Where an address is, as the country data say. */
export const placeFields = {
  country: z.string().nullable().describe('ISO 3166-1 alpha-2; null: not known.'),
  asn: z.int().nullable().describe('Number of the autonomous system; null: not known.'),
  network: z.string().nullable().describe('Name of the autonomous system; null: not known.'),
};

export const cursor = z.string().nullable().describe('`cursor` of the next page; null: that was the last one.');

/** One page of a list, or with further fields beside it. */
export function page<Item extends z.ZodType, More extends z.ZodRawShape = Record<never, never>>(
  item: Item,
  more: More = {} as More,
) {
  return z.strictObject({ items: z.array(item), next: cursor, ...more });
}
