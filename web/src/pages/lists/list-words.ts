/** What the pages of the two lists say. */
import type { ListName } from '../../source/acts.ts';

export const LIST_WORDS: Record<
  ListName,
  { title: string; text: string; empty: string; emptyText: string; placeholder: string }
> = {
  allow: {
    title: 'Allowlist',
    text: 'Never blocked, whatever a detector, list, feed or country rule says.',
    empty: 'Nobody is on the allowlist',
    emptyText:
      'Put here whom you cannot afford to lose: trunk providers, your offices, your own address. Host names work too, and are resolved again and again.',
    placeholder: '198.51.100.0/24, 2001:db8::/32 or sip.example.org',
  },
  deny: {
    title: 'Denylist',
    text: 'Always blocked, on all ports. The allowlist wins over it.',
    empty: 'Nobody is on the denylist',
    emptyText: 'Addresses come here by hand, from a file, or by themselves after too many blocks.',
    placeholder: '203.0.113.0/24 or 203.0.113.7-203.0.113.40',
  },
};
