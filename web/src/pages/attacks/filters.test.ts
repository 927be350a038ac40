import { expect, test } from 'vitest';
import { described, fromInput, isFiltered, pathOf, queryOf, toInput, type AttackFilters } from './filters.ts';

const NOW = 1_800_000_000_000;

test.each<[string, AttackFilters, AttackFilters]>([
  ['nothing', {}, {}],
  ['a preset is a time before now', { last: '1h' }, { since: String(NOW - 3_600_000) }],
  [
    'a preset wins over times that were left in the address',
    { last: '24h', since: '5', until: '6', kind: 'flood' },
    { since: String(NOW - 86_400_000), kind: 'flood' },
  ],
  ['a preset that nobody knows is no limit', { last: '3y', source: '192.0.2.1' }, { source: '192.0.2.1' }],
  ['times of people', { since: '5', until: '6' }, { since: '5', until: '6' }],
  [
    'the rest goes as it is',
    { open: 'true', country: 'DE', text: 'a%b' },
    { open: 'true', country: 'DE', text: 'a%b' },
  ],
])('query: %s', (_, filters, query) => expect(queryOf(filters, NOW)).toEqual(query));

test.each<[AttackFilters, string[]]>([
  [{}, []],
  [{ last: '7d', since: '5' }, ['Last 7 days']],
  [{ kind: 'flood', open: 'true', asn: '64496' }, ['Flood', 'going on', 'AS64496']],
  [
    { source: '192.0.2.0/24', victim: '198.51.100.1', country: 'DE', text: 'x' },
    ['from 192.0.2.0/24', 'against 198.51.100.1', 'Germany', '“x”'],
  ],
  [{ since: 'yesterday' }, ['since yesterday']],
])('in words: %o', (filters, words) => {
  expect(described(filters)).toEqual(words);
  expect(isFiltered(filters)).toBe(words.length > 0);
});

test('a time survives the input field', () => {
  const at = String(new Date(2026, 10, 22, 14, 3).getTime());
  expect(toInput(at)).toBe('2026-11-22T14:03');
  expect(fromInput('2026-11-22T14:03')).toBe(at);
  expect([fromInput(''), fromInput('soon'), toInput(undefined), toInput('soon')]).toEqual([
    undefined,
    undefined,
    '',
    '',
  ]);
});

test.each<[AttackFilters, string]>([
  [{}, '/attacks'],
  [{ text: 'a&b=c', kind: 'flood' }, '/attacks?kind=flood&text=a%26b%3Dc'],
  [{ kind: '', other: 'x' } as AttackFilters, '/attacks'],
])('path of %o', (filters, path) => expect(pathOf(filters)).toBe(path));
