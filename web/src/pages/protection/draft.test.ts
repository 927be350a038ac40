import { describe, expect, test } from 'vitest';
import {
  changesOf,
  fieldsOf,
  lineAbout,
  nameOf,
  sectionsOf,
  told,
  withValue,
  type Draft,
  type Field,
  type PolicyDocument,
} from './draft.ts';

const field = (path: string, kind: Field['kind']): Field => ({ path, kind, description: '', example: '' });
const fields = [
  field('detect', 'section'),
  field('detect.flood', 'section'),
  field('detect.flood.threshold', 'integer'),
  field('detect.invite-limit', 'section'),
  field('detect.invite-limit.overrides', 'inviteOverrides'),
  field('detect.invite-limit.overrides[].source', 'range'),
  field('detect.invite-limit.window', 'duration'),
];
const document = { detect: { flood: { threshold: 500 } }, guests: [] } as unknown as PolicyDocument;

test('a section has its own fields, no lists of its own form and no items of lists', () => {
  expect(fieldsOf(fields, 'detect.invite-limit').map(({ path }) => path)).toEqual(['detect.invite-limit.window']);
  expect(sectionsOf(fields, 'detect').map(({ path }) => path)).toEqual(['detect.flood', 'detect.invite-limit']);
});

describe('a value goes into the draft only while it differs from the document', () => {
  const rows: [what: string, before: Draft, path: string, value: unknown, after: Draft][] = [
    ['another number', {}, 'detect.flood.threshold', 9, { 'detect.flood.threshold': 9 }],
    ['the same number', {}, 'detect.flood.threshold', 500, {}],
    ['back to what it was', { 'detect.flood.threshold': 9 }, 'detect.flood.threshold', 500, {}],
    ['an equal list', {}, 'guests', [], {}],
    ['another list', {}, 'guests', ['192.0.2.0/24'], { guests: ['192.0.2.0/24'] }],
  ];
  test.each(rows)('%s', (_, before, path, value, after) => {
    expect(withValue(before, document, path, value)).toEqual(after);
  });
});

test('changes travel as the command line would type them', () => {
  expect(changesOf({ 'a.b': 5, 'a.c': true, 'a.d': ['x, y', 'z'] })).toEqual([
    { path: 'a.b', value: '5' },
    { path: 'a.c', value: 'true' },
    { path: 'a.d', value: '["x, y","z"]' },
  ]);
});

test.each([
  [5, '5'],
  [true, 'on'],
  [[], 'none'],
  ['', 'nothing'],
  [['a', 'b'], 'a, b'],
  [[{ source: '192.0.2.1', set: { 'flood.threshold': 9 } }], 'source 192.0.2.1, set flood.threshold 9'],
])('%j is told as %s', (value, text) => {
  expect(told(value)).toBe(text);
});

test.each([
  ['detect.register-bruteforce.attemptsThreshold', 'Attempts threshold'],
  ['ports.sip.udp', 'SIP over UDP'],
  ['block.for', 'Length'],
])('%s is called %s', (path, name) => {
  expect(nameOf(path)).toBe(name);
});

test.each([
  ['ports.sip.udp', 'found "5060-"'],
  ['overrides', '[0].source: found ""'],
  ['ports.sip.tcp', null],
])('of what is refused, %s is told %s', (path, told) => {
  const message = 'policy set:1:1: ports.sip.udp: found "5060-"\npolicy set:1:1: overrides[0].source: found ""';
  expect(lineAbout(message, path)).toBe(told);
});
