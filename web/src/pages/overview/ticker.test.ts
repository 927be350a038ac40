import { expect, test } from 'vitest';
import {
  attackLine,
  blockLine,
  LINES_MAX,
  unblockLine,
  withLine,
  type Block,
  type Incident,
  type Line,
} from './ticker.ts';

const attack = (id: string, first: number, count = 1) => attackLine({ id, first, count } as Incident);
const keys = (lines: Line[]) => lines.map(({ key }) => key);
const all = (...lines: Line[]) => lines.reduce<Line[]>(withLine, []);

test('the latest stands first, whatever order the events come in', () => {
  const block = blockLine({ target: '203.0.113.7', since: 20 } as Block);
  const unblock = unblockLine({ target: '203.0.113.7', address: '203.0.113.7', at: 40, how: 'lifted' });
  const wanted = ['unblock 203.0.113.7 40', 'attack b', 'block 203.0.113.7 20', 'attack a'];
  expect(keys(all(block, attack('a', 10), unblock, attack('b', 30)))).toEqual(wanted);
});

test('an attack that goes on keeps its line and gets the new numbers', () => {
  const lines = all(attack('a', 10), attack('b', 20), attack('a', 10, 99));
  expect(keys(lines)).toEqual(['attack b', 'attack a']);
  expect(lines[1].of).toMatchObject({ count: 99 });
});

test('a flood of attacks keeps the list short', () => {
  const lines = all(...Array.from({ length: LINES_MAX + 10 }, (_, i) => attack(`x${i}`, i)));
  expect(lines).toHaveLength(LINES_MAX);
  expect(lines[0].key).toBe(`attack x${LINES_MAX + 9}`);
});
