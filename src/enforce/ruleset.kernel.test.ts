/** The rules against real packets: who gets through, who does not, for how long. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { parseAddress, parseRange, type Address } from '../core/base/address.ts';
import { addAddresses, assertNoLeaks, connect, missingForKernelTests, Namespace } from '../../test/netns.ts';
import { tcpAnswers, tcpConnect, tcpEcho, UdpEnd, udpPasses } from '../../test/traffic.ts';
import { packRanges, type PackedRanges } from '../core/base/packed-ranges.ts';
import { Elements } from './elements.ts';
import { ListElements } from './list-elements.ts';
import { LongLists } from './long-lists.ts';
import { Nftables } from './nftables.ts';
import { renderRuleset, type RulesetPolicy } from './ruleset.ts';

const HOUR_MS = 3_600_000;
const SIP = 5060;
const SSH = 2222;

const POLICY: RulesetPolicy = {
  mode: 'protect',
  ports: {
    sipUdp: [{ first: SIP, last: SIP }],
    sipTcp: [{ first: SIP, last: SIP }],
    tftp: [{ first: 69, last: 69 }],
    management: [{ first: SSH, last: SSH }],
  },
  guests: [],
  block: { durationMs: HOUR_MS, extend: true, permanentAfter: 3, rememberMs: 30 * 24 * HOUR_MS },
  wayIn: null,
  limit: { invitesPerSecond: 2, durationMs: 600_000 },
  countries: { mode: 'off', protocols: { sipUdp: true, sipTcp: true, tftp: true } },
  feeds: [],
};

const address = (text: string): Address => parseAddress(text)!;
const ranges = (...texts: string[]) => packRanges(texts.map((text) => parseRange(text)!));
const nftables = new Nftables();

/** One family's world: a PBX with a SIP and an SSH port, an attacker, and a bystander whom nothing ever blocks. */
interface World {
  pbxAddress: string;
  attackerAddress: string;
  pbx: UdpEnd;
  attacker: UdpEnd;
  bystander: UdpEnd;
  /** Does a datagram of the attacker on its existing flow arrive? */
  passes: () => Promise<boolean>;
}

describe.skipIf(missingForKernelTests() !== null)('the rules on the host itself', () => {
  let host: Namespace;
  let net: Namespace;
  let elements: Elements;
  let listElements: ListElements;
  let lists: LongLists;
  const put = (list: 'allow' | 'deny', content: PackedRanges) => void lists.set({ [list]: content });
  const worlds = new Map<string, World>();

  const apply = (policy: RulesetPolicy) => host.inside(() => nftables.apply(renderRuleset(policy, { nflogGroup: 7 })));
  const emptySets = async () => {
    await host.inside(() => nftables.remove());
    await apply(POLICY);
    lists = new LongLists({ kernel: listElements, now: () => Date.now(), onLoaded: () => {} });
  };

  beforeAll(async () => {
    host = new Namespace('host');
    net = new Namespace('net');
    const link = connect(host, ['10.77.0.1/24', 'fd77::1/64'], net, ['10.77.0.2/24', 'fd77::2/64']);
    addAddresses(net, link.b, ['10.77.0.3/24', 'fd77::3/64']);
    await apply(POLICY);
    elements = await host.inside(() => new Elements());
    listElements = await host.inside(() => new ListElements());
    for (const [family, prefix] of [
      ['IPv4', '10.77.0.'],
      ['IPv6', 'fd77::'],
    ]) {
      const pbx = await UdpEnd.open(host, `${prefix}1`, SIP);
      const attacker = await UdpEnd.open(net, `${prefix}2`);
      const bystander = await UdpEnd.open(net, `${prefix}3`);
      worlds.set(family, {
        pbxAddress: `${prefix}1`,
        attackerAddress: `${prefix}2`,
        pbx,
        attacker,
        bystander,
        passes: () => udpPasses(attacker, pbx, `${prefix}1`, bystander),
      });
      await tcpEcho(host, `${prefix}1`, SIP);
      await tcpEcho(host, `${prefix}1`, SSH);
    }
  });

  afterAll(async () => {
    elements?.close();
    listElements?.close();
    for (const world of worlds.values()) for (const end of [world.pbx, world.attacker, world.bystander]) end.close();
    await host?.close();
    await net?.close();
    assertNoLeaks();
  });

  // Both families take the same steps: what holds for one and not for the other is a hole.
  describe.each(['IPv4', 'IPv6'])('%s', (family) => {
    let world: World;
    let who: Address;

    beforeAll(async () => {
      world = worlds.get(family)!;
      who = address(world.attackerAddress);
      await emptySets();
    });

    test('a block bites on the next packet of an existing UDP flow, and a lift lets it through', async () => {
      expect(await world.passes()).toBe(true);
      elements.block(who, HOUR_MS);
      expect(await world.passes()).toBe(false);
      expect(elements.unblock(who)).toBe(true);
      expect(await world.passes()).toBe(true);
    });

    test('a block ends an established TCP connection’s traffic at once', async () => {
      const socket = (await tcpConnect(net, world.attackerAddress, world.pbxAddress, SIP))!;
      expect(await tcpAnswers(socket, true)).toBe(true);
      elements.block(who, HOUR_MS);
      expect(await tcpAnswers(socket, false)).toBe(false);
      expect(await tcpConnect(net, world.attackerAddress, world.pbxAddress, SIP, 60)).toBeNull();
      socket.destroy();
      elements.unblock(who);
    });

    test('the kernel counts each dropped packet once, with and without extension', async () => {
      for (const extend of [true, false]) {
        await apply({ ...POLICY, block: { ...POLICY.block, extend } });
        elements.block(who, HOUR_MS);
        for (let i = 0; i < 5; i++) expect(await world.passes()).toBe(false);
        expect(elements.get('block', who)?.packets).toBe(5);
        elements.unblock(who);
      }
      await apply(POLICY);
    });

    test('traffic starts a block’s time anew, and only its end moves', async () => {
      elements.block(who, 5000);
      expect(await world.passes()).toBe(false);
      const state = elements.get('block', who)!;
      expect(state.timeoutMs).toBe(5000);
      expect(state.expiresMs).toBeGreaterThan(HOUR_MS - 60_000);
      elements.unblock(who);
    });

    test('nothing moves the end of a brief block, which counts like any other, until a block proper takes its place', async () => {
      elements.blockBriefly(who, 50_000);
      for (let i = 0; i < 3; i++) expect(await world.passes()).toBe(false);
      expect(elements.get('block', who)!.expiresMs).toBeLessThanOrEqual(50_000);
      expect(elements.get('block', who)!.packets).toBe(3);
      elements.block(who, 50_000);
      expect(await world.passes()).toBe(false);
      expect(elements.get('block', who)!.expiresMs).toBeGreaterThan(HOUR_MS - 60_000);
      elements.unblock(who);
    });

    test('without extension the end stays where it was', async () => {
      await apply({ ...POLICY, block: { ...POLICY.block, extend: false } });
      elements.block(who, 50_000);
      expect(await world.passes()).toBe(false);
      expect(elements.get('block', who)!.expiresMs).toBeLessThanOrEqual(50_000);
      elements.unblock(who);
      await apply(POLICY);
    });

    test('a block without an end has none under traffic either', async () => {
      elements.block(who, null);
      for (let i = 0; i < 3; i++) expect(await world.passes()).toBe(false);
      expect(elements.get('block', who)).toEqual({ timeoutMs: null, expiresMs: null, packets: 3 });
      elements.unblock(who);
    });

    test('the kernel ends a block by itself', async () => {
      elements.block(who, 300);
      expect(await world.passes()).toBe(false);
      await apply({ ...POLICY, block: { ...POLICY.block, durationMs: 200 } });
      expect(await world.passes()).toBe(false);
      const end = Date.now() + 5000;
      while (elements.get('block', who) !== null && Date.now() < end) await new Promise((r) => setTimeout(r, 20));
      expect(elements.get('block', who)).toBeNull();
      expect(await world.passes()).toBe(true);
      await apply(POLICY);
    });

    // Who wins: the allowlist over everything, the administrator's denial over the management port, that over a verdict.
    test.each([
      // set up                                      SIP    SSH
      { name: 'nothing', set: () => {}, sip: true, ssh: true },
      { name: 'block', set: () => elements.block(who, HOUR_MS), sip: false, ssh: true },
      { name: 'deny', set: () => elements.deny(who, null), sip: false, ssh: false },
      { name: 'deny for a time', set: () => elements.deny(who, HOUR_MS), sip: false, ssh: false },
      {
        name: 'a denied range',
        set: () => put('deny', ranges('10.77.0.2/32', 'fd77::2/127')),
        sip: false,
        ssh: false,
        witnessDenied: true,
      },
      {
        name: 'block, deny, a denied range, and allow',
        set: () => {
          elements.block(who, HOUR_MS);
          elements.deny(who, null);
          put('deny', ranges('10.77.0.0/24', 'fd77::/64'));
          put('allow', ranges('10.77.0.0/24', 'fd77::/64'));
        },
        sip: true,
        ssh: true,
      },
    ])('$name: SIP passes $sip, management passes $ssh', async ({ set, sip, ssh, witnessDenied }) => {
      await emptySets();
      set();
      // fd77::2/127 holds the bystander too.
      if (witnessDenied) put('allow', ranges('10.77.0.3', 'fd77::3'));
      expect(await world.passes()).toBe(sip);
      const socket = await tcpConnect(net, world.attackerAddress, world.pbxAddress, SSH, ssh ? undefined : 60);
      expect(socket !== null).toBe(ssh);
      socket?.destroy();
    });

    test('monitor-only drops nothing', async () => {
      await emptySets();
      elements.block(who, HOUR_MS);
      elements.deny(who, null);
      await apply({ ...POLICY, mode: 'monitor' });
      expect(await world.passes()).toBe(true);
      await apply(POLICY);
      expect(await world.passes()).toBe(false);
    });

    test('a limited source sends two INVITEs a second; its other requests pass', async () => {
      await emptySets();
      elements.limit(who, HOUR_MS);
      const before = world.pbx.got.length;
      for (let i = 0; i < 20; i++) {
        await world.attacker.send(`INVITE sip:${i}@pbx SIP/2.0\r\n\r\n`, world.pbxAddress, SIP);
        await world.attacker.send(`OPTIONS sip:${i}@pbx SIP/2.0\r\n\r\n`, world.pbxAddress, SIP);
      }
      expect(await world.passes()).toBe(true);
      const came = world.pbx.got.slice(before);
      const invites = came.filter((m) => m.startsWith('INVITE')).length;
      // The burst of 2, and one more for each half second that the 40 packets took.
      expect(invites).toBeGreaterThanOrEqual(2);
      expect(invites).toBeLessThanOrEqual(4);
      expect(came.filter((m) => m.startsWith('OPTIONS')).length).toBe(20);
      elements.unlimit(who);
      await world.attacker.send('INVITE sip:free@pbx SIP/2.0\r\n\r\n', world.pbxAddress, SIP);
      expect(await world.pbx.has('INVITE sip:free@pbx SIP/2.0\r\n\r\n')).toBe(true);
    });

    test('INVITEs over TCP are limited too, whatever options the segments carry', async () => {
      await emptySets();
      const socket = (await tcpConnect(net, world.attackerAddress, world.pbxAddress, SIP))!;
      const answers: string[] = [];
      socket.on('data', (bytes: Buffer) => answers.push(bytes.toString('latin1')));
      expect(await tcpAnswers(socket, true)).toBe(true);
      elements.limit(who, HOUR_MS);
      await apply({ ...POLICY, limit: { ...POLICY.limit, invitesPerSecond: 0.1 } });
      socket.write('INVITE sip:1@pbx SIP/2.0\r\n\r\n');
      while (!answers.join('').includes('INVITE sip:1@')) await new Promise((r) => setTimeout(r, 5));
      socket.write('INVITE sip:2@pbx SIP/2.0\r\n\r\n');
      // The rule's own counter says that the second one was dropped.
      const limited = () => host.run('nft', 'list', 'chain', 'inet', 'ringfence', 'limited');
      await expect.poll(limited).toMatch(/@ih,0,56.*counter packets [1-9]/);
      expect(answers.join('')).not.toContain('INVITE sip:2@');
      socket.destroy();
      await apply(POLICY);
    });

    test('applying another policy keeps the blocks and lists', async () => {
      await emptySets();
      elements.block(who, HOUR_MS);
      elements.deny(address('192.0.2.9'), null);
      put('allow', ranges('192.0.2.0/24', '2001:db8::/32'));
      await apply({ ...POLICY, ports: { ...POLICY.ports, sipUdp: [{ first: 6000, last: 7000 }] } });
      expect(elements.get('block', who)).not.toBeNull();
      expect(elements.get('deny', address('192.0.2.9'))).not.toBeNull();
      expect(listElements.ranges('allow_s4', true)).toEqual(ranges('192.0.2.0/24').v4);
      expect(listElements.selection('allow_use')).toEqual({ v4: 'allow_s4', v6: 'allow_s6' });
      expect(await world.passes()).toBe(false);
      await apply(POLICY);
    });

    test('replacing a list lets no packet through in between', async () => {
      await emptySets();
      put('deny', ranges(world.attackerAddress));
      // Another process replaces the list over and over, by long and short ones, while the attacker's datagrams arrive.
      const replacer = host.spawn(process.execPath, [
        '--input-type=module',
        '--eval',
        `import { ListElements } from ${JSON.stringify(new URL('./list-elements.ts', import.meta.url).href)};
         import { LongLists } from ${JSON.stringify(new URL('./long-lists.ts', import.meta.url).href)};
         import { packRanges } from ${JSON.stringify(new URL('../core/base/packed-ranges.ts', import.meta.url).href)};
         import { parseRange } from ${JSON.stringify(new URL('../core/base/address.ts', import.meta.url).href)};
         const lists = new LongLists({ kernel: new ListElements(), now: () => 0, onLoaded: () => {} });
         lists.distrust();
         const made = (length, from) => {
           const list = [parseRange(${JSON.stringify(world.attackerAddress)})];
           for (let i = 0; i < length; i++) {
             list.push(parseRange(\`\${from}.0.\${i >> 6}.\${(i & 63) * 4}/31\`));
             list.push(parseRange(\`2001:db8:\${from}:\${i.toString(16)}::/65\`));
           }
           return packRanges(list);
         };
         const contents = [made(1500, 11), made(1500, 12), made(20, 13), made(1600, 14)];
         let n = 0;
         for (; n < 12; n++) await lists.set({ deny: contents[n % 4] });
         console.log(n);`,
      ]);
      let replaced = '';
      replacer.stdout!.on('data', (bytes: Buffer) => (replaced += bytes.toString()));
      const ended = new Promise<number | null>((resolve) => replacer.once('exit', resolve));
      let running = true;
      void ended.then(() => (running = false));
      const before = world.pbx.got.length;
      let sent = 0;
      while (running) {
        await world.attacker.send(`slip ${sent++}`, world.pbxAddress, SIP);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(await ended).toBe(0);
      expect(await world.passes()).toBe(false);
      expect(Number(replaced)).toBe(12);
      expect(sent).toBeGreaterThan(500);
      expect(world.pbx.got.slice(before).filter((m) => m.startsWith('slip'))).toEqual([]);
    });
  });

  test('the removal leaves nothing of ours and touches nothing of others', async () => {
    host.nft('add table inet theirs; add chain inet theirs c; add rule inet theirs c counter');
    const before = host.run('nft', 'list', 'table', 'inet', 'theirs');
    await emptySets();
    await host.inside(() => nftables.remove());
    await host.inside(() => nftables.remove());
    expect(host.run('nft', 'list', 'ruleset')).toBe(before);
    await apply(POLICY);
  });

  test('a ruleset that nft refuses changes nothing and says why', async () => {
    await emptySets();
    const before = host.run('nft', '-s', 'list', 'ruleset');
    const text = `${renderRuleset(POLICY, { nflogGroup: 7 })}\nadd rule inet ringfence gate nonsense\n`;
    await expect(host.inside(() => nftables.apply(text))).rejects.toMatchObject({
      code: 'nft-failed',
      message: expect.stringContaining('nonsense'),
    });
    expect(host.run('nft', '-s', 'list', 'ruleset')).toBe(before);
  });
});
