/** At a glance: protecting or not, what, since when, and what is wrong. */
import type { GuardHealth } from '../channel/protocol.ts';
import type { Problem, StatusAnswer } from './answers.ts';
import { inStore, type OperationsContext } from './context.ts';
import { listProblems } from './list-problems.ts';
import { notifyProblems } from './notify.ts';

/** The guard reports about once a second; this long without one and it is stuck. */
export const HEALTH_STALE_MS = 10_000;
const EVENTS_SHOWN = 10;

export function status(context: OperationsContext): StatusAnswer {
  const now = context.now();
  const { store, guard, policyFile } = context;
  const { health } = guard;
  const intake = context.intake();
  const dayBegan = new Date(now).setHours(0, 0, 0, 0);
  const today = inStore(() => store.incidentCount(dayBegan));
  const policy = inStore(() => store.policyCurrent());
  const down = brokenGuard(health, guard.connected, now);
  const problems = [...down, ...worries(context, health)];
  const works = health !== null && down.length === 0;
  return {
    protecting: works && health.mode === 'protect',
    state: !works ? 'down' : problems.length > 0 ? 'degraded' : health.mode === 'protect' ? 'protecting' : 'monitoring',
    problems,
    since: health?.startedAt ?? null,
    mode: health?.mode ?? null,
    protects: health?.protects ?? null,
    attacksToday: today.all,
    attacksOpen: today.open,
    blocked: inStore(() => store.blockCounts(now)),
    lost: health?.capture.lost ?? 0,
    capture: health?.capture ?? null,
    sip: health?.sip ?? null,
    kernel: health?.kernel ?? null,
    wayIn: health?.wayIn ?? null,
    store: { ok: intake.trouble === null, waiting: intake.waiting, lost: intake.lost },
    policy: { version: policy.version, at: policy.at, by: policy.by, file: policyFile?.path ?? null },
    memoryBytes: health?.memoryBytes ?? null,
    cpuSeconds: health?.cpuSeconds ?? null,
    dataDirectory: context.dataDirectory,
    version: context.version,
    lastEvents: inStore(() => store.events(EVENTS_SHOWN)),
  };
}

/** Code of what keeps the daemon from its work; null: nothing does. Cheap, and without the store. */
export function notReady({ guard, now, intake }: OperationsContext): string | null {
  const [down] = brokenGuard(guard.health, guard.connected, now());
  return down?.code ?? intake().trouble?.code ?? null;
}

/** Why nothing is protected. */
function brokenGuard(health: GuardHealth | null, connected: boolean, now: number): Problem[] {
  const look = 'See the log of the daemon, and: ringfence doctor';
  if (!connected) return [{ code: 'guard-gone', text: 'The guard process has ended.', hint: look }];
  if (!health)
    return [{ code: 'guard-starting', text: 'The guard has not reported yet.', hint: 'Ask again in a second.' }];
  if (now - health.at > HEALTH_STALE_MS) {
    const seconds = Math.round((now - health.at) / 1000);
    return [{ code: 'guard-silent', text: `The guard has not reported for ${seconds} s.`, hint: look }];
  }
  if (!health.kernel.ok) {
    const text = 'The kernel table inet ringfence is not whole; the guard repairs it.';
    return [{ code: 'kernel-table-broken', text, hint: look }];
  }
  return [];
}

/** What is wrong while it protects. */
function worries(context: OperationsContext, health: GuardHealth | null): Problem[] {
  const problems: Problem[] = [];
  const { trouble, lost } = context.intake();
  if (trouble) problems.push(trouble);
  const damage = inStore(() => context.store.damage(context.now()));
  if (damage)
    problems.push({
      code: damage.code,
      text: damage.text,
      hint: 'Check the disk (dmesg), and look through lists, settings and users.',
    });
  if (lost > 0) {
    const text = `${lost} reports were given up while the store could not write: the attack log has gaps.`;
    problems.push({ code: 'reports-lost', text, hint: null });
  }
  if (health && health.backlog.dropped > 0) {
    const text = `The guard gave up ${health.backlog.dropped} reports while the console was away: the attack log has gaps.`;
    problems.push({ code: 'backlog-dropped', text, hint: null });
  }
  const web = context.web?.problem();
  if (web) problems.push(web);
  if (context.policyFile?.problem) problems.push(context.policyFile.problem);
  return [...problems, ...listProblems(context), ...notifyProblems(context)];
}
