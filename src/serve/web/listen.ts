/** Where to listen, as people write it. */
import { isIP } from 'node:net';

export const LISTEN_EXPECTED = 'ADDRESS:PORT is expected: 127.0.0.1:8470, [::1]:8470, 0.0.0.0:8470';

/** IPv6 in brackets. Null: it is none. */
export function parseListen(text: string): { host: string; port: number } | null {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  if (!match) return null;
  const host = match[1] ?? match[2];
  const port = Number(match[3]);
  return isIP(host) !== 0 && (isIP(host) === 6) === (match[1] !== undefined) && port <= 65_535 ? { host, port } : null;
}
