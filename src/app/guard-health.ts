/** The guard's state as numbers, once a second: what `status` shows. */
import { formatAddress } from '../core/base/address.ts';
import type { Policy } from '../core/base/policy.ts';
import { formatPorts } from './announce.ts';
import type { Backlog } from './backlog.ts';
import type { BlockAccount } from './block-account.ts';
import type { HostAddresses } from './host-addresses.ts';
import type { GuardHealth } from '../channel/protocol.ts';
import type { SensorReadings } from './sensor-protocol.ts';

interface Parts {
  startedAt: number;
  policy: Policy;
  host: HostAddresses;
  kernel: { ok: boolean; repairs: number; lastRepair: string | null };
  account: BlockAccount;
  wayIn: GuardHealth['wayIn'];
  dropped: number;
  lists: GuardHealth['lists'];
  backlog: Backlog;
  readings: SensorReadings | null;
}

let before = { at: 0, frames: 0 };

export function guardHealth({
  startedAt,
  policy,
  host,
  kernel,
  account,
  wayIn,
  dropped,
  lists,
  backlog,
  readings,
}: Parts): GuardHealth {
  const at = Date.now();
  const frames = readings?.frames ?? 0;
  const seconds = (at - before.at) / 1000;
  const framesPerSecond =
    before.at > 0 && seconds > 0 ? Math.max(0, Math.round((frames - before.frames) / seconds)) : 0;
  before = { at, frames };
  const { user, system } = process.cpuUsage();
  return {
    ...{ at, startedAt, mode: policy.mode },
    protects: {
      addresses: host.own.map(formatAddress),
      sipUdp: formatPorts(policy.ports.sipUdp),
      sipTcp: formatPorts(policy.ports.sipTcp),
      tftp: formatPorts(policy.ports.tftp),
    },
    capture: {
      ...{ frames, framesPerSecond, bytes: readings?.bytes ?? 0, lost: readings?.lost ?? 0 },
      queueThreshold: readings?.queueThreshold ?? 1,
    },
    sip: {
      messages: readings?.messages ?? 0,
      requests: readings?.requests ?? 0,
      responses: readings?.responses ?? 0,
      anomalies: readings?.anomalies ?? 0,
    },
    tables: readings?.tables ?? { sources: 0, transactions: 0, tcpStreams: 0, incidentsOpen: 0 },
    kernel: { ...kernel, blocked: account.size },
    wayIn,
    dropped,
    lists,
    backlog: { waiting: backlog.size, dropped: backlog.dropped },
    memoryBytes: process.memoryUsage.rss(),
    cpuSeconds: (user + system) / 1e6,
  };
}
