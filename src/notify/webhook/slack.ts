/** Slack's incoming webhooks: blocks (https://docs.slack.dev/reference/block-kit/blocks). */
import type { Content, Table } from '../render/content.ts';
import { safeLink } from '../render/html-page.ts';
import { slackCode, slackText } from './markup.ts';
import { CHAT_ROWS_MAX, fitting, type Template } from './template.ts';

const HEADER_CHARS_MAX = 150;
const SECTION_CHARS_MAX = 3000;
const FIELDS_MAX = 10;
const FIELD_CHARS_MAX = 2000;

export const slack: Template = ({ delivery: { message }, hostName }) => {
  const { content, subject } = message;
  const { badge, headline, summary, facts, tables, link } = content;
  const fields = facts.map(({ label, value }) => fitting([`*${slackText(label)}*`, slackCode(value)], FIELD_CHARS_MAX));
  const url = slackLink(link);
  const footer = `Ringfence on ${slackText(hostName)}${url === null ? '' : ` – <${url}|Open in the console>`}`;
  return {
    text: slackText(subject),
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      {
        type: 'header',
        text: { type: 'plain_text', text: cut(`${badge}: ${headline}`, HEADER_CHARS_MAX), emoji: false },
      },
      // Of the firewall's own troubles it may be a server's answer: as text without markup.
      { type: 'section', text: { type: 'plain_text', text: cut(slackText(summary), SECTION_CHARS_MAX), emoji: false } },
      ...chunks(fields, FIELDS_MAX).map((some) => ({ type: 'section', fields: some.map(mrkdwn) })),
      ...tables.map((table) => section(tableText(table))),
      ...stepBlocks(content),
      { type: 'context', elements: [mrkdwn(footer)] },
    ],
  };
};

/** `verbatim`: Slack makes no links of its own out of names and addresses. */
function mrkdwn(text: string) {
  return { type: 'mrkdwn', text, verbatim: true };
}

function section(text: string) {
  return { type: 'section', text: mrkdwn(text) };
}

function tableText({ title, rows, more }: Table): string {
  const lines = rows.slice(0, CHAT_ROWS_MAX).map((cells) => cells.map(slackCode).join(' '));
  return fitting([`*${slackText(title)}*`, ...lines, ...(more === null ? [] : [slackText(more)])], SECTION_CHARS_MAX);
}

function stepBlocks({ steps }: Content) {
  if (steps.length === 0) return [];
  const lines = steps.map(({ what, command, link }) => {
    const url = slackLink(link);
    const said = url === null ? slackText(what) : `<${url}|${slackText(what)}>`;
    return command === null ? `• ${said}` : `• ${said}\n   ${slackCode(command)}`;
  });
  return [section(fitting(['*What you can do now*', ...lines], SECTION_CHARS_MAX))];
}

/** What ends a link in Slack's markup is percent-encoded. */
function slackLink(link: string | null): string | null {
  return safeLink(link)?.replace(/[<>|]/g, (one) => encodeURIComponent(one)) ?? null;
}

function cut(text: string, charsMax: number): string {
  return text.length > charsMax ? `${text.slice(0, charsMax - 1).toWellFormed()}…` : text;
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}
