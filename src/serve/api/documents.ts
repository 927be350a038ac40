/** The contract to read: `openapi.json` for programs, and a page for people made of swagger-ui's own files (no inline script). */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { FastifyInstance } from 'fastify';
import { API_PREFIX } from './endpoint.ts';
import type { Door } from './mount.ts';
import { openApiDocument } from './openapi.ts';

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>Ringfence API</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="docs/swagger-ui.css" />
  </head>
  <body>
    <div id="api"></div>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;

/** In a browser that is signed in, "Try it out" may change things: with the token against forged requests. */
const START = `let csrf;
SwaggerUIBundle({
  url: '${API_PREFIX}/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  validatorUrl: null,
  requestInterceptor: async (request) => {
    if (request.loadSpec || request.method === 'GET') return request;
    csrf ??= (await (await fetch('${API_PREFIX}/session')).json()).csrf;
    request.headers['X-Ringfence-CSRF'] = csrf;
    return request;
  },
});
`;

const FILES: Record<string, { type: string; text: string | null }> = {
  'swagger-ui.css': { type: 'text/css; charset=utf-8', text: null },
  'swagger-ui-bundle.js': { type: 'text/javascript; charset=utf-8', text: null },
  'start.js': { type: 'text/javascript; charset=utf-8', text: START },
};

export function mountDocuments(app: FastifyInstance, door: Door): void {
  let document: string | null = null;
  app.get(`${API_PREFIX}/openapi.json`, async (request, reply) => {
    await door(request, 'read');
    document ??= JSON.stringify(openApiDocument());
    return reply.type('application/json; charset=utf-8').send(document);
  });
  app.get(`${API_PREFIX}/docs`, async (request, reply) => {
    await door(request, 'read');
    return reply.type('text/html; charset=utf-8').send(PAGE);
  });
  for (const [name, { type, text }] of Object.entries(FILES)) {
    app.get(`${API_PREFIX}/docs/${name}`, async (request, reply) => {
      await door(request, 'read');
      return reply.type(type).send(text ?? (await readFile(inPackage(name))));
    });
  }
}

function inPackage(name: string): string {
  return createRequire(import.meta.url).resolve(`swagger-ui-dist/${name}`);
}
