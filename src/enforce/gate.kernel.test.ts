/**
 * The kernel decides as the pure model does: for random lists, countries, feeds, blocks and overlaps, in both families, real packets of
 * many sources are sent, and each comes through or not as `core/judge/gate.ts` says.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import {
  compareAddress,
  isV4,
  parseAddress,
  prefixRange,
  type Address,
  type AddressRange,
} from '../core/base/address.ts';
import { covers, networkLengths, networkTarget, portTarget } from '../core/base/target.ts';
import { packRanges, type PackedRanges } from '../core/base/packed-ranges.ts';
import { gate, type GateLists, type GatePolicy } from '../core/judge/gate.ts';
import { addAddresses, assertNoLeaks, connect, missingForKernelTests, Namespace } from '../../test/netns.ts';
import { UdpEnd } from '../../test/traffic.ts';
import { Elements } from './elements.ts';
import { ListElements } from './list-elements.ts';
import { LongLists } from './long-lists.ts';
import { Nftables } from './nftables.ts';
import { renderRuleset, type RulesetPolicy } from './ruleset.ts';

const HOUR_MS = 3_600_000;
const SIP = 5060;
const TFTP = 69;
const OPEN = 7777;
const PORTS = [SIP, TFTP, OPEN];
const SOURCES = 24;
/** Runs with real packets: each sends 2 × 24 × 3 of them, after all lists were loaded. */
const RUNS = 25;

/** The sources sit side by side, so that random ranges begin and end between them. */
const sources: Address[] = [];
for (const [text, words] of [
  ['10.70.1.0', 'w3'],
  ['fd70::1:0', 'w3'],
] as const) {
  const base = parseAddress(text)!;
  for (let i = 0; i < SOURCES; i++) sources.push({ ...base, [words]: base.w3 + i });
}

/** Ranges around the sources, of any shape; single addresses; wide ones that cover all. */
const range: fc.Arbitrary<AddressRange> = fc
  .tuple(fc.nat(sources.length - 1), fc.nat(SOURCES), fc.constantFrom('exact', 'span', 'prefix', 'wide'), fc.nat(32))
  .map(([i, more, shape, bits]) => {
    const first = sources[i];
    if (shape === 'exact') return { first, last: first };
    if (shape === 'span') return { first, last: { ...first, w3: first.w3 + more } };
    const total = first.w0 === 0 ? 32 : 128;
    return prefixRange(first, shape === 'prefix' ? total - (bits % 6) : total - bits);
  });
const few = fc.array(range, { maxLength: 4 }).map(packRanges);
/** Enough ranges elsewhere that the list is a long one. */
const filler: AddressRange[] = [];
for (let i = 0; i < 1200; i++) {
  const w3 = 0x0b000000 + i * 16;
  filler.push({ first: { w0: 0, w1: 0, w2: 0xffff, w3 }, last: { w0: 0, w1: 0, w2: 0xffff, w3: w3 + (i % 11) } });
  const w1 = i * 16;
  filler.push({
    first: { w0: 0x20010db8, w1, w2: 0, w3: 0 },
    last: { w0: 0x20010db8, w1: w1 + (i % 7), w2: 9, w3: i },
  });
}
const content: fc.Arbitrary<PackedRanges> = fc
  .tuple(fc.array(range, { maxLength: 4 }), fc.boolean())
  .map(([ranges, long]) => packRanges(long ? [...ranges, ...filler] : ranges));
const some = fc.subarray(sources, { maxLength: 3 });
/** Of IPv4 a network may hold some of the sources, in IPv6 all of them lie in one. */
const networks = fc
  .subarray(sources, { maxLength: 2 })
  .chain((of) =>
    fc.tuple(
      ...of.map((source) =>
        fc.constantFrom(...networkLengths(isV4(source))).map((bits) => networkTarget(source, bits)),
      ),
    ),
  );

const situation = fc.record({
  allow: few,
  deny: content,
  country: content,
  feedA: content,
  feedB: content,
  exempt: some,
  denied: some,
  blocked: some,
  blockedPhones: some,
  blockedNetworks: networks,
  trusted: some,
  known: some,
  actionA: fc.constantFrom('block' as const, 'watch' as const),
  actionB: fc.constantFrom('block' as const, 'watch' as const),
  mode: fc.constantFrom('off' as const, 'block' as const, 'block' as const, 'allow' as const),
  protocols: fc.record({ sipUdp: fc.boolean(), sipTcp: fc.boolean(), tftp: fc.boolean() }),
});

describe.skipIf(missingForKernelTests() !== null)('the kernel and the model', () => {
  let host: Namespace;
  let net: Namespace;
  let elements: Elements;
  let listElements: ListElements;
  const nftables = new Nftables();
  const targets: { end: UdpEnd; port: number; v4: boolean }[] = [];
  const senders: { end: UdpEnd; address: Address }[] = [];

  beforeAll(async () => {
    host = new Namespace('gate');
    net = new Namespace('gate-net');
    const link = connect(host, ['10.70.0.1/16', 'fd70::ffff:1/64'], net, ['10.70.0.2/16', 'fd70::ffff:2/64']);
    const text = (i: number, v4: boolean) => (v4 ? `10.70.1.${i}` : `fd70::1:${i.toString(16)}`);
    const texts = [true, false].flatMap((v4) => Array.from({ length: SOURCES }, (_, i) => text(i, v4)));
    addAddresses(
      net,
      link.b,
      texts.map((t) => `${t}${t.includes(':') ? '/64' : '/16'}`),
    );
    for (const t of texts) senders.push({ end: await UdpEnd.open(net, t), address: parseAddress(t)! });
    for (const port of PORTS)
      for (const to of ['10.70.0.1', 'fd70::ffff:1'])
        targets.push({ end: await UdpEnd.open(host, to, port), port, v4: !to.includes(':') });
    elements = await host.inside(() => new Elements());
    listElements = await host.inside(() => new ListElements());
  });

  afterAll(async () => {
    for (const { end } of [...targets, ...senders]) end.close();
    elements?.close();
    listElements?.close();
    await host?.close();
    await net?.close();
    assertNoLeaks();
  });

  test('every source on every port, as the model says', async () => {
    let run = 0;
    const reasons = new Set<string>();
    await fc.assert(
      fc.asyncProperty(situation, async (given) => {
        const policy: RulesetPolicy & GatePolicy = {
          mode: 'protect',
          ports: {
            sipUdp: [{ first: SIP, last: SIP }],
            sipTcp: [],
            tftp: [{ first: TFTP, last: TFTP }],
            management: [],
          },
          guests: [],
          block: { durationMs: HOUR_MS, extend: true, permanentAfter: 3, rememberMs: HOUR_MS },
          wayIn: null,
          limit: { invitesPerSecond: 1, durationMs: HOUR_MS },
          countries: { mode: given.mode, protocols: given.protocols },
          feeds: [
            { name: 'a', action: given.actionA },
            { name: 'b-2', action: given.actionB },
          ],
        };
        const ruleset = renderRuleset(policy, { nflogGroup: 17 });
        await host.inside(() => nftables.recreate(ruleset));
        const feeds = [
          { name: 'a', ranges: given.feedA },
          { name: 'b-2', ranges: given.feedB },
        ];
        const lists = new LongLists({ kernel: listElements, now: () => Date.now(), onLoaded: () => {} });
        lists.useFeeds(['a', 'b-2']);
        lists.setExempt(given.exempt);
        const { allow, deny, country } = given;
        await lists.set({ allow, deny, country, feeds });
        lists.stop();
        for (const address of given.denied) elements.deny(address, null);
        const portOf = (address: Address) =>
          senders.find((sender) => compareAddress(sender.address, address) === 0)!.end.port;
        const phone = (address: Address) => portTarget(address, portOf(address), 'udp');
        for (const address of given.blocked) elements.block(address, HOUR_MS);
        // Beside the phone one at another port of the same address, which is none of the senders'.
        for (const address of given.blockedPhones) elements.block(phone(address), HOUR_MS);
        for (const address of sources) elements.block(portTarget(address, 9, 'udp'), HOUR_MS);
        for (const network of given.blockedNetworks) elements.block(network, HOUR_MS);
        elements.renew(
          'trusted',
          given.trusted.map((address) => ({ target: phone(address), timeoutMs: HOUR_MS })),
        );
        const homes = given.known.map((address) => (isV4(address) ? address : prefixRange(address, 64).first));
        elements.renew(
          'known',
          homes.map((target) => ({ target, timeoutMs: HOUR_MS })),
        );
        const among = (addresses: Address[]) => (address: Address) =>
          addresses.some((a) => compareAddress(a, address) === 0);
        const model: GateLists = {
          ...{ allow, deny, country, feeds },
          exempt: among(given.exempt),
          denied: among(given.denied),
          blocked: ({ source, sourcePort }, scope) => {
            if (scope === 'address') return among(given.blocked)(source);
            const targets = scope === 'port' ? given.blockedPhones.map(phone) : given.blockedNetworks;
            return targets.some((target) => covers(target, source, sourcePort, 'udp'));
          },
          trusted: ({ source, sourcePort }) =>
            given.trusted.map(phone).some((one) => covers(one, source, sourcePort, 'udp')),
          known: (source) => among(homes)(isV4(source) ? source : prefixRange(source, 64).first),
        };
        // Whoever asks for the way to this machine may be blocked on every port.
        for (const end of [host, net]) end.run('ip', 'neighbour', 'flush', 'all');
        const tag = `run ${run++}`;
        const expected: string[] = [];
        for (const target of targets) {
          const before = target.end.got.length;
          const due: string[] = [];
          for (const [i, sender] of senders.entries()) {
            if ((sender.address.w2 === 0xffff) !== target.v4) continue;
            const packet = {
              ...{ source: sender.address, sourcePort: sender.end.port, protocol: 'udp' as const },
              ...{ port: target.port, loopback: false },
            };
            const answer = gate(packet, model, policy);
            reasons.add(answer.reason);
            if (answer.action === 'accept') due.push(`${tag} ${i}`);
            await sender.end.send(`${tag} ${i}`, target.v4 ? '10.70.0.1' : 'fd70::ffff:1', target.port);
          }
          expected.push(...due);
          // A veth pair keeps the order: what was dropped is known when the kernel has delivered all that it lets through.
          await expect.poll(() => target.end.got.length - before, { timeout: 5000 }).toBeGreaterThanOrEqual(due.length);
        }
        // One more round trip, so that a packet that should not have come had its chance.
        await new Promise((resolve) => setImmediate(resolve));
        const came = targets.flatMap(({ end }) => end.got.filter((message) => message.startsWith(`${tag} `)));
        expect(came.sort()).toEqual(expected.sort());
      }),
      { numRuns: RUNS },
    );
    // The runs have met every rule.
    for (const reason of [
      'exempt',
      'allowlisted',
      'blocked-by-hand',
      'denylisted',
      'blocked-phone',
      'blocked',
      'blocked-network',
      'feed',
      'country',
      'open',
    ])
      expect(reasons).toContain(reason);
  });
});
