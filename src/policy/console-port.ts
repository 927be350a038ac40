/** The console's own port is a management port: no automatic block covers it, and the lock-out check knows its users. */
import type { Policy } from '../core/base/policy.ts';

/** `port` null: the console listens on this machine only, where no block reaches. */
export function withConsolePort(policy: Policy, port: number | null): Policy {
  const { management } = policy.ports;
  if (port === null || management.some(({ first, last }) => first <= port && port <= last)) return policy;
  return { ...policy, ports: { ...policy.ports, management: [...management, { first: port, last: port }] } };
}
