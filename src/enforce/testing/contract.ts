/** One step of the contract between the kernel's sets and the ones in memory. */
import type { KernelElements } from '../kernel-elements.ts';
import type { KernelLists } from '../kernel-lists.ts';

export type Kernel = KernelElements & KernelLists;

export interface Row {
  name: string;
  /** Returns what the step shows, for comparing with `expected`. */
  step: (kernel: Kernel) => unknown;
  expected: unknown;
}
