/**
 * What the kernel remembers for us, element by element: the interface that the real sets (`elements.ts`) and the ones in memory
 * (`fake-kernel.ts`) share. Both families hide behind one name: `block` is `block4` or `block6` by the address.
 */
import type { Address } from '../core/base/address.ts';

/** Sets of single addresses. `block`: automatic; `deny`: manual, timed or for ever; `limit`: fewer INVITEs a second. */
export type AddressSet = 'block' | 'deny' | 'limit';

export interface ElementState {
  /** What it was added with, milliseconds; null: for ever. */
  timeoutMs: number | null;
  /** What is left of it, milliseconds; more than `timeoutMs` when the kernel has extended it by a longer time. */
  expiresMs: number | null;
  /** Packets that matched it (`limit` counts none). */
  packets: number;
}

export interface Element extends ElementState {
  address: Address;
}

export interface NewElement {
  address: Address;
  /** Null: for ever. */
  timeoutMs: number | null;
  /** Where its counter goes on from; default 0. */
  packets?: number;
}

/** Every call is synchronous and throws KernelError when the kernel refuses; a refused call has changed nothing. */
export interface KernelElements {
  /** Blocks, or gives an existing block this duration from now on; its packet count stays. Null: for ever. */
  block(address: Address, durationMs: number | null): void;
  /** False when it was not there. */
  unblock(address: Address): boolean;
  deny(address: Address, durationMs: number | null): void;
  undeny(address: Address): boolean;
  limit(address: Address, durationMs: number): void;
  unlimit(address: Address): boolean;
  /**
   * Many at once, in transactions of a few thousand. An element that is there already may keep its old duration: for
   * restoring what is missing.
   */
  addMany(set: AddressSet, elements: readonly NewElement[]): void;
  get(set: AddressSet, address: Address): ElementState | null;
  list(set: AddressSet): Element[];
  /**
   * The same in portions, for callers that must not stand still. While others change the set an element may be missed or come
   * twice: ask `get` before acting on an absence.
   */
  dump(set: AddressSet): IterableIterator<Element[]>;
  /** A number that grows with every change of the ruleset by anybody; element timeouts and packets do not count. */
  generation(): number;
  close(): void;
}
