/** `ringfence feeds`, `feeds show|refresh|add|remove`. */
import { resolve } from 'node:path';
import type { HostNameStatus } from '../../src/feeds/host-name.ts';
import type { FeedAnswer, FeedChangeAnswer, FeedDetailAnswer, FeedsAnswer } from '../../src/serve/answers.ts';
import { ask } from '../client.ts';
import { escapeDecoded, escapeText } from '../escape.ts';
import { EXIT_NO, EXIT_OK } from '../exit-codes.ts';
import type { Globals } from '../program.ts';
import { renderFields, renderTable } from '../table.ts';
import { colour, number, plural, print, printJson } from '../terminal.ts';
import { duration, relativeTime, timeAndAge } from '../when.ts';

export async function feeds(globals: Globals): Promise<number> {
  const { items, hostNames } = await ask<{ items: FeedAnswer[] } & Pick<FeedsAnswer, 'hostNames'>>(
    globals.data,
    'GET',
    '/feeds',
  );
  const answer: FeedsAnswer = { feeds: items, hostNames };
  if (globals.json) printJson(answer);
  else print(renderFeeds(answer, Date.now()));
  return EXIT_OK;
}

function renderFeeds({ feeds, hostNames }: FeedsAnswer, now: number): string {
  const lines = [feeds.length === 0 ? 'No feeds. Add one: ringfence feeds add NAME URL' : feedTable(feeds, now)];
  for (const feed of feeds) {
    if (feed.problem) lines.push('', `${colour.red('!')} ${feed.name}: ${problemText(feed.problem, now)}`);
  }
  if (hostNames.length > 0) lines.push('', 'Host names of the allowlist:', hostNameTable(hostNames, now));
  return lines.join('\n');
}

function problemText({ text, hint, since }: NonNullable<FeedAnswer['problem']>, now: number): string {
  return `${escapeDecoded(text)} (since ${relativeTime(since, now)})${hint ? `\n  ${escapeText(hint)}` : ''}`;
}

function feedTable(feeds: FeedAnswer[], now: number): string {
  return renderTable<FeedAnswer>(
    [
      { title: 'NAME', cell: ({ name }) => name },
      { title: 'ACTION', cell: ({ action }) => action },
      { title: 'ENTRIES', cell: ({ state, entries }) => (state === 'waiting' ? '-' : number(entries)), align: 'right' },
      { title: 'HITS', cell: ({ hits }) => (hits === null ? '-' : number(hits)), align: 'right' },
      { title: 'CONFIRMED', cell: (feed) => age(feed, now), style: (text, feed) => stateColour(feed, text) },
      { title: 'NEXT', cell: ({ refreshing, nextAt }) => next(refreshing, nextAt, now), leaveOut: 2 },
      { title: 'FROM', cell: ({ from }) => escapeText(from, 200), widthMin: 20, leaveOut: 1 },
    ],
    feeds,
  );
}

function age({ confirmedAt }: FeedAnswer, now: number): string {
  return confirmedAt === null ? 'never' : relativeTime(confirmedAt, now);
}

function stateColour({ state, problem }: FeedAnswer, text: string): string {
  if (state === 'stale') return colour.red(text);
  return problem || state === 'waiting' ? colour.yellow(text) : text;
}

function next(refreshing: boolean, nextAt: number | null, now: number): string {
  if (refreshing) return 'now';
  return nextAt === null ? '-' : relativeTime(nextAt, now);
}

function hostNameTable(names: HostNameStatus[], now: number): string {
  return renderTable<HostNameStatus>(
    [
      { title: 'NAME', cell: ({ name }) => escapeText(name, 100) },
      { title: 'ADDRESSES', cell: ({ addresses }) => someOf(addresses, 4), widthMin: 20 },
      {
        title: 'CONFIRMED',
        cell: ({ confirmedAt }) => (confirmedAt === null ? 'never' : relativeTime(confirmedAt, now)),
      },
      {
        title: 'PROBLEM',
        cell: ({ problem }) => problem?.code ?? '',
        style: (text) => colour.yellow(text),
        leaveOut: 1,
      },
    ],
    names,
  );
}

function someOf(texts: string[], shown: number): string {
  if (texts.length === 0) return 'none';
  return `${texts.slice(0, shown).join(', ')}${texts.length > shown ? ` and ${texts.length - shown} more` : ''}`;
}

export async function feedShow(globals: Globals, name: string): Promise<number> {
  const answer = await ask<FeedDetailAnswer>(globals.data, 'GET', `/feeds/${encodeURIComponent(name)}`);
  if (globals.json) printJson(answer);
  else print(renderFeed(answer, Date.now()));
  return EXIT_OK;
}

function renderFeed(feed: FeedDetailAnswer, now: number): string {
  const { action, problem, changedAt, confirmedAt, nextAt, refreshing, bad, refused, overridden } = feed;
  const does =
    action === 'block' ? 'block: its addresses reach no protected port' : 'watch: packets are counted and pass';
  const fields: [string, string][] = [
    ['feed', colour.bold(feed.name)],
    ['from', escapeText(feed.from)],
    ['action', does],
    ['every', duration(feed.everyMs)],
    ['entries', contentText(feed)],
    ['hits', feed.hits === null ? 'not known yet' : plural(feed.hits, 'packet')],
    ['changed', changedAt === null ? 'never' : timeAndAge(changedAt, now)],
    ['confirmed', `${confirmedAt === null ? 'never' : timeAndAge(confirmedAt, now)}${staleText(feed)}`],
    ['next', refreshing || nextAt === null ? next(refreshing, nextAt, now) : timeAndAge(nextAt, now)],
  ];
  if (problem) fields.push(['problem', `${problemText(problem, now)} ${colour.dim(`[${problem.code}]`)}`]);
  if (bad.total > 0) {
    const lines = bad.first.map(
      ({ line, value, why }) => `line ${line}: ${escapeDecoded(value, 60)}: ${escapeDecoded(why)}`,
    );
    fields.push(['no entries', named(plural(bad.total, 'line'), lines, bad.total)]);
  }
  if (refused.total > 0) {
    const lines = refused.first.map(({ line, address, reason, why }) => `line ${line}: ${address}: ${why} [${reason}]`);
    fields.push(['left out', named(plural(refused.total, 'entry', 'entries'), lines, refused.total)]);
  }
  if (overridden.total > 0) {
    const lines = overridden.first.map(({ range, by, comment }) => {
      const remark = comment === '' ? '' : ` (${escapeText(comment, 60)})`;
      return by === null ? range : `${range}: allowlist ${escapeText(by)}${remark}`;
    });
    fields.push(['allowed anyway', named(plural(overridden.total, 'range'), lines, overridden.total)]);
  }
  return renderFields(fields);
}

function contentText({ state, entries, ranges, format }: FeedDetailAnswer): string {
  if (state === 'waiting') return 'none yet: nothing of it is in force';
  return `${number(entries)} in ${plural(ranges, 'range')} (read as ${format ?? 'an empty list'})`;
}

function staleText({ state }: FeedDetailAnswer): string {
  return state === 'stale' ? colour.red(' – stale: the last good copy stays in force') : '';
}

function named(title: string, lines: string[], total: number): string {
  const more = total > lines.length ? [`and ${number(total - lines.length)} more`] : [];
  return [title, ...lines, ...more].join('\n');
}

/** Exit code 1 when one of them could not be fetched. */
export async function feedsRefresh(globals: Globals, name: string | undefined): Promise<number> {
  const path = name === undefined ? '/feeds/refresh' : `/feeds/${encodeURIComponent(name)}/refresh`;
  const answer = await ask<FeedAnswer[]>(globals.data, 'POST', path);
  if (globals.json) printJson(answer);
  else if (answer.length === 0) print('No feeds. Add one: ringfence feeds add NAME URL');
  else for (const feed of answer) print(outcomeText(feed, Date.now()));
  return answer.some(({ problem }) => problem !== null) ? EXIT_NO : EXIT_OK;
}

function outcomeText(feed: FeedAnswer, now: number): string {
  const { name, state, entries, problem, refreshing } = feed;
  const kept = state === 'waiting' ? 'nothing of it is in force' : `${plural(entries, 'entry', 'entries')} in force`;
  if (refreshing) return `${name} is still being fetched (${kept}). See ringfence feeds`;
  if (problem) return `${colour.red('!')} ${name}: ${problemText(problem, now)}\n  ${kept}`;
  return `${name}: ${kept}.`;
}

export async function feedAdd(
  globals: Globals,
  name: string,
  source: string,
  options: { action?: 'block' | 'watch'; every?: string; yes?: boolean },
): Promise<number> {
  // A scheme that is not fetched is refused by the daemon, which says what is.
  const place = /^[a-z][a-z0-9+.-]*:\/\//i.test(source) ? { url: source } : { file: resolve(source) };
  const { action, every, yes = false } = options;
  const body = { name, ...place, ...(action && { action }), ...(every && { every }), yes };
  const answer = await ask<FeedChangeAnswer>(globals.data, 'POST', '/feeds', body);
  if (globals.json) printJson(answer);
  else {
    print(
      answer.changed
        ? `Feed ${name} is ${answer.added ? 'added' : 'changed'}, policy version ${answer.version}.`
        : `Feed ${name} is there already.`,
    );
    if (answer.feed) print(outcomeText(answer.feed, Date.now()));
    remindOfFile(answer);
  }
  return EXIT_OK;
}

export async function feedRemove(globals: Globals, name: string): Promise<number> {
  const answer = await ask<FeedChangeAnswer>(globals.data, 'DELETE', `/feeds/${encodeURIComponent(name)}`);
  if (globals.json) printJson(answer);
  else {
    print(`Feed ${name} is removed, policy version ${answer.version}; nothing of it is in force any more.`);
    remindOfFile(answer);
  }
  return EXIT_OK;
}

function remindOfFile({ changed, file }: FeedChangeAnswer): void {
  if (!changed || file === null) return;
  print(colour.yellow(`At the next start the policy file wins again: change ${escapeText(file)} too.`));
}
