/**
 * What `lists` loads under attack: a denylist of a million addresses, and the ranges of 200 countries as the embedded data have them.
 * Deterministic. Neither covers an address of the lab's network.
 */
import { writeFileSync } from 'node:fs';
import { formatAddress, formatWords, type Address } from '../src/core/base/address.ts';
import { holds, packRanges, RangePacker, unpackRanges, type PackedRanges } from '../src/core/base/packed-ranges.ts';
import { parseRange } from '../src/core/base/address.ts';
import { CountryTable } from '../src/geo/country-table.ts';
import { EmbeddedData } from '../src/geo/embedded.ts';
import { Random } from '../spec/traffic/random.ts';

const DENY_V4 = 900_000;
const DENY_V6 = 100_000;
const COUNTRIES = 200;
/** Unlisted callers come from here. */
const LEFT_OPEN = ['DE', 'FR', 'US'];
const SAMPLES = 60;
/** The lab's own addresses among them. */
const DOCUMENTATION = packRanges(
  ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'].map((text) => parseRange(text)!),
);

export interface ListsContent {
  deny: Address[];
  countries: string[];
  /** Of all these countries together. */
  ranges: PackedRanges;
  table: CountryTable;
}

export async function listsContent(directory: string): Promise<ListsContent> {
  const { segments } = await new EmbeddedData(directory).countries();
  const table = CountryTable.of(segments);
  const countries = table.sizes
    .map(({ code }) => code)
    .filter((code) => !LEFT_OPEN.includes(code))
    .slice(0, COUNTRIES);
  if (countries.length < COUNTRIES) throw new Error(`the embedded data have ${countries.length} countries only`);
  const ranges = table.blocked({ mode: 'block', list: countries, unknown: 'pass' });
  return { deny: denied(table), countries, ranges, table };
}

function denied(table: CountryTable): Address[] {
  const random = new Random(7);
  const found: Address[] = [];
  const seen = new Set<number>();
  while (found.length < DENY_V4) {
    // Only even ones: an address between two of the list would join them to one range, and a million shall be a million.
    const w3 = (0x0100_0000 + 2 * random.below(0x6f7f_8000)) >>> 0;
    const address = { w0: 0, w1: 0, w2: 0xffff, w3 };
    if (seen.has(w3) || table.isSpecial(address) || holds(DOCUMENTATION, address)) continue;
    seen.add(w3);
    found.push(address);
  }
  // 2400:: to 2fff::, where the registries' ranges are; no two of 2^123 are the same, and nothing special lies there.
  while (found.length < DENY_V4 + DENY_V6) {
    const w0 = 0x2400_0000 + random.below(0x0c00_0000);
    found.push({ w0, w1: random.word(), w2: random.word(), w3: 2 * random.below(0x7fff_ffff) });
  }
  return found;
}

/** One address a line, as many blocklists come. */
export function writePlain(file: string, addresses: readonly Address[]): void {
  writeFileSync(file, addresses.map((address) => `${formatAddress(address)}\n`).join(''));
}

/** The same addresses for `ipset restore`, whose sets take prefixes: each range as the fewest that make it up. */
export function writeIpset(file: string, { deny, ranges }: ListsContent): void {
  const lines = [4, 6].flatMap((n) => {
    const options = `family inet${n === 4 ? '' : '6'} maxelem 2000000`;
    return [`create deny${n} hash:ip ${options}`, `create country${n} hash:net ${options}`];
  });
  const family = (address: Address) => (address.w2 === 0xffff && address.w0 === 0 && address.w1 === 0 ? 4 : 6);
  for (const address of deny) lines.push(`add deny${family(address)} ${formatAddress(address)}`);
  for (const { first, last } of unpackRanges(ranges)) {
    const n = family(first);
    for (const prefix of prefixes(first, last, n === 4 ? 32 : 128)) lines.push(`add country${n} ${prefix}`);
  }
  writeFileSync(file, `${lines.join('\n')}\n`);
}

/** `bits`: 32 or 128, the length of an address. */
export function prefixes(first: Address, last: Address, bits: number): string[] {
  const [v4, end] = [bits === 32, number(last)];
  const found: string[] = [];
  for (let at = number(first), host: bigint; at <= end; at += 1n << host) {
    for (host = 0n; host < bits && (at & ((2n << host) - 1n)) === 0n && at + (2n << host) - 1n <= end;) host++;
    const word = (i: bigint) => Number((at >> (32n * i)) & 0xffff_ffffn);
    const text = v4 ? formatWords(0, 0, 0xffff, word(0n)) : formatWords(word(3n), word(2n), word(1n), word(0n));
    found.push(`${text}/${bits - Number(host)}`);
  }
  return found;
}

/** Of IPv4 the mapped prefix stays: it is the same at both ends. */
function number({ w0, w1, w2, w3 }: Address): bigint {
  return (BigInt(w0) << 96n) | (BigInt(w1) << 64n) | (BigInt(w2) << 32n) | BigInt(w3);
}

export interface Samples {
  /** From the denylist, the whole length of it. */
  listed: string[];
  /** The addresses next to others of the list; no list has them, and their countries are open. */
  unlisted: string[];
  /** One of each country, of either family. */
  country: string[];
  /** From the denylist and from blocked countries; the allowlist gets them. */
  allowed: string[];
}

export function samples({ deny, countries, ranges, table }: ListsContent): Samples {
  const list = new RangePacker();
  for (const address of deny) list.add({ first: address, last: address });
  const denied = list.pack();
  const every = (step: number, from: number) => deny.filter((_, i) => i % step === from);
  const step = Math.floor(deny.length / SAMPLES);
  const inCountries = countries.flatMap((code) => {
    const own = table.blocked({ mode: 'block', list: [code], unknown: 'pass' });
    const middle = (words: Uint32Array, width: 1 | 4) => Math.floor(words.length / (4 * width)) * 2 * width;
    const at4 = middle(own.v4, 1);
    const at6 = middle(own.v6, 4);
    const [w0, w1, w2, w3] = own.v6.subarray(at6, at6 + 4);
    // Behind the first address, which nobody uses.
    const v4 = own.v4.length === 0 ? [] : [{ w0: 0, w1: 0, w2: 0xffff, w3: own.v4[at4] + 1 }];
    const v6 = own.v6.length === 0 ? [] : [{ w0, w1, w2, w3: w3 + 1 }];
    return [...v4, ...v6].filter((address) => !holds(denied, address) && holds(ranges, address));
  });
  const beside = every(Math.floor(step / 50), 0).map((address) => ({ ...address, w3: address.w3 + 1 }));
  const open = beside.filter((address) => LEFT_OPEN.includes(table.country(address) ?? ''));
  const text = (addresses: Address[]) => addresses.map(formatAddress);
  return {
    listed: text([deny[0], ...every(step, 1), deny[deny.length - 1]]),
    unlisted: text(open.filter((_, i) => i % Math.floor(open.length / SAMPLES) === 0)),
    country: text(inCountries.filter((_, i) => i % 20 !== 0)),
    allowed: text([...every(step * 6, 2), ...inCountries.filter((_, i) => i % 20 === 0)]),
  };
}
