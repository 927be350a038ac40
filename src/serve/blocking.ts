/** Blocks by hand, and who is blocked. */
import { targetFields, type BlockRecord } from '../channel/protocol.ts';
import { parseRange } from '../core/base/address.ts';
import { parseTarget, SCOPES, scopeOf } from '../core/base/target.ts';
import { compilePolicy } from '../policy/compile.ts';
import { BLOCKS_PAGE_MAX, type BlockQuery, type ListEntry, type ListName } from '../store/store.ts';
import type { BlockedAnswer } from './answers.ts';
import { changeByCaller } from './caller.ts';
import { inStore, type OperationsContext } from './context.ts';
import { explainRefusal } from './guard-refusals.ts';
import { blockFilter, blockInput, checkInput, target as targetInput } from './inputs.ts';
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
  const { address: target, durationMs } = checkInput(extendInput, input);
  return context.turns.take(async () => {
    const before = standing(context, target);
    const made = await askForBlock(context, { ask: 'extend', target, durationMs });
    noteChange(context, 'block.extend', target, before, made);
    return made;
  });
}

async function askForBlock(
  context: OperationsContext,
  request:
    | { ask: 'block'; address: string; durationMs: number | null; reason: string }
    | { ask: 'extend'; target: string; durationMs: number | null },
): Promise<BlockRecord> {
  const what = request.ask === 'block' ? request.address : request.target;
  const made = (await context.guard.ask(request).catch((error: unknown) => {
    throw explainRefusal(error, what);
  })) as BlockRecord;
  // The guard reports it as well; the same block twice is one.
  try {
    inStore(() => context.store.applyReports([{ type: 'blocked', block: made }]));
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    const text = `${what} is blocked in the kernel, but the block is not on disk yet: ${error.message}`;
    throw new OperationError(error.outcome, error.code, text, error.hint);
  }
  return made;
}

export function unblock(context: OperationsContext, input: unknown): Promise<{ address: string; lifted: true }> {
  const address = checkInput(targetInput, input);
  return context.turns.take(async () => {
    const known = standing(context, address) !== null || phonesOf(context, address).length > 0;
    const lifted = await lift(context, address);
    if (lifted || known) return { address, lifted: true };
    const hint = elsewhere(context, address);
    throw new OperationError('no', 'not-blocked', `${address} is not blocked.`, hint);
  });
}

/** Why lifting it did nothing, and what would. */
function elsewhere(context: OperationsContext, target: string): string {
  const { address } = targetFields(parseTarget(target)!);
  const entry = entryOf(context, 'deny', address);
  if (entry) return `It is on the denylist (${entry.range}): ringfence deny remove ${entry.range}`;
  const wider = covering(context, target).at(-1);
  return wider
    ? `What blocks it is wider. Lift that block: ringfence unblock ${wider.target}`
    : 'See who is: ringfence blocked';
}

/** With an address the phones behind it. True: the kernel had a block and has it no more. */
export async function lift(context: OperationsContext, target: string): Promise<boolean> {
  const before = standing(context, target);
  const phones = phonesOf(context, target);
  const { lifted } = (await context.guard.ask({ ask: 'unblock', target }).catch((error: unknown) => {
    throw explainRefusal(error, target);
  })) as { lifted: boolean };
  const at = context.now();
  const gone = [target, ...phones.map((phone) => phone.target)];
  inStore(() => context.store.applyReports(gone.map((one) => ({ type: 'unblocked', target: one, at, how: 'lifted' }))));
  if (before || (lifted && phones.length === 0)) noteChange(context, 'block.lift', target, before, null);
  for (const phone of phones) noteChange(context, 'block.lift', phone.target, phone, null);
  return lifted;
}

/** The block of a target that is in force. */
export function standing(context: OperationsContext, target: string): BlockRecord | null {
  return inStore(() => context.store.block(target, context.now()));
}

/** Every block in force that covers the target or, of an address, a phone behind it: phones first, the widest network last. */
export function covering(context: OperationsContext, target: string): BlockRecord[] {
  const parsed = parseTarget(target)!;
  const { address, scope } = targetFields(parsed);
  if (scope === 'network') return [standing(context, target)].filter((block) => block !== null);
  const found = allBlocked(context, { source: address });
  const bits = (block: BlockRecord) => (block.scope === 'network' ? (parseTarget(block.target)?.bits ?? 0) : 256);
  return found
    .filter((block) => scope === 'address' || block.scope !== 'port' || block.target === target)
    .sort((a, b) => SCOPES.indexOf(a.scope) - SCOPES.indexOf(b.scope) || bits(b) - bits(a));
}

/** Of an address: the phones behind it that are blocked alone. */
function phonesOf(context: OperationsContext, target: string): BlockRecord[] {
  if (scopeOf(parseTarget(target)!) !== 'address') return [];
  return allBlocked(context, { source: target, scope: 'port' });
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

/** The narrowest entry that shares an address with an address or network. */
export function entryOf(context: OperationsContext, list: ListName, text: string): ListEntry | null {
  const range = parseRange(text);
  if (!range) return null;
  return inStore(() => context.store.listOverlapping(list, range)).at(-1) ?? null;
}
