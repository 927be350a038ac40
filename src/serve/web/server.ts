/** The web server: pages for everybody, the API behind its door. `listen` is for whoever starts it (`web-console.ts`). */
import type { ServerResponse } from 'node:http';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Identity } from '../../identity/identity.ts';
import { network } from '../../identity/sign-in-delays.ts';
import { mountApi, SERVER_OPTIONS, tellProblems, type Door } from '../api/mount.ts';
import { OperationError } from '../operation-error.ts';
import type { Operations } from '../operations.ts';
import type { Certificate } from './certificate.ts';
import { boundConnections } from './connections.ts';
import { webDoor } from './door.ts';
import { mountPages, styleNonce, WEB_ROOT } from './pages.ts';
import { clientAddress, hostOf, inTheClear, knownHosts } from './requests.ts';
import { managementPortOf, type WebSettings } from './settings.ts';

/** A policy file of 1 MB as JSON, with room for escapes. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 60_000;
/** Of one address (IPv6: /64). A page asks for about fifty things when it is opened, and for five a second at most then. */
export const REQUESTS_PER_MINUTE_MAX = 1200;
/** `Retry-After` says all that a client needs. */
const NO_COUNTS = { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false };
const HSTS_S = 180 * 86_400;

export interface WebParts {
  operations: Operations;
  identity: Identity;
  settings: WebSettings;
  certificate: Certificate | null;
  requestsPerMinuteMax?: number;
  /** Directory of the built pages. */
  root?: string;
  /** What others add to the server: routes behind the same door. */
  plugins?: readonly WebPlugin[];
}

export type WebPlugin = (app: FastifyInstance, door: Door) => void;

export async function buildWebServer(parts: WebParts): Promise<FastifyInstance> {
  const { operations, identity, settings, certificate, plugins = [] } = parts;
  const app = fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    logger: false,
    ...SERVER_OPTIONS,
    trustProxy: settings.trustedProxies.length > 0 ? settings.trustedProxies : false,
    ...(certificate ? { https: { cert: certificate.cert, key: certificate.key, minVersion: 'TLSv1.2' } } : {}),
  }) as unknown as FastifyInstance;
  boundConnections(app.server, settings.trustedProxies);
  // A body that a form of another page can send without asking first is none of ours.
  app.removeContentTypeParser('text/plain');
  tellProblems(app);

  const replies = new WeakMap<FastifyRequest, FastifyReply>();
  const known = knownHosts(settings);
  app.addHook('onRequest', async (request, reply) => {
    replies.set(request, reply);
    if (isApi(request.url)) void reply.header('cache-control', 'no-store');
    if (!known(request.host)) throw unknownHost(request.host);
    if (inTheClear(settings, request.protocol, request.socket.remoteAddress ?? '')) throw clearText();
  });
  await app.register(helmet, securityHeaders(settings));
  await app.register(rateLimit, {
    global: false,
    addHeaders: NO_COUNTS,
    addHeadersOnExceeding: NO_COUNTS,
    max: parts.requestsPerMinuteMax ?? REQUESTS_PER_MINUTE_MAX,
    timeWindow: 60_000,
    keyGenerator: (request) => network(clientAddress(request)),
  });
  // For the whole server: before the doors of the routes, which refuse strangers.
  app.addHook('onRequest', app.rateLimit());
  await app.register(cookie);

  const managementPort = managementPortOf(settings);
  const door = webDoor({ identity, managementPort, replyOf: (request) => replies.get(request)! });
  mountApi(app, operations, door);
  for (const plugin of plugins) plugin(app, door);
  await mountPages(app, parts.root ?? WEB_ROOT);
  return app;
}

function isApi(url: string): boolean {
  return url === '/api' || url.startsWith('/api/');
}

function unknownHost(given: string | undefined): OperationError {
  const name = hostOf(given);
  const text =
    name === null ? 'The request names no host that could be this console.' : `This console is not known as ${name}.`;
  const hint = 'If it is meant to be: ringfence run --name NAME, or names: [NAME] in console.yaml (docs/console.md)';
  return new OperationError('usage', 'host-unknown', text, hint);
}

function clearText(): OperationError {
  const text = 'Without TLS this console is for its trusted proxy only.';
  const hint = 'Come by way of the proxy, which says X-Forwarded-Proto: https. See docs/console.md';
  return new OperationError('forbidden', 'tls-needed', text, hint);
}

function securityHeaders({ tls }: WebSettings) {
  return {
    global: true,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        // Mantine writes style elements; what scripts set on single elements is no inline style to a browser.
        'style-src': ["'self'", (_request: unknown, response: ServerResponse) => `'nonce-${styleNonce(response)}'`],
        'img-src': ["'self'", 'data:', 'blob:'],
        'font-src': ["'self'"],
        'connect-src': ["'self'"],
        'manifest-src': ["'self'"],
        'form-action': ["'self'"],
        'base-uri': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    // Browsers that do not trust a self-signed certificate ignore it (RFC 6797 §8.1); where somebody made them trust it, it holds.
    strictTransportSecurity: tls === null ? (false as const) : { maxAge: HSTS_S, includeSubDomains: false },
    referrerPolicy: { policy: 'no-referrer' as const },
    frameguard: { action: 'deny' as const },
    crossOriginOpenerPolicy: { policy: 'same-origin' as const },
    crossOriginResourcePolicy: { policy: 'same-origin' as const },
  };
}
