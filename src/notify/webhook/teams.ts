/**
 * Microsoft Teams, by a workflow that “posts to a channel when a webhook request is received”: an Adaptive Card.
 *
 * Evasion: Teams reads Markdown in a TextBlock and in a FactSet, and has no dependable escape. A TextRun of a RichTextBlock is text and nothing else
 * (https://adaptivecards.io/explorer/TextRun.html), so everything stands in those.
 */
import type { Content, Fact, Table } from '../render/content.ts';
import { safeLink } from '../render/html-page.ts';
import { CHAT_ROWS_MAX, type Template } from './template.ts';

/** A message has at most 28 kB; each cell has its share. */
const TEXT_CHARS_MAX = 600;
const COLOURS: Record<Content['tone'], string> = {
  attack: 'attention',
  warning: 'warning',
  over: 'good',
  plain: 'accent',
};

export const teams: Template = ({ delivery: { message }, hostName }) => {
  const { tone, badge, headline, summary, facts, tables, steps, link } = message.content;
  const page = safeLink(link);
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    fallbackText: message.subject,
    msteams: { width: 'Full' },
    body: [
      text(`${badge}: ${headline}`, { weight: 'bolder', size: 'large', color: COLOURS[tone] }),
      text(summary),
      ...facts.map(factRow),
      ...tables.flatMap(tableRows),
      ...(steps.length === 0 ? [] : [text('What you can do now', { weight: 'bolder' })]),
      ...steps.flatMap(({ what, command }) => [
        text(what),
        ...(command === null ? [] : [text(command, { fontType: 'monospace' })]),
      ]),
      text(`Ringfence on ${hostName}`, { isSubtle: true, size: 'small' }),
    ],
    actions: page === null ? [] : [{ type: 'Action.OpenUrl', title: 'Open in the console', url: page }],
  };
  const contentType = 'application/vnd.microsoft.card.adaptive';
  return { type: 'message', attachments: [{ contentType, contentUrl: null, content: card }] };
};

function text(value: string, style: Record<string, unknown> = {}) {
  const shown = value.length > TEXT_CHARS_MAX ? `${value.slice(0, TEXT_CHARS_MAX - 1).toWellFormed()}…` : value;
  return { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: shown, ...style }] };
}

function factRow({ label, value }: Fact) {
  return columns([text(label, { isSubtle: true }), text(value)], ['110px', 'stretch']);
}

function tableRows({ title, titles, rows, more }: Table) {
  const widths = titles.map((_, i) => (i === 0 ? 'stretch' : 'auto'));
  return [
    text(title, { weight: 'bolder' }),
    ...rows.slice(0, CHAT_ROWS_MAX).map((cells) =>
      columns(
        cells.map((cell) => text(cell)),
        widths,
      ),
    ),
    ...(more === null ? [] : [text(more, { isSubtle: true })]),
  ];
}

function columns(items: unknown[], widths: string[]) {
  const made = items.map((item, i) => ({ type: 'Column', width: widths[i], items: [item] }));
  return { type: 'ColumnSet', spacing: 'small', columns: made };
}
