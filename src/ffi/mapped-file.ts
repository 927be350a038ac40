/**
 * A file's bytes where the kernel keeps them (mmap(2)): what nobody looks at takes no memory, and the rest the kernel takes back when it needs it.
 *
 * Invariant: such a file is replaced by another one under its name, never written to; and nobody writes to its bytes (they are read-only: a
 * write would end the process).
 */
import { closeSync, fstatSync, openSync } from 'node:fs';
import * as libc from './libc.ts';

interface Mapping {
  address: unknown;
  length: number;
}

const mappings = new Set<Mapping>();
const unmapped = new FinalizationRegistry<Mapping>((mapping) => {
  mappings.delete(mapping);
  libc.unmap(mapping.address, mapping.length);
});

/** Throws what `openSync` throws, and for an empty file. */
export function mapFile(path: string): Uint8Array<ArrayBuffer> {
  const file = openSync(path, 'r');
  try {
    const length = fstatSync(file).size;
    const { address, bytes } = libc.map(file, length);
    const mapping = { address, length };
    mappings.add(mapping);
    unmapped.register(bytes, mapping);
    return new Uint8Array(bytes);
  } finally {
    closeSync(file);
  }
}

/** What was looked at counts as ours until the kernel takes it back: it may have it now. */
export function forgetPages(): void {
  for (const { address, length } of mappings) libc.forgetPages(address, length);
}
