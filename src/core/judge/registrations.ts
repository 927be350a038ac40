/**
 * Which sources have accounts that got in: whoever shuts one of them out should be asked first. Listens to answers as a detector does,
 * and counts nothing.
 */
import { formatWords } from '../base/address.ts';
import { BoundedMap } from '../base/bounded-map.ts';
import type { SourceTable } from '../base/source-table.ts';
import { ACCOUNT_MEMORY_MS } from '../detect/accounts.ts';
import type { Detector, Tally } from '../detect/detector.ts';
import type { Sighting } from '../detect/sighting.ts';

/** Sources; a service provider's phones come from fewer addresses, and who gets in has an account there. */
export const REGISTERED_SOURCES_MAX = 1 << 16;

export interface RegisteredSource {
  address: string;
  /** Until when it counts as registered, milliseconds since the epoch. */
  until: number;
}

interface Registration {
  row: number;
  at: number;
}

export class Registrations implements Detector {
  readonly slug = 'register-bruteforce';
  private readonly byRow = new BoundedMap<Registration>(REGISTERED_SOURCES_MAX);

  answer(s: Sighting): void {
    if (!s.proved || s.method !== 'REGISTER') return;
    const known = this.byRow.get(s.row);
    if (known) known.at = s.now;
    else this.byRow.set(s.row, { row: s.row, at: s.now });
  }

  forget(row: number): void {
    this.byRow.delete(row);
  }

  tally(): Tally[] {
    return [];
  }

  list(sources: SourceTable, now: number): RegisteredSource[] {
    const found: RegisteredSource[] = [];
    for (const { row, at } of this.byRow.values()) {
      const until = at + ACCOUNT_MEMORY_MS;
      if (until <= now) continue;
      const address = formatWords(sources.w0[row], sources.w1[row], sources.w2[row], sources.w3[row]);
      found.push({ address, until });
    }
    return found;
  }
}
