/**
 * The guard's own copies of the long lists, one file for each; `last-good.lists.json` says which file is which list.
 *
 * Invariant: what `last-good.lists.json` names is complete. A list that changed gets a new file, then the names are renamed into
 * place, and only then the older files go: a crash at any point leaves all lists as they were, or all as they are now.
 */
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ListKey, RangeOrders } from '../channel/protocol.ts';
import { NO_RANGES, type PackedRanges } from '../core/base/packed-ranges.ts';
import { COPY_MODE, readRangeFile, writeRangeFile } from './range-file.ts';

const NAMES = 'last-good.lists.json';
const FORMAT = 1;
const LIST_FILE = /^last-good\.[a-z0-9.-]+\.(\d+)\.ranges$/;

interface Names {
  allow: string;
  deny: string;
  country: string;
  feeds: { name: string; file: string }[];
}

/** A copy that could not be read: in what was read, its list is empty. */
export interface LostCopy {
  list: ListKey;
  /** The file and what is wrong with it. */
  why: string;
}

export class ListCopies {
  private readonly directory: string;
  /** Which content stands in which file: a list that did not change is not written again. */
  private files: { list: ListKey; ranges: PackedRanges; file: string }[] = [];
  private named = new Set<string>();
  private serial = 0;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** Never throws. Without copies (a first start) every list is empty, none is lost and `found` is false. */
  read(): { ranges: RangeOrders; lost: LostCopy[]; found: boolean } {
    const lost: LostCopy[] = [];
    const names = this.readNames(lost);
    if (names === null) return { ranges: noRanges(), lost, found: false };
    const load = (list: ListKey, file: string): PackedRanges => {
      try {
        const ranges = readRangeFile(join(this.directory, file));
        this.files.push({ list, ranges, file });
        return ranges;
      } catch (error) {
        lost.push({ list, why: `${file}: ${(error as Error).message}` });
        return NO_RANGES;
      }
    };
    this.named = filesOf(names);
    const ranges = {
      allow: load('allow', names.allow),
      deny: load('deny', names.deny),
      country: load('country', names.country),
      feeds: names.feeds.map(({ name, file }) => ({ name, ranges: load(`feed.${name}`, file) })),
    };
    return { ranges, lost, found: true };
  }

  /**
   * Null, or the error's message when they could not be written (a full disk): the older copies stay. Files of lists that changed stay
   * until `tidy`, so that going back to the older lists writes names only.
   */
  write(ranges: RangeOrders): string | null {
    const target = join(this.directory, NAMES);
    try {
      const names: Names = {
        allow: this.fileOf('allow', ranges.allow),
        deny: this.fileOf('deny', ranges.deny),
        country: this.fileOf('country', ranges.country),
        feeds: ranges.feeds.map((feed) => ({ name: feed.name, file: this.fileOf(`feed.${feed.name}`, feed.ranges) })),
      };
      writeFileSync(`${target}.new`, JSON.stringify({ format: FORMAT, lists: names }), { mode: COPY_MODE });
      renameSync(`${target}.new`, target);
      this.named = filesOf(names);
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** Removes the files that are not named any more. */
  tidy(): void {
    this.files = this.files.filter(({ file }) => this.named.has(file));
    try {
      for (const name of this.listFiles())
        if (!this.named.has(name)) rmSync(join(this.directory, name), { force: true });
    } catch {
      // What is left over costs space only, and goes the next time.
    }
  }

  private fileOf(list: ListKey, ranges: PackedRanges): string {
    const known = this.files.find((one) => one.list === list && one.ranges === ranges);
    if (known) return known.file;
    // Above every file there is: a name is never given twice, whatever a crash left behind.
    const serials = this.listFiles().map((name) => Number(LIST_FILE.exec(name)![1]));
    this.serial = Math.max(this.serial, ...serials) + 1;
    const file = `last-good.${list}.${this.serial}.ranges`;
    writeRangeFile(join(this.directory, file), ranges);
    this.files.push({ list, ranges, file });
    return file;
  }

  private listFiles(): string[] {
    // Not there before the first start, or the start will say what is there instead.
    if (!statSync(this.directory, { throwIfNoEntry: false })?.isDirectory()) return [];
    return readdirSync(this.directory).filter((name) => LIST_FILE.test(name));
  }

  private readNames(lost: LostCopy[]): Names | null {
    try {
      const text = readFileSync(join(this.directory, NAMES), 'utf8');
      const { format, lists } = JSON.parse(text) as { format: number; lists: Names };
      if (format !== FORMAT) throw new Error(`it has format ${format}, expected ${FORMAT}`);
      const files = [...filesOf(lists)];
      if (!files.every((file) => LIST_FILE.test(file))) throw new Error('it names files that are no lists');
      return lists;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      // The names are gone and the files are there: somebody's doing, or a disk's.
      const hadSome = this.listFiles().length > 0;
      if (code === 'ENOENT' && !hadSome) return null;
      for (const list of ['allow', 'deny', 'country'] as const) lost.push({ list, why: `${NAMES}: ${message}` });
      return null;
    }
  }
}

function filesOf(names: Names): Set<string> {
  return new Set([names.allow, names.deny, names.country, ...names.feeds.map(({ file }) => file)]);
}

export function noRanges(): RangeOrders {
  return { allow: NO_RANGES, deny: NO_RANGES, country: NO_RANGES, feeds: [] };
}
