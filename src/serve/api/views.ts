/** Filters of the attack log that somebody gave a name. */
import { z } from 'zod';
import { viewInput } from '../views.ts';
import { endpoint, type Group } from './endpoint.ts';
import { moment, page } from './shapes.ts';

const view = z
  .strictObject({
    name: z.string(),
    filter: z
      .record(z.string(), z.unknown())
      .describe('As `GET /attacks` is asked; `last`: a length before now (`24h`).'),
    savedAt: moment,
  })
  .meta({ id: 'SavedView' });

export const viewsGroup: Group = {
  name: 'Saved views',
  description: 'Filters of the attack log with a name. Each person has their own, 50 at most.',
  endpoints: [
    endpoint({
      method: 'GET',
      path: '/views',
      id: 'listViews',
      summary: 'The saved views of the person who asks, by name.',
      scope: 'read',
      answer: page(view),
      run: (operations) => operations.views(),
    }),
    endpoint({
      method: 'PUT',
      path: '/views',
      id: 'saveView',
      summary: 'Save a view, or change the one of that name.',
      scope: 'read',
      body: viewInput,
      answer: view,
      run: (operations, { body }) => operations.viewSave(body),
    }),
    endpoint({
      method: 'DELETE',
      path: '/views/{name}',
      id: 'removeView',
      summary: 'Remove a saved view.',
      scope: 'read',
      answer: z.strictObject({ name: z.string() }),
      run: (operations, { params }) => operations.viewRemove(params.name),
    }),
  ],
};
