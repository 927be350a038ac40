/** `ringfence notify`, `notify test|outbox|secret`. */
import { createInterface } from 'node:readline';
import type {
  NotifyChannelAnswer,
  NotifyDeliveriesAnswer,
  NotifySecretAnswer,
  NotifyTestAnswer,
} from '../../src/serve/answers.ts';
import { ask, askAll } from '../client.ts';
import { escapeDecoded, escapeText } from '../escape.ts';
import { CliError, EXIT_NO, EXIT_OK, EXIT_USAGE } from '../exit-codes.ts';
import type { Globals } from '../program.ts';
import { renderTable } from '../table.ts';
import { colour, number, plural, print, printJson } from '../terminal.ts';
import { clockTime, duration, relativeTime } from '../when.ts';

const place = (channel: string) => `/notify/channels/${encodeURIComponent(channel)}`;

/** Exit code 1 when a channel does not deliver. */
export async function notify(globals: Globals): Promise<number> {
  const { items } = await ask<{ items: NotifyChannelAnswer[] }>(globals.data, 'GET', '/notify/channels');
  if (globals.json) printJson(items);
  else print(renderChannels(items, Date.now()));
  return items.some(({ state }) => state === 'failing') ? EXIT_NO : EXIT_OK;
}

export function renderChannels(channels: NotifyChannelAnswer[], now: number): string {
  if (channels.length === 0) {
    return 'Nobody is told anything yet. Channels are settings: ringfence policy export, section notify (docs/notifications.md).';
  }
  const table = renderTable<NotifyChannelAnswer>(
    [
      { title: 'NAME', cell: ({ name }) => name },
      { title: 'KIND', cell: ({ kind }) => kind },
      { title: 'TO', cell: ({ destination }) => escapeText(destination, 100), widthMin: 16 },
      { title: 'STATE', cell: ({ state }) => state, style: (text, { state }) => stateColour(state, text) },
      {
        title: 'DELIVERED',
        cell: ({ deliveredAt }) => (deliveredAt === null ? 'never' : relativeTime(deliveredAt, now)),
      },
      { title: 'WAITING', cell: ({ waiting }) => number(waiting), align: 'right' },
      { title: 'HELD', cell: ({ held }) => number(held), align: 'right', leaveOut: 2 },
      { title: 'SECRET', cell: ({ secret }) => secret, leaveOut: 1 },
    ],
    channels,
  );
  const lines = [table];
  for (const { name, problem, secret } of channels) {
    if (problem) {
      const since = `${plural(problem.tries, 'try', 'tries')}, since ${relativeTime(problem.since, now)}`;
      lines.push(
        '',
        `${colour.red('!')} ${name} to ${escapeText(problem.recipient)} (${since}):`,
        answerLine(problem.answer),
      );
    }
    if (secret === 'other-destination')
      lines.push(
        '',
        `${colour.red('!')} ${name}: its secret was set for another server: ringfence notify secret ${name}`,
      );
  }
  return lines.join('\n');
}

const answerLine = (answer: string) => `  ${escapeDecoded(answer, 500)}`;

function stateColour(state: NotifyChannelAnswer['state'], text: string): string {
  if (state === 'failing') return colour.red(text);
  return state === 'fine' ? colour.green(text) : text;
}

/** Exit code 1 when a recipient's server did not take it. */
export async function notifyTest(globals: Globals, channel: string): Promise<number> {
  const answer = await ask<NotifyTestAnswer>(globals.data, 'POST', `${place(channel)}/test`);
  if (globals.json) printJson(answer);
  else for (const result of answer.results) print(testLine(answer.channel, result));
  return answer.results.every(({ outcome }) => outcome === 'delivered') ? EXIT_OK : EXIT_NO;
}

function testLine(channel: string, { recipient, outcome, answer }: NotifyTestAnswer['results'][number]): string {
  const to = recipient === channel ? channel : `${channel} to ${escapeText(recipient)}`;
  const words = { delivered: colour.green('delivered'), retry: colour.red('failed'), refused: colour.red('refused') };
  return `${to}: ${words[outcome]}\n${answerLine(answer)}`;
}

export async function notifyOutbox(
  globals: Globals,
  { channel, state, limit }: { channel?: string; state?: string; limit: number },
): Promise<number> {
  type Item = NotifyDeliveriesAnswer['items'][number];
  const items = await askAll<Item>(globals.data, '/notify/deliveries', { channel, state }, limit);
  if (globals.json) printJson(items);
  else print(items.length === 0 ? 'Nothing was sent, and nothing waits.' : renderOutbox(items, Date.now()));
  return EXIT_OK;
}

export function renderOutbox(items: NotifyDeliveriesAnswer['items'], now: number): string {
  return renderTable<NotifyDeliveriesAnswer['items'][number]>(
    [
      { title: 'MADE', cell: ({ at }) => clockTime(at, now) },
      { title: 'NOTICE', cell: ({ notice }) => notice, widthMin: 20 },
      { title: 'CHANNEL', cell: ({ channel }) => channel },
      { title: 'TO', cell: ({ recipient }) => escapeText(recipient), widthMin: 12, leaveOut: 2 },
      { title: 'STATE', cell: ({ state }) => state },
      { title: 'TRIES', cell: ({ tries }) => number(tries), align: 'right', leaveOut: 1 },
      { title: 'NEXT', cell: ({ nextInMs }) => (nextInMs === null ? '-' : `in ${duration(nextInMs)}`) },
      { title: 'WHY', cell: ({ reason }) => escapeText(reason), widthMin: 12, leaveOut: 3 },
      { title: 'ANSWER', cell: ({ answer }) => (answer === null ? '' : escapeDecoded(answer, 200)), widthMin: 16 },
    ],
    items,
  );
}

/** From standard input or a prompt, never from the arguments: those stand in `ps` and in the shell's history. */
export async function notifySecret(globals: Globals, channel: string, { remove = false }): Promise<number> {
  if (remove) {
    const answer = await ask<NotifySecretAnswer>(globals.data, 'DELETE', `${place(channel)}/secret`);
    if (globals.json) printJson(answer);
    else print(answer.changed ? `The secret of ${channel} is forgotten.` : `${channel} has no secret.`);
    return EXIT_OK;
  }
  const secret = await readSecret(channel);
  const answer = await ask<NotifySecretAnswer>(globals.data, 'PUT', `${place(channel)}/secret`, { secret });
  if (globals.json) printJson(answer);
  else print(`The secret of ${channel} is set. Try it: ringfence notify test ${channel}`);
  return EXIT_OK;
}

async function readSecret(channel: string): Promise<string> {
  const asked = process.stdin.isTTY === true;
  // `terminal` with an output that writes nothing: what is typed can be corrected, and nobody sees it.
  const silent = { write: () => true, on: () => silent, removeListener: () => silent, end: () => {} };
  const lines = createInterface({
    input: process.stdin,
    ...(asked ? { output: silent as unknown as NodeJS.WritableStream, terminal: true } : {}),
  });
  // After the terminal shows nothing any more.
  if (asked) process.stderr.write(`Password or key of ${escapeText(channel)} (it is not shown): `);
  try {
    for await (const line of lines) if (line !== '') return line;
  } finally {
    lines.close();
    if (asked) process.stderr.write('\n');
  }
  throw new CliError(EXIT_USAGE, 'No secret came on standard input.', `ringfence notify secret ${channel} <FILE`);
}
