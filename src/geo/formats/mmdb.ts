/**
 * MaxMind DB files (https://maxmind.github.io/MaxMind-DB/): the whole tree into segments. Countries as MaxMind, DB-IP, ipinfo and
 * ip-location-db write them, AS numbers with their names.
 */
import { Reader } from 'mmdb-lib';
import { countryOf, numberOfCode } from '../country-codes.ts';
import { ROWS_MAX } from '../segment-builder.ts';
import { DataError } from './data-problem.ts';
import { NETWORK_NAME_MAX, type Collected } from './rows.ts';

const MARKER = Buffer.from('abcdef4d61784d696e642e636f6d', 'hex');
/** The metadata stand in the last 128 KiB. */
const METADATA_MAX = 128 * 1024;
const SEPARATOR_BYTES = 16;
/** Evasion: nodes that point to each other would be a tree without end. */
const STEPS_MAX = 4 * ROWS_MAX;

export function isMmdb(bytes: Uint8Array): boolean {
  const tail = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).subarray(-METADATA_MAX);
  return tail.lastIndexOf(MARKER) >= 0;
}

interface Found {
  country: number;
  asn: number;
}

/** Errors: `DataError` `geo-damaged`, `geo-too-large`. */
export function readMmdb(name: string, bytes: Uint8Array, into: Collected): void {
  try {
    new Tree(name, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), into).walk();
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError('geo-damaged', `${name} is a damaged MaxMind database: ${(error as Error).message}`);
  }
}

class Tree {
  private readonly name: string;
  private readonly into: Collected;
  private readonly reader: Reader<never>;
  private readonly nodes: number;
  private readonly found = new Map<number, Found>();
  private readonly ends = new Uint32Array(8);
  private steps = 0;

  constructor(name: string, bytes: Buffer, into: Collected) {
    this.name = name;
    this.into = into;
    this.reader = new Reader<never>(bytes);
    const { nodeCount, searchTreeSize, ipVersion } = this.reader.metadata;
    this.nodes = nodeCount;
    if (searchTreeSize + SEPARATOR_BYTES > bytes.length || (ipVersion !== 4 && ipVersion !== 6)) {
      throw new DataError('geo-damaged', `${name} is a damaged MaxMind database: it ends inside its tree`);
    }
  }

  walk(): void {
    if (this.reader.metadata.ipVersion === 4) return this.branch(0, new Uint32Array(4), 96, 4);
    // IPv4 lies at ::/96. Where ::ffff:0:0/96, 2002::/16 and others point there too, they are the same addresses again.
    const v4 = this.v4Root();
    if (v4 <= this.nodes) this.branch(v4, new Uint32Array(4), 96, 4);
    this.branch(0, new Uint32Array(4), 0, 6, v4);
  }

  private v4Root(): number {
    let node = 0;
    for (let depth = 0; depth < 96 && node < this.nodes; depth++) node = this.child(node, 0);
    return node;
  }

  /** Depth first, without recursion; `depth` counts within 128 bits. */
  private branch(root: number, address: Uint32Array, depth: number, family: 4 | 6, skip: number = -1): void {
    const open: { node: number; depth: number; words: Uint32Array }[] = [{ node: root, depth, words: address }];
    while (open.length > 0) {
      const { node, depth: at, words } = open.pop()!;
      if (++this.steps > STEPS_MAX) throw new DataError('geo-too-large', `${this.name} has no end`);
      if (node === this.nodes || (family === 6 && node === skip)) continue;
      if (node > this.nodes) {
        this.leaf(node, words, at, family);
        continue;
      }
      if (at === 128) throw new DataError('geo-damaged', `${this.name} has a tree deeper than its addresses`);
      const right = words.slice();
      right[at >>> 5] |= 2 ** (31 - (at & 31));
      open.push({ node: this.child(node, 1), depth: at + 1, words: right });
      open.push({ node: this.child(node, 0), depth: at + 1, words });
    }
  }

  private child(node: number, side: 0 | 1): number {
    const { walker, metadata } = this.reader as unknown as {
      walker: { left(offset: number): number; right(offset: number): number };
      metadata: { nodeByteSize: number };
    };
    const offset = node * metadata.nodeByteSize;
    return side === 0 ? walker.left(offset) : walker.right(offset);
  }

  private leaf(pointer: number, words: Uint32Array, depth: number, family: 4 | 6): void {
    let found = this.found.get(pointer);
    if (!found) {
      found = this.decode(pointer);
      this.found.set(pointer, found);
    }
    const { ends } = this;
    for (let k = 0; k < 4; k++) {
      const keep = Math.min(32, Math.max(0, depth - k * 32));
      ends[k] = words[k];
      ends[k + 4] = words[k] | (keep === 0 ? 0xffffffff : keep === 32 ? 0 : 2 ** (32 - keep) - 1);
    }
    if (family === 4) [ends[0], ends[1]] = [ends[3], ends[7]];
    this.into.rows++;
    const { countries, networks } = this.into;
    const fits =
      (found.country === 0 || countries.add(family, ends, found.country)) &&
      (found.asn === 0 || networks.add(family, ends, found.asn));
    if (!fits) throw new DataError('geo-too-large', `${this.name} has more than ${ROWS_MAX} ranges`);
  }

  private decode(pointer: number): Found {
    const reader = this.reader as unknown as { resolveDataPointer(pointer: number): unknown };
    const record = asMap(reader.resolveDataPointer(pointer));
    const code = codeIn(record);
    const country = code === null ? null : countryOf(code);
    if (country === undefined) {
      throw new DataError('geo-damaged', `${this.name}: "${code!.slice(0, 40)}" is no country code`);
    }
    const asn = asnIn(record);
    const title = record.autonomous_system_organization ?? record.as_name ?? record.as_organization;
    if (asn > 0 && typeof title === 'string' && title !== '' && !this.into.names.has(asn)) {
      this.into.names.set(asn, title.slice(0, NETWORK_NAME_MAX));
    }
    return { country: typeof country === 'string' ? numberOfCode(country) : 0, asn };
  }
}

type Fields = Record<string, unknown>;

function asMap(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/** Where the network is; where that is not known, where it is registered. */
function codeIn(record: Fields): string | null {
  const candidates = [
    record.country_code,
    asMap(record.country).iso_code,
    record.country,
    asMap(record.registered_country).iso_code,
  ];
  return (candidates.find((value) => typeof value === 'string' && value !== '') as string | undefined) ?? null;
}

function asnIn(record: Fields): number {
  const value = record.autonomous_system_number ?? record.asn ?? record.as_number;
  const number = typeof value === 'string' ? Number(value.replace(/^AS/i, '')) : value;
  return typeof number === 'number' && Number.isInteger(number) && number > 0 && number <= 0xffffffff ? number : 0;
}
