/** Is it protecting, and what must be done. */
import { z } from 'zod';
import { endpoint, type Group } from './endpoint.ts';
import { storedEvent } from './events.ts';
import { count, moment, momentOrNull } from './shapes.ts';

export const trouble = z
  .strictObject({
    code: z.string().describe('Stable, e.g. `store-disk-full`.'),
    text: z.string(),
    hint: z.string().nullable().describe('What you can do about it.'),
  })
  .meta({ id: 'Trouble' });

const protects = z
  .strictObject({
    addresses: z.array(z.string()),
    sipUdp: z.string().describe('Ports and ranges.'),
    sipTcp: z.string().describe('Ports and ranges.'),
    tftp: z.string().describe('Ports and ranges.'),
  })
  .meta({ id: 'Protects' });

const capture = z
  .strictObject({
    frames: count.describe('Since the start, as all counts here.'),
    bytes: count,
    lost: count.describe('Packets that the kernel could not deliver to the detectors.'),
    framesPerSecond: z.number(),
    queueThreshold: count.describe('Packets that the kernel gathers before it delivers them.'),
  })
  .meta({ id: 'CaptureHealth' });

const sip = z
  .strictObject({ messages: count, requests: count, responses: count, anomalies: count })
  .meta({ id: 'SipHealth' });

const kernel = z
  .strictObject({
    ok: z.boolean().describe('The table `inet ringfence` is whole.'),
    repairs: count,
    lastRepair: z.string().nullable(),
    blocked: count.describe('Addresses that the kernel blocks.'),
  })
  .meta({ id: 'KernelHealth' });

const wayIn = z
  .strictObject({
    over: z
      .strictObject({ source: count, network: count, total: count, known: count, trusted: count })
      .describe('Packets that were dropped above the budgets of the way in, by the share that was used up.'),
    since: momentOrNull('no flood goes on'),
  })
  .meta({ id: 'WayInHealth' });

export const status = z
  .strictObject({
    protecting: z
      .boolean()
      .describe('Attackers are blocked: the guard works, the kernel table is whole, the policy says protect.'),
    state: z
      .enum(['protecting', 'monitoring', 'degraded', 'down'])
      .describe(
        '`monitoring`: the policy says so. `degraded`: it protects, but something is wrong. `down`: nothing is protected.',
      ),
    problems: z.array(trouble),
    mode: z
      .enum(['protect', 'monitor'])
      .nullable()
      .describe('Null: the guard has not reported, as with all nulls here.'),
    since: momentOrNull('not known'),
    protects: protects.nullable(),
    attacksToday: count.describe('Incidents with a message since local midnight of the daemon.'),
    attacksOpen: count.describe('Of them those that go on now.'),
    blocked: z.strictObject({ now: count, permanent: count }),
    lost: count.describe('Packets that the kernel could not deliver to the detectors.'),
    capture: capture.nullable(),
    sip: sip.nullable(),
    kernel: kernel.nullable(),
    wayIn: wayIn.nullable(),
    store: z.strictObject({
      ok: z.boolean(),
      waiting: count.describe('Reports that are not on disk yet.'),
      lost: count.describe('Reports that were given up.'),
    }),
    policy: z.strictObject({
      version: count.describe('0: the built-in default.'),
      at: moment,
      by: z.string(),
      file: z.string().nullable().describe('The policy file that wins at every start; null: there is none.'),
    }),
    memoryBytes: count.nullable().describe('Of the guard.'),
    cpuSeconds: z.number().nullable().describe('Of the guard, since its start.'),
    dataDirectory: z.string(),
    version: z.string(),
    lastEvents: z.array(storedEvent),
  })
  .meta({ id: 'Status' });

const tables = z
  .strictObject({ sources: count, transactions: count, tcpStreams: count, incidentsOpen: count })
  .describe('Entries of the tables of the detectors; each has a bound.');

const listFields = {
  ranges: count.describe('In the kernel.'),
  loadedAt: momentOrNull('not since the start'),
  loading: z
    .number()
    .nullable()
    .describe('Share that has reached the kernel, 0 to 1, while it is loaded; null: it is not.'),
  packets: count.describe('From its addresses: dropped, or of a watched feed counted.'),
};
const listHealth = z.strictObject(listFields).meta({ id: 'ListHealth' });

const guardHealth = z
  .strictObject({
    at: moment,
    startedAt: moment,
    mode: z.enum(['protect', 'monitor']),
    protects,
    capture,
    sip,
    tables,
    wayIn,
    kernel,
    dropped: count.describe('Packets that blocks have dropped since the start.'),
    lists: z.strictObject({
      allow: listHealth,
      deny: listHealth,
      country: listHealth,
      feeds: z.array(z.strictObject({ name: z.string(), ...listFields })),
    }),
    backlog: z
      .strictObject({ waiting: count, dropped: count })
      .describe('Reports for the console: not acknowledged yet, and given up while it was away.'),
    memoryBytes: count,
    cpuSeconds: z.number(),
  })
  .meta({ id: 'GuardHealth' });

export const health = z
  .strictObject({
    guard: guardHealth
      .nullable()
      .describe('As it reported last, two seconds ago or so; null: not since the console started.'),
    console: z.strictObject({
      startedAt: moment,
      memoryBytes: count,
      cpuSeconds: z.number(),
      store: z
        .strictObject({ ok: z.boolean(), waiting: count, lost: count })
        .describe('Reports on their way to the disk.'),
    }),
  })
  .meta({ id: 'Health' });

export const about = z
  .strictObject({
    version: z.string(),
    licence: z.string(),
    node: z.string().describe('Version of Node.js.'),
    attribution: z.string().describe('What the licences of the country and network data ask to be said; may be empty.'),
  })
  .meta({ id: 'About' });

export const statusGroup: Group = {
  name: 'Status',
  description: 'Is it protecting, is anyone attacking now, and what must be done.',
  endpoints: [
    endpoint({
      method: 'GET',
      path: '/status',
      id: 'getStatus',
      summary: 'Whether it protects, what, since when, and what is wrong.',
      scope: 'read',
      answer: status,
      run: (operations) => operations.status(),
    }),
    endpoint({
      method: 'GET',
      path: '/health',
      id: 'getHealth',
      summary: 'Guard and console in detail: rates, losses, tables, lists in the kernel, memory.',
      scope: 'read',
      answer: health,
      run: (operations) => operations.health(),
    }),
    endpoint({
      method: 'GET',
      path: '/about',
      id: 'getAbout',
      summary: 'Versions, licence, and whose data are used.',
      scope: 'read',
      answer: about,
      run: (operations) => operations.about(),
    }),
  ],
};
