/** Who gets a notice: channels and their recipients, by topic. */
import { hash } from 'node:crypto';
import type { ChannelPolicy, Topic } from '../policy/compile-notify.ts';
import type { Notice } from './notice.ts';

/** Null: everybody that the notice names itself (a test). */
export function audienceOf(notice: Notice): Topic | null {
  switch (notice.kind) {
    case 'attack-opened':
    case 'attack-escalated':
    case 'attack-ended':
      return notice.attack.kind === 'invite-limit' ? 'invite-limit' : 'attacks';
    case 'campaign-opened':
    case 'campaign-ended':
      return 'attacks';
    case 'invite-limit':
      return 'invite-limit';
    case 'daily-report':
      return 'report';
    case 'trouble':
      return 'trouble';
    case 'storm':
    case 'test':
      return null;
  }
}

/** Recipients of one channel; one with a single destination is called as its channel. */
export function recipientsOf(channel: ChannelPolicy, topics: readonly Topic[] | null): string[] {
  const wanted = (gets: readonly Topic[]) => topics === null || topics.some((topic) => gets.includes(topic));
  if (channel.kind !== 'email') return wanted(channel.gets) ? [channel.name] : [];
  return [...new Set(channel.recipients.filter(({ gets }) => wanted(gets)).map(({ address }) => address))];
}

/** Goes out in quiet hours, too: what was asked for at its time, and what keeps the firewall from its work. */
export function isLoud(notice: Notice, campaignsToo: boolean): boolean {
  if (notice.kind === 'campaign-opened') return campaignsToo;
  return (
    notice.kind === 'daily-report' || notice.kind === 'test' || (notice.kind === 'trouble' && notice.level === 'error')
  );
}

/** Not counted against the cap: one a day, and what a person just asked for. */
export function isFree(notice: Notice): boolean {
  return notice.kind === 'daily-report' || notice.kind === 'test';
}

/** RFC 5322 §3.6.4: the same for the same notice, channel and recipient, however often and by whichever process it is sent. */
export function messageIdOf(noticeId: string, channel: string, recipient: string, host: string): string {
  const digest = hash('sha256', JSON.stringify([noticeId, channel, recipient]), 'hex').slice(0, 32);
  const name = host.toLowerCase().replace(/[^a-z0-9.-]/g, '') || 'localhost';
  return `${digest}@ringfence.${name}`;
}
