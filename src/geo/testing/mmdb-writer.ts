/** Writes small MaxMind databases (format 2.0, https://maxmind.github.io/MaxMind-DB/) for tests: a tree of networks and its records. */
import { isV4, parseAddress } from '../../core/base/address.ts';

export type Value = string | number | boolean | Value[] | { [key: string]: Value };

export interface MmdbOptions {
  recordSize?: 24 | 28 | 32;
  ipVersion?: 4 | 6;
  /** More networks that point to where another one is, as the aliases of IPv4 do. */
  aliases?: [network: string, target: string][];
}

interface Node {
  sides: (Node | number | null)[];
  index: number;
}

const MARKER = Buffer.from('abcdef4d61784d696e642e636f6d', 'hex');

export function writeMmdb(records: [network: string, record: Value][], options: MmdbOptions = {}): Buffer {
  const { recordSize = 24, ipVersion = 6, aliases = [] } = options;
  const data = new DataSection();
  const root: Node = newNode();
  const bitsOf = (network: string) => bits(network, ipVersion);
  for (const [network, record] of records) insert(root, bitsOf(network), data.add(record));
  for (const [network, target] of aliases) insert(root, bitsOf(network), descend(root, bitsOf(target)));
  const nodes = numbered(root);
  const tree = Buffer.concat(nodes.map((node) => encodeNode(node, nodes.length, recordSize)));
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_700_000_000,
    database_type: 'Test-Country',
    description: { en: 'made by a test' },
    ip_version: ipVersion,
    languages: ['en'],
    node_count: nodes.length,
    record_size: recordSize,
  });
  return Buffer.concat([tree, Buffer.alloc(16), data.bytes(), MARKER, metadata]);
}

function newNode(): Node {
  return { sides: [null, null], index: -1 };
}

/** IPv4 lies at ::/96 of an IPv6 tree. */
function bits(network: string, ipVersion: 4 | 6): number[] {
  const [text, length] = network.split('/');
  const address = parseAddress(text)!;
  const v4 = isV4(address);
  const words = v4 ? [0, 0, 0, address.w3] : [address.w0, address.w1, address.w2, address.w3];
  const all = words.flatMap((word) => Array.from({ length: 32 }, (_, i) => (word >>> (31 - i)) & 1));
  const from = ipVersion === 4 ? 96 : 0;
  return all.slice(from, (v4 ? 96 : 0) + Number(length));
}

function insert(root: Node, path: number[], target: Node | number): void {
  let node = root;
  for (const bit of path.slice(0, -1)) node = (node.sides[bit] ??= newNode()) as Node;
  node.sides[path.at(-1)!] = target;
}

function descend(root: Node, path: number[]): Node | number {
  return path.reduce<Node | number>((node, bit) => (node as Node).sides[bit]!, root);
}

function numbered(root: Node): Node[] {
  const nodes: Node[] = [];
  const open: Node[] = [root];
  while (open.length > 0) {
    const node = open.shift()!;
    if (node.index >= 0) continue;
    node.index = nodes.length;
    nodes.push(node);
    for (const side of node.sides) if (side !== null && typeof side === 'object') open.push(side);
  }
  return nodes;
}

function encodeNode(node: Node, count: number, recordSize: 24 | 28 | 32): Buffer {
  const [left, right] = node.sides.map((side) => {
    if (side === null) return count;
    return typeof side === 'number' ? count + 16 + side : side.index;
  });
  const out = Buffer.alloc(recordSize / 4);
  if (recordSize === 32) {
    out.writeUInt32BE(left, 0);
    out.writeUInt32BE(right, 4);
    return out;
  }
  const half = recordSize === 24 ? 3 : 4;
  out.writeUIntBE(left & 0xffffff, 0, 3);
  out.writeUIntBE(right & 0xffffff, half, 3);
  if (recordSize === 28) out[3] = ((left >>> 24) << 4) | (right >>> 24);
  return out;
}

class DataSection {
  private readonly parts: Buffer[] = [];
  private size = 0;

  add(record: Value): number {
    const at = this.size;
    const bytes = encode(record);
    this.parts.push(bytes);
    this.size += bytes.length;
    return at;
  }

  bytes(): Buffer {
    return Buffer.concat(this.parts);
  }
}

function control(type: number, size: number): Buffer {
  const [first, extended] = type <= 7 ? [type << 5, []] : [0, [type - 7]];
  if (size < 29) return Buffer.from([first | size, ...extended]);
  if (size < 285) return Buffer.from([first | 29, ...extended, size - 29]);
  return Buffer.from([first | 30, ...extended, (size - 285) >>> 8, (size - 285) & 255]);
}

function encode(value: Value): Buffer {
  if (typeof value === 'string') {
    const text = Buffer.from(value);
    return Buffer.concat([control(2, text.length), text]);
  }
  if (typeof value === 'boolean') return control(14, value ? 1 : 0);
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([control(6, 4), bytes]);
  }
  if (Array.isArray(value)) return Buffer.concat([control(11, value.length), ...value.map(encode)]);
  const entries = Object.entries(value);
  return Buffer.concat([control(7, entries.length), ...entries.flatMap(([key, one]) => [encode(key), encode(one)])]);
}
