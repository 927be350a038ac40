/** What an import would do, before it does it. */
import type { FileEntry, ReadCounts } from './entry.ts';

/** What the list says about an address now. */
export interface ListedEntry {
  comment: string;
  /** Milliseconds since the epoch; null: no end. */
  until: number | null;
}

export type Step =
  | { kind: 'add'; entry: FileEntry }
  /** `before`: what is replaced. What the file does not say stays. */
  | { kind: 'change'; entry: FileEntry; before: ListedEntry; comment: string; until: number | null }
  | { kind: 'same'; entry: FileEntry };

/** `added + changed + same + duplicates + over + refused` is the number of records in the file. */
export interface PlanCounts {
  added: number;
  changed: number;
  same: number;
  duplicates: number;
  over: number;
  refused: number;
}

export class ImportPlan {
  private readonly lookup: (address: string) => ListedEntry | undefined;
  private added = 0;
  private changed = 0;
  private same = 0;

  /** `lookup`: by canonical address. */
  constructor(lookup: (address: string) => ListedEntry | undefined) {
    this.lookup = lookup;
  }

  step(entry: FileEntry): Step {
    const before = this.lookup(entry.address);
    if (before === undefined) {
      this.added++;
      return { kind: 'add', entry };
    }
    const comment = entry.comment ?? before.comment;
    const until = entry.until === undefined ? before.until : entry.until;
    if (comment === before.comment && until === before.until) {
      this.same++;
      return { kind: 'same', entry };
    }
    this.changed++;
    return { kind: 'change', entry, before, comment, until };
  }

  /** With the reader's counts at its end. */
  counts({ duplicates, over, refused }: Pick<ReadCounts, 'duplicates' | 'over' | 'refused'>): PlanCounts {
    return { added: this.added, changed: this.changed, same: this.same, duplicates, over, refused };
  }
}
