/**
 * What a message says, before it has a format. One content is the source of mail text, mail HTML and every chat template, so all of them
 * say the same.
 *
 * Invariant: every text here is one line of visible characters, strangers' parts made so by `strangersText`; markup of the format
 * (`<`, `*`, `|` …) is not escaped yet. Links are `http:` or `https:` or null.
 */
import type { NextStep, ReadyAttachment } from '../notice.ts';

export interface Content {
  /** Without the name of the firewall. */
  subject: string;
  tone: 'attack' | 'warning' | 'over' | 'plain';
  /** One word or two beside the headline: `Blocked`, `Watched`, `Over`. */
  badge: string;
  headline: string;
  /** What was done, one sentence or two. */
  summary: string;
  facts: Fact[];
  tables: Table[];
  steps: NextStep[];
  link: string | null;
  /** What the message is made of already (the daily report): stands in the place of all of the above in mails. */
  ready: { text: string; html: string } | null;
  attachments: ReadyAttachment[];
  /** A sentence about them, where they are; null: there are none. */
  attached: string | null;
}

export interface Fact {
  label: string;
  value: string;
}

export interface Table {
  title: string;
  /** Of the columns. */
  titles: string[];
  rows: string[][];
  /** What the table leaves out: `and 37 more`. */
  more: string | null;
}

export function content(
  part: Pick<Content, 'subject' | 'tone' | 'badge' | 'headline' | 'summary'> & Partial<Content>,
): Content {
  return { facts: [], tables: [], steps: [], link: null, ready: null, attachments: [], attached: null, ...part };
}
