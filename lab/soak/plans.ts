/** The two soaks: one for an afternoon, and one for continuous integration, with the same parts. */
import { SOURCES_MAX } from '../../src/core/base/source-table.ts';
import type { SoakPlan } from './soak.ts';

/** Short enough that blocks, incidents and known sources come and go within a quarter of the run. */
const policy = (seconds: number) => `
block: { for: ${seconds}s, remember: 1m, permanentAfter: 0 }
incident: { idle: ${seconds}s }
trust: { unconfirmedFor: ${seconds}s }
wayIn: { total: 20000, perNetwork: 20000 }
`;

const RETENTION = {
  ...{ incidentsMax: 1000, verdictsMax: 1000, blocksMax: 1000, eventsMax: 500, auditMax: 500 },
  evidenceBytesMax: 2 * 1_048_576,
  rowsPerCall: 500,
};

/** Many packets to a wake-up, or the wake-ups of the sender and the guard would be most of what the soak costs. */
const SLOT = { slotMicroseconds: 50_000 };

/**
 * In the first quarter more forged addresses come than the table of sources holds (2^20); afterwards enough to keep it busy. All of it takes about a
 * fifth of a core, half of it the senders'.
 */
export function longSoak(minutes: number): SoakPlan {
  const seconds = minutes * 60;
  const filling = seconds * 0.22;
  return {
    ...{ seconds, sampleEveryMs: 15_000, policy: policy(30), fillSeconds: 0 },
    retention: { ...RETENTION, everyMs: 10_000, incidentsMs: 300_000, verdictsMs: 300_000, eventsMs: 300_000 },
    load: {
      ...{ attackEveryMs: 3_000, scanEveryMs: 400, phoneEveryMs: 12_000 },
      forged: {
        filling: { ...SLOT, packetsPerSecond: Math.ceil((1.1 * SOURCES_MAX) / filling), sources: 0, seconds: filling },
        then: { ...SLOT, packetsPerSecond: 150, sources: 0, seconds: 600 },
      },
    },
  };
}

/** In a minute what else comes in an hour, behind a flood that fills the table of transactions. */
export const SHORT_SOAK: SoakPlan = {
  ...{ seconds: 60, sampleEveryMs: 1_000, policy: policy(3), fillSeconds: 90 },
  retention: { ...RETENTION, everyMs: 1_000, incidentsMax: 150, verdictsMax: 150, blocksMax: 100, eventsMax: 50 },
  load: {
    ...{ attackEveryMs: 200, scanEveryMs: 30, phoneEveryMs: 1_500 },
    forged: {
      filling: { slotMicroseconds: 10_000, packetsPerSecond: 8_000, sources: 40_000, seconds: 90 },
      then: { ...SLOT, packetsPerSecond: 500, sources: 40_000, seconds: 600 },
    },
  },
};
