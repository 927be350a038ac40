/** Entries of the allowlist and the denylist, as they travel. */
import { z } from 'zod';
import { listName, moment, momentOrNull, rangeText } from './shapes.ts';

const entryFields = {
  range: rangeText,
  comment: z.string(),
  addedBy: z.string(),
  addedAt: moment,
  until: momentOrNull('no end'),
};

export const listEntry = z.strictObject(entryFields).meta({ id: 'ListEntry' });

export const overlap = z.strictObject({ list: listName, range: rangeText }).meta({ id: 'Overlap' });

/** On a page of its list. */
export const listedEntry = z
  .strictObject({
    ...entryFields,
    automatic: z.boolean().describe('A block that became permanent by itself, shown with the denylist.'),
    overlaps: z.array(overlap).describe('Other entries, of both lists, that share addresses with it: the first five.'),
  })
  .meta({ id: 'ListedEntry' });

export const coveringEntry = z.strictObject({ ...entryFields, list: listName }).meta({ id: 'CoveringEntry' });
