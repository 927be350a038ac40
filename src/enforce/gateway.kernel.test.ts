/** Gateway mode: guests whose traffic is forwarded are protected like the host, and the tap sees their own addresses. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { NflogTap } from '../capture/nflog.ts';
import { SIDE_IN } from '../core/base/frame.ts';
import { formatAddress, parseAddress, parseRange } from '../core/base/address.ts';
import { addAddresses, assertNoLeaks, connect, missingForKernelTests, Namespace } from '../../test/netns.ts';
import { UdpEnd, udpPasses } from '../../test/traffic.ts';
import { Elements } from './elements.ts';
import { Nftables } from './nftables.ts';
import { renderRuleset } from './ruleset.ts';

const GROUP = 9;
const HOUR_MS = 3_600_000;

/** `in 10.78.0.2 → 10.79.0.1` for each packet that the tap hands over within a second, until `count` have come. */
async function tapped(tap: NflogTap, count: number): Promise<string[]> {
  const seen: string[] = [];
  for (const end = Date.now() + 1000; seen.length < count && Date.now() < end;) {
    tap.read(({ bytes, start, side }) => {
      const word = (at: number) => new DataView(bytes.buffer).getUint32(start + at);
      const v6 = bytes[start] >> 4 === 6;
      const text = (at: number) =>
        v6
          ? formatAddress({ w0: word(at), w1: word(at + 4), w2: word(at + 8), w3: word(at + 12) })
          : formatAddress({ w0: 0, w1: 0, w2: 0xffff, w3: word(at) });
      seen.push(`${side === SIDE_IN ? 'in' : 'out'} ${text(v6 ? 8 : 12)} → ${text(v6 ? 24 : 16)}`);
    });
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return seen;
}

describe.skipIf(missingForKernelTests() !== null)('a host in front of a PBX', () => {
  let net: Namespace;
  let gateway: Namespace;
  let guest: Namespace;
  let elements: Elements;
  let tap: NflogTap;
  const ends: UdpEnd[] = [];
  const open = async (ns: Namespace, address: string, port = 0) => {
    const end = await UdpEnd.open(ns, address, port);
    ends.push(end);
    return end;
  };

  beforeAll(async () => {
    [net, gateway, guest] = ['net', 'gateway', 'guest'].map((label) => new Namespace(label));
    const outside = connect(gateway, ['10.78.0.1/24', 'fd78::1/64'], net, ['10.78.0.2/24', 'fd78::2/64']);
    connect(gateway, ['10.79.0.254/24', 'fd79::fe/64'], guest, ['10.79.0.1/24', 'fd79::1/64']);
    addAddresses(net, outside.b, ['10.78.0.3/24', 'fd78::3/64']);
    for (const [ns, v4, v6] of [
      [net, '10.78.0.1', 'fd78::1'],
      [guest, '10.79.0.254', 'fd79::fe'],
    ] as const) {
      ns.run('ip', 'route', 'add', 'default', 'via', v4);
      ns.run('ip', 'route', 'add', 'default', 'via', v6);
    }
    gateway.sysctl('net.ipv4.ip_forward', 1);
    gateway.sysctl('net.ipv6.conf.all.forwarding', 1);
    // The administrator's own: the outside address's SIP port leads to the guest.
    gateway.nft(`table inet nat {
      chain pre { type nat hook prerouting priority dstnat; ip daddr 10.78.0.1 udp dport 5060 dnat ip to 10.79.0.1; }
    }`);
    const text = renderRuleset(
      {
        mode: 'protect',
        ports: { sipUdp: [{ first: 5060, last: 5060 }], sipTcp: [], tftp: [], management: [] },
        guests: ['10.79.0.0/24', 'fd79::/64'].map((t) => parseRange(t)!),
        block: { durationMs: HOUR_MS, extend: true, permanentAfter: 3, rememberMs: HOUR_MS },
        wayIn: null,
        limit: { invitesPerSecond: 1, durationMs: HOUR_MS },
        countries: { mode: 'off', protocols: { sipUdp: true, sipTcp: true, tftp: true } },
        feeds: [],
      },
      { nflogGroup: GROUP },
    );
    await gateway.inside(() => new Nftables().apply(text));
    elements = await gateway.inside(() => new Elements());
    tap = await gateway.inside(() => new NflogTap({ group: GROUP }));
  });

  afterAll(async () => {
    tap?.close();
    elements?.close();
    for (const end of ends) end.close();
    for (const ns of [net, gateway, guest]) await ns?.close();
    assertNoLeaks();
  });

  test.each([
    // family                       sent to        attacker      bystander     the guest's own
    { name: 'IPv4', to: '10.79.0.1', from: '10.78.0.2', other: '10.78.0.3', victim: '10.79.0.1' },
    { name: 'IPv6', to: 'fd79::1', from: 'fd78::2', other: 'fd78::3', victim: 'fd79::1' },
    { name: 'IPv4 behind DNAT', to: '10.78.0.1', from: '10.78.0.2', other: '10.78.0.3', victim: '10.79.0.1' },
  ])('$name: the guest is the victim, and a block covers it', async ({ to, from, other, victim }) => {
    const pbx = await open(guest, victim, 5060);
    const attacker = await open(net, from);
    const bystander = await open(net, other);

    expect(await udpPasses(attacker, pbx, to, bystander)).toBe(true);
    await pbx.send('answer', from, attacker.port);
    expect(await attacker.has('answer')).toBe(true);
    // Both requests, and the answer with the guest's address, before the translation is undone.
    expect(await tapped(tap, 3)).toEqual([
      `in ${from} → ${victim}`,
      `in ${other} → ${victim}`,
      `out ${victim} → ${from}`,
    ]);

    elements.block(parseAddress(from)!, HOUR_MS);
    expect(await udpPasses(attacker, pbx, to, bystander)).toBe(false);
    expect(await tapped(tap, 1)).toEqual([`in ${other} → ${victim}`]);
    elements.unblock(parseAddress(from)!);
    pbx.close();
    ends.splice(ends.indexOf(pbx), 1);
  });
});
