import { describe, expect, test } from 'vitest';
import { changesOf, isBlocked, missing, toggled, type CountryRule } from './rule.ts';

const all = { sipUdp: true, sipTcp: true, tftp: true };
const rule = (mode: CountryRule['mode'], list: string[], more: Partial<CountryRule> = {}): CountryRule => ({
  mode,
  list,
  unknown: 'pass',
  protocols: all,
  ...more,
});

describe('who is kept out', () => {
  test.each([
    ['off', 'RU', false],
    ['block', 'RU', true],
    ['block', 'DE', false],
    ['allow', 'RU', false],
    ['allow', 'DE', true],
  ] as const)('mode %s with RU chosen, %s: %s', (mode, code, blocked) => {
    expect(isBlocked(rule(mode, ['RU']), code)).toBe(blocked);
  });
});

test('choosing twice changes nothing', () => {
  const before = rule('block', ['CN', 'RU']);
  expect(toggled(before, 'IR').list).toEqual(['CN', 'IR', 'RU']);
  expect(changesOf(before, toggled(toggled(before, 'CN'), 'CN'))).toEqual([]);
});

describe('what is changed', () => {
  test('countries come before the mode that needs them', () => {
    expect(changesOf(rule('off', []), rule('block', ['RU', 'CN']))).toEqual([
      { path: 'countries.list', value: 'CN,RU' },
      { path: 'countries.mode', value: 'block' },
    ]);
  });

  test('the mode goes before the countries that it needed', () => {
    expect(changesOf(rule('allow', ['DE']), rule('off', []))).toEqual([
      { path: 'countries.mode', value: 'off' },
      { path: 'countries.list', value: '' },
    ]);
  });

  test('only what differs is named', () => {
    const after = rule('block', ['RU'], { unknown: 'block', protocols: { ...all, tftp: false } });
    expect(changesOf(rule('block', ['RU']), after)).toEqual([
      { path: 'countries.unknown', value: 'block' },
      { path: 'countries.protocols.tftp', value: 'false' },
    ]);
  });
});

describe('a rule that cannot be made', () => {
  const none = { sipUdp: false, sipTcp: false, tftp: false };
  test.each([
    [rule('off', []), null],
    [rule('block', ['RU']), null],
    [rule('block', []), 'Choose the countries to block'],
    [rule('allow', []), 'nobody would'],
    [rule('block', ['RU'], { protocols: none }), 'Choose a protocol'],
  ])('%j', (tried, text) => {
    if (text === null) expect(missing(tried)).toBeNull();
    else expect(missing(tried)).toContain(text);
  });
});
