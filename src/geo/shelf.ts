/** What is kept on disk between two runs: the last good data and what is known about their source. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Marks } from './obtain.ts';
import { readProvenance, readTable, writeTable, type TableFile } from './table-file.ts';

/** What is known about the source of the settings in force. */
export interface Standing {
  identity: string;
  /** When the data were last confirmed or replaced; milliseconds since the epoch. */
  checkedAt: number | null;
  marks: Marks;
}

export class Shelf {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  get networksPath(): string {
    return join(this.directory, 'networks.tables');
  }

  /** Null: there are none, or they are damaged. */
  countries(): TableFile | null {
    return readTable(this.countriesPath);
  }

  /** Whether networks belong to these data: a provider may bring countries only. */
  hasNetworksOf(identity: string): boolean {
    return readProvenance(this.networksPath)?.identity === identity;
  }

  /** The error's message when something cannot be written. */
  keep(countries: TableFile, networks: TableFile | null): string | null {
    const failed = networks ? writeTable(this.networksPath, networks) : null;
    return failed ?? writeTable(this.countriesPath, countries);
  }

  forget(): void {
    for (const path of [this.countriesPath, this.networksPath]) rmSync(path, { force: true });
  }

  standing(): Standing | null {
    try {
      const found = JSON.parse(readFileSync(this.standingPath, 'utf8')) as Standing;
      return typeof found.identity === 'string' && typeof found.marks === 'object' && found.marks ? found : null;
    } catch {
      return null;
    }
  }

  /** Without it the next start only asks once more. */
  note(standing: Standing): void {
    try {
      mkdirSync(this.directory, { recursive: true, mode: 0o700 });
      writeFileSync(`${this.standingPath}.new`, JSON.stringify(standing), { mode: 0o600 });
      renameSync(`${this.standingPath}.new`, this.standingPath);
    } catch {
      // A full disk is told where the data themselves are written.
    }
  }

  private get countriesPath(): string {
    return join(this.directory, 'countries.tables');
  }

  private get standingPath(): string {
    return join(this.directory, 'source.json');
  }
}
