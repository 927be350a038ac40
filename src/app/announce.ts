/** The lines of the daemon's output (`daemon-output.ts`). Everything in them is our own text. */
import { fileURLToPath } from 'node:url';
import type { Policy, PortRange } from '../core/base/policy.ts';
import { formatRange } from '../core/base/address.ts';
import type { Verdict } from '../core/judge/verdict.ts';
import { VERSION } from '../serve/version.ts';

/** Where the command line looks when nobody says otherwise. */
const DEFAULT_DATA_DIRECTORY = '/var/lib/ringfence';

export function formatPorts(ranges: PortRange[]): string {
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',') || 'none';
}

export function duration(ms: number): string {
  const units: [number, string][] = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1000, 's'],
  ];
  const [size, name] = units.find(([unit]) => ms >= unit && ms % unit === 0) ?? [1000, 's'];
  return `${Math.round((ms / size) * 10) / 10} ${name}`;
}

/** `dataDirectory` null: a service, watched as its manual says. */
export function banner(policy: Policy, own: string[], dataDirectory: string | null): string {
  const { ports, block, mode, guests } = policy;
  const permanent = block.permanentAfter > 0 ? `, for ever after ${block.permanentAfter} blocks` : '';
  const lines = [
    `Ringfence ${VERSION} protects ${guests.length > 0 ? 'this host and its guests' : 'this host'}.`,
    `  addresses  ${own.slice(0, 6).join(', ')}${own.length > 6 ? ` and ${own.length - 6} more` : ''}`,
    ...(guests.length > 0 ? [`  guests     ${guests.map(formatRange).join(', ')}`] : []),
    `  SIP        udp ${formatPorts(ports.sipUdp)} · tcp ${formatPorts(ports.sipTcp)}`,
    `  TFTP       udp ${formatPorts(ports.tftp)}`,
    mode === 'protect'
      ? `  attackers  are blocked for ${duration(block.durationMs)}${permanent}; tcp ${formatPorts(ports.management)} stays open to them`
      : '  attackers  are only watched (mode: monitor); nothing is blocked',
  ];
  if (dataDirectory === null) return lines.join('\n');
  lines.push(
    '',
    'Watch it from another terminal:',
    ...['status', 'attacks', 'explain ADDRESS'].map((command) => `  ${watchCommand(dataDirectory)} ${command}`),
    'Ctrl-C stops it and takes its rules out of the kernel.',
  );
  return lines.join('\n');
}

/** As it can be typed anywhere on this machine. */
function watchCommand(dataDirectory: string): string {
  const program = fileURLToPath(new URL('../../bin/ringfence', import.meta.url));
  return dataDirectory === DEFAULT_DATA_DIRECTORY ? program : `${program} --data ${dataDirectory}`;
}

export function verdictLine(verdict: Verdict): string {
  const { at, action, target, victim, victimPort, transport, finding, reason, count, threshold, windowMs, until } =
    verdict;
  const clock = new Date(at).toISOString().slice(11, 23);
  const window = windowMs > 0 ? ` in ${duration(windowMs)}` : '';
  const end =
    action === 'deny' ? ' for ever' : until === null ? '' : ` for ${duration(Math.round((until - at) / 1000) * 1000)}`;
  const why = reason === finding ? '' : ` (${reason})`;
  return `${clock} ${action.padEnd(5)} ${target}${end} → ${victim}:${victimPort}/${transport}  ${finding} ${count} of ${threshold}${window}${why}`;
}
