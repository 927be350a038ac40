/** Mails to real SMTP servers on the loopback address: those that work, and those that fail in each of the ways that mail servers do. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EmailPolicy } from '../../policy/compile-notify.ts';
import type { Delivered, Delivery } from '../channel.ts';
import type { Notice } from '../notice.ts';
import { render } from '../render/render.ts';
import { certificateFor, type TestCertificate } from '../testing/certificate.ts';
import { attackBy, attackNotice, campaign, AT, HOSTILE_TEXTS } from '../testing/notices.ts';
import { emailChannel, SMTP_PATIENCE } from './email-channel.ts';

const PASSWORD = 'green lamps walk';
const OPTIONS = { secretOf: () => PASSWORD, hostName: 'pbx.example.org', commandDirectory: '/nonexistent' };
const directory = mkdtempSync(join(tmpdir(), 'ringfence-mail-'));
const caFile = join(directory, 'ca.pem');
let localhost: TestCertificate;
let elsewhere: TestCertificate;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  [localhost, elsewhere] = await Promise.all([certificateFor('localhost'), certificateFor('other.example.org')]);
  writeFileSync(caFile, `${localhost.authority}\n${elsewhere.authority}`);
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(() => rmSync(directory, { recursive: true }));

interface Letter {
  raw: string;
  from: string;
  to: string[];
  user: string | undefined;
  secure: boolean;
}

/** A mail server, and what it took. */
async function mailServer(options: SMTPServerOptions): Promise<{ port: number; letters: Letter[] }> {
  const letters: Letter[] = [];
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    onAuth: ({ username, password }, _session, done) =>
      password === PASSWORD ? done(null, { user: username }) : done(new Error('Invalid login')),
    onData: (stream, { envelope, user, secure }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        const to = envelope.rcptTo.map(({ address }) => address);
        letters.push({ raw: Buffer.concat(chunks).toString('utf8'), from, to, user: user as string, secure });
        done(null);
      });
    },
    ...options,
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, letters };
}

/** A server that speaks line by line as it is told; `reply` gets each line, and the socket to do worse with. */
async function scriptedServer(banner: string | null, reply: (line: string, socket: Socket) => string | null) {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    if (banner !== null) socket.write(`${banner}\r\n`);
    socket.on('error', () => {});
    socket.on('data', (data) => {
      for (const line of data.toString().split('\r\n').filter(Boolean)) {
        const answer = reply(line, socket);
        if (answer !== null) socket.write(`${answer}\r\n`);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port };
}

function polite(line: string): string | null {
  if (/^(EHLO|HELO)/.test(line)) return '250 mail.example.org';
  if (/^(MAIL|RCPT)/.test(line)) return '250 2.1.0 ok';
  return line === 'DATA' ? '354 go ahead' : null;
}

function policyFor(port: number, over: Partial<EmailPolicy> = {}): EmailPolicy {
  return {
    ...{ kind: 'email', name: 'office', host: 'localhost', port, security: 'none', verify: true, caFile, user: '' },
    ...{ from: 'ringfence@example.org', recipients: [], perHourMax: 30 },
    ...over,
  } as EmailPolicy;
}

function deliveryOf(notice: Notice, over: Partial<Delivery> = {}): Delivery {
  const message = render(notice, { timeZone: 'Europe/Berlin', hostName: OPTIONS.hostName, consoleUrl: null });
  const messageId = `${notice.id}.office@ringfence.pbx.example.org`;
  return { messageId, notice, message, recipient: 'admin@example.net', ...over };
}

/** For servers that say nothing: the others may take their time on a busy machine. */
const QUICK = { ...SMTP_PATIENCE, bannerMs: 300, silenceMs: 300 };

function send(
  port: number,
  over: Partial<EmailPolicy> = {},
  delivery = deliveryOf(attackNotice()),
  patience = SMTP_PATIENCE,
): Promise<Delivered> {
  return emailChannel(policyFor(port, over), OPTIONS, patience).deliver(delivery);
}

describe('servers that take it', () => {
  const keys = () => ({ key: localhost.key, cert: localhost.cert });
  const rows: [string, () => SMTPServerOptions, Partial<EmailPolicy>, { user?: string; secure: boolean }][] = [
    ['in the clear', () => ({ disabledCommands: ['STARTTLS'] }), {}, { secure: false }],
    ['STARTTLS', keys, { security: 'starttls' }, { secure: true }],
    ['STARTTLS and a password', keys, { security: 'starttls', user: 'bob' }, { secure: true, user: 'bob' }],
    ['TLS from the start', () => ({ ...keys(), secure: true }), { security: 'tls' }, { secure: true }],
    [
      'LOGIN alone, over TLS',
      () => ({ ...keys(), secure: true, authMethods: ['LOGIN'] }),
      { security: 'tls', user: 'bob' },
      { secure: true, user: 'bob' },
    ],
    [
      'a certificate for another name, which is not asked for',
      () => ({ key: elsewhere.key, cert: elsewhere.cert }),
      { security: 'starttls', verify: false },
      { secure: true },
    ],
  ];
  it.each(rows)('%s', async (_name, options, policy, expected) => {
    const { port, letters } = await mailServer(options());
    const delivered = await send(port, policy);
    expect(delivered).toEqual({ outcome: 'delivered', answer: expect.stringMatching(/^250 /) as string });
    expect(letters).toMatchObject([{ from: 'ringfence@example.org', to: ['admin@example.net'], ...expected }]);
  });
});

describe('servers that do not', () => {
  const starttls = { security: 'starttls' } as const;
  const replying = (command: RegExp, answer: string) => (line: string) => (command.test(line) ? answer : polite(line));
  const rows: [string, () => Promise<{ port: number }>, Partial<EmailPolicy>, Delivered['outcome'], RegExp][] = [
    [
      'greylisting: later',
      () => scriptedServer('220 hi', replying(/^RCPT/, '451 4.7.1 Greylisted, come back in 5 minutes')),
      {},
      'retry',
      /^451 4\.7\.1 Greylisted, come back in 5 minutes$/,
    ],
    [
      'nobody of that name: never',
      () => scriptedServer('220 hi', replying(/^RCPT/, '550 5.1.1 no such user')),
      {},
      'refused',
      /^550 5\.1\.1 no such user$/,
    ],
    [
      'the sender is not welcome: never',
      () => scriptedServer('220 hi', replying(/^MAIL/, '553 5.7.1 not you')),
      {},
      'refused',
      /^553/,
    ],
    [
      'spam, says the filter at the end: never',
      () => scriptedServer('220 hi', replying(/^\.$/, '554 5.7.1 looks like spam')),
      {},
      'refused',
      /^554 5\.7\.1 looks like spam$/,
    ],
    [
      'a password is wanted, which is a matter of settings: later',
      () => scriptedServer('220 hi', replying(/^MAIL/, '530 5.7.0 Authentication required')),
      {},
      'retry',
      /^530/,
    ],
    [
      'closed for today: later',
      () => scriptedServer('554 5.3.2 no service', () => null),
      {},
      'retry',
      /554 5\.3\.2 no service/,
    ],
    [
      'the connection breaks in the middle of the text: later',
      () =>
        scriptedServer('220 hi', (line, socket) => {
          if (line.startsWith('From:')) socket.destroy();
          return polite(line);
        }),
      {},
      'retry',
      /closed|broke|hang up|reset/i,
    ],
    [
      'no STARTTLS: nothing is sent in the clear',
      () => mailServer({ disabledCommands: ['STARTTLS'] }),
      starttls,
      'retry',
      /^STARTTLS is not to be had: 500 /,
    ],
    [
      'a certificate for another name',
      () => mailServer({ key: elsewhere.key, cert: elsewhere.cert }),
      starttls,
      'retry',
      /certificate is for another name/,
    ],
    [
      'a certificate that nobody vouches for',
      () => mailServer({ key: localhost.key, cert: localhost.cert }),
      { ...starttls, caFile: '' },
      'retry',
      /nobody vouches for the server’s certificate: set caFile/,
    ],
    [
      'a file of authorities that is not there',
      () => mailServer({}),
      { ...starttls, caFile: join(directory, 'nothing.pem') },
      'retry',
      /ENOENT.*nothing\.pem/,
    ],
    [
      'a wrong password: somebody will mend it',
      () =>
        mailServer({
          ...{ key: localhost.key, cert: localhost.cert },
          // A server that quotes what it was sent.
          onAuth: ({ username, password }, _session, done) => done(new Error(`${username} is not ${password}`)),
        }),
      { ...starttls, user: 'bob' },
      'retry',
      /^535 .*bob is not …/,
    ],
  ];
  it.each(rows)('%s', async (_name, server, policy, outcome, answer) => {
    const { port } = await server();
    const delivered = await send(port, policy);
    expect(delivered).toEqual({ outcome, answer: expect.stringMatching(answer) as string });
    expect(delivered.answer).not.toContain(PASSWORD);
  });

  it.each([
    ['no greeting in time', () => scriptedServer(null, () => null), /the server does not answer/],
    ['silent after the text', () => scriptedServer('220 hi', replying(/^nothing/, '')), /Timeout/],
  ])('%s: later', async (_name, server, answer) => {
    const { port } = await server();
    const delivered = await send(port, {}, deliveryOf(attackNotice()), QUICK);
    expect(delivered).toEqual({ outcome: 'retry', answer: expect.stringMatching(answer) as string });
  });

  it('nobody listens: later', async () => {
    const { port } = await scriptedServer(null, () => null);
    for (const close of closing.splice(0)) await close();
    expect(await send(port)).toEqual({
      outcome: 'retry',
      answer: expect.stringMatching(/nobody listens there/) as string,
    });
  });

  it('no password is set: says how to set it, and asks no server', async () => {
    const channel = emailChannel(policyFor(1, { user: 'bob' }), { ...OPTIONS, secretOf: () => null });
    expect(await channel.deliver(deliveryOf(attackNotice()))).toEqual({
      outcome: 'retry',
      answer: 'no password is set for bob: ringfence notify secret office',
    });
  });
});

describe('the mail', () => {
  async function received(...notices: Notice[]): Promise<{ letters: Letter[]; mails: ParsedMail[] }> {
    const { port, letters } = await mailServer({ disabledCommands: ['STARTTLS'] });
    for (const notice of notices)
      expect(await send(port, {}, deliveryOf(notice))).toMatchObject({ outcome: 'delivered' });
    return { letters, mails: await Promise.all(letters.map(({ raw }) => simpleParser(raw))) };
  }

  it('is an automatic one, of the time of the attack, under the id that was given', async () => {
    const { mails } = await received(attackNotice());
    const [{ headers, messageId, date, from, to, subject }] = mails;
    expect({ messageId, date, from: from?.value, to, subject }).toMatchObject({
      messageId: '<attack-opened:mb2k9xq0-1f.office@ringfence.pbx.example.org>',
      date: new Date(AT),
      from: [{ name: 'Ringfence on pbx.example.org', address: 'ringfence@example.org' }],
      to: { text: 'admin@example.net' },
      subject: '[Ringfence pbx.example.org] Blocked: 203.0.113.66 guesses passwords at 192.0.2.10',
    });
    expect(headers.get('auto-submitted')).toBe('auto-generated');
  });

  it('all mails of an incident are one thread, those of another are not in it', async () => {
    const opened = attackNotice();
    const ended = attackNotice({ kind: 'attack-ended', id: 'attack-ended:mb2k9xq0-1f' });
    const other = attackNotice({ id: 'other', attack: { ...opened.attack, incident: 'other' } });
    const { mails } = await received(opened, ended, other);
    const [first, second, third] = mails.map(({ references }) => references);
    expect(first).toBe('<incident.mb2k9xq0-1f@ringfence.pbx.example.org>');
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(3);
  });

  it.each(HOSTILE_TEXTS)(
    'of an attacker who writes %j has no header of theirs, and shows what they wrote',
    async (text) => {
      const { letters, mails } = await received(attackNotice({ attack: attackBy(text) }));
      const [{ headers, text: plain, html }] = mails;
      expect([...headers.keys()].sort()).toEqual([
        ...[
          'auto-submitted',
          'content-type',
          'date',
          'from',
          'in-reply-to',
          'message-id',
          'mime-version',
          'references',
        ],
        ...['subject', 'to', 'x-auto-response-suppress'],
      ]);
      expect(letters[0].to).toEqual(['admin@example.net']);
      expect(plain).toMatch(/User agent:\s+\S/);
      expect(plain!.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      expect(html).not.toMatch(/<(img|script)/i);
    },
  );

  it('a digest brings its CSV as a file', async () => {
    const { mails } = await received({
      ...{ kind: 'campaign-ended', id: 'campaign:1:ended', at: AT, campaign: campaign() },
      attachments: [
        {
          name: 'attacks.csv',
          contentType: 'text/csv; charset=utf-8',
          base64: Buffer.from('a,b\nä,"x"\n').toString('base64'),
        },
      ],
    });
    const [{ attachments }] = mails;
    expect(attachments).toMatchObject([{ filename: 'attacks.csv', contentDisposition: 'attachment' }]);
    expect(attachments[0].content.toString()).toBe('a,b\nä,"x"\n');
  });
});
