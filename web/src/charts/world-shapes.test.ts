import { expect, test } from 'vitest';
import { COUNTRIES } from '../../../src/policy/country-codes.ts';
import { shapes } from '../../world-plugin.ts';
import { WORLD_HEIGHT, WORLD_WIDTH } from './world-shapes.ts';

const world = shapes();
const of = (code: string) => world.filter((shape) => shape.code === code);

test('every shape with a code has one that the policy knows', () => {
  const unknown = world.filter(({ code }) => code !== null && !COUNTRIES.includes(code));
  expect(unknown).toEqual([]);
  expect(new Set(world.map(({ code }) => code)).size).toBeGreaterThan(230);
});

test.each(['SG', 'MT', 'HK'])('%s is a dot that can be hit', (code) => {
  const [{ dot }] = of(code);
  expect(dot!.x).toBeGreaterThan(0);
  expect(dot!.x).toBeLessThan(WORLD_WIDTH);
  expect(dot!.y).toBeLessThan(WORLD_HEIGHT);
});

test('Kosovo, which has no number, is there; Antarctica is not', () => {
  expect(of('XK')).toHaveLength(1);
  expect(of('AQ')).toEqual([]);
});

test('the map is small, and no line crosses it from edge to edge', () => {
  expect(JSON.stringify(world).length).toBeLessThan(300_000);
  for (const { path } of world) {
    for (const line of path.split(/[MZ]/)) {
      const xs = line.split('L').map((point) => Number(point.split(',')[0]));
      xs.slice(1).forEach((x, index) => expect(Math.abs(x - xs[index])).toBeLessThan(WORLD_WIDTH / 4));
    }
  }
});
