/**
 * The guard's own copy of the last good orders (policy, lists, blocks), so that protection starts and goes on without the console, its
 * database or its disk. Written beside the data and renamed into place: a crash leaves the old copy or the new one, never half of one.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultDocument } from '../policy/default-document.ts';
import type { Orders, RangeOrders } from '../channel/protocol.ts';
import { formatRange, parseRange } from '../core/base/address.ts';
import { NO_RANGES, packRanges, unpackRanges, type PackedRanges } from '../core/base/packed-ranges.ts';

const FILE = 'last-good.json';
const FORMAT = 2;

/** Null when there is none, or it cannot be read: the caller starts with the defaults. */
export function readLastGood(directory: string): Orders | null {
  try {
    const { format, orders } = JSON.parse(readFileSync(join(directory, FILE), 'utf8')) as {
      format: number;
      orders: Omit<Orders, 'ranges'> & { ranges: Folded };
    };
    return format === FORMAT ? { ...orders, ranges: unfold(orders.ranges) } : null;
  } catch {
    return null;
  }
}

/** The error's message when it could not be written (a full disk): the older copy stays. */
export function writeLastGood(directory: string, orders: Orders): string | null {
  const target = join(directory, FILE);
  try {
    writeFileSync(
      `${target}.new`,
      JSON.stringify({ format: FORMAT, orders: { ...orders, ranges: fold(orders.ranges) } }),
      { mode: 0o600 },
    );
    renameSync(`${target}.new`, target);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

interface Folded {
  allow: string[];
  deny: string[];
}

function fold({ allow, deny }: RangeOrders): Folded {
  const texts = (ranges: PackedRanges) => [...unpackRanges(ranges)].map(formatRange);
  return { allow: texts(allow), deny: texts(deny) };
}

function unfold({ allow, deny }: Folded): RangeOrders {
  const ranges = (texts: string[]) => packRanges(texts.map(parseRange).filter((range) => range !== null));
  return { ...noRangeOrders(), allow: ranges(allow), deny: ranges(deny) };
}

function noRangeOrders(): RangeOrders {
  return { allow: NO_RANGES, deny: NO_RANGES, country: NO_RANGES, feeds: [] };
}

export function defaultOrders(): Orders {
  return { policy: defaultDocument, ranges: noRangeOrders(), blockHistory: [], blocks: [] };
}
