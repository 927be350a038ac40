/** How many connections the web server holds, in all and of one address. */
import type { Server, Socket } from 'node:net';
import { formatAddress, inRange, parseAddress, parseRange } from '../../core/base/address.ts';
import { network } from '../../identity/sign-in-delays.ts';

/** People with several tabs each; more are somebody who holds connections open. */
export const CONNECTIONS_MAX = 512;
/** Of one address (IPv6: /64): a browser opens six, so that is an office behind one address. */
export const CONNECTIONS_PER_ADDRESS_MAX = 128;

/**
 * Evasion: whoever opened all connections, and sent nothing, kept everybody else out. A trusted proxy is many people: only the bound of
 * all counts for it.
 */
export function boundConnections(server: Server, trustedProxies: readonly string[]): void {
  server.maxConnections = CONNECTIONS_MAX;
  const trusted = trustedProxies.map((text) => parseRange(text)!);
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = parseAddress(socket.remoteAddress ?? '');
    // Gone already.
    if (!address) return void socket.destroy();
    if (trusted.some((range) => inRange(address, range))) return;
    const key = network(formatAddress(address));
    const before = open.get(key) ?? 0;
    if (before >= CONNECTIONS_PER_ADDRESS_MAX) return void socket.destroy();
    open.set(key, before + 1);
    socket.once('close', () => {
      const left = open.get(key)! - 1;
      if (left === 0) open.delete(key);
      else open.set(key, left);
    });
  });
}
