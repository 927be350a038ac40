/** Notices as syslog messages: to a server over UDP, TCP or TLS, or into this machine's own log. */
import type { SyslogPolicy } from '../../policy/compile-notify.ts';
import { failureText, outcome } from '../answer.ts';
import { tlsOptions } from '../certificates.ts';
import type { Channel, ChannelOptions, Delivered, Delivery } from '../channel.ts';
import { logLocally } from './local-log.ts';
import { rfc5424, syslogMessage } from './message.ts';
import { sendDatagram, sendFrame } from './send.ts';

const TIMEOUT_MS = 15_000;
const LOCAL_SOCKET = '/dev/log';

interface Patience {
  timeoutMs: number;
  localSocket: string;
}

export function syslogChannel(
  policy: SyslogPolicy,
  options: ChannelOptions,
  patience: Patience = { timeoutMs: TIMEOUT_MS, localSocket: LOCAL_SOCKET },
): Channel {
  return {
    name: policy.name,
    kind: 'syslog',
    deliver: (delivery) => deliver(policy, options, patience, delivery),
    close: async () => {},
  };
}

async function deliver(
  policy: SyslogPolicy,
  { hostName }: ChannelOptions,
  { timeoutMs, localSocket }: Patience,
  delivery: Delivery,
): Promise<Delivered> {
  const { transport, host, port, facility } = policy;
  const message = syslogMessage(delivery, facility);
  if (transport === 'local') {
    const { code, output, failure } = await logLocally(message, localSocket, timeoutMs);
    return code === 0 ? outcome('delivered', `taken by ${localSocket}`) : outcome('retry', failure ?? output);
  }
  const bytes = rfc5424(message, delivery.notice.at, hostName);
  const to = { host, port, timeoutMs };
  try {
    if (transport === 'udp') await sendDatagram(bytes, to);
    else await sendFrame(bytes, to, transport === 'tls' ? await tlsOptions(policy) : null);
    const words = { udp: 'sent; over UDP nobody says that it came', tcp: 'sent', tls: 'sent' };
    return outcome('delivered', `${words[transport]} (${bytes.length} bytes)`);
  } catch (error) {
    return outcome('retry', failureText(error as Error));
  }
}
