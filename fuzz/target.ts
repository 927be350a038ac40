/**
 * What a fuzz target is: one file in `targets/` that exports `target`. It is found by itself.
 *
 * `check` hands the input to the code under test and throws an Error that says which promise was broken. It must be
 * deterministic: `vary` is a random number drawn with the input, for choices such as where to split it.
 */
export interface Target {
  name: string;
  /** Share of the inputs it gets, against the sum of all targets. */
  weight: number;
  /** Inputs to mutate; the executable specs are the best source. */
  seeds(): Uint8Array[];
  check(input: Uint8Array, vary: number): void;
}

/** Throws when a promise is broken. */
export function promise(kept: boolean, what: string): asserts kept {
  if (!kept) throw new Error(what);
}
