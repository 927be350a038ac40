/** The pages: what `npm run build:web` made in `web/dist`, the manual among them. They hold nothing secret; everything they show they ask the API for. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

export const WEB_ROOT = join(import.meta.dirname, '../../../web/dist');

const NOT_BUILT =
  'The pages of the console are not built yet. On this machine, in the directory of Ringfence:\n\n    npm run build:web\n\n' +
  'Then load this page again. The API works without them.\n';

/** What is a file; everything else is a place inside the app, also `/why/203.0.113.66`. */
const FILE = /^(?:assets|flags|manual)\/|^[^/]+\.[^/]+$/;
/** Where `web/index.html` wants the nonce. */
const NONCE_PLACE = '__STYLE_NONCE__';
/** Names with a hash of the content never change. */
const HASHED = /^assets\//;
const YEAR = '365d';

export async function mountPages(app: FastifyInstance, root: string): Promise<void> {
  await app.register(fastifyStatic, { root, serve: false, dotfiles: 'ignore', index: false });
  app.get('/*', async (request, reply) => {
    const { '*': path } = request.params as { '*': string };
    if (path === 'api' || path.startsWith('api/')) return reply.callNotFound();
    if (!existsSync(join(root, 'index.html')))
      return reply.status(503).type('text/plain; charset=utf-8').send(NOT_BUILT);
    if (path === 'manual') return reply.redirect('/manual/');
    // A place inside the app: the app finds it.
    if (!FILE.test(path)) {
      const page = await readFile(join(root, 'index.html'), 'utf8');
      const text = page.replaceAll(NONCE_PLACE, styleNonce(reply.raw));
      // It and the header that allows its nonce belong together: never one of them from a cache.
      return reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(text);
    }
    if (path === 'manual/')
      return reply.header('cache-control', 'no-cache').sendFile('manual/index.html', { cacheControl: false });
    if (HASHED.test(path)) return reply.sendFile(path, { maxAge: YEAR, immutable: true });
    return reply.header('cache-control', 'no-cache').sendFile(path, { cacheControl: false });
  });
}

const nonces = new WeakMap<ServerResponse, string>();

/** Of one answer: the style elements that its page may make (Mantine writes its variables into one). Base64. */
export function styleNonce(response: ServerResponse): string {
  const nonce = nonces.get(response) ?? randomBytes(16).toString('base64');
  nonces.set(response, nonce);
  return nonce;
}
