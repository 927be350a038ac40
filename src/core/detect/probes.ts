/** The users that one source asked for, and what became of each: the memory behind `enumeration`. */
import { DistinctWindow } from '../base/window.ts';

/** Users that one source may have open at one time; beyond it the oldest is dropped. */
const OPEN_MAX = 1024;

export interface Open {
  phone: number;
  at: number;
  /** Slot and serial of the exchange of its request; -1: not known. */
  exchange: number;
  serial: number;
}

export class Probes {
  /** Both in order of time, never a user in both: nothing heard yet, and challenged without a second try yet. Keys are signed. */
  private readonly unanswered = new Map<number, Open>();
  private readonly waiting = new Map<number, Open>();
  private readonly openByPhone = new Map<number, number>();
  private readonly refusedUsers = new DistinctWindow();
  private readonly abandonedUsers = new DistinctWindow();
  private readonly acceptedUsers = new DistinctWindow();
  private probedUsers = new DistinctWindow();
  private probedPhone = -1;
  /** The users asked for before `pendingThreshold` was crossed have been reported. */
  pendingTold = false;

  /** The user was asked for; returns the users open on the same phone. */
  asked(user: number, phone: number, now: number, windowMs: number, exchange = -1, serial = 0): number {
    this.close(user);
    if (this.unanswered.size > 0) this.closeOld(now - windowMs);
    this.unanswered.set(user | 0, { phone, at: now, exchange, serial });
    const count = (this.openByPhone.get(phone) ?? 0) + 1;
    this.openByPhone.set(phone, count);
    return count;
  }

  challenged(user: number, now: number): void {
    const entry = this.unanswered.get(user | 0);
    if (!entry) return;
    this.unanswered.delete(user | 0);
    entry.at = now;
    if (this.waiting.size >= OPEN_MAX) this.close(this.waiting.keys().next().value!);
    this.waiting.set(user | 0, entry);
  }

  /** The request came again with credentials, as a phone does. */
  followedUp(user: number): void {
    this.close(user);
    this.abandonedUsers.remove(user);
  }

  settled(user: number): void {
    this.close(user);
  }

  refused(user: number, now: number, windowMs: number): number {
    this.close(user);
    return this.refusedUsers.add(user, now, windowMs);
  }

  accepted(user: number, now: number, windowMs: number): void {
    this.acceptedUsers.add(user, now, windowMs);
    this.refusedUsers.remove(user);
  }

  /** OPTIONS answered. Tolerance: phones behind a NAT each ask for their own user, each from its own port. */
  probed(user: number, phone: number, now: number, windowMs: number): number {
    this.close(user);
    if (phone !== this.probedPhone) {
      this.probedPhone = phone;
      this.probedUsers = new DistinctWindow();
    }
    return this.probedUsers.add(user, now, windowMs);
  }

  refusedCount(now: number, windowMs: number): number {
    return this.refusedUsers.count(now, windowMs);
  }

  acceptedCount(now: number, windowMs: number): number {
    return this.acceptedUsers.count(now, windowMs);
  }

  probedCount(now: number, windowMs: number): number {
    return this.probedUsers.count(now, windowMs);
  }

  /** Those still open on a port, oldest first. */
  *pendingOn(phone: number): Generator<[user: number, open: Open]> {
    for (const [user, open] of this.unanswered) if (open.phone === phone) yield [user >>> 0, open];
    for (const [user, open] of this.waiting) if (open.phone === phone) yield [user >>> 0, open];
  }

  pendingMost(): number {
    return Math.max(0, ...this.openByPhone.values());
  }

  /** Users that were challenged and never came back with credentials. */
  abandonedCount(now: number, windowMs: number): number {
    return this.abandonedUsers.count(now, windowMs);
  }

  /** Takes one user that is abandoned by now; null when there is none. The caller goes on until there is none. */
  abandoned(now: number, followUpMs: number, windowMs: number): { user: number; open: Open; count: number } | null {
    if (this.waiting.size === 0) return null;
    for (const [user, open] of this.waiting) {
      if (open.at > now - followUpMs) return null;
      this.close(user);
      const known = this.abandonedUsers.has(user);
      const count = this.abandonedUsers.add(user, now, windowMs);
      if (!known) return { user: user >>> 0, open, count };
    }
    return null;
  }

  private closeOld(before: number): void {
    for (const [user, entry] of this.unanswered) {
      if (entry.at > before && this.unanswered.size < OPEN_MAX) return;
      this.close(user);
    }
  }

  private close(user: number): void {
    if (this.unanswered.size === 0 && this.waiting.size === 0) return;
    const open = this.unanswered.get(user | 0);
    const entry = open ?? this.waiting.get(user | 0);
    if (!entry) return;
    if (open) this.unanswered.delete(user | 0);
    else this.waiting.delete(user | 0);
    const left = this.openByPhone.get(entry.phone)! - 1;
    if (left > 0) this.openByPhone.set(entry.phone, left);
    else this.openByPhone.delete(entry.phone);
  }
}
