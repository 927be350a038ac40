import { expect, test } from 'vitest';
import { hostOf, inTheClear } from './requests.ts';
import type { WebSettings } from './settings.ts';

const settings = (given: Partial<WebSettings>): WebSettings => ({
  ...{ host: '0.0.0.0', port: 8470, tls: null, trustedProxies: ['192.0.2.9'], names: [], insecureHttp: false },
  ...given,
});

test.each<[string, Partial<WebSettings>, string, string, boolean]>([
  ['round the proxy', {}, 'http', '203.0.113.7', true],
  ['by the proxy, over TLS', {}, 'https', '192.0.2.9', false],
  ['by the proxy, which says nothing of TLS', {}, 'http', '192.0.2.9', true],
  ['from this machine', {}, 'http', '127.0.0.1', false],
  ['from this machine, on a socket of both families', {}, 'http', '::ffff:127.0.0.1', false],
  ['from this machine, IPv6', {}, 'http', '::1', false],
  ['TLS of our own', { tls: 'self-signed' }, 'https', '203.0.113.7', false],
  ['with open eyes', { insecureHttp: true }, 'http', '203.0.113.7', false],
  ['a peer that has gone', {}, 'http', '', true],
])('%s', (_what, given, protocol, peer, clear) => {
  expect(inTheClear(settings(given), protocol, peer)).toBe(clear);
});

test.each([
  ['PBX.example.com:8470', 'pbx.example.com'],
  ['[2001:db8::1]:443', '2001:db8::1'],
  ['2001:db8::1', null],
  ['a b', null],
  ['a:b', null],
  ['', null],
  [undefined, null],
])('Host %j', (header, host) => {
  expect(hostOf(header)).toBe(host);
});
