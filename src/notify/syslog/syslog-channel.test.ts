/** Syslog to real sockets: UDP, TCP and TLS on the loopback address, and a datagram socket in the place of /dev/log. */
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import type { SyslogPolicy } from '../../policy/compile-notify.ts';
import type { Delivered, Delivery } from '../channel.ts';
import type { Notice } from '../notice.ts';
import { render } from '../render/render.ts';
import { certificateFor } from '../testing/certificate.ts';
import { attack, attackNotice, everyNotice } from '../testing/notices.ts';
import { syslogChannel } from './syslog-channel.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'ringfence-syslog-'));
  closing.push(() => rmSync(directory, { recursive: true }));
  return directory;
}

function send(
  over: Partial<SyslogPolicy>,
  notice: Notice = attackNotice(),
  localSocket = '/nonexistent',
): Promise<Delivered> {
  const policy = {
    ...{ kind: 'syslog', name: 'log', host: '127.0.0.1', port: 1, transport: 'udp', verify: true, caFile: '' },
    ...{ facility: 'authpriv', gets: [], perHourMax: 60, ...over },
  } as SyslogPolicy;
  const options = { secretOf: () => null, hostName: 'pbx.example.org', commandDirectory: '' };
  const message = render(notice, { timeZone: 'UTC', hostName: 'pbx.example.org', consoleUrl: null });
  const delivery: Delivery = { messageId: 'a1@x', notice, message, recipient: 'log' };
  return syslogChannel(policy, options, { timeoutMs: 2000, localSocket }).deliver(delivery);
}

/** What a TCP or TLS server is sent, once the other side has ended. */
async function receiver(server: Server): Promise<{ port: number; received: Promise<string> }> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  const received = new Promise<string>((resolve) => {
    server.on(
      server.listenerCount('secureConnection') >= 0 && 'setSecureContext' in server ? 'secureConnection' : 'connection',
      (socket) => {
        const chunks: Buffer[] = [];
        socket.on('error', () => {});
        socket.on('data', (chunk: Buffer) => chunks.push(chunk));
        socket.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
      },
    );
  });
  return { port: (server.address() as AddressInfo).port, received };
}

/** authpriv (10) and warning (4): 84. */
const EXPECTED =
  /^<84>1 2026-11-21T14:03:22\.000Z pbx\.example\.org ringfence \d+ notice \[ringfence@32473 id="a1@x" kind="attack-opened" incident="mb2k9xq0-1f" source="203\.0\.113\.66" .* users="100 101 alice" usersTotal="45" userAgent="friendly-scanner"\] Blocked: 203\.0\.113\.66 guesses passwords at 192\.0\.2\.10\. Blocked in the kernel until /;

describe('over', () => {
  it('UDP', async () => {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    closing.push(() => socket.close());
    const received = once(socket, 'message') as Promise<[Buffer]>;
    const delivered = await send({ port: socket.address().port });
    expect(delivered).toMatchObject({
      outcome: 'delivered',
      answer: expect.stringContaining('over UDP nobody says') as string,
    });
    expect((await received)[0].toString()).toMatch(EXPECTED);
  });

  it('UDP, where nobody listens: the refusal is heard', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    socket.close();
    expect(await send({ port })).toEqual({
      outcome: 'retry',
      answer: expect.stringContaining('nobody listens there') as string,
    });
  });

  it('TCP, counted in octets', async () => {
    const { port, received } = await receiver(createServer({ allowHalfOpen: false }));
    const notice = everyNotice(attack({ userAgent: 'Zoë 電話' }), '')[0];
    expect(await send({ port, transport: 'tcp' }, notice)).toMatchObject({ outcome: 'delivered' });
    const [, octets, message] = /^(\d+) ([^]*)$/.exec(await received)!;
    expect(Buffer.byteLength(message)).toBe(Number(octets));
    expect(message).toContain('userAgent="Zoë 電話"');
  });

  it('TLS, to the server that its certificate names', async () => {
    const { key, cert, authority } = await certificateFor('localhost');
    const caFile = join(temporary(), 'ca.pem');
    writeFileSync(caFile, authority);
    const { port, received } = await receiver(createTlsServer({ key, cert }));
    const to = { host: 'localhost', port, transport: 'tls' as const };
    expect(await send(to)).toEqual({ outcome: 'retry', answer: expect.stringContaining('nobody vouches') as string });
    expect(await send({ ...to, caFile })).toMatchObject({ outcome: 'delivered' });
    expect((await received).replace(/^\d+ /, '')).toMatch(EXPECTED);
  });

  it('TCP, where nobody listens', async () => {
    const { port } = await receiver(createServer());
    await closing.pop()!();
    expect(await send({ port, transport: 'tcp' })).toEqual({
      outcome: 'retry',
      answer: expect.stringContaining('nobody listens there') as string,
    });
  });
});

describe('this machine’s own log', () => {
  it('takes a line with what a server gets as structured data', async () => {
    const path = join(temporary(), 'log');
    // Node has no datagram sockets of the Unix kind; Perl, which Debian cannot be without, has.
    const script = `use Socket; socket(S, AF_UNIX, SOCK_DGRAM, 0); bind(S, sockaddr_un(shift)) or die; $| = 1; print "ready\\n"; recv(S, $m, 65536, 0); print $m`;
    const perl = spawn('perl', ['-e', script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    closing.push(() => perl.kill());
    await once(perl.stdout, 'data');
    const line = once(perl.stdout, 'data') as Promise<[Buffer]>;
    expect(await send({ transport: 'local' }, attackNotice(), path)).toEqual({
      outcome: 'delivered',
      answer: `taken by ${path}`,
    });
    expect((await line)[0].toString()).toMatch(
      /^<84>.* ringfence(\[\d+\])?: Blocked: 203\.0\.113\.66 .* source="203\.0\.113\.66" .* userAgent="friendly-scanner"/,
    );
  });

  it('that is not there', async () => {
    expect(await send({ transport: 'local' }, attackNotice(), '/nonexistent/log')).toEqual({
      outcome: 'retry',
      answer: expect.stringContaining('/nonexistent/log') as string,
    });
  });
});
