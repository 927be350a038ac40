/** Where the console listens: command line, `console.yaml`, and what is refused. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { parseListen } from './listen.ts';
import { managementPortOf, originOf, SETTINGS_FILE, webOrders, type WebFlags, type WebSettings } from './settings.ts';

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'rf-web-'))));
afterEach(() => rmSync(dir, { recursive: true }));

const file = (text: string) => writeFileSync(join(dir, SETTINGS_FILE), text);
async function settings(flags: WebFlags = {}): Promise<WebSettings> {
  const orders = await webOrders(dir, flags);
  if (!orders || !('settings' in orders)) throw new Error(JSON.stringify(orders));
  return orders.settings;
}
async function problem(flags: WebFlags = {}): Promise<string> {
  const orders = await webOrders(dir, flags);
  return orders && 'problem' in orders ? orders.problem.text : 'none';
}

it('nothing said: this machine only, without TLS', async () => {
  expect(await settings()).toEqual({
    host: '127.0.0.1',
    port: 8470,
    tls: null,
    trustedProxies: [],
    names: [],
    insecureHttp: false,
  });
});

it('the file says it, the command line wins', async () => {
  file(
    'listen: 192.0.2.1:443\ntls: { cert: fullchain.pem, key: /etc/key.pem }\nnames: [PBX.example.com]\ntrusted-proxies: [10.0.0.0/8]\n',
  );
  expect(await settings()).toEqual({
    ...{ host: '192.0.2.1', port: 443, tls: { cert: join(dir, 'fullchain.pem'), key: '/etc/key.pem' } },
    ...{ trustedProxies: ['10.0.0.0/8'], names: ['pbx.example.com'], insecureHttp: false },
  });
  expect(await settings({ listen: '[::1]:9000', tlsSelfSigned: true, name: ['x'] })).toMatchObject({
    ...{ host: '::1', port: 9000, tls: 'self-signed', names: ['x'] },
  });
});

it('off', async () => {
  expect(await webOrders(dir, { web: false })).toBeNull();
  file('enabled: false\n');
  expect(await webOrders(dir, {})).toBeNull();
});

describe('other machines', () => {
  test.each<[string, WebFlags, RegExp]>([
    ['in the clear', { listen: '0.0.0.0:8470' }, /passwords would travel in the clear/],
    ['in the clear, IPv6', { listen: '[::]:8470' }, /in the clear/],
    ['in the clear, one address', { listen: '192.0.2.1:80' }, /in the clear/],
    ['with TLS', { listen: '0.0.0.0:8470', tlsSelfSigned: true }, /^none$/],
    ['with a certificate', { listen: '0.0.0.0:8470', tlsCert: '/c', tlsKey: '/k' }, /^none$/],
    ['behind a proxy', { listen: '192.0.2.1:80', trustedProxy: ['192.0.2.9'] }, /^none$/],
    ['with open eyes', { listen: '192.0.2.1:80', insecureHttp: true }, /^none$/],
    ['none: loopback', { listen: '127.8.8.8:80' }, /^none$/],
    ['none: IPv6 loopback', { listen: '[::1]:80' }, /^none$/],
  ])('%s', async (_what, flags, told) => {
    expect(await problem(flags)).toMatch(told);
  });
});

test.each<[string, string, WebFlags, RegExp]>([
  ['no address', '', { listen: 'localhost:8470' }, /listen: ADDRESS:PORT is expected/],
  ['no port', '', { listen: '127.0.0.1' }, /listen: ADDRESS:PORT/],
  ['a port that is none', '', { listen: '127.0.0.1:65536' }, /listen: ADDRESS:PORT/],
  ['half a certificate', '', { tlsCert: '/c' }, /belong together/],
  ['two certificates', '', { tlsCert: '/c', tlsKey: '/k', tlsSelfSigned: true }, /exclude each other/],
  ['a proxy that is no address', '', { trustedProxy: ['proxy.example'] }, /trusted-proxies: addresses or CIDRs/],
  ['a name with a scheme', '', { name: ['https://pbx'] }, /names: host names/],
  ['a word that is none of ours', 'lisen: x\n', {}, /console\.yaml: .*lisen/],
  ['no YAML', 'a: [\n', {}, /off: /],
  ['a list', '- a\n', {}, /console\.yaml/],
])('%s is a problem, and no exception', async (_what, text, flags, told) => {
  if (text !== '') file(text);
  expect(await problem(flags)).toMatch(told);
});

test.each([
  ['127.0.0.1:1', { host: '127.0.0.1', port: 1 }],
  ['[2001:db8::1]:443', { host: '2001:db8::1', port: 443 }],
  ['2001:db8::1:443', null],
  ['[127.0.0.1]:80', null],
  ['010.0.0.1:80', null],
  [':80', null],
  ['', null],
])('listen %j', (text, read) => {
  expect(parseListen(text)).toEqual(read);
});

test.each<[Partial<WebSettings>, RegExp, number | null]>([
  [{}, /^http:\/\/127\.0\.0\.1:8470$/, null],
  [{ host: '0.0.0.0', tls: 'self-signed' }, /^https:\/\/(localhost|\d+\.\d+\.\d+\.\d+):8470$/, 8470],
  [{ host: '2001:db8::1', tls: 'self-signed' }, /^https:\/\/\[2001:db8::1\]:8470$/, 8470],
  [{ host: '::1' }, /^http:\/\/\[::1\]:8470$/, null],
  [{ host: '192.0.2.1', tls: 'self-signed', port: 443 }, /^https:\/\/192\.0\.2\.1$/, 443],
  [{ host: '192.0.2.1', tls: 'self-signed', names: ['pbx.example.com'] }, /^https:\/\/pbx\.example\.com:8470$/, 8470],
  [{ names: ['pbx.example.com'], trustedProxies: ['127.0.0.1'] }, /^https:\/\/pbx\.example\.com$/, null],
])('%j is opened as %s, its management port is %s', async (given, origin, port) => {
  const all = { ...(await settings()), ...given };
  expect(originOf(all)).toMatch(origin);
  expect(managementPortOf(all)).toBe(port);
});
