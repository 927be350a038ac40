/** Channels and deliveries as the API answers them, and their states in words. */
import type { Item } from '../../api/hooks.ts';

export type Channel = Item<'/notify/channels'>;
export type Delivery = Item<'/notify/deliveries'>;

export const KINDS: Record<Channel['kind'], string> = {
  email: 'Mail',
  webhook: 'Webhook',
  syslog: 'Syslog',
  command: 'Command',
};

export const STATES: Record<Channel['state'], { name: string; color: string }> = {
  idle: { name: 'nothing sent yet', color: 'gray' },
  fine: { name: 'works', color: 'teal' },
  failing: { name: 'does not deliver', color: 'red' },
};

export const SECRETS: Record<Channel['secret'], string> = {
  set: 'set',
  none: 'none',
  'other-destination': 'set for another server, not used',
};

export const DELIVERY_STATES: Record<Delivery['state'], { name: string; color: string }> = {
  waiting: { name: 'waiting', color: 'yellow' },
  delivered: { name: 'delivered', color: 'teal' },
  refused: { name: 'refused', color: 'red' },
  'given-up': { name: 'given up', color: 'red' },
};

export const CHANNEL_TOUCHES = ['/notify/channels', '/notify/deliveries', '/status'] as const;
