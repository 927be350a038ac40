/** The pages: what vite built into `web/dist`. They hold nothing secret; everything they show they ask the API for. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

export const WEB_ROOT = join(import.meta.dirname, '../../../web/dist');

const NOT_BUILT =
  'The pages of the console are not built yet. On this machine, in the directory of Ringfence:\n\n    npm run build:web\n\n' +
  'Then load this page again. The API works without them.\n';

/** What is a file; everything else is a place inside the app, also `/why/203.0.113.66`. */
const FILE = /^(?:assets|flags)\/|^[^/]+\.[^/]+$/;
/** Names with a hash of the content never change. */
const HASHED = /^assets\//;
const YEAR = '365d';

export async function mountPages(app: FastifyInstance, root: string): Promise<void> {
  await app.register(fastifyStatic, { root, serve: false, dotfiles: 'ignore', index: false });
  app.get('/*', (request, reply) => {
    const { '*': path } = request.params as { '*': string };
    if (path === 'api' || path.startsWith('api/')) return reply.callNotFound();
    if (!existsSync(join(root, 'index.html')))
      return reply.status(503).type('text/plain; charset=utf-8').send(NOT_BUILT);
    // A place inside the app: the app finds it.
    if (!FILE.test(path))
      return reply.header('cache-control', 'no-cache').sendFile('index.html', { cacheControl: false });
    if (HASHED.test(path)) return reply.sendFile(path, { maxAge: YEAR, immutable: true });
    return reply.header('cache-control', 'no-cache').sendFile(path, { cacheControl: false });
  });
}
