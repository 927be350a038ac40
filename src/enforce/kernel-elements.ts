/**
 * What the kernel remembers for us, element by element: the interface that the real sets (`elements.ts`) and the ones in memory
 * (`fake-kernel.ts`) share. Both families hide behind one name, and so do a block's scopes: `block` is `block4`, `blockport6`, … by
 * the target.
 */
import type { Address } from '../core/base/address.ts';
import type { Target } from '../core/base/target.ts';

/**
 * `block`: automatic, targets of every scope; `deny`: manual, timed or for ever; `limit`: fewer INVITEs a second; `trusted`: phones
 * (ports) that are registered; `known`: addresses behind which phones are or were registered. `limit` holds phones and addresses,
 * `trusted` phones alone, `deny` and `known` addresses alone. `brief`: those of `block` that nothing prolongs, addresses and networks.
 */
export type TargetSet = 'block' | 'brief' | 'deny' | 'limit' | 'trusted' | 'known';

/** The mark of a brief block outlives it by this, so that no packet at its very end prolongs it. */
export const BRIEF_MARGIN_MS = 2000;

export interface ElementState {
  /** What it was added with, milliseconds; null: for ever. */
  timeoutMs: number | null;
  /** What is left of it, milliseconds; more than `timeoutMs` when the kernel has extended it by a longer time. */
  expiresMs: number | null;
  /** Packets that matched it (`block` and `deny` alone count). */
  packets: number;
}

export interface Element extends ElementState {
  target: Target;
}

export interface NewElement {
  target: Target;
  /** Null: for ever. */
  timeoutMs: number | null;
  /** Where its counter goes on from; default 0. */
  packets?: number;
}

/** Every call is synchronous and throws KernelError when the kernel refuses; a refused call has changed nothing. */
export interface KernelElements {
  /** Blocks, or gives an existing block this duration from now on; its packet count stays. Null: for ever. */
  block(target: Target, durationMs: number | null): void;
  /** A block whose end no packet moves: its source may be forged. */
  blockBriefly(target: Target, durationMs: number): void;
  /** False when it was not there. */
  unblock(target: Target): boolean;
  deny(address: Address, durationMs: number | null): void;
  undeny(address: Address): boolean;
  limit(target: Target, durationMs: number): void;
  unlimit(address: Address): boolean;
  /**
   * Many at once, in transactions of a few thousand. An element that is there already may keep its old duration: for
   * restoring what is missing.
   */
  addMany(set: TargetSet, elements: readonly NewElement[]): void;
  /** Many at once, in one transaction: each has its duration from now on, whether it was there or not. */
  renew(set: 'trusted' | 'known', elements: readonly NewElement[]): void;
  /** False when it was not there. */
  take(set: TargetSet, target: Target): boolean;
  get(set: TargetSet, target: Target): ElementState | null;
  list(set: TargetSet): Element[];
  /**
   * The same in portions, for callers that must not stand still. While others change the set an element may be missed or come
   * twice: ask `get` before acting on an absence.
   */
  dump(set: TargetSet): IterableIterator<Element[]>;
  /** A number that grows with every change of the ruleset by anybody; element timeouts and packets do not count. */
  generation(): number;
  close(): void;
}
