/** Which capabilities this process holds, as /proc tells it. */
import { readFileSync } from 'node:fs';

/** linux/capability.h */
const CAP_NET_ADMIN = 12n;

export function hasNetAdmin(): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return effective !== null && ((BigInt(`0x${effective[1]}`) >> CAP_NET_ADMIN) & 1n) === 1n;
}
