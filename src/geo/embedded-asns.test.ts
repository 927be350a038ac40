/** The table that the guard asks is the one that Ringfence brings, and the provider of the scenarios is a real one in it. */
import { copyFileSync, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { valueAt } from '../core/base/segments.ts';
import { ASNS, customers } from '../../spec/traffic/provider.ts';
import { EmbeddedData } from './embedded.ts';
import { findAsns, mapAsns } from './embedded-asns.ts';

const directory = mkdtempSync(join(tmpdir(), 'rf-asns-'));
beforeAll(async () => {
  await new EmbeddedData(directory).networks();
  return () => rmSync(directory, { recursive: true, force: true });
}, 60_000);

test('the customers of the scenarios are of one autonomous system there, too', () => {
  const table = mapAsns(findAsns(directory)!);
  for (const { address } of customers(60)) expect(valueAt(table, address)).toBe(valueAt(ASNS, address));
});

test('a table that is cut off counts nothing, and nothing throws', () => {
  const whole = findAsns(directory)!;
  const cut = join(directory, 'cut.tables');
  copyFileSync(whole, cut);
  truncateSync(cut, 100_000);
  expect(valueAt(mapAsns(cut), customers(1)[0].address)).toBe(0);
  expect(valueAt(mapAsns(join(directory, 'none')), customers(1)[0].address)).toBe(0);
});
