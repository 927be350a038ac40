import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/serve/testing/run-cli.ts';
import { makeDataDirectory } from '../../src/serve/testing/guard-stand-in.ts';
import { droppersOfIptables, droppersOfNft, flowtables, sipJails } from './conflicts.ts';
import type { DoctorContext } from './finding.ts';
import { judgePorts, listeningPorts } from './ports.ts';

const context: DoctorContext = {
  dataDirectory: '/var/lib/ringfence',
  sipUdp: [{ first: 5060, last: 5060 }],
  sipTcp: [
    { first: 5060, last: 5060 },
    { first: 5070, last: 5080 },
  ],
  gateway: false,
  root: true,
  now: Date.UTC(2026, 7, 1),
};

const rule = (table: string, ...expr: unknown[]) => ({ rule: { family: 'inet', table, chain: 'input', expr } });
const port = (protocol: string, right: unknown, op = '==') => ({
  match: { op, left: { payload: { protocol, field: 'dport' } }, right },
});
const drop = { drop: null };

describe('rules of other tables that drop SIP', () => {
  const rows: [why: string, rule: unknown, found: boolean][] = [
    ['the port itself', rule('filter', port('udp', 5060), drop), true],
    ['reject is no better', rule('filter', port('udp', 5060), { reject: null }), true],
    ['a range that holds it', rule('filter', port('tcp', { range: [5000, 5090] }), drop), true],
    ['a set that holds it', rule('filter', port('tcp', { set: [22, { range: [5075, 5076] }] }), drop), true],
    ['either protocol', rule('filter', port('th', 5060), drop), true],
    ['another port', rule('filter', port('udp', 53), drop), false],
    ['TCP only is protected there', rule('filter', port('udp', 5075), drop), false],
    ['accepted, not dropped', rule('filter', port('udp', 5060), { accept: null }), false],
    ['everything but that port', rule('filter', port('udp', 5060, '!='), drop), false],
    ['our own table', rule('ringfence', port('udp', 5060), drop), false],
    ['a drop without a port', rule('filter', drop), false],
    ['a named set is not looked into', rule('filter', port('udp', '@phones'), drop), false],
  ];
  it.each(rows)('nft: %s', (_why, one, found) => {
    const json = JSON.stringify({ nftables: [{ metainfo: {} }, { table: { name: 'filter' } }, one] });
    expect(droppersOfNft(json, context).map((dropper) => dropper.look)).toEqual(
      found ? ['nft list table inet filter'] : [],
    );
  });

  const saved: [line: string, found: boolean][] = [
    ['-A INPUT -p udp -m udp --dport 5060 -j DROP', true],
    ['-A INPUT -p tcp -m multiport --dports 80,5070:5072 -j REJECT --reject-with tcp-reset', true],
    ['-A INPUT -p udp -m udp --dport 5060 -j ACCEPT', false],
    ['-A INPUT -p udp -m udp ! --dport 5060 -j DROP', false],
    ['-A INPUT -p udp -m udp --sport 5060 -j DROP', false],
    ['-A f2b-asterisk -s 192.0.2.1/32 -j REJECT', false],
  ];
  it.each(saved)('iptables: %s', (line, found) => {
    expect(droppersOfIptables('iptables-legacy-save', `*filter\n${line}\nCOMMIT\n`, context)).toHaveLength(
      found ? 1 : 0,
    );
  });
});

it('connections that others take past every rule are seen', () => {
  const flowtable = {
    family: 'inet',
    name: 'fast',
    table: 'router',
    handle: 2,
    hook: 'ingress',
    prio: 0,
    dev: ['eth0', 'eth1'],
  };
  const json = JSON.stringify({ nftables: [{ metainfo: {} }, { flowtable }, { table: { name: 'router' } }] });
  expect(flowtables(json)).toEqual(['inet router fast']);
});

describe('fail2ban', () => {
  it('names its SIP jails and leaves the others alone', () => {
    const status = 'Status\n|- Number of jail:\t4\n`- Jail list:\tasterisk-udp, sshd, my-sip-jail, gossip\n';
    expect(sipJails(status)).toEqual(['asterisk-udp', 'my-sip-jail']);
  });
});

describe('listening sockets', () => {
  const tcp = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid',
    '   0: 00000000:13C4 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0',
    '   1: 0100007F:13C5 0100007F:A000 01 00000000:00000000 00:00000000 00000000     0',
  ].join('\n');
  const udp6 = [
    '  sl  local_address                         remote_address                        st',
    '   0: 00000000000000000000000000000000:13C4 00000000000000000000000000000000:0000 07 0',
    '   1: 00000000000000000000000000000000:0045 00000000000000000000000000000001:1234 07 0',
  ].join('\n');

  it('are read from the kernel’s tables: listeners, not connections', () => {
    expect([...listeningPorts([tcp], true)]).toEqual([5060]);
    expect([...listeningPorts([udp6], false)]).toEqual([5060]);
  });

  const rows: [why: string, udp: number[], tcp: number[], levels: string[]][] = [
    ['a PBX on the protected port', [5060], [5060], ['ok']],
    ['nothing listens', [], [22], ['warn']],
    ['a second transport on a port that is not protected', [5060, 5080], [], ['ok', 'warn']],
    ['TLS cannot be read, so it is no gap', [5060], [5061], ['ok']],
  ];
  it.each(rows)('%s', (_why, udp, tcp, levels) => {
    expect(judgePorts(context, new Set(udp), new Set(tcp)).map((finding) => finding.level)).toEqual(levels);
  });
});

describe('the command', () => {
  it('prints findings as JSON, each with a stable name, and fails only when something fails', async () => {
    const data = makeDataDirectory();
    const { stdout, stderr, code } = await runCli(['doctor', '--json', '--data', data.path]);
    data.remove();
    expect(stderr).toBe('');
    const findings = JSON.parse(stdout) as { check: string; level: string; fix: string | null }[];
    expect(findings.map((finding) => finding.check)).toEqual(
      expect.arrayContaining(['node', 'ffi', 'nft', 'net-admin', 'data-writable', 'data-space', 'fail2ban', 'clock']),
    );
    expect(code).toBe(findings.some((finding) => finding.level === 'fail') ? 1 : 0);
    for (const finding of findings) if (finding.level !== 'ok') expect(finding.fix).toBeTruthy();
  });
});
