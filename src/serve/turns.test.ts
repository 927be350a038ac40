import { expect, it } from 'vitest';
import { OperationError } from './operation-error.ts';
import { Turns, TURNS_MAX } from './turns.ts';

it('a change too many is refused as such, and the others have their turns', async () => {
  const turns = new Turns();
  let done = 0;
  const change = () => Promise.resolve(++done);
  const taken = Array.from({ length: TURNS_MAX }, () => turns.take(change));
  const refused = await turns.take(change).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(OperationError);
  expect(refused).toMatchObject({ outcome: 'too-many', code: 'changes-waiting', waitMs: expect.any(Number) as number });
  expect(await Promise.all(taken)).toHaveLength(TURNS_MAX);
  expect(await turns.take(change)).toBe(TURNS_MAX + 1);
});
