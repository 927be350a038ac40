/** Keys as steps of a transaction, and what two small sets of keys have in common. */
import type { ListStep } from './kernel-lists.ts';
import { KeyBatch, PrefixCursor } from './prefix-keys.ts';
import { prefixSet } from './table.ts';

/** Keys by which a list may differ to be changed in place: 2 ms with the lock held. */
export const EDIT_KEYS_MAX = 2000;

export function batchSteps(how: 'add' | 'remove', set: string, batch: KeyBatch): ListStep[] {
  const v4 = batch.words === 1;
  return [
    { do: how, set, v4, keys: batch.addresses, count: batch.addressCount },
    { do: how, set: prefixSet(set), v4, keys: batch.prefixes, count: batch.prefixCount },
  ];
}

/** Null: too many for an edit. */
export function keysOf(list: Uint32Array, v4: boolean): KeyBatch | null {
  const batch = new KeyBatch(v4, EDIT_KEYS_MAX + 1);
  new PrefixCursor(list, v4).fill(batch);
  return batch.count > EDIT_KEYS_MAX ? null : batch;
}

/** A range that grew keeps most of its keys: what both have is left alone. */
export function withoutCommon(gone: KeyBatch, come: KeyBatch, kind: 'addresses' | 'prefixes') {
  const { words } = gone;
  const keys = (batch: KeyBatch) => {
    const count = kind === 'addresses' ? batch.addressCount : batch.prefixCount;
    const byText = new Map<string, Uint32Array>();
    for (let i = 0; i < count * words; i += words) {
      const key = batch[kind].subarray(i, i + words);
      byText.set(key.join(), key);
    }
    return byText;
  };
  const [a, b] = [keys(gone), keys(come)];
  const only = (of: Map<string, Uint32Array>, not: Map<string, Uint32Array>) => {
    const list = [...of].filter(([text]) => !not.has(text)).flatMap(([, key]) => [...key]);
    return { keys: Uint32Array.from(list), count: list.length / words };
  };
  return [only(a, b), only(b, a)] as const;
}
