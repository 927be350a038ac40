/** How a message leaves: a channel takes one delivery and says what became of it, in the words of the other side. */
import type { DailyReportNotice, Notice } from './notice.ts';
import type { Content } from './render/content.ts';

export interface Attachment {
  /** File name. */
  name: string;
  contentType: string;
  content: Uint8Array;
  /** The HTML shows it as `cid:…`. */
  cid?: string;
}

/** A notice as people read it. */
export interface RenderedMessage {
  /** One line, no control characters, at most `SUBJECT_MAX` characters. */
  subject: string;
  text: string;
  html: string | null;
  attachments: Attachment[];
  /** What all formats say: the templates of chats are made of it. */
  content: Content;
  notice: Notice;
}

export const SUBJECT_MAX = 200;

export const CHANNEL_KINDS = ['email', 'webhook', 'syslog', 'command'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

export interface Delivery {
  /** The same for every try of this notice to this recipient, so that who gets it twice can tell: `<…@ringfence.HOST>` without the brackets. */
  messageId: string;
  notice: Notice;
  message: RenderedMessage;
  /** An e-mail address; channels with one destination get their own name. */
  recipient: string;
}

export interface Delivered {
  /**
   * `delivered`: the other side took it. `retry`: it may work later (no connection, 4xx, 429, time-out). `refused`: it never will
   * (mailbox unknown, 404): not tried again.
   */
  outcome: 'delivered' | 'retry' | 'refused';
  /** The other side's own words, or the system's error: `550 5.1.1 no such user`. Cut at `ANSWER_MAX`; never holds a secret. */
  answer: string;
  /** The other side asked for this pause (`Retry-After`). */
  retryAfterMs?: number;
}

export const ANSWER_MAX = 1000;

export interface Channel {
  /** As the policy calls it. */
  readonly name: string;
  readonly kind: ChannelKind;
  /**
   * Never rejects, and answers within `DELIVERY_TIMEOUT_MS` whatever the other side does. Called for one delivery at a time.
   * A message with the same `messageId` may have arrived before.
   */
  deliver(delivery: Delivery): Promise<Delivered>;
  /** Lets go of what it holds open. */
  close(): Promise<void>;
}

export const DELIVERY_TIMEOUT_MS = 60_000;

/** Secrets of a channel (SMTP password, webhook key): asked for at each delivery, so that a new one counts at once; null: none is set. */
export type SecretOf = (channel: string) => string | null;

/**
 * What every channel gets to know. Each folder exports one function that makes its channel of its policy (`policy/compile-notify.ts`):
 * `emailChannel(policy: EmailPolicy, options)` in `email/email-channel.ts`, and so for `webhook`, `syslog` and `command`.
 */
export interface ChannelOptions {
  secretOf: SecretOf;
  /** This machine's, for EHLO, syslog and the like. */
  hostName: string;
  /** Where the programs of `command` lie. */
  commandDirectory: string;
}

/** For `render(notice, options): RenderedMessage` in `render/render.ts`. */
export interface RenderOptions {
  /** IANA name. */
  timeZone: string;
  hostName: string;
  consoleUrl: string | null;
}

/** Made by `report/`, asked for by the stages when its time has come. `day`: `2026-11-21`, in that time zone. */
export type MakeReport = (
  day: string,
  timeZone: string,
) => Promise<Pick<DailyReportNotice, 'day' | 'subject' | 'text' | 'html' | 'attachments'>>;
