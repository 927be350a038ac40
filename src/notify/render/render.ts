/** A notice as people read it. */
import { escapeDecoded } from '../../core/base/escape.ts';
import { SUBJECT_MAX, type Attachment, type RenderedMessage, type RenderOptions } from '../channel.ts';
import type { Notice, ReadyAttachment } from '../notice.ts';
import { contentOf } from './content-of.ts';
import { htmlOf } from './html.ts';
import { textOf } from './text.ts';

export function render(notice: Notice, options: RenderOptions): RenderedMessage {
  const content = contentOf(notice, options);
  return {
    subject: subjectOf(content.subject, options.hostName),
    text: textOf(content, options.hostName),
    html: htmlOf(content, options.hostName),
    attachments: content.attachments.map(attachmentOf),
    content,
    notice,
  };
}

/** Evasion: a line break in a subject would begin a header of the attacker's. */
export function subjectOf(subject: string, host: string): string {
  const line = escapeDecoded(`[Ringfence ${host}] ${subject}`, SUBJECT_MAX * 2);
  return line.length > SUBJECT_MAX ? `${line.slice(0, SUBJECT_MAX - 1).toWellFormed()}…` : line;
}

function attachmentOf({ name, contentType, base64, cid }: ReadyAttachment): Attachment {
  const content = Buffer.from(base64, 'base64');
  return { name, contentType, content, ...(cid === undefined ? {} : { cid }) };
}
