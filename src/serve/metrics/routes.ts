/** What machines ask: `/metrics` for Prometheus, `/healthz` and `/readyz` for whoever watches over processes. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Door } from '../api/mount.ts';
import type { OperationsContext } from '../context.ts';
import { notReady } from '../status.ts';
import { METRICS_TYPE, type Metrics } from './metrics.ts';

export function mountMetrics(app: FastifyInstance, metrics: Metrics, door: Door): void {
  app.get('/metrics', async (request, reply) => {
    await door(request, 'read');
    return reply
      .type(METRICS_TYPE)
      .header('cache-control', 'no-store')
      .send(await metrics.text());
  });
}

/** Without sign-in: so a code and no more is said. */
export function mountProbes(app: FastifyInstance, context: OperationsContext): void {
  app.get('/healthz', (_request, reply) => say(reply, 200, 'ok'));
  app.get('/readyz', (_request, reply) => {
    const why = notReady(context);
    return why === null ? say(reply, 200, 'ready') : say(reply, 503, `not ready: ${why}`);
  });
}

function say(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.status(status).type('text/plain; charset=utf-8').header('cache-control', 'no-store').send(`${text}\n`);
}
