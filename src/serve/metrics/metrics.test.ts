/** What machines read: over a real server, from a real store; only the guard is played. */
import { readFileSync } from 'node:fs';
import fastify, { type FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GuardHealth, GuardReport } from '../../channel/protocol.ts';
import { DETECTORS } from '../../core/base/policy.ts';
import { INCIDENTS_OPEN_MAX } from '../../core/judge/incidents.ts';
import { openStore } from '../../store/sqlite/open.ts';
import type { Store } from '../../store/store.ts';
import { tellProblems } from '../api/mount.ts';
import type { Caller } from '../caller.ts';
import type { OperationsContext } from '../context.ts';
import { OperationError } from '../operation-error.ts';
import { HEALTH_STALE_MS, status } from '../status.ts';
import { health, makeDataDirectory } from '../testing/guard-stand-in.ts';
import { sampleBlock, sampleIncident, sampleVerdict } from '../testing/samples.ts';
import { AttackCounts } from './attack-counts.ts';
import { Metrics, METRICS_TYPE } from './metrics.ts';
import { METRICS } from './readings.ts';
import { mountMetrics, mountProbes } from './routes.ts';

const NOW = 1_800_000_000_000;
const CALLER: Caller = { name: 'prometheus', origin: '127.0.0.1', sessions: [], onGone: () => {} };

let data: { path: string; remove: () => void };
let store: Store;
let app: FastifyInstance;
let metrics: Metrics;
let now: number;
let guard: { connected: boolean; health: GuardHealth | null; ask: () => Promise<unknown> };
let trouble: { code: string; text: string; hint: null } | null;

beforeEach(() => {
  data = makeDataDirectory();
  store = openStore(data.path, { now: NOW });
  [now, trouble] = [NOW, null];
  guard = { connected: true, health: health({ at: NOW, startedAt: NOW - 60_000 }), ask: () => Promise.resolve(null) };
  guard.health!.lists.feeds = [{ name: 'voip-list', ranges: 7, loadedAt: NOW, loading: null, packets: 12 }];
  const context = {
    ...{ store, guard, now: () => now, version: '1.2.3', dataDirectory: data.path, policyFile: null },
    intake: () => ({ trouble, waiting: 2, lost: 1 }),
    geo: { status: () => ({ inUse: { made: NOW - 86_400_000, loaded: NOW }, problem: null }) },
    feeds: { status: () => [{ name: 'voip-list', confirmedAt: NOW - 1000, problem: null, state: 'current' }] },
    hostNames: { status: () => [] },
    ranges: { problems: () => [] },
  } as unknown as OperationsContext;
  metrics = new Metrics({ context, status: () => status(context), liveClients: () => 3 });
  app = fastify();
  tellProblems(app);
  mountMetrics(app, metrics, ({ headers }) => {
    if (headers.authorization !== 'Bearer good') throw new OperationError('unauthenticated', 'no-token', 'Sign in.');
    return CALLER;
  });
  mountProbes(app, context);
});
afterEach(async () => {
  await app.close();
  store.close();
  data.remove();
});

/** As the committer does it. */
function report(...reports: GuardReport[]): void {
  store.applyReports(reports);
  metrics.committed(reports);
}

/** `name{labels}` → value. */
async function scrape(): Promise<Map<string, number>> {
  const { statusCode, body } = await app.inject({ url: '/metrics', headers: { authorization: 'Bearer good' } });
  expect(statusCode).toBe(200);
  const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

describe('/metrics', () => {
  it('needs a token', async () => {
    const { statusCode, body } = await app.inject({ url: '/metrics' });
    expect([statusCode, body.includes('ringfence_')]).toEqual([401, false]);
  });

  it('says what the guard reports, what the store knows, and when data were made', async () => {
    const values = await scrape();
    expect(Object.fromEntries(values)).toMatchObject({
      'ringfence_guard_up': 1,
      'ringfence_protecting': 1,
      'ringfence_guard_start_time_seconds': NOW / 1000 - 60,
      'ringfence_policy_mode{mode="protect"}': 1,
      'ringfence_policy_mode{mode="monitor"}': 0,
      'ringfence_capture_packets_total': 1000,
      'ringfence_sip_messages_total{type="request"}': 500,
      'ringfence_dropped_packets_total{by="block"}': 40,
      'ringfence_list_ranges{list="deny"}': 3,
      'ringfence_feed_packets_total{feed="voip-list"}': 12,
      'ringfence_feed_confirmed_time_seconds{feed="voip-list"}': NOW / 1000 - 1,
      'ringfence_country_data_time_seconds': NOW / 1000 - 86_400,
      'ringfence_store_waiting_reports': 2,
      'ringfence_store_lost_reports_total': 1,
      'ringfence_live_clients': 3,
      'ringfence_resident_memory_bytes{process="guard"}': 80_000_000,
    }); // prettier-ignore
    expect(values.get('ringfence_resident_memory_bytes{process="console"}')).toBeGreaterThan(10_000_000);
  });

  it('a guard that is silent leaves no numbers behind that look like its own', async () => {
    now = NOW + HEALTH_STALE_MS + 1;
    const names = [...(await scrape())];
    expect(names).toContainEqual(['ringfence_guard_up', 0]);
    expect(names).toContainEqual(['ringfence_protecting', 0]);
    expect(names.map(([name]) => name)).not.toContain('ringfence_guard_start_time_seconds');
    expect(names.map(([name]) => name)).not.toContain('ringfence_capture_lost_packets_total');
  });

  it('counts an incident once, with the action that it began with, and each verdict', async () => {
    const kind = 'register-bruteforce';
    const incident = (given: object): GuardReport => {
      return { type: 'incidents', changes: [{ incident: sampleIncident(NOW, given), evidence: [] }] };
    };
    const values = async (name: string, action: string) =>
      (await scrape()).get(`ringfence_${name}_total{kind="${kind}",action="${action}"}`);
    expect(await values('incidents', 'block')).toBe(0);
    report(incident({ action: 'watch' }), { type: 'verdict', verdict: { ...sampleVerdict(NOW), action: 'watch' } });
    report(incident({ action: 'block', count: 40 }), { type: 'verdict', verdict: sampleVerdict(NOW) });
    report(incident({ action: 'block', closed: NOW }));
    expect([await values('incidents', 'watch'), await values('incidents', 'block')]).toEqual([1, 0]);
    expect([await values('verdicts', 'watch'), await values('verdicts', 'block')]).toEqual([1, 1]);
    report(incident({ action: 'block', id: 'attack-2' }));
    expect(await values('incidents', 'block')).toBe(1);
  });

  it('has as many series after a flood of sources, users and agents as before', async () => {
    const before = [...(await scrape()).keys()];
    for (let i = 0; i < 200; i++) {
      const source = `198.51.100.${i}`;
      const hostile = { id: `a${i}`, source, users: [`u"}\n${i}`], userAgent: `x"} 1\nringfence_evil ${i}\n` };
      report(
        { type: 'incidents', changes: [{ incident: sampleIncident(NOW, hostile), evidence: [] }] },
        { type: 'blocked', block: sampleBlock(NOW, source) },
      );
    }
    expect([...(await scrape()).keys()]).toEqual(before);
  });

  it('remembers no more incidents than the guard holds open', () => {
    const attacks = new AttackCounts();
    const hear = (id: string) => {
      const incident = sampleIncident(NOW, { id });
      attacks.committed([{ type: 'incidents', changes: [{ incident, evidence: [] }] }]);
      return attacks.begun.reduce((sum, { count }) => sum + count, 0);
    };
    for (let i = 0; i <= INCIDENTS_OPEN_MAX; i++) hear(`a${i}`);
    expect(hear(`a${INCIDENTS_OPEN_MAX}`)).toBe(INCIDENTS_OPEN_MAX + 1);
    expect(hear('a0')).toBe(INCIDENTS_OPEN_MAX + 2);
  });

  it('comes with the type that the library gives it', () => {
    expect(METRICS_TYPE).toBe(Registry.PROMETHEUS_CONTENT_TYPE);
  });

  it('names every detector', async () => {
    const text = [...(await scrape()).keys()].join('\n');
    for (const kind of DETECTORS) expect(text).toContain(`ringfence_incidents_total{kind="${kind}",action="deny"}`);
  });
});

describe('the probes', () => {
  const ask = async (url: string) => {
    const { statusCode, body } = await app.inject({ url });
    return [statusCode, body];
  };

  it('need no sign-in', async () => {
    expect(await ask('/healthz')).toEqual([200, 'ok\n']);
    expect(await ask('/readyz')).toEqual([200, 'ready\n']);
  });

  it.each<[string, () => void]>([
    ['guard-gone', () => (guard.connected = false)],
    ['guard-starting', () => (guard.health = null)],
    ['guard-silent', () => (now = NOW + HEALTH_STALE_MS + 1)],
    ['kernel-table-broken', () => (guard.health!.kernel.ok = false)],
    [
      'store-disk-full',
      () => (trouble = { code: 'store-disk-full', text: 'no space in /var/lib/ringfence', hint: null }),
    ],
  ])('not ready says %s and nothing else; the process lives all the same', async (code, breakIt) => {
    breakIt();
    expect(await ask('/readyz')).toEqual([503, `not ready: ${code}\n`]);
    expect(await ask('/healthz')).toEqual([200, 'ok\n']);
  });
});

describe('docs/monitoring.md', () => {
  const page = readFileSync(new URL('../../../docs/monitoring.md', import.meta.url), 'utf8');

  it('has one line for every metric, as the server describes it, and no other', () => {
    const lines = METRICS.map(({ name, labels = [], help }) => {
      return `| \`${name}\` | ${name.endsWith('_total') ? 'counter' : 'gauge'} | ${labels.join(', ')} | ${help} |`;
    });
    const documented = page.split('\n').filter((line) => line.startsWith('| `ringfence_'));
    expect(documented.map((line) => line.replaceAll(/ +/g, ' '))).toEqual(
      lines.map((line) => line.replaceAll(/ +/g, ' ')),
    );
  });

  it('uses only metrics that are there in its rules', () => {
    const used = [...page.matchAll(/ringfence_\w+/g)].map(([name]) => name);
    const known = new Set<string>(METRICS.map(({ name }) => name));
    expect(used.filter((name) => !known.has(name))).toEqual([]);
  });
});
