/** The live feed as server-sent events, where the contract says (`api/live.ts`). */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { API_PREFIX } from '../api/endpoint.ts';
import { liveGroup } from '../api/live.ts';
import type { Door } from '../api/mount.ts';
import type { LiveFeed } from './live-feed.ts';

/** A browser asks again after that. */
const RETRY_MS = 2000;
/** Whether the listener may still listen is looked at this often: signed out, it hears nothing more. */
export const ADMISSION_EVERY_MS = 2000;

export function mountLive(app: FastifyInstance, feed: LiveFeed, door: Door): void {
  const [{ path, scope }] = liveGroup.streams!;
  app.route({
    method: 'GET',
    url: API_PREFIX + path,
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      await door(request, scope);
      stream(request, reply, feed, async () => void (await door(request, scope)));
    },
  });
  // Before the server waits for its connections: these would never end by themselves.
  app.addHook('preClose', (done) => {
    feed.close();
    done();
  });
}

function stream(request: FastifyRequest, reply: FastifyReply, feed: LiveFeed, admit: () => Promise<void>): void {
  const { raw } = reply;
  const lastEventId = request.headers['last-event-id'];
  const write = (text: string) => raw.write(text);
  /** Evasion: the end of an answer waits behind what was not read, so that a client that never reads would keep its connection. */
  const leave = () => void (raw.writableNeedDrain ? raw.destroy() : raw.end());
  // May refuse: before anything is answered.
  const listener = feed.join(write, leave, typeof lastEventId === 'string' ? lastEventId : null);
  reply.hijack();
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // nginx would collect the events.
    'x-accel-buffering': 'no',
  });
  raw.write(`retry: ${RETRY_MS}\n\n`);
  listener.writable();
  raw.on('drain', () => listener.writable());
  const admission = setInterval(() => {
    admit().catch(leave);
  }, ADMISSION_EVERY_MS);
  raw.on('close', () => {
    clearInterval(admission);
    listener.leave();
  });
}
