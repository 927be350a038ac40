/** Every kind of notice as content. */
import { escapeDecoded, escapeText } from '../../core/base/escape.ts';
import type { RenderOptions } from '../channel.ts';
import type { DailyReportNotice, Notice, TestNotice, TroubleNotice } from '../notice.ts';
import { attackContent, inviteLimitContent } from './attack-content.ts';
import { campaignContent, stormContent } from './campaign-content.ts';
import { content, type Content } from './content.ts';
import { moment } from './figures.ts';
import { strangersText } from './strangers-text.ts';

const TROUBLE_CHARS_MAX = 1000;

export function contentOf(notice: Notice, options: RenderOptions): Content {
  switch (notice.kind) {
    case 'attack-opened':
    case 'attack-escalated':
    case 'attack-ended':
      return attackContent(notice, options);
    case 'invite-limit':
      return inviteLimitContent(notice, options);
    case 'campaign-opened':
    case 'campaign-ended':
      return campaignContent(notice, options);
    case 'storm':
      return stormContent(notice, options);
    case 'daily-report':
      return reportContent(notice);
    case 'trouble':
      return troubleContent(notice, options);
    case 'test':
      return testContent(notice, options);
  }
}

/** Mails bring it whole; a chat gets its headline and how it begins. */
function reportContent({ subject, text, html, attachments }: DailyReportNotice): Content {
  const lines = text.split('\n').filter((line) => /[\p{L}\p{N}]/u.test(line));
  const beginning = lines.slice(REPORT_HEAD_LINES, REPORT_HEAD_LINES + REPORT_LINES_SHOWN);
  const rows = beginning.map((line) => [strangersText(line.trim().replace(/\s{2,}/g, '  '))]);
  return content({
    ...{ subject, tone: 'plain', badge: 'Report', headline: strangersText(subject) },
    summary: 'The report of the day. All of it is in the console, under Reports, and in the mail.',
    tables: rows.length === 0 ? [] : [{ title: 'It begins', titles: ['Report'], rows, more: null }],
    ready: { text, html },
    attachments,
  });
}

/** Host, headline, day: they are in the subject. */
const REPORT_HEAD_LINES = 2;
const REPORT_LINES_SHOWN = 10;

const BADGES = { info: 'Note', warning: 'Warning', error: 'Error' } as const;

function troubleContent({ level, code, text, hint, link, at }: TroubleNotice, { timeZone }: RenderOptions): Content {
  // A server's answer may be among it.
  const said = strangersText(text, TROUBLE_CHARS_MAX);
  return content({
    subject: `${BADGES[level]}: ${strangersText(text)}`,
    tone: level === 'info' ? 'plain' : 'warning',
    badge: BADGES[level],
    headline: code,
    summary: said,
    facts: [{ label: 'When', value: moment(at, timeZone) }],
    steps: hint === null ? [] : [{ what: escapeDecoded(hint, TROUBLE_CHARS_MAX), command: null, link: null }],
    link,
  });
}

function testContent({ channel, by, at }: TestNotice, { hostName, timeZone }: RenderOptions): Content {
  return content({
    subject: `Test of the channel ${escapeText(channel, 60)}`,
    tone: 'plain',
    badge: 'Test',
    headline: 'This channel works',
    summary: `${escapeText(by, 60)} asked for a test of the channel ${escapeText(channel, 60)}. Nothing has happened, and there is nothing to do.`,
    facts: [
      { label: 'Firewall', value: hostName },
      { label: 'When', value: moment(at, timeZone) },
    ],
  });
}
