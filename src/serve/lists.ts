/** Allowlist and denylist: entries come, go and are shown. */
import { parseRange } from '../core/base/address.ts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ListEntry, ListName } from '../store/store.ts';
import type { ListAddAnswer, ListEntryAnswer, ListPageAnswer, Overlap } from './answers.ts';
import { allBlocked, lift, standing } from './blocking.ts';
import { changeByCaller } from './caller.ts';
import { inStore, type OperationsContext } from './context.ts';
import { checkInput, listName } from './inputs.ts';
import { bringListIntoForce } from './lists-force.ts';
import { listAddInput, listPageInput, listedValue } from './lists-inputs.ts';
import { confirmDenying, confirmWide, refuseAllowlisted, refuseExempt, refuseNoSource } from './lists-refusals.ts';
import { OperationError } from './operation-error.ts';

/** Overlapping entries that are named with an entry. */
export const OVERLAPS_NAMED_MAX = 5;
/** Entries whose overlaps are looked up before others get their turn: about 10 ms. */
const OVERLAPS_SLICE = 200;

/** One page. The denylist's first one also shows the blocks that became permanent by themselves (product.md, D2). */
export async function listEntries(context: OperationsContext, name: unknown, input: unknown): Promise<ListPageAnswer> {
  const list = checkInput(listName, name);
  const { overlaps, cursor, ...query } = checkInput(listPageInput, input);
  const { entries, next } = inStore(() => context.store.listPage(list, { ...query, after: cursor }));
  const shown: ListEntryAnswer[] = [];
  for (const entry of entries) {
    const found = overlaps === 'true' ? overlapsOf(context, list, entry.range) : [];
    shown.push({ ...entry, automatic: false, overlaps: found });
    if (overlaps === 'true' && shown.length % OVERLAPS_SLICE === 0) await nextTurn();
  }
  if (list === 'deny' && cursor === 0) shown.push(...permanentBlocks(context, query.filter));
  return {
    items: shown,
    next: next === null ? null : String(next),
    total: inStore(() => context.store.listCount(list)),
  };
}

function permanentBlocks(context: OperationsContext, filter: string): ListEntryAnswer[] {
  const range = parseRange(filter);
  const shown = (block: { reason: string }) =>
    range !== null || `${block.reason}\0Ringfence`.toLowerCase().includes(filter.toLowerCase());
  return (
    allBlocked(context, { permanent: true, ...(range ? { source: filter } : {}) })
      // A list holds addresses and networks: one phone of an address is told among the blocks alone.
      .filter((block) => block.origin !== 'manual' && block.scope !== 'port' && shown(block))
      .map((block) => ({
        range: block.address,
        comment: block.reason,
        addedBy: 'Ringfence',
        addedAt: block.since,
        until: null,
        automatic: true,
        overlaps: [],
      }))
  );
}

/** Other entries that share addresses with a range, of both lists: the other list's first. */
export function overlapsOf(context: OperationsContext, list: ListName, text: string): Overlap[] {
  const range = parseRange(text);
  if (range === null) return [];
  const other = list === 'allow' ? 'deny' : 'allow';
  const found = inStore(() =>
    [other, list].flatMap((name) =>
      context.store
        .listOverlapping(name as ListName, range, OVERLAPS_NAMED_MAX + 1)
        .map((entry): Overlap => ({ list: name as ListName, range: entry.range })),
    ),
  );
  return found.filter((overlap) => overlap.list !== list || overlap.range !== text).slice(0, OVERLAPS_NAMED_MAX);
}

export function listAdd(context: OperationsContext, name: unknown, input: unknown): Promise<ListAddAnswer> {
  const list = checkInput(listName, name);
  const { yes, ...entry } = checkInput(listAddInput(list), input);
  return context.turns.take(() => addEntry(context, list, entry, yes));
}

/** In a turn of its own. */
export async function addEntry(
  context: OperationsContext,
  list: ListName,
  entry: { range: string; comment?: string | undefined; until?: number | null | undefined },
  confirmed: boolean,
): Promise<ListAddAnswer> {
  const { range, until } = entry;
  if (typeof until === 'number' && until <= context.now()) {
    throw new OperationError('usage', 'already-over', `${range}: its end is in the past.`, 'Nothing was changed.');
  }
  confirmWide(list, range, confirmed);
  if (list === 'deny') {
    refuseNoSource(range);
    refuseAllowlisted(context, range);
    await refuseExempt(context, range);
    await confirmDenying(context, range, confirmed);
  }
  const change = changeByCaller(context);
  const { added, changed, duplicates } = inStore(() => context.store.listAdd(list, [entry], change));
  const answer = {
    entry: added[0] ?? changed[0]?.after ?? duplicates[0],
    added: added.length > 0,
    changed: changed.length > 0,
    overlaps: overlapsOf(context, list, range),
  };
  if (added.length === 0) return { ...answer, lifted: [] };
  const back = { ...change, by: 'Ringfence', comment: 'taken back: the guard could not bring it into force' };
  const { lifted } = await bringListIntoForce(context, list, range, () =>
    context.store.listRemove(list, [range], back),
  );
  return { ...answer, lifted: list === 'allow' ? await liftCovered(context, range, lifted) : [] };
}

/** An address that is never blocked is not blocked now either. The guard has lifted what it holds; the store may know more. */
async function liftCovered(context: OperationsContext, text: string, done: readonly string[]): Promise<string[]> {
  const lifted = new Set(done);
  if (parseRange(text) === null) return [...lifted];
  for (const { address, scope } of allBlocked(context, { source: text })) {
    // A network's block never bites on an allowlisted address, and goes on for the others.
    if (lifted.has(address) || scope === 'network') continue;
    await lift(context, address);
    lifted.add(address);
  }
  return [...lifted];
}

export function listRemove(context: OperationsContext, name: unknown, input: unknown): Promise<{ range: string }> {
  const list = checkInput(listName, name);
  const range = checkInput(listedValue(list), input);
  return context.turns.take(async () => {
    const change = changeByCaller(context);
    const { removed } = inStore(() => context.store.listRemove(list, [range], change));
    if (removed.length > 0) {
      const back = { ...change, by: 'Ringfence', comment: 'put back: the guard could not take it out of force' };
      await bringListIntoForce(context, list, range, () => context.store.listAdd(list, [removed[0]], back));
      return { range };
    }
    if (list === 'deny' && standing(context, range)?.until === null) {
      await lift(context, range);
      return { range };
    }
    throw new OperationError('no', 'not-listed', `${range} is not on the ${list}list.`, hintFor(context, list, range));
  });
}

/** Removing a part of an entry is not guessed at: the entry that holds it is named. */
function hintFor(context: OperationsContext, list: ListName, text: string): string {
  const holder = inStore(() => holderOf(context, list, text));
  return holder
    ? `It is part of the entry ${holder.range}: ringfence ${list} remove ${holder.range}`
    : `See what is: ringfence ${list} list`;
}

/** The narrowest thing to say about an address or range: an entry that holds its first address. */
export function holderOf(context: OperationsContext, list: ListName, text: string): ListEntry | null {
  const range = parseRange(text);
  if (range === null) return null;
  const { first } = range;
  return context.store.listOverlapping(list, { first, last: first }).at(-1) ?? null;
}
