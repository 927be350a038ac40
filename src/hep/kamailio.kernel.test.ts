/** A real capture server: Debian's Kamailio with its module sipcapture, which is what many Homer installations are fed through. It prints what it read. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EvidenceItem } from '../core/base/evidence.ts';
import type { Incident } from '../core/judge/incident.ts';
import { HepOutput } from './hep-output.ts';

const directory = mkdtempSync(join(tmpdir(), 'ringfence-homer-'));
let server: ChildProcess;
let port: number;
let output = '';
let heard = () => {};

// Its $Ri and $Rp are of no use here: the module fills the receiving side with the sender's address.
const configuration = (listen: number) => `#!KAMAILIO
debug=2
log_stderror=yes
children=1
auto_aliases=no
disable_tcp=yes
listen=udp:127.0.0.1:${listen}
loadmodule "xlog.so"
loadmodule "pv.so"
loadmodule "db_text.so"
loadmodule "sipcapture.so"
modparam("sipcapture", "db_url", "text://${directory}/db")
modparam("sipcapture", "capture_on", 1)
modparam("sipcapture", "hep_capture_on", 1)
request_route { xlog("L_NOTICE", "READ $rm $proto $si $sp $ci $ua\\n"); drop; }
onreply_route { xlog("L_NOTICE", "READ $rs $proto $si $sp $ci\\n"); drop; }
`;

beforeAll(async () => {
  const probe = createSocket('udp4').bind(0, '127.0.0.1');
  await once(probe, 'listening');
  ({ port } = probe.address());
  await new Promise<void>((resolve) => probe.close(resolve));
  mkdirSync(join(directory, 'db'));
  const file = join(directory, 'kamailio.cfg');
  writeFileSync(file, configuration(port));
  const options = ['-f', file, '-DD', '-E', '-m', '16', '-M', '4', '-Y', directory];
  server = spawn('kamailio', options, { stdio: ['ignore', 'ignore', 'pipe'] });
  server.stderr!.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    heard();
  });
  // The last thing that each of its processes says at its start.
  await said(/using database at/);
});
afterAll(async () => {
  server.kill('SIGTERM');
  if (server.exitCode === null) await once(server, 'exit');
  rmSync(directory, { recursive: true, force: true });
});

async function said(pattern: RegExp): Promise<void> {
  while (!pattern.test(output)) {
    if (server.exitCode !== null) throw new Error(output);
    await new Promise<void>((resolve) => (heard = resolve));
  }
}

function message(first: string, more = ''): Uint8Array {
  const via = 'Via: SIP/2.0/UDP 203.0.113.66:5071;branch=z9hG4bKa';
  const lines = [first, via, 'From: <sip:100@x>;tag=a', 'To: <sip:100@x>', 'Call-ID: abc', 'CSeq: 1 REGISTER'];
  return Buffer.from(`${lines.join('\r\n')}\r\n${more}Content-Length: 0\r\n\r\n`);
}

it('reads requests and answers, over IPv4 and IPv6, from whom they came', async () => {
  const hep = new HepOutput({ report: ({ text }) => expect.fail(text) });
  const off = { verify: true, caFile: '', keyFile: '' };
  await hep.use({ host: '127.0.0.1', port, transport: 'udp', captureId: 2001, ...off });
  const register = message('REGISTER sip:192.0.2.10 SIP/2.0', 'User-Agent: friendly-scanner\r\n');
  const challenge = message('SIP/2.0 401 Unauthorized');
  const known = { at: Date.now(), length: register.length };
  const items: EvidenceItem[] = [
    {
      ...known,
      side: 'in',
      transport: 'udp',
      from: '203.0.113.66',
      fromPort: 5071,
      to: '192.0.2.10',
      toPort: 5060,
      bytes: register,
    },
    {
      ...known,
      side: 'out',
      transport: 'udp',
      from: '192.0.2.10',
      fromPort: 5060,
      to: '203.0.113.66',
      toPort: 5071,
      bytes: challenge,
    },
    {
      ...known,
      side: 'in',
      transport: 'tcp',
      from: '2001:db8::1',
      fromPort: 5072,
      to: '2001:db8::2',
      toPort: 5060,
      bytes: register,
    },
  ];
  const incident = { id: 'mb2k-1f', kind: 'register-bruteforce' } as Incident;
  hep.committed([{ type: 'incidents', changes: [{ incident, evidence: items }] }]);
  await said(/READ [^]*READ [^]*READ .*\n/);
  hep.close();
  expect([...output.matchAll(/READ (.*)/g)].map(([, line]) => line)).toEqual([
    'REGISTER udp 203.0.113.66 5071 abc friendly-scanner',
    '401 udp 192.0.2.10 5060 abc',
    'REGISTER tcp 2001:db8::1 5072 abc friendly-scanner',
  ]);
});
