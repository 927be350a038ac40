import { expect, test } from 'vitest';
import { found, sorted } from './country-rows.ts';

const row = (code: string, name: string, rangesV4: number, addressesV4 = rangesV4) => ({
  ...{ code, name, rangesV4, addressesV4, rangesV6: 0, networksV6: 0, blocked: false },
});
const rows = [
  row('DE', 'Germany', 30),
  row('CI', 'Côte d’Ivoire', 10),
  row('NE', 'Niger', 20),
  row('NG', 'Nigeria', 5),
];
const codes = (of: readonly { code: string }[]) => of.map(({ code }) => code);

test.each([
  ['', ['DE', 'CI', 'NE', 'NG']],
  ['cote', ['CI']],
  ['NIGER', ['NE', 'NG']],
  ['ng', ['NG']],
  [' de ', ['DE']],
  ['chosen', ['NE']],
  ['atlantis', []],
])('"%s" finds %j', (search, wanted) => expect(codes(found(rows, search, ['NE']))).toEqual(wanted));

test('most attacks first, names decide between equals', () => {
  const attacks = new Map([['NE', 7]]);
  expect(codes(sorted(rows, 'attacks', true, attacks))).toEqual(['NE', 'CI', 'DE', 'NG']);
});
