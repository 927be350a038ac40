/** Which mails belong together. */
import type { Notice } from '../notice.ts';
import { topicOf } from '../topic.ts';

/**
 * RFC 5322 §3.6.4: mails with the same reference are one thread. The reference is no mail's own id, so the thread holds together whichever of them
 * was sent, lost or deleted. Null: the mail stands alone.
 */
export function threadOf(notice: Notice, messageId: string): string | null {
  const topic = topicOf(notice);
  // Message ids end in `@ringfence.HOST`; the thread's id is of the same host.
  return topic === null ? null : `<${topic}${messageId.slice(messageId.lastIndexOf('@'))}>`;
}
