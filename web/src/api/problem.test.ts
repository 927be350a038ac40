import { expect, test } from 'vitest';
import { errorOf } from './problem.ts';

test('a problem document becomes an error with its hint', async () => {
  const problem = {
    ...{ type: 'about:blank', title: 'Conflict', status: 409, code: 'needs-confirmation', outcome: 'refused' },
    ...{ detail: 'It shuts you out.', hint: 'Say yes.' },
  };
  const error = await errorOf(Response.json(problem, { status: 409 }));
  expect(error).toMatchObject({
    message: 'It shuts you out.',
    hint: 'Say yes.',
    code: 'needs-confirmation',
    status: 409,
  });
});

test.each([
  ['a page of a proxy', new Response('<h1>Bad Gateway</h1>', { status: 502, statusText: 'Bad Gateway' })],
  ['other JSON', Response.json({ error: 'no' }, { status: 502, statusText: 'Bad Gateway' })],
  ['JSON null', Response.json(null, { status: 502, statusText: 'Bad Gateway' })],
])('%s is an error, too', async (_, response) => {
  const error = await errorOf(response);
  expect(error).toMatchObject({ code: 'not-a-problem-document', status: 502 });
  expect(error.message).toContain('502 Bad Gateway');
});
