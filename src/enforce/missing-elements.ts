/** Finds which wanted elements the kernel does not hold, because somebody removed them, and puts them back. */
import { formatTarget } from '../core/base/target.ts';
import type { KernelError } from '../ffi/kernel-error.ts';
import type { Desired, RestoredSet, Wanted } from './desired.ts';
import type { KernelElements, NewElement } from './kernel-elements.ts';
import type { Slices } from './slices.ts';

/** An element that is gone this shortly before its end has expired (rounding, delivery), nobody removed it. */
export const EARLY_MS = 1000;

/** The sensor's thread takes these away by itself, and its notice may come after the look: only the second look is sure. */
type TrustSet = 'trusted' | 'known';

export class MissingElements {
  private readonly elements: KernelElements;
  private readonly desired: Desired;
  private readonly now: () => number;
  private readonly slices: Slices;
  /** Missed by the last look, and not put back yet. */
  private readonly missed: Record<TrustSet, Set<string>> = { trusted: new Set(), known: new Set() };

  constructor(elements: KernelElements, desired: Desired, now: () => number, slices: Slices) {
    this.elements = elements;
    this.desired = desired;
    this.now = now;
    this.slices = slices;
  }

  /** Another look is needed. */
  get pending(): boolean {
    return this.missed.trusted.size + this.missed.known.size > 0;
  }

  endsSoon({ until }: Wanted): boolean {
    return until !== null && until - this.now() <= EARLY_MS;
  }

  renewed({ target, until, packets }: Wanted): NewElement {
    return { target, timeoutMs: until === null ? null : Math.max(1, until - this.now()), packets };
  }

  /** Of a set that is not adopted from. Returns the keys of what was put back; throws KernelError. */
  async putBackHeld(set: 'limit' | TrustSet): Promise<string[]> {
    const held = new Set<string>();
    for (const portion of this.elements.dump(set)) {
      for (const { target } of portion) held.add(formatTarget(target));
      if (this.slices.tired) await this.slices.rest();
    }
    if (set === 'limit') return this.putBack(set, held);
    const before = this.missed[set];
    const gone = await this.goneFrom(set, held);
    this.missed[set] = new Set(gone.filter((key) => !before.has(key)));
    return this.add(
      set,
      gone.filter((key) => before.has(key)),
    );
  }

  /** `held`: the keys of all that the kernel holds of this set. Returns the keys of what was put back; throws KernelError. */
  async putBack(set: RestoredSet, held: ReadonlySet<string>): Promise<string[]> {
    return this.add(set, await this.goneFrom(set, held));
  }

  private async goneFrom(set: RestoredSet, held: ReadonlySet<string>): Promise<string[]> {
    const gone: string[] = [];
    for (const [key, wanted] of this.desired[set]) {
      if (this.slices.tired) await this.slices.rest();
      if (held.has(key) || this.endsSoon(wanted)) continue;
      // A dump may miss an element while the set changes, and one may have been lifted since.
      if (this.elements.get(set, wanted.target) === null && this.desired[set].get(key) === wanted) gone.push(key);
    }
    return gone;
  }

  private add(set: RestoredSet, keys: string[]): string[] {
    // Not what was lifted while the others were looked for.
    const wanted = keys.flatMap((key) => this.desired[set].get(key) ?? []).map((one) => this.renewed(one));
    if (wanted.length === 0) return [];
    try {
      this.elements.addMany(set, wanted);
    } catch (error) {
      // More phones than fit: those that found no room are not missing.
      const full = (error as KernelError).code === 'kernel-set-full';
      if (!full || (set !== 'trusted' && set !== 'known')) throw error;
      return [];
    }
    return wanted.map(({ target }) => formatTarget(target));
  }
}
