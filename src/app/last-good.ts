/**
 * The guard's own copy of the last good orders (policy, lists, blocks), so that protection starts and goes on without the console, its
 * database or its disk. Written beside the data and renamed into place: a crash leaves the old copy or the new one, never half of one.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultDocument } from '../policy/default-document.ts';
import type { Orders } from '../channel/protocol.ts';

const FILE = 'last-good.json';
const FORMAT = 1;

/** Null when there is none, or it cannot be read: the caller starts with the defaults. */
export function readLastGood(directory: string): Orders | null {
  try {
    const { format, orders } = JSON.parse(readFileSync(join(directory, FILE), 'utf8')) as {
      format: number;
      orders: Orders;
    };
    return format === FORMAT ? orders : null;
  } catch {
    return null;
  }
}

/** The error's message when it could not be written (a full disk): the older copy stays. */
export function writeLastGood(directory: string, orders: Orders): string | null {
  const target = join(directory, FILE);
  try {
    writeFileSync(`${target}.new`, JSON.stringify({ format: FORMAT, orders }), { mode: 0o600 });
    renameSync(`${target}.new`, target);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

export function defaultOrders(): Orders {
  return { policy: defaultDocument, allow: [], deny: [], blockHistory: [], blocks: [] };
}
