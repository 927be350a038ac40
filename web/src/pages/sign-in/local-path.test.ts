import { expect, test } from 'vitest';
import { localPath } from './local-path.ts';

test.each([
  [null, '/'],
  ['', '/'],
  ['/', '/'],
  ['/attacks?kind=flood', '/attacks?kind=flood'],
  ['/why/2001%3Adb8%3A%3A1', '/why/2001%3Adb8%3A%3A1'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  // Browsers drop tabs and line ends before they read a URL.
  ['/\t/evil.example', '/'],
  ['/\n/evil.example', '/'],
  ['https://evil.example', '/'],
  ['javascript:alert(1)', '/'],
])('%j leads to %j', (from, expected) => expect(localPath(from)).toBe(expected));
