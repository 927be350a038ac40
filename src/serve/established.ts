/** Who is connected to the management ports of this machine now, by the kernel's own tables (proc_net_tcp(5)). */
import { readFileSync } from 'node:fs';
import type { Address } from '../core/base/address.ts';
import type { PortRange } from '../core/base/policy.ts';

export interface Connection {
  remote: Address;
  localPort: number;
}

/** include/net/tcp_states.h */
const TCP_ESTABLISHED = '01';
/** A machine with more connections to its SSH port is under attack; the first ones are as good as any. */
export const CONNECTIONS_MAX = 4096;
/** Of the thread that asks: the tests move theirs to another namespace. */
const TABLES = ['/proc/thread-self/net/tcp', '/proc/thread-self/net/tcp6'];

/** Of this network namespace. A table that is not there (no IPv6) is an empty one. */
export function establishedConnections(ports: readonly PortRange[]): Connection[] {
  const found: Connection[] = [];
  for (const path of TABLES) {
    let table = '';
    try {
      table = readFileSync(path, 'latin1');
    } catch {
      continue;
    }
    found.push(...readConnections(table, ports));
  }
  return found.slice(0, CONNECTIONS_MAX);
}

/** One line a socket: `0: 0100007F:0016 0200007F:D431 01 …`; the words of an address are in the byte order of the machine. */
export function readConnections(table: string, ports: readonly PortRange[]): Connection[] {
  const found: Connection[] = [];
  for (const line of table.split('\n').slice(1)) {
    const [, local = '', remote = '', state] = line.trim().split(/\s+/);
    if (state !== TCP_ESTABLISHED) continue;
    const localPort = parseInt(local.slice(local.indexOf(':') + 1), 16);
    if (!ports.some((range) => localPort >= range.first && localPort <= range.last)) continue;
    const address = readAddress(remote.slice(0, remote.indexOf(':')));
    if (address !== null && found.length < CONNECTIONS_MAX) found.push({ remote: address, localPort });
  }
  return found;
}

function readAddress(hex: string): Address | null {
  const words = (hex.match(/.{8}/g) ?? []).map((word) => Buffer.from(word, 'hex').readUInt32LE());
  if (words.length === 1) return { w0: 0, w1: 0, w2: 0xffff, w3: words[0] };
  if (words.length !== 4) return null;
  const [w0, w1, w2, w3] = words;
  // An IPv4 client of a socket that takes both families is written as ::ffff:a.b.c.d: our form of IPv4, too.
  return { w0, w1, w2, w3 };
}
