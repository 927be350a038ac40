/** The networks behind the countries in use: 10 MB that are read when somebody asks for the first one. */
import { rmSync } from 'node:fs';
import type { Address } from '../core/base/address.ts';
import { NetworkTable } from './network-table.ts';
import { readProvenance, readTable, type Provenance, type TableFile } from './table-file.ts';

export class NetworksInUse {
  /** Where they came from; null: there are none yet. */
  source: Provenance | null = null;
  private table: NetworkTable | null = null;
  private path: string | null = null;
  private readonly damaged: () => void;

  /** `damaged`: the file was not what it said, and is gone. */
  constructor(damaged: () => void) {
    this.damaged = damaged;
  }

  get known(): boolean {
    return this.table !== null || this.path !== null;
  }

  get bytes(): number {
    return this.table?.bytes ?? 0;
  }

  take({ provenance, segments, names }: TableFile): void {
    if (!names) return;
    this.table = new NetworkTable(segments, names);
    [this.source, this.path] = [provenance, null];
  }

  lieAt(path: string): void {
    [this.table, this.source, this.path] = [null, readProvenance(path), path];
  }

  clear(): void {
    [this.table, this.source, this.path] = [null, null, null];
  }

  lookup(address: Address): { asn: number | null; network: string | null } {
    if (this.path !== null) this.read(this.path);
    const asn = this.table?.asn(address) ?? null;
    return { asn, network: asn === null ? null : this.table!.name(asn) };
  }

  private read(path: string): void {
    const file = readTable(path);
    this.clear();
    if (file?.names) return this.take(file);
    rmSync(path, { force: true });
    this.damaged();
  }
}
