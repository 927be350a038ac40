/** Mattermost's incoming webhooks: a message attachment, whose texts are Markdown (https://developers.mattermost.com/integrate/reference/message-attachments). */
import type { Content, Table } from '../render/content.ts';
import { safeLink } from '../render/html-page.ts';
import { markdownCode, markdownText } from './markup.ts';
import { CHAT_ROWS_MAX, fitting, type Template } from './template.ts';

/** A post has at most 16,383 characters; the facts need their share of them. */
const TEXT_CHARS_MAX = 8000;
const COLOURS: Record<Content['tone'], string> = {
  attack: '#b42318',
  warning: '#93500a',
  over: '#1f6f43',
  plain: '#35507a',
};

export const mattermost: Template = ({ delivery: { message }, hostName }) => {
  const { tone, badge, headline, summary, facts, tables, steps, link } = message.content;
  const parts = [
    markdownText(summary),
    ...tables.map(tableText),
    ...(steps.length === 0 ? [] : ['**What you can do now**']),
    ...steps.map(({ what, command, link: url }) => {
      const said = safeLink(url) === null ? markdownText(what) : `[${markdownText(what)}](<${safeUrl(url!)}>)`;
      return command === null ? `* ${said}` : `* ${said}\n  ${markdownCode(command)}`;
    }),
  ];
  return {
    attachments: [
      {
        fallback: markdownText(message.subject),
        color: COLOURS[tone],
        title: `${badge}: ${markdownText(headline)}`,
        ...(safeLink(link) === null ? {} : { title_link: safeLink(link) }),
        text: fitting(parts, TEXT_CHARS_MAX, '\n\n'),
        fields: facts.map(({ label, value }) => ({
          title: markdownText(label),
          value: markdownCode(value),
          short: value.length < 40,
        })),
        footer: `Ringfence on ${hostName}`,
      },
    ],
  };
};

function tableText({ title, titles, rows, more }: Table): string {
  const lines = [
    `**${markdownText(title)}**`,
    '',
    `| ${titles.map(markdownText).join(' | ')} |`,
    `|${' --- |'.repeat(titles.length)}`,
    ...rows.slice(0, CHAT_ROWS_MAX).map((cells) => `| ${cells.map(markdownCode).join(' | ')} |`),
    ...(more === null ? [] : ['', markdownText(more)]),
  ];
  return lines.join('\n');
}

/** Between `<` and `>` only these two end a link (CommonMark §6.3). */
function safeUrl(link: string): string {
  return safeLink(link)!.replace(/[<>]/g, (one) => encodeURIComponent(one));
}
