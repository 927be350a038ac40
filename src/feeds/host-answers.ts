/** The last good answers of the name servers, on disk: what the allowlist's host names mean after a restart without DNS. */
import { readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** Of one name; addresses as text. */
export interface StoredAnswer {
  v4: string[];
  v6: string[];
  /** When a name server confirmed it. */
  at: number;
}

const FILE = 'host-names.json';
const FORMAT = 1;

/** Null: there is none, or it is damaged; the names are looked up anyway. */
export function readAnswers(directory: string): Map<string, StoredAnswer> | null {
  try {
    const text = readFileSync(join(directory, FILE), 'utf8');
    const { format, names } = JSON.parse(text) as { format: number; names: Record<string, StoredAnswer> };
    return format === FORMAT ? new Map(Object.entries(names)) : null;
  } catch {
    return null;
  }
}

/** Beside the old file, then in its place. Errors: of the file system, as they come. */
export async function writeAnswers(directory: string, names: Map<string, StoredAnswer>): Promise<void> {
  const path = join(directory, FILE);
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(JSON.stringify({ format: FORMAT, names: Object.fromEntries(names) }));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}
