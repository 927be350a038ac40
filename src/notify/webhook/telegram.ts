/** Telegram's `sendMessage` (https://core.telegram.org/bots/api#sendmessage), in its HTML. The address is https://api.telegram.org/bot{secret}/sendMessage. */
import type { Table } from '../render/content.ts';
import { escapeHtml, safeLink } from '../render/html-page.ts';
import { CHAT_ROWS_MAX, fitting, type Template } from './template.ts';

/** After entities are read; counting them too errs on the side that is never refused. */
const TEXT_CHARS_MAX = 4096;

export const telegram: Template = ({ delivery: { message }, hostName, chat }) => {
  const { badge, headline, summary, facts, tables, steps, link } = message.content;
  const page = safeLink(link);
  const pieces = [
    `<b>${escapeHtml(`${badge}: ${headline}`)}</b>\n${escapeHtml(summary)}`,
    ...(page === null ? [] : [anchor(page, 'Open in the console')]),
    ...facts.map(({ label, value }) => `<b>${escapeHtml(label)}</b>: ${code(value)}`),
    ...steps.map(({ what, command, link: url }) => {
      const said = safeLink(url) === null ? escapeHtml(what) : anchor(safeLink(url)!, what);
      return command === null ? `• ${said}` : `• ${said}\n${code(command)}`;
    }),
    ...tables.map(tableText),
  ];
  const footer = `Ringfence on ${escapeHtml(hostName)}`;
  return {
    chat_id: chat,
    text: `${fitting(pieces, TEXT_CHARS_MAX - footer.length - 2)}\n\n${footer}`,
    parse_mode: 'HTML',
    link_preview_options: { is_disabled: true },
  };
};

/** Nothing inside is a link, a mention or a hashtag. */
function code(text: string): string {
  return `<code>${escapeHtml(text)}</code>`;
}

function anchor(url: string, text: string): string {
  return `<a href="${escapeHtml(url)}">${escapeHtml(text)}</a>`;
}

function tableText({ title, rows, more }: Table): string {
  const lines = rows.slice(0, CHAT_ROWS_MAX).map((cells) => cells.map(code).join(' '));
  return [`<b>${escapeHtml(title)}</b>`, ...lines, ...(more === null ? [] : [escapeHtml(more)])].join('\n');
}
