import { describe, expect, it } from 'vitest';
import { targetFields, type BlockRecord } from '../channel/protocol.ts';
import { parseTarget } from '../core/base/target.ts';
import { sampleVerdict } from '../serve/testing/samples.ts';
import { BlockAccount } from './block-account.ts';

const NOW = 1_000_000;
const block = (target: string, origin: BlockRecord['origin'] = 'automatic'): BlockRecord => ({
  ...{
    ...targetFields(parseTarget(target)!),
    since: NOW,
    until: NOW + 3_600_000,
    reason: 'flood.requests',
    finding: 'flood.requests',
    incident: 'i1',
  },
  ...{ origin, dropped: 41 },
});
const DAY_LATER = NOW + 86_400_000;

describe('a block with a new end', () => {
  it('keeps its reason and its count', () => {
    const account = new BlockAccount([block('192.0.2.1')], [], []);
    expect(account.extended('block', '192.0.2.1', DAY_LATER)).toEqual({ ...block('192.0.2.1'), until: DAY_LATER });
  });

  it('is remembered over a restart, as long as the block stands', () => {
    const account = new BlockAccount([block('192.0.2.1')], [], []);
    account.extended('block', '192.0.2.1', DAY_LATER);
    const next = new BlockAccount(account.all(), [], account.extensions());
    expect(next.extendedUntil('192.0.2.1')).toBe(DAY_LATER);
    expect(new BlockAccount([], [], account.extensions()).extensions()).toEqual([]);
  });

  it.each<[end: string, (account: BlockAccount) => void]>([
    ['it ended', (account) => account.ended('block', '192.0.2.1')],
    ['it was lifted', (account) => account.lifted('192.0.2.1')],
    ['it is for ever now', (account) => account.extended('block', '192.0.2.1', null)],
  ])('nothing has to be kept up any more: %s', (_end, happens) => {
    const account = new BlockAccount([block('192.0.2.1')], [], []);
    account.extended('block', '192.0.2.1', DAY_LATER);
    happens(account);
    expect(account.extendedUntil('192.0.2.1')).toBe(null);
  });

  it('by hand it needs no keeping up: the kernel never extends those', () => {
    const account = new BlockAccount([block('192.0.2.1', 'manual')], [], []);
    expect(account.extended('deny', '192.0.2.1', DAY_LATER)?.until).toBe(DAY_LATER);
    expect(account.extensions()).toEqual([]);
  });

  it('there is none to extend', () => {
    expect(new BlockAccount([], [], []).extended('block', '192.0.2.1', DAY_LATER)).toBe(null);
  });
});

it('a block is told in whole milliseconds, though packets come between them', () => {
  const verdict = { ...sampleVerdict(NOW), at: NOW + 0.6, until: NOW + 3_600_000.6 };
  const record = new BlockAccount([], [], []).byVerdict(verdict);
  expect(record).toMatchObject({ since: NOW, until: NOW + 3_600_000 });
});

describe('phones behind an address', () => {
  const phones = ['192.0.2.1:5062/udp', '192.0.2.1:5063/tcp'];
  const account = () =>
    new BlockAccount(
      [...phones, '192.0.2.2:5060/udp', '192.0.2.0/24'].map((one) => block(one)),
      [],
      [],
    );

  it('are found by it, and forgotten one by one', () => {
    const of = account();
    expect(of.phonesOf('192.0.2.1')).toEqual(phones);
    of.ended('block', phones[0]);
    of.lifted('192.0.2.2:5060/udp');
    expect([of.phonesOf('192.0.2.1'), of.phonesOf('192.0.2.2')]).toEqual([[phones[1]], []]);
  });

  it('what the kernel drops of a phone belongs to its address, of a network to whom the verdict was about', () => {
    const of = account();
    of.byVerdict({ ...sampleVerdict(NOW), source: '198.51.100.9', scope: 'network', target: '198.51.100.0/24' });
    expect([phones[0], '198.51.100.0/24', '192.0.2.7'].map((target) => of.sourceOf(target))).toEqual([
      ...['192.0.2.1', '198.51.100.9', '192.0.2.7'],
    ]);
  });
});

it.each([
  ['proven', 'nonce' as const, [{ address: '203.0.113.66', count: 1, last: NOW }]],
  ['forgeable', null, []],
])('a block for what is %s counts towards a permanent one after a restart, or not', (_name, proof, history) => {
  const account = new BlockAccount([], [], []);
  account.byVerdict({
    ...sampleVerdict(NOW),
    at: NOW,
    source: '203.0.113.66',
    target: '203.0.113.66',
    proof,
    blocksBefore: 0,
  });
  expect(account.histories()).toEqual(history);
});
