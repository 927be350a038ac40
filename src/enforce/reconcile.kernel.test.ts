/** The same as reconcile.test.ts with a real kernel and a real nft: every way an administrator can harm the table is undone. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { parseAddress, parseRange, type Address } from '../core/base/address.ts';
import { assertNoLeaks, missingForKernelTests, Namespace } from '../../test/netns.ts';
import { packRanges } from '../core/base/packed-ranges.ts';
import { formatTarget, portTarget } from '../core/base/target.ts';
import { Desired } from './desired.ts';
import { Elements } from './elements.ts';
import { ListElements } from './list-elements.ts';
import { Nftables } from './nftables.ts';
import type { ReconcileEvent } from './reconcile-event.ts';
import { Reconciler } from './reconcile.ts';
import { renderRuleset } from './ruleset.ts';
import { differences } from './structure.ts';
import { chainsOf } from './table.ts';

const HOUR = 3_600_000;
const a = (text: string): Address => parseAddress(text)!;
const A = a('192.0.2.1');
const B = a('2001:db8::2');
const BRIEF = a('192.0.2.77');
const PHONE = portTarget(A, 5060, 'udp');
const ruleset = (nflogGroup: number, feeds: string[] = []) =>
  renderRuleset(
    {
      mode: 'protect',
      ports: {
        sipUdp: [
          { first: 5060, last: 5062 },
          { first: 5061, last: 5080 },
        ],
        sipTcp: [{ first: 5060, last: 5060 }],
        tftp: [{ first: 69, last: 69 }],
        management: [{ first: 22, last: 22 }],
      },
      guests: ['198.51.100.0/24', '2001:db8:1::/48'].map((text) => parseRange(text)!),
      block: { durationMs: HOUR, extend: true, permanentAfter: 3, rememberMs: HOUR },
      wayIn: null,
      limit: { invitesPerSecond: 1, durationMs: HOUR },
      countries: { mode: 'off', protocols: { sipUdp: true, sipTcp: true, tftp: true } },
      feeds: feeds.map((name) => ({ name, action: 'block' })),
    },
    { nflogGroup },
  );

describe.skipIf(missingForKernelTests() !== null)('harm to the real table', () => {
  let host: Namespace;
  let elements: Elements;
  let lists: ListElements;
  let desired: Desired;
  let reconciler: Reconciler;
  let events: ReconcileEvent[];
  const nftables = new Nftables();
  const commits = new Int32Array(new SharedArrayBuffer(4));
  const tick = () => host.inside(() => reconciler.tick());

  beforeAll(() => {
    host = new Namespace('reconcile');
  });
  afterAll(async () => {
    await host?.close();
    assertNoLeaks();
  });

  beforeEach(async () => {
    await host.inside(() => nftables.remove());
    elements = await host.inside(() => new Elements({ commits }));
    desired = new Desired();
    events = [];
    desired.want('block', A, Date.now() + HOUR);
    desired.want('deny', B, null);
    desired.want('limit', A, Date.now() + HOUR);
    desired.exempt = [a('10.9.9.9'), a('fd00::9')];
    desired.lists = {
      allow: packRanges([parseRange('10.0.0.0/8')!]),
      deny: packRanges([parseRange('203.0.113.0/24')!, parseRange('2001:db8:2::/48')!]),
    };
    lists = await host.inside(() => new ListElements({ commits }));
    reconciler = new Reconciler({
      elements,
      structure: nftables,
      lists,
      ruleset: ruleset(13),
      desired,
      now: () => Date.now(),
      commits,
      onEvent: (event) => event.type !== 'loaded' && events.push(event),
    });
    await host.inside(() => reconciler.start());
    elements.blockBriefly(BRIEF, HOUR);
    reconciler.noteBrief(BRIEF, HOUR);
    await tick();
    expect(events).toEqual([]);
    return () => (elements.close(), lists.close());
  });

  const asItWas = async () => {
    expect(elements.get('block', A)).not.toBeNull();
    expect(elements.get('deny', B)).not.toBeNull();
    await host.inside(() => {
      expect(lists.ranges('allow_s4', true)).toEqual(desired.lists.allow!.v4);
      expect(lists.ranges('deny_s4', true)).toEqual(desired.lists.deny!.v4);
      expect(lists.ranges('deny_s6', false)).toEqual(desired.lists.deny!.v6);
      expect(lists.selection('deny_use')).toEqual({ v4: 'deny_s4', v6: 'deny_s6' });
      expect(lists.addresses('exempt4')).toEqual([a('10.9.9.9')]);
      expect([...nftables.structure()!.chains].sort()).toEqual(chainsOf([]).sort());
      expect(elements.get('limit', A)).not.toBeNull();
      expect(elements.get('block', BRIEF)).not.toBeNull();
      expect(elements.get('brief', BRIEF)).not.toBeNull();
    });
    events = [];
    await tick();
    expect(events).toEqual([]);
  };

  // The commands an administrator, a firewall front end or a hasty script would run.
  test.each<[command: string, problem: string, detail: string]>([
    ['flush ruleset', 'table-missing', 'table inet ringfence missing'],
    ['delete table inet ringfence', 'table-missing', 'table inet ringfence missing'],
    ['flush table inet ringfence', 'structure-changed', 'rules of gate missing'],
    ['flush chain inet ringfence gate', 'structure-changed', 'rules of gate missing'],
    ['insert rule inet ringfence gate accept', 'structure-changed', 'rules of gate changed'],
    ['add rule inet ringfence log_in counter', 'structure-changed', 'rules of log_in changed'],
    ['add chain inet ringfence mine', 'structure-changed', 'chain mine added'],
    [
      'add chain inet ringfence mine { type filter hook input priority 0; policy drop; }',
      'structure-changed',
      'chain mine added',
    ],
    ['add set inet ringfence mine { type ipv4_addr; }', 'structure-changed', 'set mine added'],
    ['delete element inet ringfence sip_udp { 5060-5080 }', 'structure-changed', 'elements of sip_udp changed'],
    ['add element inet ringfence management { 1-65535 }', 'structure-changed', 'elements of management changed'],
    ['delete element inet ringfence block4 { 192.0.2.1 }', 'elements-removed', '192.0.2.1 removed from block'],
    ['flush set inet ringfence deny6', 'elements-removed', '2001:db8::2 removed from deny'],
    ['flush set inet ringfence limit4', 'elements-removed', '192.0.2.1 removed from limit'],
    ['flush set inet ringfence allow_s4', 'ranges-changed', 'allow changed'],
    ['add element inet ringfence allow_s4 { 192.0.2.0/24 }', 'ranges-changed', 'allow changed'],
    ['add element inet ringfence deny_s6 { 2001:db8:3::/48 }', 'ranges-changed', 'deny changed'],
    ['flush map inet ringfence deny_use', 'ranges-changed', 'deny changed'],
    ['delete element inet ringfence allow_use { ipv4 : jump allow_s4 }', 'ranges-changed', 'allow changed'],
    ['add element inet ringfence country_use { ipv4 : jump country_a4 }', 'ranges-changed', 'country changed'],
    ['flush set inet ringfence exempt6', 'ranges-changed', 'exempt changed'],
    ['delete element inet ringfence exempt4 { 10.9.9.9 }', 'ranges-changed', 'exempt changed'],
  ])('%s', async (command, problem, detail) => {
    // A front end that already holds 22 would conflict with 1-65535.
    if (command.includes('1-65535')) host.nft('flush set inet ringfence management');
    host.nft(command);
    await tick();
    const repairs = events.filter((e) => e.type === 'repaired');
    expect(repairs).toEqual([{ type: 'repaired', problem, details: expect.arrayContaining([detail]) }]);
    await asItWas();
  });

  test('a set that somebody made anew with another definition', async () => {
    host.nft('flush table inet ringfence');
    host.nft('delete set inet ringfence block4');
    host.nft('add set inet ringfence block4 { type ipv4_addr; flags timeout; size 10; }');
    await tick();
    expect(events.map((e) => e.type)).toEqual(['repaired']);
    expect((await host.inside(() => nftables.structure()))!.sets.get('block4')!.size).toBe(1_048_576);
    await asItWas();
  });

  // The sensor's thread takes trust away by itself, and what it tells of that may come after the look.
  test.each(['trusted', 'known'] as const)('flush set %s: put back by the second look', async (set) => {
    const target = set === 'trusted' ? PHONE : A;
    elements.renew(set, [{ target, timeoutMs: HOUR }]);
    reconciler.note(set, target, HOUR);
    host.nft(`flush set inet ringfence ${set}4`);
    await tick();
    expect(events).toEqual([]);
    expect(elements.get(set, target)).toBeNull();
    await tick();
    expect(events).toEqual([
      { type: 'repaired', problem: 'elements-removed', details: [`${formatTarget(target)} removed from ${set}`] },
    ]);
    await asItWas();
    expect(elements.get(set, target)).not.toBeNull();
  });

  test('trust that the sensor took away between the looks stays away', async () => {
    elements.renew('trusted', [{ target: PHONE, timeoutMs: HOUR }]);
    reconciler.note('trusted', PHONE, HOUR);
    host.nft('flush set inet ringfence trusted4');
    await tick();
    desired.forget('trusted', PHONE);
    await tick();
    expect(events).toEqual([]);
    expect(elements.get('trusted', PHONE)).toBeNull();
  });

  test('another table’s changes are none of ours', async () => {
    host.nft('add table inet theirs; add chain inet theirs c');
    await tick();
    expect(events).toEqual([]);
    host.nft('delete table inet theirs');
  });

  test('a second process’s blocks, counted in the shared word, bring no look; uncounted ones are adopted', async () => {
    elements.block(a('192.0.2.77'), HOUR);
    reconciler.note('block', a('192.0.2.77'), HOUR);
    await tick();
    expect(events).toEqual([]);
    host.nft('add element inet ringfence block4 { 192.0.2.78 timeout 1h }');
    await tick();
    await tick();
    expect(events).toMatchObject([{ type: 'adopted', set: 'block', target: '192.0.2.78' }]);
  });

  test('a new process takes over what a killed one left', async () => {
    elements.block(a('192.0.2.50'), HOUR);
    const heir = new Desired();
    const seen: ReconcileEvent[] = [];
    const next = new Reconciler({
      elements,
      structure: nftables,
      lists,
      ruleset: ruleset(14),
      desired: heir,
      now: () => Date.now(),
      commits,
      onEvent: (event) => event.type !== 'loaded' && seen.push(event),
    });
    await host.inside(() => next.start());
    expect([...heir.block.keys()].sort()).toEqual(['192.0.2.1', '192.0.2.50', '192.0.2.77']);
    expect([...heir.brief.keys()]).toEqual(['192.0.2.77']);
    expect([...heir.deny.keys()]).toEqual(['2001:db8::2']);
    expect(elements.get('block', a('192.0.2.50'))).not.toBeNull();
    expect(seen.every((e) => e.type === 'adopted')).toBe(true);
  });

  test('the same text applied twice gives the same structure, counters and all', async () => {
    const before = (await host.inside(() => nftables.structure()))!;
    await host.inside(() => nftables.apply(ruleset(13)));
    await tick();
    expect(events).toEqual([]);
    const once = (await host.inside(() => nftables.structure()))!;
    await host.inside(() => nftables.apply(ruleset(13)));
    expect(differences(once, (await host.inside(() => nftables.structure()))!)).toEqual([]);
    expect([...before.parts.keys()].sort()).toEqual([...once.parts.keys()].sort());
    // Also the first application, into an empty table, and a later one by another program.
    expect(differences(before, once)).toEqual([]);
  });

  test('feeds come and go with the policy; the other lists and feeds stay as they are', async () => {
    const ranges = (...texts: string[]) => packRanges(texts.map((text) => parseRange(text)!));
    // Before its sets are there: kept for the policy that brings them.
    const feeds = [
      { name: 'one', ranges: ranges('192.0.2.0/25') },
      { name: 'two', ranges: ranges('2001:db8:7::/48') },
    ];
    await host.inside(() => reconciler.setLongLists({ feeds }));
    await host.inside(() => reconciler.setRuleset(ruleset(13, ['one', 'two'])));
    expect(lists.ranges('feed_one_s4', true)).toEqual(feeds[0].ranges.v4);
    expect(lists.selection('feed_two_use')).toEqual({ v4: null, v6: 'feed_two_s6' });
    await host.inside(() => reconciler.setRuleset(ruleset(13, ['two'])));
    const structure = (await host.inside(() => nftables.structure()))!;
    expect([...structure.sets.keys(), ...structure.chains].filter((name) => name.includes('feed_one'))).toEqual([]);
    expect(host.run('nft', 'list', 'counters', 'table', 'inet', 'ringfence')).not.toContain('feed_one');
    expect(lists.ranges('feed_two_s6', false)).toEqual(feeds[1].ranges.v6);
    expect(Object.keys(reconciler.listStanding())).toEqual(['allow', 'deny', 'country', 'feed_two']);
    await tick();
    expect(events).toEqual([]);
    await host.inside(() => reconciler.setRuleset(ruleset(13)));
    await asItWas();
  });

  test('a long list: a change of policy leaves it, a deleted table brings it back, a lost element is noticed', async () => {
    const list = packRanges(
      Array.from({ length: 3000 }, (_, i) => parseRange(`11.${i >> 8}.${i & 255}.0/28`)!).concat(
        Array.from({ length: 3000 }, (_, i) => parseRange(`2001:db8:${i.toString(16)}::/61`)!),
      ),
    );
    await host.inside(() => reconciler.setLongLists({ deny: list }));
    expect(lists.selection('deny_use')).toEqual({ v4: 'deny_a4', v6: 'deny_a6' });
    await host.inside(() => reconciler.setRuleset(ruleset(14)));
    const standing = () => reconciler.listStanding().deny;
    expect([lists.selection('deny_use').v4, standing().ranges]).toEqual(['deny_a4', 6000]);
    // A tick while nobody interferes looks at nothing and says nothing.
    await tick();
    expect(events).toEqual([]);
    host.nft('delete table inet ringfence');
    await tick();
    await expect.poll(() => lists.selection('deny_use')).toEqual({ v4: 'deny_a4', v6: 'deny_a6' });
    events = [];
    // The mark of 11.5.5.0/28: the bit behind the prefix.
    if (lists.count('deny_a4_net') === null) return;
    await tick();
    host.nft('delete element inet ringfence deny_a4_net { 11.5.5.8 }');
    await tick();
    expect(events).toMatchObject([{ type: 'repaired', problem: 'ranges-changed', details: ['deny changed'] }]);
    await expect.poll(() => lists.selection('deny_use').v4).toBe('deny_b4');
    expect(lists.count('deny_b4_net')).toBe(3000);
  });

  test('a stop leaves nothing', async () => {
    await host.inside(() => reconciler.stop());
    expect(host.run('nft', 'list', 'ruleset')).toBe('');
  });
});
