/** What the guard goes by. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NO_RANGES } from '../core/base/packed-ranges.ts';
import { defaultDocument } from '../policy/default-document.ts';
import { Standing } from './standing.ts';

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'rf-standing-'))));
afterEach(() => rmSync(dir, { recursive: true }));

const exempted = (standing: Standing) =>
  /add element inet ringfence management \{ ([^}]*) \}/.exec(standing.ruleset())?.[1];

test.each([
  [null, '22', '2222'],
  [8470, '22, 8470', '2222, 8470'],
])('the console on %s: no automatic block covers %s, nor %s after a change of the policy', (port, first, then) => {
  const standing = new Standing(dir, port);
  expect(exempted(standing)).toBe(first);
  const ports = { ...defaultDocument.ports, management: '2222' };
  const ranges = { allow: NO_RANGES, deny: NO_RANGES, country: NO_RANGES, feeds: [] };
  standing.begin({ policy: { ...defaultDocument, ports }, ranges, blockHistory: [], blocks: [] });
  expect(exempted(standing)).toBe(then);
});
