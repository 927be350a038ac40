/** The metrics in Prometheus' text format. */
import type { GuardReport } from '../../channel/protocol.ts';
import type { StatusAnswer } from '../answers.ts';
import type { OperationsContext } from '../context.ts';
import { HEALTH_STALE_MS } from '../status.ts';
import { AttackCounts } from './attack-counts.ts';
import { METRICS, type Sample } from './readings.ts';

export interface MetricsOptions {
  context: OperationsContext;
  /** May throw: then what only the store knows is left out. */
  status: () => StatusAnswer;
  liveClients: () => number;
}

/** The library's own name for it, without the library. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export class Metrics {
  private readonly options: MetricsOptions;
  private readonly attacks = new AttackCounts();

  constructor(options: MetricsOptions) {
    this.options = options;
  }

  /** Reports that are in the store now. */
  committed(reports: readonly GuardReport[]): void {
    this.attacks.committed(reports);
  }

  /** Each scrape begins with nothing: what cannot be known now is not there, instead of a 0 or an old value. */
  async text(): Promise<string> {
    // A twentieth of a console's start, and few ask.
    const { Counter, Gauge, Registry } = await import('prom-client');
    const sample = this.sample();
    const registry = new Registry();
    for (const { name, help, labels = [], read } of METRICS) {
      const readings = read(sample);
      if (readings.length === 0) continue;
      const options = { name, help, labelNames: [...labels], registers: [registry] };
      const metric = name.endsWith('_total') ? new Counter(options) : new Gauge(options);
      for (const [label, value] of readings) metric.inc(label, value);
    }
    return registry.metrics();
  }

  private sample(): Sample {
    const { context, liveClients } = this.options;
    const { connected, health } = context.guard;
    const fresh = connected && health !== null && context.now() - health.at <= HEALTH_STALE_MS;
    return {
      context,
      status: this.status(),
      health: fresh ? health : null,
      attacks: this.attacks,
      liveClients: liveClients(),
    };
  }

  private status(): StatusAnswer | null {
    try {
      return this.options.status();
    } catch {
      return null;
    }
  }
}
