/**
 * REGISTER attempts of one source towards a victim whose answers cannot be seen.
 *
 * A PBX that is down looks just the same, and its phones keep trying. So attempts count for one port at a time (each phone behind a
 * NAT has its own), or for one user over all ports; and a port with many users, few attempts each, is a gateway with many lines.
 */
import { EventWindow } from '../base/window.ts';

/** Ports and users followed for one source; beyond it the oldest is forgotten. */
const KEYS_MAX = 64;
/** Tolerance: a line behind a gateway tries again every ten seconds while the PBX is down. */
const TRIES_PER_LINE = 6;

export class RegisterAttempts {
  private readonly byPort = new Map<number, { all: EventWindow; users: Map<number, number> }>();
  private readonly byUser = new Map<number, EventWindow>();

  /** The count to hold against the threshold after this attempt. */
  add(port: number, user: number, now: number, threshold: number, windowMs: number): number {
    const entry = kept(this.byPort, port, () => ({ all: new EventWindow(), users: new Map<number, number>() }));
    const all = entry.all.add(now, user, windowMs);
    if (entry.users.size < KEYS_MAX || entry.users.has(user)) entry.users.set(user, now);
    for (const [key, at] of entry.users) if (at <= now - windowMs) entry.users.delete(key);
    const ofUser = kept(this.byUser, user, () => new EventWindow()).add(now, user, windowMs);
    const lines = entry.users.size;
    const gateway = lines > 1 && all <= lines * TRIES_PER_LINE;
    return Math.max(ofUser, gateway ? Math.min(all, threshold - 1) : all);
  }

  count(now: number, windowMs: number): number {
    let most = 0;
    for (const entry of this.byPort.values()) most = Math.max(most, entry.all.count(now, windowMs));
    return most;
  }
}

function kept<V>(map: Map<number, V>, key: number, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    if (map.size >= KEYS_MAX) map.delete(map.keys().next().value!);
    map.set(key, (value = make()));
  }
  return value;
}
