/** How guard and console are, in detail. */
import type { HealthAnswer } from './answers.ts';
import type { OperationsContext } from './context.ts';

export function health(context: OperationsContext): HealthAnswer {
  const { trouble, waiting, lost } = context.intake();
  const { user, system } = process.cpuUsage();
  return {
    guard: context.guard.health,
    console: {
      startedAt: Math.round(context.now() - process.uptime() * 1000),
      memoryBytes: process.memoryUsage.rss(),
      cpuSeconds: (user + system) / 1_000_000,
      store: { ok: trouble === null, waiting, lost },
    },
  };
}
