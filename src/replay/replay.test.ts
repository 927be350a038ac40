/** Whole replays over real files: the numbers of the result against the truth of the builder. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parseRange } from '../core/base/address.ts';
import { svcrack } from '../../spec/traffic/attacks.ts';
import { endpoint, merge, shift, START, type TimedFrame } from '../../spec/traffic/datagram.ts';
import { DISGUISES } from '../../spec/traffic/disguises.ts';
import { GOOD_CASES, PBX, TFTP } from '../../spec/traffic/good-cases.ts';
import { writeMixed } from '../../spec/traffic/mixed.ts';
import { udpFrames } from '../../spec/traffic/packets.ts';
import { writePcap } from '../../spec/traffic/pcap.ts';
import { Registrar } from '../../spec/traffic/registrar.ts';
import { TOOLS } from '../../spec/traffic/shapes.ts';
import { tftpWalk } from '../../spec/traffic/tftp.ts';
import { DEFAULT_POLICY } from '../../spec/detect/policies.ts';
import { replayFile, type ReplayProgress } from './replay.ts';

const folder = mkdtempSync(join(tmpdir(), 'rf-replay-'));
afterAll(() => rmSync(folder, { recursive: true }));
const policy = DEFAULT_POLICY;

function fileOf(frames: TimedFrame[]): string {
  const path = join(folder, `${frames.length}-${Math.round(frames[0].at)}.pcap`);
  writePcap(path, frames);
  return path;
}

const source = endpoint('203.0.113.66', 5071);
const attack = () =>
  svcrack({ source, pbx: new Registrar({ endpoint: PBX }), user: '1001', count: 50, rate: 20, shape: TOOLS.nameless });

test('an attack among phones: who, whom, how, when', () => {
  const traffic = merge(GOOD_CASES['200 phones behind one NAT after an outage'].traffic(), shift(attack(), 10_000));
  const result = replayFile(fileOf(udpFrames(traffic)), { policy });
  expect(result.frames).toBe(traffic.length);
  expect(result.sip.messages).toBe(traffic.length);
  expect(result.sip.requests).toEqual({ REGISTER: 450 });
  expect(result.sip.responses).toEqual({ 401: 250, 200: 200 });
  expect(result.protected).toEqual({ from: 'answers', endpoints: ['192.0.2.10:5060'], total: 1 });
  expect(result.verdicts).toMatchObject([
    {
      source: '203.0.113.66',
      action: 'block',
      reason: 'register-bruteforce.bad-registrations',
      kind: 'register-bruteforce',
    },
  ]);
  expect(result.verdicts[0].at).toBe(new Date(START + 10_000 + 5 * 50 + 1).toISOString());
  expect(result.incidents).toMatchObject([
    {
      source: '203.0.113.66',
      victim: '192.0.2.10',
      kind: 'register-bruteforce',
      users: ['1001'],
      action: 'block',
      userAgent: null,
    },
  ]);
  expect(result.incidents[0].count + result.incidents[0].dropped).toBeGreaterThan(40);
  expect(result.seconds).toBeCloseTo((traffic.at(-1)!.at - traffic[0].at) / 1_000, 2);
  expect(result.warnings).toEqual([]);
});

test('a capture gives the same result on every run', () => {
  const path = fileOf(udpFrames(attack()));
  const stable = () => ({ ...replayFile(path, { policy }), cpuSeconds: 0, elapsedSeconds: 0 });
  expect(stable()).toEqual(stable());
});

test.each(Object.entries(DISGUISES))('%s: the replay finds the attack', (_name, disguise) => {
  const result = replayFile(fileOf(disguise(attack())), { policy });
  expect(result.verdicts.map((v) => `${v.action} ${v.reason}`)).toEqual([
    'block register-bruteforce.bad-registrations',
  ]);
  expect(result.sip.requests).toEqual({ REGISTER: 50 });
  expect(result.sip.responses).toEqual({ 401: 50 });
});

test('TFTP: requests, errors and the walk', () => {
  const walk = tftpWalk({ source, server: TFTP, count: 40, rate: 10 });
  const result = replayFile(fileOf(udpFrames(walk)), { policy });
  expect(result.tftp).toEqual({ requests: 40, errors: 40 });
  expect(result.verdicts).toMatchObject([{ action: 'block', reason: 'tftp-bruteforce.files-refused' }]);
});

test('lists and --protect: an allowlisted attacker is let through, the wrong side sees nothing', () => {
  const path = fileOf(udpFrames(attack()));
  const allowed = replayFile(path, { policy, allow: [parseRange('203.0.113.0/24')!] });
  expect(allowed.verdicts.filter((v) => v.action !== 'pass')).toEqual([]);
  expect(allowed.incidents).toMatchObject([{ source: '203.0.113.66', action: 'pass', reason: 'allowlisted' }]);
  const named = replayFile(path, { policy, protect: [parseRange('192.0.2.0/24')!] });
  expect(named.protected).toEqual({ from: 'option', endpoints: ['192.0.2.0/24'], total: 1 });
  expect(named.verdicts).toHaveLength(1);
  expect(replayFile(path, { policy, protect: [parseRange('198.18.0.0/15')!] }).verdicts).toEqual([]);
});

test('a mixed capture: counts equal the truth, every attacker that is due is found, no phone is', () => {
  const path = join(folder, 'mixed.pcap');
  const truth = writeMixed({ path, messages: 60_000, sources: 4_000 });
  const progress: ReplayProgress[] = [];
  const result = replayFile(path, { policy }, (p) => progress.push({ ...p }));
  expect(result.frames).toBe(truth.frames);
  expect(result.sip.requests).toEqual(truth.requests);
  expect(result.sip.responses).toEqual(truth.responses);
  const blocked = new Set(
    result.verdicts.filter((v) => v.action === 'block' || v.action === 'deny').map((v) => v.source),
  );
  expect([...blocked].filter((address) => !truth.attackers.includes(address))).toEqual([]);
  // The last sessions are cut off by the end of the capture.
  expect(blocked.size).toBeGreaterThanOrEqual(truth.attackers.length * 0.9);
  expect(progress.at(-1)).toMatchObject({ pass: 2, frames: 60_000 });
  expect(progress.some((p) => p.pass === 1)).toBe(true);
});

test('no capture at all, an empty one, and one that cannot be read twice', () => {
  const text = join(folder, 'notes.txt');
  writeFileSync(text, 'this is no capture file at all');
  expect(() => replayFile(text, { policy })).toThrow(/no capture file/);
  const empty = join(folder, 'empty.pcap');
  writePcap(empty, []);
  expect(replayFile(empty, { policy })).toMatchObject({
    frames: 0,
    seconds: 0,
    first: null,
    protected: { from: 'nothing' },
  });
  expect(() => replayFile('/dev/null', { policy })).toThrow(/--protect/);
});
