/**
 * Which autonomous system announces an address, for who cannot wait for it and has no memory for it: the table that Ringfence brings, where
 * it lies on disk. It is the console that compiles it.
 */
import { dirname } from 'node:path';
import { NO_SEGMENTS, type Segments } from '../core/base/segments.ts';
import { forgetPages } from '../ffi/mapped-file.ts';
import { locate, placesOf } from './embedded-places.ts';
import { mapTable, readTable } from './table-file.ts';

/** A table that is there and whole; null: none yet. All of it is read once, 10 MB. */
export function findAsns(dataDirectory: string): string | null {
  try {
    const whole = placesOf('networks', locate('networks'), dataDirectory).find((path) => readTable(path) !== null);
    forgetPages();
    return whole ?? null;
  } catch {
    // Without the package nothing is counted by autonomous systems.
    return null;
  }
}

/** What `findAsns` found, without reading it again: only what is asked for is in memory. */
export function mapAsns(path: string): Segments {
  return mapTable(path)?.segments ?? NO_SEGMENTS;
}

/**
 * For an offline command: the same table, compiled now, in a second, where nobody did before. Without the package nothing is counted by
 * autonomous systems.
 */
export async function loadAsns(): Promise<Segments> {
  try {
    const besidePackages = dirname(placesOf('networks', locate('networks'), '.')[0]);
    const found = findAsns(besidePackages);
    if (found !== null) return mapAsns(found);
    const { EmbeddedData } = await import('./embedded.ts');
    const { path, table } = await new EmbeddedData(besidePackages).networks();
    return table?.segments ?? mapAsns(path!);
  } catch {
    return NO_SEGMENTS;
  }
}
