/** The stream over real sockets, with a real store behind it. */
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStore } from '../../store/sqlite/open.ts';
import type { Store } from '../../store/store.ts';
import type { StatusAnswer } from '../answers.ts';
import { liveEvent, type LiveEvent, type LiveEventOf } from '../api/live.ts';
import { tellProblems } from '../api/mount.ts';
import type { Caller } from '../caller.ts';
import { OperationError } from '../operation-error.ts';
import { blockRecord, health, makeDataDirectory } from '../testing/guard-stand-in.ts';
import { ATTACKER, sampleBlock, sampleEvidence, sampleIncident } from '../testing/samples.ts';
import { LIVE_CHANGES_MAX } from './changes.ts';
import { LIVE_CLIENTS_MAX, LiveFeed } from './live-feed.ts';
import { ADMISSION_EVERY_MS, mountLive } from './stream.ts';

const STATUS: StatusAnswer = {
  protecting: true,
  state: 'protecting',
  problems: [],
  mode: 'protect',
  since: 1,
  protects: null,
  attacksToday: 0,
  attacksOpen: 0,
  blocked: { now: 0, permanent: 0 },
  lost: 0,
  capture: null,
  sip: null,
  kernel: null,
  wayIn: null,
  store: { ok: true, waiting: 0, lost: 0 },
  policy: { version: 0, at: 0, by: '', file: null },
  memoryBytes: 1,
  cpuSeconds: 1,
  dataDirectory: '/var/lib/ringfence',
  version: '0.1.0',
  lastEvents: [],
};
const CALLER: Caller = { name: 'test', origin: '127.0.0.1', sessions: [], onGone: () => {} };

let data: { path: string; remove: () => void };
let store: Store;
let feed: LiveFeed;
let app: FastifyInstance;
let signedIn: boolean;

beforeEach(async () => {
  data = makeDataDirectory();
  store = openStore(data.path, { now: Date.now() });
  signedIn = true;
  feed = new LiveFeed({ store, status: () => STATUS, now: Date.now });
  app = fastify({ forceCloseConnections: true });
  tellProblems(app);
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.header('content-security-policy', "default-src 'none'");
    done();
  });
  mountLive(app, feed, () => {
    if (!signedIn) throw new OperationError('unauthenticated', 'signed-out', 'You are signed out.');
    return CALLER;
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(async () => {
  await app.close();
  store.close();
  data.remove();
});

/** As the committer does it. */
function report(...reports: Parameters<LiveFeed['committed']>[0]): void {
  store.applyReports(reports);
  feed.committed(reports);
}

async function ask(headers: Record<string, string> = {}, method = 'GET'): Promise<IncomingMessage> {
  const { port } = app.server.address() as AddressInfo;
  const asked = request({ port, host: '127.0.0.1', path: '/api/v1/live', method, headers }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return answer;
}

/** Listens from the first byte on; every event must have the shape that the contract says. */
class Ear {
  readonly answer: IncomingMessage;
  private text = '';
  private wake = () => {};

  constructor(answer: IncomingMessage) {
    this.answer = answer;
    answer.setEncoding('utf8').on('data', (chunk: string) => {
      this.text += chunk;
      this.wake();
    });
  }

  static async open(headers: Record<string, string> = {}): Promise<Ear> {
    return new Ear(await ask(headers));
  }

  async until<Name extends LiveEvent['event']>(name: Name, wanted: (data: LiveEventOf<Name>) => boolean = () => true) {
    for (;;) {
      const end = this.text.indexOf('\n\n');
      if (end < 0) await new Promise<void>((resolve) => (this.wake = resolve));
      const block = this.text.slice(0, end);
      if (end >= 0) this.text = this.text.slice(end + 2);
      const event = end < 0 ? undefined : /^event: (.*)$/m.exec(block)?.[1];
      if (event === undefined) continue;
      const told = liveEvent.parse({ event, data: JSON.parse(/^data: (.*)$/m.exec(block)![1]) as unknown });
      const data = told.data as LiveEventOf<Name>;
      if (told.event === name && wanted(data)) return { data, id: /^id: (.*)$/m.exec(block)?.[1] };
    }
  }
}

describe('the stream', () => {
  it('has the headers of an event stream and those of the server', async () => {
    const answer = await ask();
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'",
    });
  });

  it('tells every event in the shape of the contract, an incident as the attack log has it', async () => {
    const ear = await Ear.open();
    const at = Date.now();
    expect((await ear.until('status')).data).toEqual(STATUS);
    const incident = sampleIncident(at);
    report({ type: 'incidents', changes: [{ incident, evidence: sampleEvidence(at) }] });
    expect((await ear.until('incident')).data).toEqual(store.incident(incident.id));
    report({ type: 'blocked', block: sampleBlock(at) });
    expect((await ear.until('block')).data).toEqual(sampleBlock(at));
    report({ type: 'unblocked', target: ATTACKER, at, how: 'expired' });
    expect((await ear.until('unblock')).data).toEqual({ target: ATTACKER, address: ATTACKER, at, how: 'expired' });
    feed.health(health({ at }));
    feed.health(health({ at: at + 1000 }));
    expect((await ear.until('rates')).data).toMatchObject({ attacksOpen: 1 });
  });

  it('goes on after a reconnect where it stopped', async () => {
    const first = await Ear.open();
    report({ type: 'blocked', block: blockRecord({ address: '203.0.113.1' }) });
    const { id } = await first.until('block');
    first.answer.destroy();
    report({ type: 'blocked', block: blockRecord({ address: '203.0.113.2' }) });
    const again = await Ear.open({ 'last-event-id': id! });
    expect((await again.until('block')).data).toMatchObject({ address: '203.0.113.2' });
    const stranger = await Ear.open({ 'last-event-id': 'of-another-console-1' });
    expect((await stranger.until('gap')).data).toEqual({ missed: null });
  });

  it('one that reads nothing holds up neither the console nor another client, and hears of a gap when it reads again', async () => {
    const [slow, quick] = [await Ear.open(), await Ear.open()];
    slow.answer.pause();
    // More than the buffers of both sockets take.
    const reason = 'x'.repeat(200_000);
    const began = performance.now();
    for (let i = 0; i < 100; i++) {
      const address = `203.0.113.${i}`;
      feed.committed([{ type: 'blocked', block: blockRecord({ address, reason }) }]);
      await quick.until('block', (block) => block.address === address);
    }
    expect(performance.now() - began).toBeLessThan(30_000);
    const more = Array.from({ length: LIVE_CHANGES_MAX + 1 }, () => blockRecord({ address: '203.0.113.200' }));
    feed.committed(more.map((block) => ({ type: 'blocked', block })));
    slow.answer.resume();
    expect((await slow.until('gap')).data.missed).toBeGreaterThan(LIVE_CHANGES_MAX);
  });

  it('one that is sent away while it reads nothing keeps no connection', async () => {
    const deaf = await ask();
    deaf.on('error', () => {}).pause();
    const reason = 'x'.repeat(200_000);
    for (let i = 0; i < 100; i++)
      feed.committed([{ type: 'blocked', block: blockRecord({ address: `203.0.113.${i}`, reason }) }]);
    feed.close();
    const open = () => new Promise((resolve) => app.server.getConnections((_error, count) => resolve(count)));
    await vi.waitFor(async () => expect(await open()).toBe(0), 5000);
  });

  it(`ends within ${ADMISSION_EVERY_MS} ms of a sign-out, and is refused then`, async () => {
    const answer = await ask();
    answer.resume();
    signedIn = false;
    await once(answer, 'end');
    expect(feed.size).toBe(0);
    expect((await ask()).statusCode).toBe(401);
  });

  it('is refused with 503 and a hint when too many listen', async () => {
    await Promise.all(Array.from({ length: LIVE_CLIENTS_MAX }, () => ask()));
    const refused = await ask();
    expect(refused.statusCode).toBe(503);
    let text = '';
    for await (const chunk of refused) text += String(chunk);
    expect(JSON.parse(text)).toMatchObject({ code: 'live-full', hint: expect.stringContaining('poll') as string });
  });

  it('is not there for HEAD, which would never end', async () => {
    expect((await ask({}, 'HEAD')).statusCode).toBe(404);
  });

  it('ends when the server closes', async () => {
    const answer = await ask();
    answer.resume();
    const ended = once(answer, 'end');
    await app.close();
    await ended;
  });
});
