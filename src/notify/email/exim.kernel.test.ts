/** Mails through a real mail server: Debian's Exim, with STARTTLS and a password, which puts them into a file of its own. As root, on the loopback address. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmailPolicy } from '../../policy/compile-notify.ts';
import type { Channel, Delivery } from '../channel.ts';
import { render } from '../render/render.ts';
import { certificateFor } from '../testing/certificate.ts';
import { attackBy, attackNotice, AT, HOSTILE_TEXTS } from '../testing/notices.ts';
import { emailChannel } from './email-channel.ts';

const EXIM = '/usr/sbin/exim4';
const USER = 'Debian-exim';
const PASSWORD = 'green lamps walk';
const STARTED_MS = 10_000;

const directory = mkdtempSync(join(tmpdir(), 'ringfence-exim-'));
let server: ChildProcess;
let port: number;

function configuration(): string {
  return `
primary_hostname = localhost
spool_directory = ${directory}/spool
log_file_path = ${directory}/log-%s
keep_environment =
local_interfaces = 127.0.0.1
tls_advertise_hosts = *
tls_certificate = ${directory}/cert.pem
tls_privatekey = ${directory}/key.pem
auth_advertise_hosts = \${if eq{$tls_in_cipher}{}{}{*}}
acl_smtp_rcpt = rcpt
acl_smtp_data = data

begin acl
rcpt:
  deny message = sign in first
       !authenticated = *
  defer message = Greylisted, come back later
        local_parts = later
  deny message = no such user
       !local_parts = admin
  accept
data:
  deny message = header syntax
       !verify = header_syntax
  accept

begin routers
here:
  driver = accept
  transport = file

begin transports
file:
  driver = appendfile
  file = ${directory}/mail
  user = ${USER}

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_condition = \${if and{{eq{$auth2}{bob}}{eq{$auth3}{${PASSWORD}}}}}
  server_set_id = $auth2
`;
}

beforeAll(async () => {
  port = await freePort();
  const { key, cert, authority } = await certificateFor('localhost');
  for (const [name, text] of Object.entries({ key, cert, authority })) {
    writeFileSync(join(directory, `${name}.pem`), `${text}\n`);
  }
  writeFileSync(join(directory, 'exim.conf'), configuration());
  mkdirSync(join(directory, 'spool'));
  chmodSync(directory, 0o755);
  for (const path of ['spool', 'key.pem', '.']) spawnSync('chown', [USER, join(directory, path)]);
  const options = ['-C', join(directory, 'exim.conf'), '-bdf', '-oX', String(port), '-oP', join(directory, 'pid')];
  server = spawn(EXIM, options, { stdio: 'ignore' });
  await listening();
}, STARTED_MS);

afterAll(async () => {
  server.kill('SIGTERM');
  if (server.exitCode === null) await once(server, 'exit');
  rmSync(directory, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port: free } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return free;
}

async function listening(): Promise<void> {
  for (;;) {
    const socket = createConnection(port, '127.0.0.1');
    const came = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (came) return;
    if (server.exitCode !== null) throw new Error(`exim ended: ${server.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function channel(password = PASSWORD): Channel {
  const policy = {
    ...{ kind: 'email', name: 'office', host: 'localhost', port, security: 'starttls', verify: true, user: 'bob' },
    ...{ caFile: join(directory, 'authority.pem'), from: 'ringfence@example.org', recipients: [], perHourMax: 30 },
  } as EmailPolicy;
  return emailChannel(policy, { secretOf: () => password, hostName: 'pbx.example.org', commandDirectory: '' });
}

function deliveryTo(recipient: string): Delivery {
  const notice = attackNotice({ attack: attackBy(HOSTILE_TEXTS.join(' ')) });
  const message = render(notice, { timeZone: 'UTC', hostName: 'pbx.example.org', consoleUrl: null });
  const attachments = [
    { name: 'attacks.csv', contentType: 'text/csv; charset=utf-8', content: Buffer.from('source\n203.0.113.66\n') },
  ];
  return { messageId: 'a1@ringfence.pbx.example.org', notice, message: { ...message, attachments }, recipient };
}

/** What Exim has put away: the whole file, once it holds the end of the mail (it delivers after it has answered). */
async function filed(): Promise<Buffer> {
  for (;;) {
    const box = await new Promise<Buffer>((resolve) => {
      setTimeout(() => {
        try {
          resolve(readFileSync(join(directory, 'mail')));
        } catch {
          resolve(Buffer.alloc(0));
        }
      }, 20);
    });
    // An mbox file: a line `From …` before the mail, an empty line after it.
    if (box.length > 0 && box.toString('latin1').endsWith('--\n\n')) return box.subarray(box.indexOf('\n') + 1);
  }
}

describe('Exim', () => {
  it('takes the mail, finds no fault with its headers, and files it whole', async () => {
    const delivered = await channel().deliver(deliveryTo('admin@example.net'));
    expect(delivered).toEqual({ outcome: 'delivered', answer: expect.stringMatching(/^250 OK id=/) as string });
    const mail = await simpleParser(await filed());
    expect(mail).toMatchObject({ messageId: '<a1@ringfence.pbx.example.org>', date: new Date(AT) });
    expect(mail.subject).toContain('Blocked: 203.0.113.66 guesses passwords at 192.0.2.10');
    // ESMTPSA (RFC 3848): encrypted and signed in.
    expect(String(mail.headers.get('received'))).toMatch(/with esmtpsa/i);
    expect(mail.headers.has('bcc')).toBe(false);
    expect(mail.text).toContain('x\\r\\nBcc: victim[@]example.net\\r\\n');
    expect(mail.attachments.map(({ filename }) => filename)).toEqual(['attacks.csv']);
  });

  const rows: [string, string, string | undefined, 'retry' | 'refused', string][] = [
    ['nobody of that name', 'nobody@example.net', undefined, 'refused', '550 no such user'],
    ['greylisting', 'later@example.net', undefined, 'retry', '451 Greylisted, come back later'],
    ['a wrong password', 'admin@example.net', 'wrong', 'retry', '535 Incorrect authentication data'],
  ];
  it.each(rows)('%s', async (_name, recipient, password, outcome, answer) => {
    expect(await channel(password).deliver(deliveryTo(recipient))).toEqual({ outcome, answer });
  });
});
