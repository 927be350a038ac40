/**
 * Every metric: its name, its meaning, and where its values come from. Names end in their unit, totals in `_total`; an address or a
 * user is never a label, so that the number of series stays small whatever attackers do.
 */
import type { GuardHealth } from '../../channel/protocol.ts';
import type { StatusAnswer } from '../answers.ts';
import type { OperationsContext } from '../context.ts';
import type { AttackCounts } from './attack-counts.ts';

/** What is known at the moment of a scrape. */
export interface Sample {
  context: OperationsContext;
  /** Null: the store does not answer. */
  status: StatusAnswer | null;
  /** Null: the guard has not reported, or not for a while. */
  health: GuardHealth | null;
  attacks: AttackCounts;
  liveClients: number;
}

export type Labels = Record<string, string>;
export type Reading = [labels: Labels, value: number];

export interface MetricRow {
  name: `ringfence_${string}`;
  /** In Markdown, as docs/monitoring.md has it. */
  help: string;
  labels?: readonly string[];
  /** None: there is nothing to say at this moment. */
  read: (sample: Sample) => Reading[];
}

const one = (value: number | boolean | null | undefined): Reading[] =>
  value === null || value === undefined ? [] : [[{}, Number(value)]];
const seconds = (ms: number | null | undefined) => (ms === null || ms === undefined ? null : ms / 1000);
const listsOf = (health: GuardHealth | null) =>
  health === null ? [] : (['allow', 'deny', 'country'] as const).map((list) => ({ list, ...health.lists[list] }));

const PROTECTION: MetricRow[] = [
  {
    name: 'ringfence_build_info',
    help: 'Always 1; the version is in the labels.',
    labels: ['version', 'node'],
    read: ({ context }) => [[{ version: context.version, node: process.version }, 1]],
  },
  {
    name: 'ringfence_protecting',
    help: '1: attackers are blocked. 0: the policy says monitor, or the guard does not work.',
    read: ({ status }) => one(status?.protecting),
  },
  {
    name: 'ringfence_guard_up',
    help: '1: the guard has reported within the last 10 s.',
    read: ({ health }) => one(health !== null),
  },
  {
    name: 'ringfence_guard_start_time_seconds',
    help: 'When protection started, seconds since the epoch.',
    read: ({ health }) => one(seconds(health?.startedAt)),
  },
  {
    name: 'ringfence_problems',
    help: 'Problems that `ringfence status` names.',
    read: ({ status }) => one(status?.problems.length),
  },
  {
    name: 'ringfence_policy_mode',
    help: '1 for the mode in force, `protect` or `monitor`; 0 for the other.',
    labels: ['mode'],
    read: ({ health }) =>
      health === null ? [] : ['protect', 'monitor'].map((mode): Reading => [{ mode }, Number(mode === health.mode)]),
  },
  {
    name: 'ringfence_policy_version',
    help: 'Version of the policy; 0: the built-in default.',
    read: ({ status }) => one(status?.policy.version),
  },
  {
    name: 'ringfence_kernel_table_ok',
    help: '1: the table `inet ringfence` is whole.',
    read: ({ health }) => one(health?.kernel.ok),
  },
  {
    name: 'ringfence_kernel_repairs_total',
    help: 'Times that others changed the table and it was repaired.',
    read: ({ health }) => one(health?.kernel.repairs),
  },
];

const TRAFFIC: MetricRow[] = [
  {
    name: 'ringfence_capture_packets_total',
    help: 'Packets that the kernel delivered to the detectors.',
    read: ({ health }) => one(health?.capture.frames),
  },
  {
    name: 'ringfence_capture_bytes_total',
    help: 'Their bytes.',
    read: ({ health }) => one(health?.capture.bytes),
  },
  {
    name: 'ringfence_capture_lost_packets_total',
    help: 'Packets that the kernel could not deliver to the detectors: attacks may go unseen.',
    read: ({ health }) => one(health?.capture.lost),
  },
  {
    name: 'ringfence_sip_messages_total',
    help: 'SIP messages seen, `request` or `response`.',
    labels: ['type'],
    read: ({ health }) =>
      health === null
        ? []
        : [
            [{ type: 'request' }, health.sip.requests],
            [{ type: 'response' }, health.sip.responses],
          ],
  },
  {
    name: 'ringfence_sip_anomalies_total',
    help: 'Defects of messages, as the decoder names them.',
    read: ({ health }) => one(health?.sip.anomalies),
  },
];

const ATTACKS: MetricRow[] = [
  {
    name: 'ringfence_incidents_total',
    help: 'Attacks that began, by detector and the action that each began with, since the start of the console.',
    labels: ['kind', 'action'],
    read: ({ attacks }) => attacks.begun.map(({ kind, action, count }): Reading => [{ kind, action }, count]),
  },
  {
    name: 'ringfence_verdicts_total',
    help: 'Decisions about attacks, by detector and action: each step up the ladder is one. Since the start of the console.',
    labels: ['kind', 'action'],
    read: ({ attacks }) => attacks.ruled.map(({ kind, action, count }): Reading => [{ kind, action }, count]),
  },
  {
    name: 'ringfence_incidents_open',
    help: 'Attacks that go on now.',
    read: ({ health }) => one(health?.tables.incidentsOpen),
  },
  {
    name: 'ringfence_blocks',
    help: 'Addresses that the kernel blocks now, for a time or for good.',
    read: ({ health }) => one(health?.kernel.blocked),
  },
  {
    name: 'ringfence_blocks_permanent',
    help: 'Of them those without an end.',
    read: ({ status }) => one(status?.blocked.permanent),
  },
  {
    name: 'ringfence_way_in_over_budget_packets_total',
    help: 'Packets to SIP ports that the kernel dropped above the budgets of the way in, by the share that was used up: `source`, `network`, `total`, `known` or `trusted`.',
    labels: ['share'],
    read: ({ health }) =>
      health === null ? [] : Object.entries(health.wayIn.over).map(([share, packets]): Reading => [{ share }, packets]),
  },
  {
    name: 'ringfence_way_in_flooded',
    help: '1: more packets come to the SIP ports than the way in admits; registered phones get in first.',
    read: ({ health }) => one(health === null ? null : health.wayIn.since !== null),
  },
  {
    name: 'ringfence_dropped_packets_total',
    help: 'Packets that the kernel dropped, by what dropped them: `block`, `deny` (the denylist) or `country`.',
    labels: ['by'],
    read: ({ health }) =>
      health === null
        ? []
        : [
            [{ by: 'block' }, health.dropped],
            [{ by: 'deny' }, health.lists.deny.packets],
            [{ by: 'country' }, health.lists.country.packets],
          ],
  },
];

const LISTS: MetricRow[] = [
  {
    name: 'ringfence_list_ranges',
    help: 'Ranges of addresses in the kernel, by list: `allow`, `deny` or `country`.',
    labels: ['list'],
    read: ({ health }) => listsOf(health).map(({ list, ranges }): Reading => [{ list }, ranges]),
  },
  {
    name: 'ringfence_list_loading',
    help: '1: the list is being brought into the kernel; what was there stays in force meanwhile.',
    labels: ['list'],
    read: ({ health }) => listsOf(health).map(({ list, loading }): Reading => [{ list }, Number(loading !== null)]),
  },
  {
    name: 'ringfence_feed_ranges',
    help: 'Ranges of addresses in the kernel, by feed.',
    labels: ['feed'],
    read: ({ health }) => (health?.lists.feeds ?? []).map(({ name, ranges }): Reading => [{ feed: name }, ranges]),
  },
  {
    name: 'ringfence_feed_packets_total',
    help: 'Packets from addresses of the feed: dropped, or counted only when it is watched.',
    labels: ['feed'],
    read: ({ health }) => (health?.lists.feeds ?? []).map(({ name, packets }): Reading => [{ feed: name }, packets]),
  },
  {
    name: 'ringfence_feed_confirmed_time_seconds',
    help: 'When the feed was last fetched or found unchanged, seconds since the epoch.',
    labels: ['feed'],
    read: ({ context }) =>
      context.feeds
        .status()
        .flatMap(({ name, confirmedAt }): Reading[] =>
          confirmedAt === null ? [] : [[{ feed: name }, confirmedAt / 1000]],
        ),
  },
  {
    name: 'ringfence_feed_failing',
    help: '1: the last try to fetch the feed failed; its last good copy stays in force.',
    labels: ['feed'],
    read: ({ context }) =>
      context.feeds.status().map(({ name, problem }): Reading => [{ feed: name }, Number(problem !== null)]),
  },
  {
    name: 'ringfence_country_data_time_seconds',
    help: 'When the country data in use were made (as far as they say, or else loaded), seconds since the epoch.',
    read: ({ context }) => {
      const { inUse } = context.geo.status();
      return one(seconds(inUse && (inUse.made ?? inUse.loaded)));
    },
  },
  {
    name: 'ringfence_country_data_failing',
    help: '1: the last update of the country data failed; the older data stay in use.',
    read: ({ context }) => one(context.geo.status().problem !== null),
  },
];

const PROCESSES: MetricRow[] = [
  {
    name: 'ringfence_table_entries',
    help: 'Entries of the detectors’ tables: `sources`, `transactions`, `tcp-streams`.',
    labels: ['table'],
    read: ({ health }) =>
      health === null
        ? []
        : [
            [{ table: 'sources' }, health.tables.sources],
            [{ table: 'transactions' }, health.tables.transactions],
            [{ table: 'tcp-streams' }, health.tables.tcpStreams],
          ],
  },
  {
    name: 'ringfence_backlog_reports',
    help: 'Reports of the guard that the console has not confirmed yet.',
    read: ({ health }) => one(health?.backlog.waiting),
  },
  {
    name: 'ringfence_backlog_lost_reports_total',
    help: 'Reports that the guard gave up while the console was away: the attack log has gaps.',
    read: ({ health }) => one(health?.backlog.dropped),
  },
  {
    name: 'ringfence_store_ok',
    help: '1: the store takes reports.',
    read: ({ context }) => one(context.intake().trouble === null),
  },
  {
    name: 'ringfence_store_waiting_reports',
    help: 'Reports that are not on disk yet.',
    read: ({ context }) => one(context.intake().waiting),
  },
  {
    name: 'ringfence_store_lost_reports_total',
    help: 'Reports given up while the store could not write: the attack log has gaps.',
    read: ({ context }) => one(context.intake().lost),
  },
  {
    name: 'ringfence_live_clients',
    help: 'Clients that listen to the live feed, browser pages among them.',
    read: ({ liveClients }) => one(liveClients),
  },
  {
    name: 'ringfence_resident_memory_bytes',
    help: 'Memory of each process, `guard` or `console`.',
    labels: ['process'],
    read: ({ health }) => byProcess(health?.memoryBytes, process.memoryUsage.rss()),
  },
  {
    name: 'ringfence_cpu_seconds_total',
    help: 'Processor time of each process, in user mode and in the kernel.',
    labels: ['process'],
    read: ({ health }) => {
      const { user, system } = process.cpuUsage();
      return byProcess(health?.cpuSeconds, (user + system) / 1e6);
    },
  },
];

function byProcess(guard: number | undefined, own: number): Reading[] {
  return [...one(guard).map(([, value]): Reading => [{ process: 'guard' }, value]), [{ process: 'console' }, own]];
}

export const METRICS: readonly MetricRow[] = [...PROTECTION, ...TRAFFIC, ...ATTACKS, ...LISTS, ...PROCESSES];
