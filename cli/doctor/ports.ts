/** Does somebody listen where Ringfence protects, and does Ringfence protect where somebody listens? */
import { readOr } from './host.ts';
import type { DoctorContext, Finding } from './finding.ts';

/** Where PBXs listen for SIP besides 5060: TLS, second transports of Asterisk and FreePBX, FreeSWITCH's profiles. */
const SIP_PORTS_KNOWN = [5060, 5061, 5062, 5080, 5081, 5160, 5161];
/** SIP over TLS cannot be read by a sensor on the wire. */
const SIPS_PORTS = [5061, 5081, 5161];
const TCP_LISTEN = '0A';

/** Ports of this network namespace with a listener, from the kernel's own tables (proc_net_tcp(5)). */
export function listeningPorts(tables: string[], tcp: boolean): Set<number> {
  const ports = new Set<number>();
  for (const table of tables) {
    for (const line of table.split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (fields.length < 4 || (tcp && fields[3] !== TCP_LISTEN)) continue;
      const local = fields[1];
      const remotePort = fields[2].slice(-4);
      // A connected UDP socket is a client's own, not a service.
      if (!tcp && remotePort !== '0000') continue;
      ports.add(parseInt(local.slice(local.lastIndexOf(':') + 1), 16));
    }
  }
  return ports;
}

export function checkPorts(context: DoctorContext): Finding[] {
  if (context.gateway) {
    const text = 'Guests are protected: what listens on them is not looked at from here.';
    return [{ area: 'ports', check: 'ports-listening', level: 'ok', text, fix: null }];
  }
  const read = (name: string) => readOr(`/proc/self/net/${name}`, '');
  const udp = listeningPorts([read('udp'), read('udp6')], false);
  const tcp = listeningPorts([read('tcp'), read('tcp6')], true);
  return judgePorts(context, udp, tcp);
}

export function judgePorts(context: DoctorContext, udp: Set<number>, tcp: Set<number>): Finding[] {
  const covered = (port: number, ranges: { first: number; last: number }[]) =>
    ranges.some((range) => port >= range.first && port <= range.last);
  const protectedUdp = [...udp].filter((port) => covered(port, context.sipUdp));
  const protectedTcp = [...tcp].filter((port) => covered(port, context.sipTcp));
  const openUdp = SIP_PORTS_KNOWN.filter((port) => udp.has(port) && !covered(port, context.sipUdp));
  const openTcp = SIP_PORTS_KNOWN.filter(
    (port) => tcp.has(port) && !covered(port, context.sipTcp) && !SIPS_PORTS.includes(port),
  );
  const findings: Finding[] = [];
  const named = [
    ...protectedUdp.sort((a, b) => a - b).map((port) => `${port}/udp`),
    ...protectedTcp.sort((a, b) => a - b).map((port) => `${port}/tcp`),
  ];
  if (named.length > 0) {
    const text = `A service listens on the protected SIP ports: ${named.join(', ')}.`;
    findings.push({ area: 'ports', check: 'ports-listening', level: 'ok', text, fix: null });
  } else {
    findings.push({
      area: 'ports',
      check: 'ports-listening',
      level: 'warn',
      text: 'Nothing listens on the protected SIP ports of this machine.',
      fix: 'start the PBX, or name its ports: ringfence policy set ports.sip 5060,5080 (guests behind this host: policy set guests …)',
    });
  }
  const open = [...openUdp.map((port) => `${port}/udp`), ...openTcp.map((port) => `${port}/tcp`)];
  if (open.length > 0) {
    findings.push({
      area: 'ports',
      check: 'ports-unprotected',
      level: 'warn',
      text: `A service listens on a usual SIP port that is not protected: ${open.join(', ')}.`,
      fix: `add it if it is SIP: ringfence policy set ports.sip …   (now: ringfence policy get ports.sip)`,
    });
  }
  return findings;
}
