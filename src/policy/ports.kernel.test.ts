/** Ports and guests as people write them, down to the kernel: what the tap shows of real packets, and what no automatic block covers. */
import type { Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assertNoLeaks, connect, missingForKernelTests, Namespace } from '../../test/netns.ts';
import { tcpConnect, tcpEcho, UdpEnd } from '../../test/traffic.ts';
import { NflogTap } from '../capture/nflog.ts';
import { parseAddress } from '../core/base/address.ts';
import { SIDE_IN } from '../core/base/frame.ts';
import { Elements } from '../enforce/elements.ts';
import { Nftables } from '../enforce/nftables.ts';
import { renderRuleset } from '../enforce/ruleset.ts';
import { compilePolicy } from './compile.ts';
import { parsePolicy } from './yaml-file.ts';

const POLICY = `
ports:
  sip: { udp: "5060,5062,5070-5080", tcp: "5061-5062,5090" }
  tftp: "69,6969"
  management: "22,2200-2210"
guests: [10.83.0.0/24, "fd83::/64"]
`;
/** Each port that is named, the ends of each range, and their neighbours outside. */
const UDP = {
  tapped: [69, 5060, 5062, 5070, 5071, 5079, 5080, 6969],
  not: [68, 70, 5059, 5061, 5063, 5069, 5081, 5090, 6968, 6970],
};
const TCP = { tapped: [5061, 5062, 5090], not: [22, 69, 2200, 5060, 5063, 5070, 5080, 5089, 5091] };
const COVERED = { open: [22, 2200, 2205, 2210], shut: [21, 23, 2199, 2211, 5061] };
/** A connection comes about within a millisecond here; a dropped one is given up after this long. */
const DROPPED_MS = 300;
const GROUP = 11;
const READ_REQUEST = '\0\x01phone.cfg\0octet\0';
const END = 'the last one';

describe.skipIf(missingForKernelTests() !== null)('ports of the policy, in the kernel', () => {
  let [net, gateway, guest]: Namespace[] = [];
  let elements: Elements;
  let tap: NflogTap;

  beforeAll(async () => {
    [net, gateway, guest] = ['net', 'gateway', 'guest'].map((label) => new Namespace(label));
    connect(gateway, ['10.82.0.1/24', 'fd82::1/64'], net, ['10.82.0.2/24', 'fd82::2/64']);
    connect(gateway, ['10.83.0.254/24', 'fd83::fe/64'], guest, ['10.83.0.1/24', 'fd83::1/64']);
    for (const [ns, v4, v6] of [
      [net, '10.82.0.1', 'fd82::1'],
      [guest, '10.83.0.254', 'fd83::fe'],
    ] as const) {
      ns.run('ip', 'route', 'add', 'default', 'via', v4);
      ns.run('ip', 'route', 'add', 'default', 'via', v6);
    }
    gateway.sysctl('net.ipv4.ip_forward', 1);
    gateway.sysctl('net.ipv6.conf.all.forwarding', 1);
    const parsed = parsePolicy(POLICY, 'ports');
    if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors));
    const ruleset = renderRuleset(compilePolicy(parsed.document), { nflogGroup: GROUP });
    await gateway.inside(() => new Nftables().apply(ruleset));
    elements = await gateway.inside(() => new Elements());
    tap = await gateway.inside(() => new NflogTap({ group: GROUP }));
  });

  afterAll(async () => {
    tap?.close();
    elements?.close();
    for (const ns of [net, gateway, guest]) await ns?.close();
    assertNoLeaks();
  });

  /** Destination ports of what travelled to the protected side, by protocol, until the datagram that ends it. */
  async function tapped(): Promise<{ udp: number[]; tcp: number[] }> {
    const found = { udp: new Set<number>(), tcp: new Set<number>() };
    let ended = false;
    for (const until = Date.now() + 2000; !ended && Date.now() < until;) {
      tap.read(({ bytes, start, end, side }) => {
        if (side !== SIDE_IN) return;
        const v6 = bytes[start] >> 4 === 6;
        const port = start + (v6 ? 40 : 20) + 2;
        const udp = bytes[start + (v6 ? 6 : 9)] === 17;
        if (Buffer.from(bytes.subarray(start, end)).includes(END)) ended = true;
        else found[udp ? 'udp' : 'tcp'].add((bytes[port] << 8) | bytes[port + 1]);
      });
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(ended, 'the last datagram was shown').toBe(true);
    const sorted = (ports: Set<number>) => [...ports].sort((a, b) => a - b);
    return { udp: sorted(found.udp), tcp: sorted(found.tcp) };
  }

  test.each([
    { what: 'this host, IPv4', from: '10.82.0.2', to: '10.82.0.1' },
    { what: 'this host, IPv6', from: 'fd82::2', to: 'fd82::1' },
    { what: 'a guest, IPv4', from: '10.82.0.2', to: '10.83.0.1' },
    { what: 'a guest, IPv6', from: 'fd82::2', to: 'fd83::1' },
  ])('$what: exactly the ports of each protocol are looked at', async ({ from, to }) => {
    const phone = await UdpEnd.open(net, from);
    for (const port of [...UDP.tapped, ...UDP.not]) await phone.send(READ_REQUEST, to, port);
    for (const port of [...TCP.tapped, ...TCP.not]) (await tcpConnect(net, from, to, port))?.destroy();
    await phone.send(END, to, UDP.tapped[1]);
    expect(await tapped()).toEqual({ udp: UDP.tapped, tcp: TCP.tapped });
    phone.close();
  });

  test.each([
    { family: 'IPv4', from: '10.82.0.2', to: '10.82.0.1' },
    { family: 'IPv6', from: 'fd82::2', to: 'fd82::1' },
  ])('$family: an automatic block covers all but the management ports', async ({ from, to }) => {
    const ports = [...COVERED.open, ...COVERED.shut];
    const servers: Server[] = [];
    for (const port of ports) servers.push(await tcpEcho(gateway, to, port));
    const reached = async (shut: number[]) => {
      const open: number[] = [];
      // One at a time: this thread is in the namespace while a socket is made.
      for (const port of ports) {
        const socket = await tcpConnect(net, from, to, port, shut.includes(port) ? DROPPED_MS : undefined);
        if (socket) open.push(port);
        socket?.destroy();
      }
      return open.sort((a, b) => a - b);
    };
    expect(await reached([])).toEqual([...ports].sort((a, b) => a - b));
    elements.block(parseAddress(from)!, 60_000);
    expect(await reached(COVERED.shut)).toEqual(COVERED.open);
    elements.unblock(parseAddress(from)!);
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  });
});
