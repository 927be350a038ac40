/** What a notice is about: notices of one topic are one thread of mails, and one alert of a pager. */
import type { Notice } from './notice.ts';

/** Null: it stands alone. */
export function topicOf(notice: Notice): string | null {
  switch (notice.kind) {
    case 'attack-opened':
    case 'attack-escalated':
    case 'attack-ended':
    case 'invite-limit':
      return `incident.${notice.attack.incident}`;
    case 'campaign-opened':
    case 'campaign-ended':
      // Its first attack is known later: the id stays.
      return notice.id.replace(/-(opened|ended)$/, '');
    case 'trouble':
      return `trouble.${notice.code}`;
    case 'storm':
    case 'daily-report':
    case 'test':
      return null;
  }
}
