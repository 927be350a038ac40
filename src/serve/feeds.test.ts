/** The operations about feeds, with a real store, real feeds and a real server; a guard that agrees to everything. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GuardHealth, GuardRequest } from '../channel/protocol.ts';
import { Feeds } from '../feeds/feeds.ts';
import { CountryData } from '../geo/country-data.ts';
import { HostNames } from '../feeds/host-names.ts';
import { serving, startListServer, type ListServer } from '../feeds/testing/list-server.ts';
import { startDnsServer, type DnsServer } from '../feeds/testing/dns-server.ts';
import { dnsResolve } from '../feeds/resolve-host.ts';
import type { PolicyDocument } from '../policy/schema.ts';
import { openStore } from '../store/sqlite/open.ts';
import type { Store } from '../store/store.ts';
import { feedAdd, feedRemove, feeds, feedShow, feedsRefresh } from './feeds.ts';
import type { OperationsContext } from './context.ts';
import { GuardRefusal } from './guard-link.ts';
import { health } from './testing/guard-stand-in.ts';
import { documentOf, policyShow } from './policy.ts';
import { Turns } from './turns.ts';

const LIST = '198.51.100.7\n198.51.100.9\n203.0.113.0/28\n10.0.0.1\nnonsense\n2001:db8::/32\n';

let server: ListServer;
let dns: DnsServer;
let directory: string;
let store: Store;
let lists: Feeds;
let names: HostNames;
let context: OperationsContext;
let reported: GuardHealth | null;
let geo: CountryData;
/** Feeds that were waited for until the kernel held them; and its refusal. */
let broughtIn: string[];
let kernelSays: string | null;

beforeEach(async () => {
  server = await startListServer();
  server.behave(serving(LIST));
  dns = await startDnsServer();
  directory = mkdtempSync(join(tmpdir(), 'ringfence-serve-feeds-'));
  store = openStore(directory, { now: Date.now() });
  [reported, broughtIn, kernelSays] = [null, [], null];
  const given = { dataDirectory: directory, changed: () => {}, report: () => {} };
  lists = new Feeds({ ...given, own: () => [] });
  geo = new CountryData({ directory, report: () => {} });
  names = new HostNames({ ...given, resolve: dnsResolve({ servers: [dns.address] }) });
  const ask = async (request: GuardRequest) => (request.ask === 'registered' ? [] : null);
  // Whoever brings a policy into force tells the feeds, too.
  const ranges = {
    use: async (policy: PolicyDocument) => lists.use(policy.feeds),
    feedsInForce: async (names: readonly string[]) => {
      if (kernelSays !== null) throw new GuardRefusal('kernel-failed', kernelSays);
      broughtIn.push(...names);
    },
  };
  context = {
    ...{ store, now: Date.now, turns: new Turns(), dataDirectory: directory, version: '0', policyFile: null },
    ...{
      guard: {
        ask,
        connected: true,
        get health() {
          return reported;
        },
      },
      feeds: lists,
      hostNames: names,
      ranges,
      geo,
    },
    intake: () => ({ trouble: null, waiting: 0, lost: 0 }),
  } as unknown as OperationsContext;
});
afterEach(async () => {
  await lists.close();
  await names.close();
  await geo.close();
  store.close();
  await server.close();
  await dns.close();
  rmSync(directory, { recursive: true, force: true });
});

const inPolicy = () => documentOf(store.policyCurrent().text).feeds;
const add = (given: Record<string, unknown> = {}) =>
  feedAdd(context, { name: 'sip', url: `${server.url}/sip.txt`, ...given });

describe('adding', () => {
  it('changes the policy, fetches, and says what came of it', async () => {
    const answer = await add({ action: 'watch', every: '30m' });
    expect(answer).toMatchObject({ name: 'sip', added: true, changed: true, file: null });
    expect(answer.feed).toMatchObject({
      state: 'current',
      entries: 4,
      action: 'watch',
      everyMs: 1_800_000,
      problem: null,
    });
    expect(inPolicy()).toEqual([
      { name: 'sip', url: `${server.url}/sip.txt`, file: '', every: '30m', action: 'watch', bytesMax: 16_777_216 },
    ]);
    expect(policyShow(context)).toMatchObject({ comment: 'feed sip added or changed' });
  });

  it('a feed of this name is changed: what is not said stays', async () => {
    await add({ action: 'watch', every: '30m' });
    expect(await add({ every: '2h' })).toMatchObject({ added: false, changed: true });
    expect(inPolicy()).toMatchObject([{ name: 'sip', every: '2h', action: 'watch' }]);
    expect(await add({ every: '2h' })).toMatchObject({ changed: false });
  });

  it('a list that cannot be fetched is a feed all the same, and says why it is empty', async () => {
    server.behave((_, response) => response.writeHead(404).end());
    const { feed } = await add();
    expect(feed).toMatchObject({ state: 'waiting', problem: { code: 'feed-http-status' } });
  });

  it.each(['notify-secrets.json', 'backups/../notify-secrets.json', '../ringfence-x/../NAME/ringfence.db'])(
    'no file of the data directory, where the secrets are: %s',
    async (name) => {
      const file = `${directory}/${name.replace('NAME', basename(directory))}`;
      await expect(add({ url: undefined, file })).rejects.toMatchObject({ code: 'own-file', outcome: 'refused' });
      expect(inPolicy()).toEqual([]);
    },
  );

  it('several at one moment: none is lost', async () => {
    const wanted = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    await Promise.all(wanted.map((name) => add({ name })));
    expect(
      inPolicy()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(wanted);
    await expect(add({ name: 'i' })).rejects.toMatchObject({ code: 'feeds-too-many', outcome: 'usage' });
  });

  it.each([
    ['a bad name', { name: 'Sip!' }, /name: write lower-case letters/],
    ['another scheme', { url: 'ftp://lists.example.org/a' }, /url: only https and http/],
    ['a relative path', { url: undefined, file: 'list.txt' }, /file: write the whole path/],
    ['neither', { url: undefined }, /either url or file/],
    ['both', { file: '/etc/list' }, /either url or file/],
    ['a period without a unit', { every: '60' }, /every: 60 has no unit/],
    ['an unknown action', { action: 'drop' }, /action: .*block.*watch/],
  ])('%s is refused and changes nothing', async (_what, given, says) => {
    await expect(add(given)).rejects.toMatchObject({ outcome: 'usage', message: expect.stringMatching(says) });
    expect(inPolicy()).toEqual([]);
  });
});

describe('looking', () => {
  it('hits are those that the guard reports for this feed', async () => {
    await add();
    expect(feeds(context).feeds[0].hits).toBeNull();
    const counted = { ranges: 4, loadedAt: 1, loading: null, packets: 1234 };
    reported = health();
    reported = { ...reported, lists: { ...reported.lists, feeds: [{ name: 'sip', ...counted }] } };
    expect(feeds(context).feeds[0].hits).toBe(1234);
  });

  it('one feed: wrong lines, entries left out, and what the allowlist overrides', async () => {
    await add();
    dns.replies.set('phone.example.org', { a: ['198.51.100.9'] });
    names.use(['phone.example.org']);
    while (names.addresses().size === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    store.listAdd('allow', [{ range: '203.0.113.8/29', comment: 'trunk' }], { now: Date.now(), by: 'test' });
    expect(feedShow(context, 'sip')).toMatchObject({
      bad: { total: 1, first: [{ line: 5, value: 'nonsense' }] },
      refused: { total: 1, first: [{ line: 4, address: '10.0.0.1', reason: 'private-space' }] },
      overridden: {
        total: 2,
        first: [
          { range: '198.51.100.9', by: 'phone.example.org', comment: '' },
          { range: '203.0.113.8/29', by: '203.0.113.8/29', comment: 'trunk' },
        ],
      },
    });
    expect(feeds(context).hostNames).toMatchObject([{ name: 'phone.example.org', addresses: ['198.51.100.9'] }]);
  });

  it('no feed of this name: the others are named', async () => {
    await add();
    expect(() => feedShow(context, 'other')).toThrow(
      expect.objectContaining({ outcome: 'no', code: 'feed-unknown', hint: 'There are: sip' }),
    );
  });
});

describe('refreshing', () => {
  it('one or all', async () => {
    await add();
    await add({ name: 'other' });
    server.behave(serving('192.0.2.1\n', '"2"'));
    expect(await feedsRefresh(context, 'sip')).toMatchObject([{ name: 'sip', entries: 1 }]);
    expect(await feedsRefresh(context, undefined)).toMatchObject([{ entries: 1 }, { entries: 1 }]);
    await expect(feedsRefresh(context, 'nobody')).rejects.toMatchObject({ code: 'feed-unknown' });
  });

  it('answers when the kernel holds what was fetched', async () => {
    await add();
    expect(broughtIn).toEqual(['sip']);
    await feedsRefresh(context, 'sip');
    expect(broughtIn).toEqual(['sip', 'sip']);
  });

  it('a kernel that does not take it: the list is here, and it is said that it does not count yet', async () => {
    await add();
    kernelSays = 'the kernel says no';
    await expect(feedsRefresh(context, 'sip')).rejects.toMatchObject({
      ...{ outcome: 'failed', code: 'kernel-failed' },
      message: 'The list of feed sip is here, but not in force yet: the kernel says no',
      hint: expect.stringMatching(/tried again by itself/) as string,
    });
    expect(lists.ranges()).toHaveLength(1);
  });
});

describe('removing', () => {
  it('takes it out of the policy and out of force', async () => {
    await add();
    expect(await feedRemove(context, 'sip')).toMatchObject({ changed: true, feed: null });
    expect(inPolicy()).toEqual([]);
    expect(lists.ranges()).toEqual([]);
    await expect(feedRemove(context, 'sip')).rejects.toMatchObject({ outcome: 'no', code: 'feed-unknown' });
  });
});
