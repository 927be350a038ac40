/** Attackers who own a /64 of IPv6 and send each message from another address of it. */
import { endpoint, type Endpoint, type Traffic } from './datagram.ts';

/** Address `index` of a line such as `2001:db8:5:1`. */
export function inLine(line: string, index: number, port = 5060): Endpoint {
  return endpoint(`${line}:${(index + 1).toString(16)}:0:0:7`, port);
}

/** Every source port becomes an address of the line: build the attack with `ports: 'each'`. */
export function hopping(traffic: Traffic, line: string): Traffic {
  const hop = (one: Endpoint) => (one.host.startsWith(`[${line}:`) ? inLine(line, one.port) : one);
  return traffic.map((d) => ({ ...d, from: hop(d.from), to: hop(d.to) }));
}
