import { expect, test } from 'vitest';
import { shortPage } from './paging.ts';

const feeds = [
  { name: 'sip-blacklist', entries: 5, scopes: ['read'], problem: null },
  { name: 'office', entries: 17, scopes: ['act', 'Configure'], problem: { text: 'sip' } },
];

test.each([
  ['', ['sip-blacklist', 'office']],
  ['SIP', ['sip-blacklist']],
  ['17', ['office']],
  ['conf', ['office']],
  ['nothing of the kind', []],
])('the text %j is in %j', (text, names) => {
  expect(shortPage(feeds, { text }).items.map(({ name }) => name)).toEqual(names);
});

test('pages are cut from what fits', () => {
  const first = shortPage(feeds, { text: 'i', limit: 1 });
  expect(first).toEqual({ items: [feeds[0]], next: '1' });
  expect(shortPage(feeds, { text: 'i', limit: 1, cursor: first.next })).toEqual({ items: [feeds[1]], next: null });
});
