/** Text in the markup of each chat: what is shown is what the text says, and nothing of it is markup, a link or a call. */
import { escapeHtml } from '../render/html-page.ts';

/** https://docs.slack.dev/messaging/formatting-message-text: these three are all that begins a control sequence. */
export function slackText(text: string): string {
  return text.replace(/[&<>]/g, (one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[one]!);
}

/**
 * Slack has no escape for `*bold*` and its like, so text of strangers stands in `code`, where nothing counts but the backtick. That becomes an apostrophe.
 */
export function slackCode(text: string): string {
  return text === '' ? '' : `\`${slackText(text).replaceAll('`', "'")}\``;
}

/** CommonMark §2.4. Only what begins something in the middle of a line: programs differ in what else they take for an escape. */
export function markdownText(text: string): string {
  return text.replace(/[\\`*_[\]~|<>#]/g, '\\$&');
}

/**
 * CommonMark §6.1: a code span with a longer fence than any run of backticks inside; nothing else counts there, `@all` neither. In a table the pipe would
 * end the cell all the same, so it is spelled as its full-width form.
 */
export function markdownCode(text: string): string {
  if (text === '') return '';
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence} ${text.replaceAll('|', '\uff5c')} ${fence}`;
}

/** Telegram's HTML knows `b`, `code`, `a` and a few more; in text `<`, `>` and `&` are written as entities. */
export const telegramText = escapeHtml;
