/** What a sensor starts from, as things stand now. */
import { randomBytes } from 'node:crypto';
import { seedOf } from '../core/detect/patient/memory.ts';
import type { Desired } from '../enforce/desired.ts';
import type { SensorStart } from './sensor-protocol.ts';
import { NFLOG_GROUP, type Standing } from './standing.ts';

export function sensorStart(
  standing: Standing,
  desired: Desired,
  commits: Int32Array,
  { asns, memory }: Pick<SensorStart, 'asns' | 'memory'>,
): Omit<SensorStart, 'wakeFd'> {
  const { policy, ranges, account, host } = standing;
  const { allow, deny } = ranges;
  const ends = (set: 'known' | 'trusted') =>
    [...desired[set]].map(([target, { until }]): [string, number] => [target, until ?? 0]);
  return {
    ...{ policy, allow, deny, commits, asns, memory, nflogGroup: NFLOG_GROUP },
    // Counts are kept under hashes of users: with another seed nobody would find them again.
    seed: (memory && seedOf(memory)) ?? randomBytes(4).readUInt32LE(),
    own: host.own,
    gateways: host.gateways,
    ...{ known: ends('known'), trusted: ends('trusted') },
    blockHistory: account.histories(),
    blocks: account.all().map((block) => ({ target: block.target, until: block.until })),
  };
}
