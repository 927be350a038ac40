/** `ringfence blocked`, `block`, `extend`, `promote`, `unblock`. */
import type { BlockRecord } from '../../src/channel/protocol.ts';
import type { PolicyAnswer, PromoteAnswer } from '../../src/serve/answers.ts';
import { targetFields } from '../../src/channel/protocol.ts';
import { parseTarget } from '../../src/core/base/target.ts';
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
  const asked = address === undefined ? null : parseTarget(address);
  const source = asked === null ? address : targetFields(asked).address;
  const all = await askAll<BlockRecord>(globals.data, '/blocks', { source });
  const { document } = await ask<PolicyAnswer>(globals.data, 'GET', '/policy');
  const enforced = document.mode !== 'monitor';
  if (address !== undefined) {
    return answerOne(globals, address, all, enforced);
  }
  if (globals.json) printJson(all);
  else
    print(
      all.length === 0
        ? 'Nobody is blocked.'
        : `${renderBlocks(all, Date.now())}\n\n${plural(all.length, 'block')} ${enforced ? 'in force' : `on record. ${MONITOR}`}.`,
    );
  return EXIT_OK;
}

/** Blocked phones of an address that are named. */
const PHONES_NAMED_MAX = 5;
const MONITOR = 'The policy says monitor, so none of these blocks is in force';

/** `found`: whatever blocks the target, something wider, or one of its phones. */
function answerOne(globals: Globals, target: string, found: BlockRecord[], enforced: boolean): number {
  const now = Date.now();
  const block = found.find((one) => one.target === target) ?? null;
  const wider = found.find(({ scope }) => scope === 'address') ?? found.find(({ scope }) => scope === 'network');
  const phones = found.filter(({ scope }) => scope === 'port');
  const blocking = block ?? wider ?? null;
  if (globals.json) printJson(blocking);
  else if (blocking === null) print(`${target} is not blocked.${phonesText(phones)}`);
  else if (!enforced) print(`${target} is not blocked: the policy says monitor. Its block waits for mode protect.`);
  else {
    const by = blocking === block ? '' : `, with ${blocking.target}`;
    print(`${target} is ${colour.red('blocked')} ${untilWhen(blocking, now)}${by} (${escapeText(blocking.reason)}).`);
  }
  return blocking === null || !enforced ? EXIT_NO : EXIT_OK;
}

function phonesText(phones: BlockRecord[]): string {
  if (phones.length === 0) return '';
  const named = phones.slice(0, PHONES_NAMED_MAX).map(({ target }) => target);
  const rest = phones.length > named.length ? ` and ${phones.length - named.length} more` : '';
  return ` Of the phones behind it ${phones.length === 1 ? 'one is' : `${phones.length} are`}: ${named.join(', ')}${rest}.`;
}

/** What a block covers, for people. */
const SCOPE_WORDS: Record<BlockRecord['scope'], string> = { port: 'one phone', address: 'address', network: 'network' };

export function renderBlocks(blocks: BlockRecord[], now: number): string {
  return renderTable<BlockRecord>(
    [
      { title: 'TARGET', cell: (block) => block.target },
      { title: 'WHAT', cell: (block) => SCOPE_WORDS[block.scope], leaveOut: 4 },
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
  else print(`${made.target} stays ${colour.red('blocked')} ${untilWhen(made, Date.now())}.`);
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
