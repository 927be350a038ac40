/** A real console and a real mail server: what is sent when the console is killed at the worst moment. */
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SECRETS_FILE } from '../../notify/secrets.ts';
import { ApiClient } from '../../serve/testing/api-client.ts';
import { GuardStandIn, health, makeDataDirectory } from '../../serve/testing/guard-stand-in.ts';
import { sampleIncident } from '../../serve/testing/samples.ts';

const PASSWORD = 'green lamps walk';

let data: ReturnType<typeof makeDataDirectory>;
let guard: GuardStandIn;
let api: ApiClient;
let server: SMTPServer;
let mails: ParsedMail[];
/** Called when a mail is whole and before the server says that it has it. */
let onMail: () => Promise<void>;
let arrived: () => void;

beforeEach(async () => {
  mails = [];
  onMail = () => Promise.resolve();
  arrived = () => {};
  server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    logger: false,
    onAuth: ({ username, password }, _session, done) =>
      password === PASSWORD ? done(null, { user: username }) : done(new Error('535 5.7.8 who are you')),
    onData: (stream, _session, done) => {
      void simpleParser(stream).then(async (mail) => {
        mails.push(mail);
        await onMail();
        done();
        arrived();
      });
    },
  });
  // A console that is killed leaves its connection open.
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  data = makeDataDirectory();
  await start();
});

afterEach(async () => {
  api.close();
  await guard.stop();
  await new Promise<void>((resolve) => server.close(resolve));
  data.remove();
});

async function start(): Promise<void> {
  guard = await GuardStandIn.start(data.path);
  guard.report({ type: 'health', health: health() });
  api = new ApiClient(data.path);
}

const port = () => (server.server.address() as AddressInfo).port;

async function configure(): Promise<void> {
  const office = {
    ...{ name: 'office', host: '127.0.0.1', port: port(), security: 'none' },
    ...{ user: 'ringfence', from: 'ringfence@example.org', recipients: [{ address: 'admin@example.org' }] },
  };
  await api.json('PUT', '/policy/value', { body: { path: 'notify.email', value: JSON.stringify([office]) } });
  await api.json('PUT', '/policy/value', { body: { path: 'notify.wait', value: '0s' } });
  await api.json('PUT', '/notify/channels/office/secret', { body: { secret: PASSWORD } });
}

const nextMail = () => new Promise<void>((resolve) => (arrived = resolve));

async function settled(state: string): Promise<void> {
  for (;;) {
    const { items } = await api.json<{ items: { state: string }[] }>('GET', '/notify/deliveries');
    if (items.length > 0 && items.every((item) => item.state === state)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('killed after the mail was sent and before that was noted: it is sent again as the same message, and never after that', async () => {
  await configure();
  let killed = nextMail();
  onMail = async () => {
    guard.console.kill('SIGKILL');
    await once(guard.console, 'exit');
  };
  guard.report({ type: 'incidents', changes: [{ incident: sampleIncident(Date.now()), evidence: [] }] });
  await killed;
  expect(mails).toHaveLength(1);
  onMail = () => Promise.resolve();
  killed = nextMail();
  api.close();
  await start();
  await killed;
  await settled('delivered');
  expect(mails).toHaveLength(2);
  expect(mails[1].messageId).toBe(mails[0].messageId);
  expect(mails[0].messageId).toMatch(/^<[0-9a-f]{32}@ringfence\./);
  expect(mails[1].subject).toContain('198.51.100.7');
  // It knows now: a start and another attack bring that one's mail alone.
  api.close();
  await guard.stop();
  await start();
  const other = nextMail();
  const incident = { ...sampleIncident(Date.now()), id: 'attack-2', source: '198.51.100.8' };
  guard.report({ type: 'incidents', changes: [{ incident, evidence: [] }] });
  await other;
  await settled('delivered');
  expect(mails.map(({ subject }) => subject?.includes('198.51.100.8'))).toEqual([false, false, true]);
}, 60_000);

test('the password is nowhere but in its own file, which nobody else can read', async () => {
  await configure();
  const path = join(data.path, SECRETS_FILE);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, 'utf8')).toContain(PASSWORD);
  expect(existsSync(`${path}.new`)).toBe(false);
  const answers = await Promise.all(
    ['/notify/channels', '/policy', '/audit', '/events', '/status', '/policy/versions'].map((at) =>
      api.call('GET', at),
    ),
  );
  for (const { status, text } of answers) {
    expect(status).toBe(200);
    expect(text).not.toContain(PASSWORD);
  }
  expect(answers[2].text).toContain('notify.secret');
  const test = await api.json<{ results: object[] }>('POST', '/notify/channels/office/test');
  expect(test.results).toMatchObject([{ recipient: 'admin@example.org', outcome: 'delivered' }]);
  // Sent to another server than it was set for: not without being set again.
  const moved = `[{ name: office, host: localhost, port: ${port()}, security: none, user: ringfence, from: a@example.org, recipients: [{ address: b@example.org }] }]`;
  await api.json('PUT', '/policy/value', { body: { path: 'notify.email', value: moved } });
  const { items } = await api.json<{ items: object[] }>('GET', '/notify/channels');
  expect(items).toMatchObject([{ secret: 'other-destination' }]);
  const refused = await api.json<{ results: { outcome: string }[] }>('POST', '/notify/channels/office/test');
  expect(refused.results[0].outcome).not.toBe('delivered');
}, 60_000);

test('a wrong password: the server’s own words, and the status says it', async () => {
  await configure();
  await api.json('PUT', '/notify/channels/office/secret', { body: { secret: 'wrong' } });
  const test = await api.json<{ results: { answer: string }[] }>('POST', '/notify/channels/office/test');
  expect(test.results[0].answer).toContain('535');
  guard.report({ type: 'incidents', changes: [{ incident: sampleIncident(Date.now()), evidence: [] }] });
  for (;;) {
    const { problems } = await api.json<{ problems: { code: string }[] }>('GET', '/status');
    if (problems.some(({ code }) => code === 'notify-failing')) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}, 60_000);
