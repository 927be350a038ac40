/** `whenDown` of the policy: what reaches the SIP port of a host whose guard is not there, as its units go through boot, crash and stop. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { ask } from '../../cli/client.ts';
import { addAddresses, assertNoLeaks, connect, Namespace } from '../../test/netns.ts';
import { UdpEnd, udpPasses } from '../../test/traffic.ts';
import { parseTarget } from '../core/base/target.ts';
import { Desired } from '../enforce/desired.ts';
import { PhoneTrustKeeper } from './phone-trust.ts';
import { RunningDaemon } from './testing/running-daemon.ts';

const PROGRAM = join(import.meta.dirname, 'when-down.ts');
const HOST = '10.90.0.1';
const HOST6 = 'fd90::1';
/** The witness is on the allowlist: it always passes. */
const [OFFICE, OFFICE6] = ['10.90.0.2', 'fd90::2'];
const [PHONE, PHONE6] = ['10.90.0.3', 'fd90:0:0:3::9'];
const [STRANGER, STRANGER6] = ['10.90.0.4', 'fd90::4'];

let ns: Namespace;
let outside: Namespace;
let daemon: RunningDaemon;
let sip: UdpEnd;
let sip6: UdpEnd;
const from: Record<string, UdpEnd> = {};

beforeAll(async () => {
  ns = new Namespace('closed');
  outside = new Namespace('outside');
  const link = connect(ns, [`${HOST}/24`, `${HOST6}/32`], outside, [`${OFFICE}/24`, `${OFFICE6}/32`]);
  addAddresses(outside, link.b, [`${PHONE}/24`, `${STRANGER}/24`, `${PHONE6}/32`, `${STRANGER6}/32`]);
  for (const address of [OFFICE, PHONE, STRANGER, OFFICE6, PHONE6, STRANGER6])
    from[address] = await UdpEnd.open(outside, address);
  sip = await UdpEnd.open(ns, HOST, 5060);
  sip6 = await UdpEnd.open(ns, HOST6, 5060);
});
afterAll(async () => {
  for (const end of [sip, sip6, ...Object.values(from)]) end.close();
  await outside.close();
  await ns.close();
  assertNoLeaks();
});
beforeEach(async () => {
  daemon = new RunningDaemon(ns);
  daemon.start();
  await daemon.protects();
  for (const range of [OFFICE, OFFICE6]) await ask(daemon.data, 'POST', '/lists/allow', { range });
});
afterEach(() => daemon.remove());

const set = (path: string, value: string) => ask(daemon.data, 'PUT', '/policy/value', { path, value, yes: true });

/** As a unit runs it; `result` is systemd's word for how the service ended. */
function moment(name: 'boot' | 'protects' | 'ended', result = ''): void {
  const command = ['netns', 'exec', ns.name, process.execPath, '--disable-warning=ExperimentalWarning', PROGRAM];
  const { status, stderr } = spawnSync('ip', [...command, daemon.data, name], {
    env: { ...process.env, SERVICE_RESULT: result },
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
}

/** Somebody got in from there, an hour ago. */
function phonesAreKnown(): void {
  const desired = new Desired();
  const keeper = new PhoneTrustKeeper(daemon.data);
  const until = Date.now() + 3_600_000;
  const edits = [PHONE, 'fd90:0:0:3::'].map((address) => ({
    ...{ set: 'known' as const, target: parseTarget(address)!, until },
  }));
  keeper.noted(desired, edits);
  keeper.save(desired);
}

const passes = (address: string) =>
  address.includes(':')
    ? udpPasses(from[address], sip6, HOST6, from[OFFICE6])
    : udpPasses(from[address], sip, HOST, from[OFFICE]);
const tables = () => ns.run('nft', 'list', 'tables').trim().split('\n').filter(Boolean).sort();

it('closed: after a crash and at boot only the allowlist and known phones get in, and everybody once it protects', async () => {
  await set('whenDown', 'closed');
  await daemon.end('SIGKILL');
  phonesAreKnown();
  expect(await passes(STRANGER), 'until the unit says that it is gone').toBe(true);
  moment('ended', 'signal');
  expect(tables()).toEqual(['table inet ringfence', 'table inet ringfence_closed']);
  for (const [allowed, stranger] of [
    [PHONE, STRANGER],
    [PHONE6, STRANGER6],
  ])
    expect([await passes(allowed), await passes(stranger)]).toEqual([true, false]);

  // A reboot: the kernel has forgotten.
  ns.run('nft', 'flush', 'ruleset');
  moment('boot');
  expect(tables()).toEqual(['table inet ringfence_closed']);
  expect([await passes(PHONE), await passes(STRANGER)]).toEqual([true, false]);
  moment('ended', 'exit-code');
  expect(await passes(STRANGER), 'a start that failed').toBe(false);

  daemon.start();
  await daemon.protects();
  moment('protects');
  expect(tables()).toEqual(['table inet ringfence']);
  expect([await passes(STRANGER), await passes(STRANGER6)]).toEqual([true, true]);

  await daemon.end('SIGTERM');
  moment('ended', 'success');
  expect(tables(), 'a stop by hand leaves no rule').toEqual([]);
});

it('open, the default, and monitor mode: nothing is closed, and what was closed is opened', async () => {
  await daemon.end('SIGKILL');
  moment('ended', 'signal');
  moment('boot');
  expect(tables()).toEqual(['table inet ringfence']);
  daemon.start();
  await daemon.protects();
  await set('whenDown', 'closed');
  await set('mode', 'monitor');
  await daemon.end('SIGKILL');
  ns.nft('add table inet ringfence_closed');
  moment('ended', 'signal');
  expect(tables()).toEqual(['table inet ringfence']);
});
