/**
 * The guard's own copy of the last good orders, so that protection starts and goes on without the console, its database or its disk.
 * `last-good.json` holds policy, blocks and histories; the long lists have files of their own (`list-copies.ts`). Written beside
 * the data and renamed into place: a crash leaves the old copy or the new one, never half of one.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultDocument } from '../policy/default-document.ts';
import type { Orders } from '../channel/protocol.ts';
import { ListCopies, noRanges } from './list-copies.ts';
import { COPY_MODE } from './range-file.ts';

const FILE = 'last-good.json';
const FORMAT = 3;
/** Every block was of an address. */
const FORMAT_OF_ADDRESSES = 2;

/** All but the long lists. */
export interface LastGood extends Omit<Orders, 'ranges'> {
  /** Automatic blocks that people gave a longer end than the policy does; milliseconds since the epoch. */
  extended: { target: string; until: number }[];
}

/** Null when there is none, or it cannot be read: the caller starts with the defaults. */
export function readLastGood(directory: string): LastGood | null {
  try {
    const text = readFileSync(join(directory, FILE), 'utf8');
    const { format, orders } = JSON.parse(text) as { format: number; orders: LastGood };
    if (format !== FORMAT && format !== FORMAT_OF_ADDRESSES) return null;
    const policy = completed(defaultDocument, orders.policy);
    return { ...(format === FORMAT ? orders : withTargets(orders)), policy };
  } catch {
    return null;
  }
}

/** What an earlier version did not know yet. Not by the schema, whose library the guard does not load. */
function completed<T extends object>(defaults: T, known: Partial<T>): T {
  const isSection = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const filled = Object.entries(defaults).map(([key, value]: [string, unknown]) => {
    const own: unknown = known[key as keyof T];
    return [key, isSection(value) && isSection(own) ? completed(value, own) : (own ?? value)];
  });
  return { ...known, ...(Object.fromEntries(filled) as T) };
}

function withTargets({ blocks, extended, ...orders }: LastGood): LastGood {
  const old = extended as unknown as { address: string; until: number }[];
  return {
    ...orders,
    blocks: blocks.map((block) => ({
      ...{ ...block, target: block.address, scope: 'address', port: null, transport: null },
    })),
    extended: old.map(({ address, until }) => ({ target: address, until })),
  };
}

/** The error's message when it could not be written (a full disk): the older copy stays. */
export function writeLastGood(directory: string, orders: LastGood): string | null {
  const target = join(directory, FILE);
  try {
    writeFileSync(`${target}.new`, JSON.stringify({ format: FORMAT, orders }), { mode: COPY_MODE });
    renameSync(`${target}.new`, target);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** With the long lists, for a console that lost its database; undefined when there is none. */
export function lastGoodOrders(directory: string): Orders | undefined {
  const copy = readLastGood(directory);
  return copy ? { ...copy, ranges: new ListCopies(directory).read().ranges } : undefined;
}

export function defaultOrders(): Orders {
  return { policy: defaultDocument, ranges: noRanges(), blockHistory: [], blocks: [] };
}
