/**
 * Brings trust into the kernel: a registered phone into `trusted` for as long as its registration lasts, and its address into `known`
 * for a day more. In the sensor's thread, some times a second.
 */
import { parseAddress } from '../core/base/address.ts';
import { formatTarget, portTarget } from '../core/base/target.ts';
import type { TrustChange } from '../core/judge/trust.ts';
import type { KernelElements, NewElement } from '../enforce/kernel-elements.ts';
import { KNOWN_MAX } from '../enforce/table.ts';
import type { KernelError } from '../ffi/kernel-error.ts';
import { homeOf, KNOWN_MS, type TrustEdit } from './phone-trust.ts';

/** A known address is written anew when its end has moved by this much: not with every registration. */
const KNOWN_STEP_MS = 3_600_000;
/** So often, at most, are those that have ended looked for when there is no more room. */
const TIDY_MS = 60_000;

export class TrustWriter {
  private readonly elements: KernelElements;
  /** Ends in the kernel, by `formatTarget`. */
  private readonly known: Map<string, number>;
  private tidied = 0;

  constructor(elements: KernelElements, known: readonly (readonly [string, number])[]) {
    this.elements = elements;
    this.known = new Map(known);
  }

  /**
   * What was changed. A lost table takes nothing: the main thread notes the edits, and puts them there with everything else when it has
   * made the table anew.
   */
  write(changes: readonly TrustChange[], now: number): TrustEdit[] {
    const edits = changes.flatMap((change) => this.editsOf(change, now));
    const renewed = (set: TrustEdit['set']): NewElement[] =>
      edits
        .filter((edit) => edit.set === set && edit.until > now)
        .map(({ target, until }) => ({ target, timeoutMs: until - now }));
    try {
      for (const { set, target, until } of edits) if (until <= now) this.elements.take(set, target);
      this.elements.renew('trusted', renewed('trusted'));
      this.elements.renew('known', renewed('known'));
    } catch (error) {
      const { code } = error as KernelError;
      if (code !== 'kernel-table-missing' && code !== 'kernel-set-full') throw error;
    }
    return edits;
  }

  private editsOf({ address: text, port, transport, until }: TrustChange, now: number): TrustEdit[] {
    const address = parseAddress(text);
    if (address === null) return [];
    const edits: TrustEdit[] = [{ set: 'trusted', target: portTarget(address, port, transport), until }];
    if (until > now) edits.push(...this.knownEdit(homeOf(address), until + KNOWN_MS, now));
    return edits;
  }

  private knownEdit(home: TrustEdit['target'], until: number, now: number): TrustEdit[] {
    const key = formatTarget(home);
    const before = this.known.get(key);
    if (before !== undefined && before > now && until - before < KNOWN_STEP_MS) return [];
    if (before === undefined && this.known.size >= KNOWN_MAX) this.tidy(now);
    if (before === undefined && this.known.size >= KNOWN_MAX) return [];
    this.known.set(key, until);
    return [{ set: 'known', target: home, until }];
  }

  private tidy(now: number): void {
    if (now - this.tidied < TIDY_MS) return;
    this.tidied = now;
    for (const [key, until] of this.known) if (until <= now) this.known.delete(key);
  }
}
