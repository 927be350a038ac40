/**
 * What a stranger wrote, in everything that shows it. Each format is taken apart by its own rules: the markup of a message about a hostile attacker is
 * that of the same message about a harmless one, and what is between the markup is visible text.
 */
import { parse } from 'csv-parse/sync';
import { describe, expect, it, test } from 'vitest';
import type { RenderOptions, Delivery } from './channel.ts';
import { jsonBody } from './json-body.ts';
import type { Notice } from './notice.ts';
import { render } from './render/render.ts';
import { stormCsv } from './render/storm-csv.ts';
import { plainLine, rfc5424, syslogMessage } from './syslog/message.ts';
import { attackBy, everyNotice, HOSTILE_TEXTS } from './testing/notices.ts';
import { TEMPLATES } from './webhook/webhook-channel.ts';

const OPTIONS: RenderOptions = { timeZone: 'UTC', hostName: 'pbx.example.org', consoleUrl: null };
const HARMLESS = 'friendly-scanner of 1990';

function deliveryOf(notice: Notice): Delivery {
  return { messageId: `${notice.id}@x`, notice, message: render(notice, OPTIONS), recipient: 'r' };
}

const templated = (name: keyof typeof TEMPLATES) => (delivery: Delivery) =>
  JSON.stringify(TEMPLATES[name]({ delivery, hostName: OPTIONS.hostName, chat: '1', secret: 'key' }));

/** All texts in a JSON value, with their paths. */
function texts(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, `${path}/${key}`));
}

const tags = (html: string) => html.match(/<[^>]*>/g) ?? [];
const structure = (json: string) => texts(JSON.parse(json)).map(([path]) => path);

/** Slack: outside of `code`, `<…>` begins something anywhere, and these in what is not declared as plain text. */
function slackMarkup(json: string): unknown {
  const { text: fallback, mrkdwn, blocks } = JSON.parse(json) as { text: string; mrkdwn: boolean; blocks: unknown[] };
  expect(mrkdwn).toBe(false);
  const plain = new Set([
    fallback,
    ...(json.match(/(?<="type":"plain_text","text":)"(?:[^"\\]|\\.)*"/g) ?? []).map((one) => JSON.parse(one) as string),
  ]);
  return texts([fallback, blocks]).map(([path, text]) => [
    path,
    text.match(/<[^>]*>/g) ?? [],
    plain.has(text) ? [] : (text.replace(/`[^`]*`/g, '').match(/[*~_`]/g) ?? []),
  ]);
}

/** Markdown: code spans taken out, and escapes; what is left begins or ends something. */
const markdownMarkup = (json: string) =>
  texts(JSON.parse(json)).map(([path, text]) => [
    path,
    text
      .replace(/(?<!`)(`+)(?!`) .*? (?<!`)\1(?!`)/gs, '')
      .replace(/\\[!-/:-@[-`{-~]/g, '')
      .match(/[`*_[\]~|<>#]/g) ?? [],
  ]);

/** RFC 5424 §6 read from its grammar: header, the names of structured data, nothing between `]` and the message but a space. */
function syslogShape(line: string): unknown {
  const matched =
    /^<(\d{1,3})>1 (\S+) (\S+) (\S+) (\S+) (\S+) \[([^\s\]="]+)((?: [^\s\]="]+="(?:[^"\\\]]|\\["\\\]])*")*)\] ([^]*)$/.exec(
      line,
    );
  expect(matched).not.toBeNull();
  return [
    matched!.slice(1, 3),
    [...matched![8].matchAll(/ ([^\s\]="]+)="(?:[^"\\\]]|\\["\\\]])*"/g)].map(([, name]) => name),
  ];
}

const FORMATS: [name: string, made: (delivery: Delivery) => string, markup: (text: string) => unknown][] = [
  ['subject', ({ message }) => message.subject, () => null],
  ['text', ({ message }) => message.text, () => null],
  ['HTML', ({ message }) => message.html!, tags],
  ['Slack', templated('slack'), slackMarkup],
  ['Mattermost', templated('mattermost'), markdownMarkup],
  ['Teams', templated('teams'), structure],
  ['Telegram', templated('telegram'), (json) => tags((JSON.parse(json) as { text: string }).text)],
  ['PagerDuty', templated('pagerduty'), structure],
  ['our JSON', (delivery) => jsonBody(delivery, OPTIONS.hostName), structure],
  ['syslog', (d) => rfc5424(syslogMessage(d, 'authpriv'), d.notice.at, OPTIONS.hostName).toString(), syslogShape],
  ['/dev/log', (d) => plainLine(syslogMessage(d, 'authpriv')), () => null],
];

/** Not of ours, and what would hide or turn what is beside it. Line breaks belong to the format. */
const INVISIBLE = /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
/** What mail and chat programs would make a link or a call of. */
const LIVE = /https?:\/\/evil|www\.evil|evil\.example\/pay|(?<!\[)@(channel|here|all)\b/;

describe.each(FORMATS)('%s', (name, made, markup) => {
  it.each(HOSTILE_TEXTS)('%j', (text) => {
    const hostile = everyNotice(attackBy(text), text);
    const harmless = everyNotice(attackBy(HARMLESS), HARMLESS);
    hostile.forEach((notice, i) => {
      const out = made(deliveryOf(notice));
      expect(out.replace(/^\ufeff|(?<=\] )\ufeff/, ''), notice.kind).not.toMatch(INVISIBLE);
      expect(markup(out), notice.kind).toEqual(markup(made(deliveryOf(harmless[i]))));
      // A program reads what was written; it is for people that links are broken.
      if (name !== 'our JSON') expect(out, notice.kind).not.toMatch(LIVE);
    });
  });
});

test('a subject is one line, however long the text', () => {
  const trouble = everyNotice(attackBy(HARMLESS), 'x\r\nBcc: a@b\r\n'.repeat(100)).find(
    ({ kind }) => kind === 'trouble',
  )!;
  const { subject } = render(trouble, OPTIONS);
  expect(subject.length).toBeLessThanOrEqual(200);
  expect(subject).not.toMatch(/[\r\n]/);
});

test('our JSON gives back what was written', () => {
  for (const text of HOSTILE_TEXTS) {
    const notice = everyNotice(attackBy(text), text)[0];
    expect(JSON.parse(jsonBody(deliveryOf(notice), 'h'))).toMatchObject({ notice: { attack: { userAgent: text } } });
  }
});

test('a digest’s CSV has a row for each attack, and no cell that a spreadsheet would run', () => {
  const notices = HOSTILE_TEXTS.flatMap((text) => everyNotice(attackBy(text), text));
  const csv = Buffer.from(stormCsv(notices).base64, 'base64').toString();
  const [titles, ...rows] = parse(csv) as string[][];
  const grouped = notices.flatMap((notice) => ('others' in notice ? notice.others : []));
  expect(rows).toHaveLength(notices.length + grouped.length);
  for (const row of rows) {
    expect(row).toHaveLength(titles.length);
    for (const cell of row) expect(cell).not.toMatch(/^\s*[=+\-@\t\r]/);
    expect(row.join('')).not.toMatch(INVISIBLE);
  }
});
