/** `ringfence blocked`, `block`, `extend`, `promote`, `unblock`. */
import type { BlockRecord } from '../../src/channel/protocol.ts';
import type { PolicyAnswer, PromoteAnswer } from '../../src/serve/answers.ts';
import { ask, askAll } from '../client.ts';
import { escapeText } from '../escape.ts';
import { EXIT_NO, EXIT_OK } from '../exit-codes.ts';
import type { Globals } from '../program.ts';
import { renderTable } from '../table.ts';
import { clockTime, duration, relativeTime, timeAndAge } from '../when.ts';
import { colour, number, plural, print, printJson } from '../terminal.ts';

export async function blocked(
  globals: Globals,
  address: string | undefined,
  options: { watch?: true } = {},
): Promise<number> {
  if (options.watch) return (await import('./blocking-watch.ts')).watchBlocks(globals, address);
  const all = await askAll<BlockRecord>(globals.data, '/blocks', { source: address });
  const { document } = await ask<PolicyAnswer>(globals.data, 'GET', '/policy');
  const enforced = document.mode !== 'monitor';
  if (address !== undefined) {
    return answerOne(globals, address, all.find((block) => block.address === address) ?? null, enforced);
  }
  if (globals.json) printJson(all);
  else
    print(
      all.length === 0
        ? 'Nobody is blocked.'
        : `${renderBlocks(all, Date.now())}\n\n${plural(all.length, 'source')} ${enforced ? 'blocked' : `on record. ${MONITOR}`}.`,
    );
  return EXIT_OK;
}

const MONITOR = 'The policy says monitor, so none of these blocks is in force';

function answerOne(globals: Globals, address: string, block: BlockRecord | null, enforced: boolean): number {
  if (globals.json) printJson(block);
  else if (block === null) print(`${address} is not blocked.`);
  else if (!enforced) print(`${address} is not blocked: the policy says monitor. Its block waits for mode protect.`);
  else print(`${address} is ${colour.red('blocked')} ${untilWhen(block, Date.now())} (${escapeText(block.reason)}).`);
  return block === null || !enforced ? EXIT_NO : EXIT_OK;
}

export function renderBlocks(blocks: BlockRecord[], now: number): string {
  return renderTable<BlockRecord>(
    [
      { title: 'ADDRESS', cell: (block) => block.address },
      { title: 'SINCE', cell: (block) => clockTime(block.since, now), leaveOut: 2 },
      { title: 'ENDS', cell: (block) => (block.until === null ? 'never' : relativeTime(block.until, now)) },
      { title: 'DROPPED', cell: (block) => number(block.dropped), align: 'right' },
      { title: 'BY', cell: (block) => block.origin, leaveOut: 3 },
      { title: 'REASON', cell: (block) => escapeText(block.reason, 200), widthMin: 26 },
      { title: 'ATTACK', cell: (block) => block.incident ?? '', leaveOut: 1 },
    ],
    blocks,
  );
}

export async function block(
  globals: Globals,
  address: string,
  options: { for?: number; reason?: string; yes?: true },
): Promise<number> {
  const made = await ask<BlockRecord>(globals.data, 'POST', '/blocks', {
    address,
    ...(options.for === undefined ? {} : { durationMs: Number.isFinite(options.for) ? options.for : null }),
    ...(options.reason === undefined ? {} : { reason: options.reason }),
    yes: options.yes ?? false,
  });
  if (globals.json) printJson(made);
  else print(`${made.address} is ${colour.red('blocked')} ${untilWhen(made, Date.now())}.`);
  return EXIT_OK;
}

export async function extend(globals: Globals, address: string, options: { for: number }): Promise<number> {
  const durationMs = Number.isFinite(options.for) ? options.for : null;
  const made = await ask<BlockRecord>(globals.data, 'POST', '/blocks/extend', { address, durationMs });
  if (globals.json) printJson(made);
  else print(`${made.address} stays ${colour.red('blocked')} ${untilWhen(made, Date.now())}.`);
  return EXIT_OK;
}

export async function promote(
  globals: Globals,
  address: string,
  options: { to: 'allow' | 'deny'; comment?: string; yes?: true },
): Promise<number> {
  const answer = await ask<PromoteAnswer>(globals.data, 'POST', '/blocks/promote', {
    address,
    to: options.to,
    ...(options.comment === undefined ? {} : { comment: options.comment }),
    yes: options.yes ?? false,
  });
  if (globals.json) printJson(answer);
  else {
    const what = answer.added ? 'is now on' : 'was already on';
    const block = options.to === 'allow' ? 'its block is lifted' : 'the entry has taken the place of its block';
    print(`${answer.address} ${what} the ${answer.to}list; ${block}.`);
  }
  return EXIT_OK;
}

function untilWhen(block: BlockRecord, now: number): string {
  if (block.until === null) return 'permanently';
  return `for ${duration(block.until - now)}, until ${timeAndAge(block.until, now).replace(/ \(.*$/, '')}`;
}

export async function unblock(globals: Globals, address: string): Promise<number> {
  const answer = await ask<{ address: string; lifted: boolean }>(
    globals.data,
    'DELETE',
    `/blocks/${encodeURIComponent(address)}`,
  );
  if (globals.json) printJson(answer);
  else print(`The block of ${answer.address} is ${colour.green('lifted')}.`);
  return EXIT_OK;
}
