import { expect, test } from 'vitest';
import { networkOf } from './network.ts';

test.each([
  ['203.0.113.66', '203.0.113.0/24'],
  ['2001:db8:1:2::66', '2001:db8:1:2::/64'],
  ['2001:db8::66', '2001:db8:0:0::/64'],
  ['1:2:3:4:5:6:7:8', '1:2:3:4::/64'],
  ['::1', '0:0:0:0::/64'],
  ['pbx.example.org', null],
  ['1:2:3', null],
  ['', null],
])('%s is in %s', (address, network) => expect(networkOf(address)).toBe(network));
