import { describe, expect, test } from 'vitest';
import { formatAddress, parseAddress } from './address.ts';
import { covers, formatTarget, parseTarget, scopeOf } from './target.ts';

describe('the text of a target', () => {
  test.each([
    // One phone: IPv6 in brackets, so that the port is told from the address.
    ['203.0.113.9:5062/udp', 'port'],
    ['203.0.113.9:65535/tcp', 'port'],
    ['[2001:db8::1]:5062/udp', 'port'],
    ['203.0.113.9', 'address'],
    ['2001:db8::1', 'address'],
    ['203.0.113.0/24', 'network'],
    ['2001:db8:0:1::/64', 'network'],
    ['2001:db8::/48', 'network'],
  ])('%s is a target of scope %s and is printed as it was', (text, scope) => {
    const target = parseTarget(text)!;
    expect([scopeOf(target), formatTarget(target)]).toEqual([scope, text]);
  });

  test.each([
    ['203.0.113.77/24', '203.0.113.0/24'],
    ['2001:DB8:0:1:2::7/64', '2001:db8:0:1::/64'],
    ['[2001:DB8:0:0::1]:5/tcp', '[2001:db8::1]:5/tcp'],
  ])('%s means %s', (text, meant) => expect(formatTarget(parseTarget(text)!)).toBe(meant));

  test.each([
    ...['', '203.0.113.9:5062', '203.0.113.9:65536/udp', '203.0.113.9:05062/udp', '203.0.113.9:5062/sctp'],
    ...['2001:db8::1:5062/udp', '[203.0.113.9]:5062/udp', '[::ffff:203.0.113.9]:5062/udp', '203.0.113.0/25'],
    ...['0.0.0.0/0', '203.0.113.0/8', '2001:db8::/128', '2001:db8::/65', '203.0.113.9:5062/udp ', '203.0.113.0/24/24'],
  ])('%j is none', (text) => expect(parseTarget(text)).toBeNull());
});

describe('who comes under it', () => {
  test.each([
    ['203.0.113.9:5062/udp', '203.0.113.9', 5062, 'udp', true],
    ['203.0.113.9:5062/udp', '203.0.113.9', 5062, 'tcp', false],
    ['203.0.113.9:5062/udp', '203.0.113.9', 5063, 'udp', false],
    ['203.0.113.9:5062/udp', '203.0.113.8', 5062, 'udp', false],
    ['203.0.113.9', '203.0.113.9', 1, 'tcp', true],
    ['203.0.113.0/24', '203.0.113.255', null, null, true],
    ['203.0.113.0/24', '203.0.114.0', null, null, false],
    ['2001:db8:0:1::/64', '2001:db8:0:1:ffff::', 5060, 'udp', true],
    ['2001:db8:0:1::/64', '2001:db8:0:2::', 5060, 'udp', false],
  ] as const)('%s, a packet of %s port %s over %s: %s', (text, source, port, transport, expected) =>
    expect(covers(parseTarget(text)!, parseAddress(source)!, port, transport)).toBe(expected),
  );

  test('the address of a target is plain', () => {
    expect(formatAddress(parseTarget('2001:db8:0:1::/64')!)).toBe('2001:db8:0:1::');
  });
});
