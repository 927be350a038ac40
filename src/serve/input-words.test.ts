import { expect, it } from 'vitest';
import { z } from 'zod';
import { checkInput, incidentId } from './inputs.ts';

const shape = z.strictObject({
  name: z.string().max(100).optional(),
  role: z.enum(['administrator', 'viewer']).optional(),
  count: z.number().min(3).max(9).optional(),
  list: z.array(z.string()).max(2).optional(),
  own: z.string().max(1, 'in words of its own').optional(),
});

it.each([
  [{ name: 'x'.repeat(101) }, 'name: at most 100 characters are expected'],
  [{ role: 'king' }, 'role: expected one of administrator, viewer'],
  [{ count: 2 }, 'count: at least 3 are expected'],
  [{ count: 10 }, 'count: at most 9 are expected'],
  [{ list: ['a', 'b', 'c'] }, 'list: at most 2 entries are expected'],
  [{ own: 'xx' }, 'own: in words of its own'],
])('%j', (input, words) => {
  expect(() => checkInput(shape, input)).toThrow(expect.objectContaining({ message: words }));
});

it('nothing where something belongs', () => {
  expect(() => checkInput(incidentId, '')).toThrow('something is expected here, and nothing came');
});
