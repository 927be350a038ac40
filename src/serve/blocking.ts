/** Blocks by hand, and who is blocked. */
import type { BlockRecord } from '../channel/protocol.ts';
import { parseAddress } from '../core/base/address.ts';
import { compilePolicy } from '../policy/compile.ts';
import { BLOCKS_PAGE_MAX, type BlockQuery, type ListEntry, type ListName } from '../store/store.ts';
import type { BlockedAnswer } from './answers.ts';
import { changeByCaller } from './caller.ts';
import { inStore, type OperationsContext } from './context.ts';
import { explainRefusal } from './guard-refusals.ts';
import { address as addressInput, blockFilter, blockInput, checkInput } from './inputs.ts';
import { extendInput } from './lists-inputs.ts';
import { confirmDenying, refuseNoSource } from './lists-refusals.ts';
import { OperationError } from './operation-error.ts';
import { documentOf } from './policy.ts';

/** The reason of a block that was given none. */
export const BY_HAND = 'by hand';

/** One page, the newest first. */
export function blocked(context: OperationsContext, input: unknown): BlockedAnswer {
  const query = { ...checkInput(blockFilter, input), now: context.now() };
  const { blocks, next, total } = inStore(() => context.store.blocksPage(query));
  return { items: blocks, next, total };
}

/** All that the filter lets through, the newest first. */
export function allBlocked(
  context: OperationsContext,
  filter: Omit<BlockQuery, 'now' | 'limit' | 'cursor'>,
): BlockRecord[] {
  const all: BlockRecord[] = [];
  const now = context.now();
  for (let cursor: string | undefined | null; cursor !== null;) {
    const query = { ...filter, now, limit: BLOCKS_PAGE_MAX, cursor };
    const { blocks, next } = inStore(() => context.store.blocksPage(query));
    all.push(...blocks);
    cursor = next;
  }
  return all;
}

/** The block as the kernel has it. It replaces an earlier one of the same address. */
export function block(context: OperationsContext, input: unknown): Promise<BlockRecord> {
  const { address, durationMs, reason, yes } = checkInput(blockInput, input);
  return context.turns.take(async () => {
    refuseNoSource(address);
    const entry = entryOf(context, 'allow', address);
    if (entry) {
      throw new OperationError(
        'refused',
        'allowlisted',
        `${address} is on the allowlist (${entry.range}): it is never blocked.`,
        `Take it off first: ringfence allow remove ${entry.range}`,
      );
    }
    const policy = compilePolicy(documentOf(inStore(() => context.store.policyCurrent()).text));
    if (policy.mode === 'monitor') {
      throw new OperationError(
        'refused',
        'monitor-only',
        'The policy says monitor: nothing is blocked, by hand neither.',
        'Switch it: ringfence policy set mode protect',
      );
    }
    await confirmDenying(context, address, yes);
    const length = durationMs === undefined ? policy.block.durationMs : durationMs;
    const before = standing(context, address);
    const made = await askForBlock(context, { ask: 'block', address, durationMs: length, reason: reason || BY_HAND });
    noteChange(context, 'block.add', address, before, made);
    return made;
  });
}

/** Gives a block that stands, automatic or by hand, a new end from now on. Its reason and its count of packets stay. */
export function extend(context: OperationsContext, input: unknown): Promise<BlockRecord> {
  const { address, durationMs } = checkInput(extendInput, input);
  return context.turns.take(async () => {
    const before = standing(context, address);
    const made = await askForBlock(context, { ask: 'extend', address, durationMs });
    noteChange(context, 'block.extend', address, before, made);
    return made;
  });
}

async function askForBlock(
  context: OperationsContext,
  request:
    | { ask: 'block'; address: string; durationMs: number | null; reason: string }
    | { ask: 'extend'; address: string; durationMs: number | null },
): Promise<BlockRecord> {
  const { address } = request;
  const made = (await context.guard.ask(request).catch((error: unknown) => {
    throw explainRefusal(error, address);
  })) as BlockRecord;
  // The guard reports it as well; the same block twice is one.
  try {
    inStore(() => context.store.applyReports([{ type: 'blocked', block: made }]));
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    const text = `${address} is blocked in the kernel, but the block is not on disk yet: ${error.message}`;
    throw new OperationError(error.outcome, error.code, text, error.hint);
  }
  return made;
}

export function unblock(context: OperationsContext, input: unknown): Promise<{ address: string; lifted: true }> {
  const address = checkInput(addressInput, input);
  return context.turns.take(async () => {
    const before = standing(context, address);
    const lifted = await lift(context, address);
    if (lifted || before) return { address, lifted: true };
    const entry = entryOf(context, 'deny', address);
    const hint = entry
      ? `It is on the denylist (${entry.range}): ringfence deny remove ${entry.range}`
      : 'See who is: ringfence blocked';
    throw new OperationError('no', 'not-blocked', `${address} is not blocked.`, hint);
  });
}

/** True: the kernel had a block and has it no more. */
export async function lift(context: OperationsContext, address: string): Promise<boolean> {
  const before = standing(context, address);
  const { lifted } = (await context.guard.ask({ ask: 'unblock', address }).catch((error: unknown) => {
    throw explainRefusal(error, address);
  })) as { lifted: boolean };
  inStore(() => context.store.applyReports([{ type: 'unblocked', address, at: context.now(), how: 'lifted' }]));
  if (lifted || before) noteChange(context, 'block.lift', address, before, null);
  return lifted;
}

/** The block of an address that is in force. */
export function standing(context: OperationsContext, address: string): BlockRecord | null {
  return inStore(() => context.store.block(address, context.now()));
}

function noteChange(
  context: OperationsContext,
  what: string,
  subject: string,
  before: BlockRecord | null,
  after: BlockRecord | null,
): void {
  const { now, by, origin } = changeByCaller(context);
  const told = (block: BlockRecord | null) =>
    block && { until: block.until, reason: block.reason, origin: block.origin, dropped: block.dropped };
  inStore(() =>
    context.store.noteAudit({
      at: now,
      who: by,
      origin: origin ?? '',
      what,
      subject,
      before: told(before),
      after: told(after),
      comment: '',
    }),
  );
}

/** The narrowest entry that holds an address. */
export function entryOf(context: OperationsContext, list: ListName, text: string): ListEntry | null {
  const address = parseAddress(text);
  if (!address) return null;
  return inStore(() => context.store.listOverlapping(list, { first: address, last: address })).at(-1) ?? null;
}
