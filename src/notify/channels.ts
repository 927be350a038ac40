/** A channel of its policy. */
import type { ChannelPolicy } from '../policy/compile-notify.ts';
import type { Channel, ChannelOptions } from './channel.ts';
import { commandChannel } from './command/command-channel.ts';
import { emailChannel } from './email/email-channel.ts';
import { syslogChannel } from './syslog/syslog-channel.ts';
import { webhookChannel } from './webhook/webhook-channel.ts';

export function makeChannel(policy: ChannelPolicy, options: ChannelOptions): Channel {
  switch (policy.kind) {
    case 'email':
      return emailChannel(policy, options);
    case 'webhook':
      return webhookChannel(policy, options);
    case 'syslog':
      return syslogChannel(policy, options);
    case 'command':
      return commandChannel(policy, options);
  }
}
