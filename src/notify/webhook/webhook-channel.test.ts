/** Webhooks to a real HTTP server on the loopback address, which checks the signature in its own way. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebhookPolicy } from '../../policy/compile-notify.ts';
import type { Delivered, Delivery } from '../channel.ts';
import type { Notice } from '../notice.ts';
import { render } from '../render/render.ts';
import { certificateFor } from '../testing/certificate.ts';
import { attackNotice, attack, AT, campaign, everyNotice } from '../testing/notices.ts';
import { retryAfter } from './post.ts';
import { webhookChannel } from './webhook-channel.ts';

const SECRET = 'T000/B000/lamps-walk';
const PATIENCE = { timeoutMs: 500, now: () => AT + 1000 };

interface Posted {
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** Keeps what was posted, then answers. */
function keeping(posted: Posted[], answer: RequestListener): RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      posted.push({ path: request.url!, headers: request.headers, body });
      void answer(request, response);
    });
  };
}

async function server(answer: RequestListener = (_request, response) => response.end('ok')) {
  const posted: Posted[] = [];
  const port = await listen(createServer(keeping(posted, answer)));
  return { posted, url: `http://127.0.0.1:${port}/hook` };
}

function deliveryOf(notice: Notice): Delivery {
  const message = render(notice, { timeZone: 'UTC', hostName: 'pbx.example.org', consoleUrl: null });
  return { messageId: 'a1@ringfence.pbx.example.org', notice, message, recipient: 'chat' };
}

function send(
  policy: Partial<WebhookPolicy>,
  notice: Notice = attackNotice(),
  secret: string | null = SECRET,
): Promise<Delivered> {
  const whole = {
    ...{ kind: 'webhook', name: 'chat', url: '', template: 'json', chat: '', verify: true, caFile: '', gets: [] },
    ...{ perHourMax: 60, ...policy },
  } as WebhookPolicy;
  const options = { secretOf: () => secret, hostName: 'pbx.example.org', commandDirectory: '' };
  return webhookChannel(whole, options, PATIENCE).deliver(deliveryOf(notice));
}

describe('our own JSON', () => {
  it('is signed: timestamp and body with the secret, as the receiver works it out by itself', async () => {
    const { posted, url } = await server();
    expect(await send({ url })).toEqual({ outcome: 'delivered', answer: '200 ok' });
    const [{ headers, body }] = posted;
    const timestamp = String(headers['x-ringfence-timestamp']);
    const own = createHmac('sha256', SECRET);
    own.update(timestamp);
    own.update('.');
    own.update(Buffer.from(body));
    expect(headers['x-ringfence-signature']).toBe(`sha256=${own.digest('hex')}`);
    expect(Number(timestamp)).toBe((AT + 1000) / 1000);
    expect(JSON.parse(body)).toMatchObject({
      ...{ version: 1, id: 'a1@ringfence.pbx.example.org', host: 'pbx.example.org' },
      notice: {
        kind: 'attack-opened',
        attack: { attacker: { address: '203.0.113.66' }, users: ['100', '101', 'alice'] },
      },
    });
  });

  it('without a secret has no signature', async () => {
    const { posted, url } = await server();
    await send({ url }, attackNotice(), null);
    expect(Object.keys(posted[0].headers).filter((name) => name.startsWith('x-'))).toEqual([]);
  });
});

describe('what becomes of it', () => {
  const saying =
    (status: number, body: string, headers: Record<string, string> = {}): RequestListener =>
    (_request, response) =>
      response.writeHead(status, headers).end(body);
  const rows: [string, RequestListener, Delivered][] = [
    ['taken', saying(202, '{"status":"success"}'), { outcome: 'delivered', answer: '202 {"status":"success"}' }],
    [
      'too many, with a pause',
      saying(429, 'slow down', { 'retry-after': '30' }),
      { outcome: 'retry', answer: '429 slow down', retryAfterMs: 30_000 },
    ],
    [
      'too many, as Telegram says it',
      saying(429, '{"ok":false,"parameters":{"retry_after":7}}'),
      { outcome: 'retry', answer: '429 {"ok":false,"parameters":{"retry_after":7}}', retryAfterMs: 7000 },
    ],
    ['broken', saying(503, 'try later'), { outcome: 'retry', answer: '503 try later' }],
    ['not like that', saying(400, 'invalid_payload'), { outcome: 'refused', answer: '400 invalid_payload' }],
    ['taken back', saying(404, 'no_service'), { outcome: 'refused', answer: '404 no_service' }],
    [
      'a secret that somebody will mend',
      saying(403, 'invalid_token'),
      { outcome: 'retry', answer: '403 invalid_token' },
    ],
    [
      'control characters in the answer',
      saying(500, '\x1b[31mx\u202e\r\ny'),
      { outcome: 'retry', answer: '500 \\x1b[31mx\\u{202e}\\r\\ny' },
    ],
    ['an answer that quotes the secret', saying(500, `bad ${SECRET}!`), { outcome: 'retry', answer: '500 bad …!' }],
    ['silence', () => {}, { outcome: 'retry', answer: 'no answer within 0.5 s' }],
    [
      'a broken connection',
      (request) => request.socket.destroy(),
      { outcome: 'retry', answer: expect.stringContaining('the server broke the connection') as string },
    ],
  ];
  it.each(rows)('%s', async (_name, answer, expected) => {
    const { url } = await server(answer);
    expect(await send({ url })).toEqual(expected);
  });

  it('an answer without end is hung up on', async () => {
    const { url } = await server((_request, response) => {
      const more = () => response.write('x'.repeat(65_536), (error) => error ?? more());
      more();
    });
    const { outcome, answer } = await send({ url });
    expect(outcome).toBe('delivered');
    expect(answer.length).toBeLessThanOrEqual(1000);
  });

  it('a redirect is not followed: the message and its secret stay here', async () => {
    const elsewhere = await server();
    const { url } = await server((_request, response) => response.writeHead(307, { location: elsewhere.url }).end());
    expect(await send({ url })).toEqual({
      outcome: 'retry',
      answer: '307: it redirects to elsewhere, where nothing is sent',
    });
    expect(elsewhere.posted).toEqual([]);
  });

  it('TLS: with the authority’s certificate, for the right name, and not otherwise', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'ringfence-webhook-'));
    closing.push(async () => rmSync(directory, { recursive: true }));
    const { key, cert, authority } = await certificateFor('localhost');
    const caFile = join(directory, 'ca.pem');
    writeFileSync(caFile, authority);
    const posted: Posted[] = [];
    const port = await listen(
      createTlsServer(
        { key, cert },
        keeping(posted, (_request, response) => response.end('ok')),
      ),
    );
    const named = { url: `https://localhost:${port}/` };
    expect(await send({ ...named, caFile })).toMatchObject({ outcome: 'delivered' });
    expect(await send(named)).toMatchObject({
      outcome: 'retry',
      answer: expect.stringContaining('nobody vouches') as string,
    });
    const other = { url: `https://127.0.0.1:${port}/`, caFile };
    expect(await send(other)).toMatchObject({
      outcome: 'retry',
      answer: expect.stringContaining('another name') as string,
    });
    expect(await send({ ...other, verify: false })).toMatchObject({ outcome: 'delivered' });
    expect(posted).toHaveLength(2);
  });
});

describe('the secret in the address', () => {
  it('stands where {secret} is', async () => {
    const { posted, url } = await server();
    await send({ url: `${url}/{secret}`, template: 'slack' });
    expect(posted[0].path).toBe(`/hook/${SECRET}`);
  });
  it('is asked for when there is none', async () => {
    const answer = 'no secret is set: ringfence notify secret chat';
    expect(await send({ url: 'http://127.0.0.1:1/{secret}' }, attackNotice(), null)).toEqual({
      outcome: 'retry',
      answer,
    });
  });
  it('cannot become another server', async () => {
    const { posted, url } = await server();
    const trick = { url: `${new URL(url).origin}{secret}` };
    expect(await send(trick, attackNotice(), '@evil.example')).toEqual({
      outcome: 'retry',
      answer: 'the secret does not fit into the address',
    });
    expect(posted).toEqual([]);
  });
});

describe('templates, within what the services take', () => {
  const one = attack();
  const notices = everyNotice(one, 'The disk is full.');

  it('Slack: at most 50 blocks, ten fields to a section, 3000 characters to a text', async () => {
    for (const notice of notices) {
      const { posted, url } = await server();
      await send({ url, template: 'slack' }, notice);
      const { text, blocks } = JSON.parse(posted[0].body) as {
        text: string;
        blocks: { type: string; text?: { text: string }; fields?: { text: string }[] }[];
      };
      expect(text).toContain('Ringfence');
      expect(blocks.length).toBeLessThanOrEqual(50);
      for (const { text: said, fields = [] } of blocks) {
        expect(fields.length).toBeLessThanOrEqual(10);
        for (const piece of [said, ...fields]) expect(piece?.text.length ?? 1).toBeGreaterThan(0);
        for (const piece of [said, ...fields]) expect(piece?.text.length ?? 0).toBeLessThanOrEqual(3000);
      }
    }
  });

  it('Telegram: the chat, HTML, at most 4096 characters, whole tags', async () => {
    const long = attack({
      userAgent: '<'.repeat(120),
      users: new Array<string>(20).fill('&'.repeat(40)),
      network: '<'.repeat(120),
    });
    for (const notice of [...notices, ...everyNotice(long, '<'.repeat(1000))]) {
      const { posted, url } = await server();
      await send({ url, template: 'telegram', chat: '-100123' }, notice);
      const body = JSON.parse(posted[0].body) as { chat_id: string; text: string; parse_mode: string };
      expect(body).toMatchObject({
        chat_id: '-100123',
        parse_mode: 'HTML',
        link_preview_options: { is_disabled: true },
      });
      expect(body.text.length).toBeLessThanOrEqual(4096);
      for (const tag of ['b', 'code', 'a']) {
        const count = (pattern: string) => body.text.match(new RegExp(pattern, 'g'))?.length ?? 0;
        expect(count(`<${tag}[ >]`)).toBe(count(`</${tag}>`));
      }
    }
  });

  it('Teams: a card in a message, below 28 kB', async () => {
    for (const notice of notices) {
      const { posted, url } = await server();
      await send({ url, template: 'teams' }, notice);
      expect(posted[0].body.length).toBeLessThan(28_000);
      expect(JSON.parse(posted[0].body)).toMatchObject({
        type: 'message',
        attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: { type: 'AdaptiveCard' } }],
      });
    }
  });

  it('Mattermost: one attachment with the facts as fields', async () => {
    const { posted, url } = await server();
    await send({ url, template: 'mattermost' });
    const body = JSON.parse(posted[0].body) as { attachments: { fields: { title: string; value: string }[] }[] };
    expect(body.attachments[0].fields).toContainEqual({
      title: 'User agent',
      value: '` friendly-scanner `',
      short: true,
    });
  });

  it('PagerDuty: one alert for an incident, resolved when it is over', async () => {
    const { posted, url } = await server();
    const ended = attackNotice({ kind: 'attack-ended', id: 'attack-ended:1' });
    const sure: Notice = { kind: 'campaign-opened', id: 'c', at: AT, campaign: campaign(), attachments: [] };
    for (const notice of [attackNotice(), ended, sure]) await send({ url, template: 'pagerduty' }, notice);
    const [opened, resolved, many] = posted.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    expect(opened).toMatchObject({ routing_key: SECRET, event_action: 'trigger', payload: { severity: 'warning' } });
    expect(resolved).toMatchObject({ event_action: 'resolve', dedup_key: opened.dedup_key });
    expect(many).toMatchObject({ event_action: 'trigger', payload: { severity: 'critical' } });
    expect(many.dedup_key).not.toBe(opened.dedup_key);
  });
});

it.each([
  ['30', 30_000],
  ['0', 0],
  ['Sat, 21 Nov 2026 14:05:00 GMT', 98_000],
  ['Sat, 21 Nov 2020 14:05:00 GMT', null],
  ['999999999', 86_400_000],
  ['soon', null],
  [undefined, null],
] as const)('Retry-After: %s', (text, ms) => expect(retryAfter(text, AT)).toBe(ms));
