/** Blocks of one phone and of a network, and the budgets of the way in, against real packets. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { parseAddress, prefixRange } from '../core/base/address.ts';
import { networkTarget, portTarget } from '../core/base/target.ts';
import type { WayInPolicy } from '../core/base/policy.ts';
import { addAddresses, assertNoLeaks, connect, missingForKernelTests, Namespace } from '../../test/netns.ts';
import { sendIcmpV6, tcpAnswers, tcpConnect, tcpEcho, UdpEnd, udpPasses } from '../../test/traffic.ts';
import { Elements } from './elements.ts';
import { ListElements } from './list-elements.ts';
import { Nftables } from './nftables.ts';
import { renderRuleset, type RulesetPolicy } from './ruleset.ts';
import { budgetCounter, BUDGETS } from './table.ts';

const HOUR_MS = 3_600_000;
const SIP = 5060;
const OPEN = 7777;
/** Small, so that a test's packets use them up. */
const WAY_IN: WayInPolicy = { perSource: 10, perNetwork: 15, total: 2000, perKnown: 40 };
const SMALL_TOTAL = { ...WAY_IN, total: 25 };
const SENT = 120;

const POLICY: RulesetPolicy = {
  mode: 'protect',
  ports: { sipUdp: [{ first: SIP, last: SIP }], sipTcp: [{ first: SIP, last: SIP }], tftp: [], management: [] },
  guests: [],
  block: { durationMs: HOUR_MS, extend: true, permanentAfter: 3, rememberMs: HOUR_MS },
  wayIn: null,
  limit: { invitesPerSecond: 2, durationMs: 600_000 },
  countries: { mode: 'off', protocols: { sipUdp: true, sipTcp: true, tftp: true } },
  feeds: [],
};

describe.skipIf(missingForKernelTests() !== null)('scopes and budgets', () => {
  const nftables = new Nftables();
  let host: Namespace;
  let net: Namespace;
  let elements: Elements;
  let lists: ListElements;

  const apply = (wayIn: WayInPolicy | null) =>
    host.inside(() => nftables.recreate(renderRuleset({ ...POLICY, wayIn }, { nflogGroup: 19 })));

  beforeAll(async () => {
    host = new Namespace('scopes');
    net = new Namespace('scopes-net');
    const link = connect(host, ['10.81.0.1/16', 'fd81::1/48'], net, ['10.81.1.2/16', 'fd81:0:0:1::2/48']);
    const more = [
      '10.81.1.3/16',
      '10.81.2.2/16',
      '10.81.3.2/16',
      'fd81:0:0:1::3/48',
      'fd81:0:0:2::2/48',
      'fd81:0:0:3::2/48',
    ];
    addAddresses(net, link.b, more);
    await apply(null);
    elements = await host.inside(() => new Elements());
    lists = await host.inside(() => new ListElements());
    for (const to of ['10.81.0.1', 'fd81::1']) await tcpEcho(host, to, SIP);
  });

  afterAll(async () => {
    elements?.close();
    lists?.close();
    await host?.close();
    await net?.close();
    assertNoLeaks();
  });

  // Evasion: neighbour discovery passes every list, and whoever is blocked might write its types on a flood. What was sent on this link arrives
  // with the hop limit 255 (RFC 4861 section 7.1); what a router forwarded cannot.
  test.each([
    { what: 'neighbour solicitation', type: 135 },
    { what: 'neighbour advertisement', type: 136 },
    { what: 'router advertisement', type: 134 },
    { what: 'listener query', type: 130 },
  ])('a blocked source’s $what that could have come from afar is dropped', async ({ type }) => {
    await apply(null);
    const source = parseAddress('fd81:0:0:1::2')!;
    elements.block(source, HOUR_MS);
    await sendIcmpV6(net, 'fd81:0:0:1::2', 'fd81::1', type);
    expect(elements.get('block', source)!.packets).toBe(1);
    elements.unblock(source);
  });

  describe.each([
    {
      family: 'IPv4',
      pbxAt: '10.81.0.1',
      office: '10.81.1.2',
      neighbour: '10.81.1.3',
      far: ['10.81.2.2', '10.81.3.2'],
      bits: 24,
    },
    {
      ...{ family: 'IPv6', pbxAt: 'fd81::1', office: 'fd81:0:0:1::2', neighbour: 'fd81:0:0:1::3' },
      ...{ far: ['fd81:0:0:2::2', 'fd81:0:0:3::2'], bits: 64 },
    },
  ])('$family', ({ pbxAt, office, neighbour, far, bits }) => {
    const officeAddress = parseAddress(office)!;
    const home = bits === 24 ? officeAddress : prefixRange(officeAddress, 64).first;
    let pbx: UdpEnd;
    let phone: UdpEnd;
    let colleague: UdpEnd;
    let stranger: UdpEnd;
    let bystander: UdpEnd;
    const passes = (from: UdpEnd) => udpPasses(from, pbx, pbxAt, bystander);

    beforeAll(async () => {
      pbx = await UdpEnd.open(host, pbxAt, SIP);
      phone = await UdpEnd.open(net, office);
      colleague = await UdpEnd.open(net, office);
      stranger = await UdpEnd.open(net, neighbour);
      bystander = await UdpEnd.open(net, far[0]);
      return () => [pbx, phone, colleague, stranger, bystander].forEach((end) => end.close());
    });

    describe('blocks', () => {
      beforeEach(() => apply(null));

      test('of one phone: it alone is silent, over this transport alone, and each packet counts once', async () => {
        const target = portTarget(officeAddress, phone.port, 'udp');
        elements.block(target, 5000);
        for (let i = 0; i < 3; i++) expect(await passes(phone)).toBe(false);
        expect(await passes(colleague)).toBe(true);
        expect(await passes(stranger)).toBe(true);
        const { packets, expiresMs } = elements.get('block', target)!;
        expect(packets).toBe(3);
        // It lasts while the attack goes on.
        expect(expiresMs).toBeGreaterThan(HOUR_MS - 60_000);
        elements.unblock(target);
        expect(await passes(phone)).toBe(true);
      });

      test('of one TCP flow: it goes silent at once, another of the same address goes on', async () => {
        const [one, other] = [
          (await tcpConnect(net, office, pbxAt, SIP))!,
          (await tcpConnect(net, office, pbxAt, SIP))!,
        ];
        expect(await tcpAnswers(one, true)).toBe(true);
        elements.block(portTarget(officeAddress, one.localPort!, 'tcp'), HOUR_MS);
        expect(await tcpAnswers(one, false)).toBe(false);
        expect(await tcpAnswers(other, true)).toBe(true);
        one.destroy();
        other.destroy();
      });

      test('of a network: all of it but registered phones and addresses that are known; others come through', async () => {
        const network = networkTarget(officeAddress, bits);
        elements.block(network, HOUR_MS);
        expect([await passes(phone), await passes(stranger), await passes(bystander)]).toEqual([false, false, true]);
        expect(elements.get('block', network)?.packets).toBe(2);
        elements.renew('trusted', [{ target: portTarget(officeAddress, phone.port, 'udp'), timeoutMs: HOUR_MS }]);
        expect([await passes(phone), await passes(colleague)]).toEqual([true, false]);
        elements.renew('known', [{ target: home, timeoutMs: HOUR_MS }]);
        expect(await passes(colleague)).toBe(true);
        // Its own block counts all the same.
        elements.block(portTarget(officeAddress, phone.port, 'udp'), HOUR_MS);
        expect(await passes(phone)).toBe(false);
      });

      // IPv6 asks who has an address by ICMPv6, from the address that wants to send; IPv4 by ARP, which no rule here sees.
      test('of a network on the link: its registered phone still finds this machine when it has forgotten the way', async () => {
        elements.block(networkTarget(officeAddress, bits), HOUR_MS);
        elements.renew('trusted', [{ target: portTarget(officeAddress, phone.port, 'udp'), timeoutMs: HOUR_MS }]);
        for (const end of [host, net]) end.run('ip', 'neighbour', 'flush', 'all');
        const before = pbx.got.length;
        await phone.send('where are you?', pbxAt, SIP);
        await expect.poll(() => pbx.got.slice(before)).toEqual(['where are you?']);
      });

      test('of a network, briefly: its packets do not prolong it', async () => {
        const network = networkTarget(officeAddress, bits);
        elements.blockBriefly(network, 50_000);
        expect([await passes(phone), await passes(bystander)]).toEqual([false, true]);
        expect(elements.get('block', network)!.expiresMs).toBeLessThanOrEqual(50_000);
        elements.block(network, 50_000);
        expect(await passes(phone)).toBe(false);
        expect(elements.get('block', network)!.expiresMs).toBeGreaterThan(HOUR_MS - 60_000);
      });
    });

    describe('the way in', () => {
      beforeEach(() => apply(WAY_IN));

      /** How many of a burst come through; the last packet goes to a port without budget, and comes behind them. */
      const arrives = async (from: readonly UdpEnd[]) => {
        const end = await UdpEnd.open(host, pbxAt, OPEN);
        const before = pbx.got.length;
        for (let i = 0; i < SENT; i++) await from[i % from.length].send('x', pbxAt, SIP);
        for (const one of from) await one.send('last', pbxAt, OPEN);
        await expect.poll(() => end.got.length).toBe(from.length);
        end.close();
        return pbx.got.length - before;
      };
      /** What a share admits at once, and what comes while a loaded machine sends. */
      const expectAbout = (count: number, atOnce: number, perSecond: number) => {
        expect(count).toBeGreaterThanOrEqual(atOnce);
        expect(count).toBeLessThanOrEqual(Math.min(SENT, atOnce + 4 * perSecond));
      };
      const over = () => Object.fromEntries(BUDGETS.map((budget) => [budget, lists.packets(budgetCounter(budget))]));

      test('one stranger has its own share', async () => {
        const came = await arrives([stranger]);
        expectAbout(came, 20, WAY_IN.perSource);
        expect(over()).toEqual({ source: SENT - came, network: 0, total: 0, known: 0, trusted: 0 });
      });

      test('a registered phone passes, with the stranger’s flood before it, and its address has a larger share', async () => {
        elements.renew('trusted', [{ target: portTarget(officeAddress, phone.port, 'udp'), timeoutMs: HOUR_MS }]);
        elements.renew('known', [{ target: home, timeoutMs: HOUR_MS }]);
        await arrives([bystander]);
        expectAbout(await arrives([phone]), 20, WAY_IN.perKnown);
        expectAbout(await arrives([colleague]), 20, WAY_IN.perKnown);
        expect(over()).toMatchObject({ network: 0, total: 0 });
      });

      test('full meters fail towards the shared budgets, never towards open', async () => {
        const full = renderRuleset({ ...POLICY, wayIn: SMALL_TOTAL }, { nflogGroup: 19 }).replaceAll(
          /(way_(?:source|network)[46] \{[^}]*?size )\d+/gs,
          '$11',
        );
        await host.inside(() => nftables.recreate(full));
        // The one source that has a meter.
        await bystander.send('x', pbxAt, SIP);
        expectAbout(await arrives([stranger]), 4, SMALL_TOTAL.total);
        expect(over()).toMatchObject({ source: 0, network: 0 });
        expect(over().total).toBeGreaterThan(0);
      });
    });
  });
});
