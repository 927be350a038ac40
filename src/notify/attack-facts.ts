/** A stored incident as the fact that people are told, with what can be done next. */
import type { Verdict } from '../core/judge/verdict.ts';
import type { StoredIncident } from '../store/store.ts';
import type { AttackFacts, NextStep } from './notice.ts';

/** Below it a rate says more about the clock than about the attack. */
const SPAN_MIN_MS = 1000;

/** `verdict`: the latest of the incident; `consoleUrl` without a slash at its end. */
export function attackFacts(incident: StoredIncident, verdict: Verdict | null, consoleUrl: string | null): AttackFacts {
  const { first, last, count, action } = incident;
  return {
    incident: incident.id,
    attacker: { address: incident.source, port: incident.sourcePort },
    victim: { address: incident.victim, port: incident.victimPort },
    transport: incident.transport,
    kind: incident.kind,
    finding: incident.finding,
    count,
    crossed: verdict && { count: verdict.count, threshold: verdict.threshold, windowMs: verdict.windowMs },
    ratePerSecond: Math.round((count / Math.max(SPAN_MIN_MS, last - first)) * 1e6) / 1e3,
    first,
    last,
    closed: incident.closed,
    users: incident.users,
    usersTotal: incident.usersTotal,
    files: incident.files,
    userAgent: incident.userAgent,
    country: incident.country,
    asn: incident.asn,
    network: incident.network,
    action,
    target: incident.target,
    reason: incident.reason,
    until: action === 'block' || action === 'limit' ? (verdict?.until ?? null) : null,
    blocksBefore: verdict?.blocksBefore ?? 0,
    dropped: incident.dropped,
    link: consoleUrl && `${consoleUrl}/attacks/${encodeURIComponent(incident.id)}`,
    next: nextSteps(incident, verdict, consoleUrl),
  };
}

/** Commands are made of addresses that the decoder wrote, never of a stranger's text. */
function nextSteps(incident: StoredIncident, verdict: Verdict | null, consoleUrl: string | null): NextStep[] {
  const { source, target, action, kind, id } = incident;
  const page = (path: string) => consoleUrl && `${consoleUrl}${path}`;
  const deny: NextStep = {
    what: 'Block it for good',
    command: `ringfence deny add ${source}`,
    link: page(`/attacks/${encodeURIComponent(id)}`),
  };
  const steps: NextStep[] = [];
  if (kind === 'invite-limit') {
    steps.push(deny, {
      what: `Raise its limit: add to overrides in the policy ${limitOverride(incident, verdict)}`,
      command: 'ringfence policy get overrides',
      link: page('/protection?tab=exceptions'),
    });
  } else if (action === 'block' || action === 'limit') {
    const promote = { ...deny, command: `ringfence promote ${source} --to deny`, link: page('/blocked') };
    // What is blocked may be one phone or a network; the denylist holds addresses.
    steps.push(target === source ? promote : deny, {
      what: 'Let it in again',
      command: `ringfence unblock ${quoted(target)}`,
      link: page('/blocked'),
    });
  } else if (action === 'deny') {
    steps.push({ what: 'Let it in again', command: `ringfence unblock ${source}`, link: page('/denylist') });
  } else {
    steps.push(deny);
  }
  steps.push(
    { what: 'It is one of ours: never block it', command: `ringfence allow add ${source}`, link: page('/allowlist') },
    { what: 'Why', command: `ringfence explain ${source}`, link: page(`/why/${encodeURIComponent(source)}`) },
  );
  return steps;
}

/** The whole of the override that lets the source start twice as many calls as it may now. */
function limitOverride({ source, finding }: StoredIncident, verdict: Verdict | null): string {
  const limit = finding === 'invite-limit.simultaneous' ? 'simultaneous' : 'threshold';
  const raised = Math.max(verdict?.count ?? 0, (verdict?.threshold ?? 30) * 2);
  return `{ source: ${source}, set: { invite-limit.${limit}: ${raised} } }`;
}

/** A shell takes brackets for a pattern of file names. */
function quoted(target: string): string {
  return target.includes('[') ? `'${target}'` : target;
}
