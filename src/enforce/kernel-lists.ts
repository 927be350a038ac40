/**
 * The kernel's side of the long lists: named sets that are edited in transactions, and which of them the rules ask. The real ones
 * (`list-elements.ts`) and those in memory (`fake-kernel.ts`) share this interface. Families are told apart by `v4`.
 */

/** One change within a transaction. `keys`: one word each in IPv4, four in IPv6; `list`: as in `PackedRanges`. */
export type ListStep =
  | { do: 'empty'; set: string }
  | { do: 'add' | 'remove'; set: string; v4: boolean; keys: Uint32Array; count: number }
  /** Ranges into an interval set. */
  | { do: 'fill'; set: string; v4: boolean; list: Uint32Array }
  /** What the rules of a list ask from now on: the chain of one of its buffers, or none; `from`: which they asked until now. */
  | { do: 'select'; map: string; v4: boolean; from: string | null; to: string | null };

export interface Selection {
  v4: string | null;
  v6: string | null;
}

/** Every call is synchronous and throws KernelError when the kernel refuses; a refused call has changed nothing. */
export interface KernelLists {
  /** All of it in one transaction: no packet sees a part. Removing what is not there is refused (`kernel-element-missing`). */
  edit(steps: readonly ListStep[]): void;
  selection(map: string): Selection;
  /** Is the key at `keys[at …]` in the set? */
  has(set: string, v4: boolean, keys: Uint32Array, at: number): boolean;
  /** Elements of a set; null where the kernel does not tell (before Linux 6.17). */
  count(set: string): number | null;
  /** What an interval set holds, as in `PackedRanges`. */
  ranges(set: string, v4: boolean): Uint32Array;
  /** Packets that a named counter has counted; 0 when it is not there. */
  packets(counter: string): number;
}
