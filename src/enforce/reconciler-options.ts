/** What the reconciler is made of: the two sides that it compares, and whom it tells. */
import type { Desired } from './desired.ts';
import type { KernelElements } from './kernel-elements.ts';
import type { KernelLists } from './kernel-lists.ts';
import type { KernelStructure } from './kernel-structure.ts';
import type { ReconcileEvent } from './reconcile-event.ts';

export interface ReconcilerOptions {
  elements: KernelElements;
  structure: KernelStructure;
  /** The long lists' sets. */
  lists: KernelLists;
  /** `renderRuleset`'s text. */
  ruleset: string;
  desired: Desired;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** As given to every `Elements` of this program. */
  commits: Int32Array;
  onEvent: (event: ReconcileEvent) => void;
}
