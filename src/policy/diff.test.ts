import { expect, test } from 'vitest';
import { diffPolicies } from './diff.ts';
import { defaultDocument } from './default-document.ts';
import { setAt } from './paths.ts';
import type { PolicyDocument } from './schema.ts';

function having(...changes: [path: string, text: string][]): PolicyDocument {
  return changes.reduce((document, [path, text]) => {
    const result = setAt(document, path, text);
    if ('errors' in result) throw new Error(JSON.stringify(result.errors));
    return result.document;
  }, defaultDocument);
}

test('the same policy differs in nothing', () => {
  expect(diffPolicies(defaultDocument, having())).toEqual([]);
  expect(diffPolicies(defaultDocument, having(['mode', 'protect']))).toEqual([]);
});

test('fields in the order of the document, lists with what came and went', () => {
  const before = having(['guests', '10.0.0.0/8, 192.0.2.0/24'], ['detect.flood.threshold', '600']);
  const after = having(
    ['detect.flood.threshold', '700'],
    ['guests', '192.0.2.0/24, 198.51.100.0/24'],
    ['overrides', '[{ source: 192.0.2.1, set: { flood.threshold: 5 } }]'],
    ['mode', 'monitor'],
  );
  expect(diffPolicies(before, after)).toEqual([
    { path: 'mode', before: 'protect', after: 'monitor' },
    {
      path: 'guests',
      before: ['10.0.0.0/8', '192.0.2.0/24'],
      after: ['192.0.2.0/24', '198.51.100.0/24'],
      removed: ['10.0.0.0/8'],
      added: ['198.51.100.0/24'],
    },
    { path: 'detect.flood.threshold', before: 600, after: 700 },
    {
      path: 'overrides',
      before: [],
      after: [{ source: '192.0.2.1', set: { 'flood.threshold': 5 } }],
      removed: [],
      added: [{ source: '192.0.2.1', set: { 'flood.threshold': 5 } }],
    },
  ]);
});

test('another order of a list is a difference in which nothing came or went', () => {
  const one = having(['countries.list', 'CN,RU']);
  const other = having(['countries.list', 'RU,CN']);
  expect(diffPolicies(one, other)).toEqual([
    { path: 'countries.list', before: ['CN', 'RU'], after: ['RU', 'CN'], removed: [], added: [] },
  ]);
});
