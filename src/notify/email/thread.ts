/** Which mails belong together. */
import type { Notice } from '../notice.ts';

/**
 * RFC 5322 §3.6.4: mails with the same reference are one thread. The reference is no mail's own id, so the thread holds together whichever of them
 * was sent, lost or deleted. Null: the mail stands alone.
 */
export function threadOf(notice: Notice, messageId: string): string | null {
  const topic = topicOf(notice);
  // Message ids end in `@ringfence.HOST`; the thread's id is of the same host.
  return topic === null ? null : `<${topic}${messageId.slice(messageId.lastIndexOf('@'))}>`;
}

function topicOf(notice: Notice): string | null {
  switch (notice.kind) {
    case 'attack-opened':
    case 'attack-escalated':
    case 'attack-ended':
    case 'invite-limit':
      return `incident.${notice.attack.incident}`;
    case 'campaign-opened':
    case 'campaign-ended':
      return `campaign.${notice.campaign.first}`;
    case 'trouble':
      return `trouble.${notice.code}`;
    case 'storm':
    case 'daily-report':
    case 'test':
      return null;
  }
}
