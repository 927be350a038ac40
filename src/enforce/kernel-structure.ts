/** The table as a whole: the interface of the real one (`nftables.ts`) and the one in memory (`fake-kernel.ts`). */
import type { Structure } from './structure.ts';

export interface KernelStructure {
  /**
   * Makes the rules and the policy's sets what `text` (of `renderRuleset`) says, in one transaction; blocks and lists keep their
   * elements. Rejects with NftError and has changed nothing when the kernel or nft refuses.
   */
  apply(text: string): Promise<void>;
  /** The same after deleting the table, in the same transaction: for a table whose sets or chains no longer fit. Elements are lost. */
  recreate(text: string): Promise<void>;
  /** Deletes the table; fine when it is not there. */
  remove(): Promise<void>;
  /** What the kernel holds now; null when the table is missing. Throws KernelError. */
  structure(): Structure | null;
}
