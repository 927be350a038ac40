import { expect, test } from 'vitest';
import { hintParts, hintWords } from './commands.ts';

test.each([
  ['List them: ringfence attacks', 'List them: the page Attacks'],
  ['Check it: attacks name sources (ringfence attacks)', 'Check it: attacks name sources (the page Attacks)'],
  ['Take it off first: ringfence allow remove 192.0.2.0/24', 'Take it off first: the page Allowlist'],
  ['It is on the denylist (x): ringfence deny remove 2001:db8::/32', 'It is on the denylist (x): the page Denylist'],
  ['See ringfence feeds show voip-blocklist', 'See the page Feeds'],
  ['See ringfence geo status', 'See the page Countries'],
  ['See ringfence policy history', 'See the page History'],
  ['Switch it: ringfence policy set mode protect', 'Switch it: the page Protection'],
  ['See ringfence status, and the log of the daemon.', 'See the page Health, and the log of the daemon.'],
  ['To try it: ringfence notify test office', 'To try it: the page Notifications'],
])('a hint that names a command with a page: %s', (hint, expected) => expect(hintWords(hint)).toBe(expected));

test.each([
  'It is tried again by itself. If it stays: ringfence doctor, and the log of the daemon.',
  'Forgotten? On the machine itself: ringfence web link --reset NAME',
  'When the loss is meant: ringfence geo update --accept-loss',
  'take a file that `ringfence backup` made; nothing was changed',
  'Look on the machine itself: `ringfence status`',
  'ringfence attacks-of-somebody',
  'Say yes.',
])('what has no page stays as it is: %s', (hint) => expect(hintParts(hint)).toEqual([{ text: hint }]));

test('a command of two becomes a link, and the words around it stay', () => {
  expect(hintParts('See ringfence status and ringfence doctor.')).toEqual([
    { text: 'See ' },
    { text: 'the page Health', to: '/health' },
    { text: ' and ringfence doctor.' },
  ]);
});
