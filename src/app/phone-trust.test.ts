import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseAddress } from '../core/base/address.ts';
import { formatTarget } from '../core/base/target.ts';
import { Desired } from '../enforce/desired.ts';
import { FakeKernel } from '../enforce/fake-kernel.ts';
import { KNOWN_MS, PhoneTrustKeeper, trustOf } from './phone-trust.ts';
import { TrustWriter } from './trust-writer.ts';

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;
const change = (address: string, port: number, until: number) => ({ address, port, transport: 'udp' as const, until });

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'ringfence-trust-'))));
afterEach(() => rmSync(directory, { recursive: true }));

describe('into the kernel', () => {
  const shown = (kernel: FakeKernel, set: 'trusted' | 'known') =>
    kernel.list(set).map(({ target, expiresMs }) => [formatTarget(target), expiresMs]);

  test('a phone is trusted while its registration lasts, its address for a day more; what is lost goes', () => {
    const kernel = new FakeKernel({ now: () => NOW, table: true });
    const writer = new TrustWriter(kernel, []);
    writer.write([change('192.0.2.1', 5062, NOW + MINUTE), change('2001:db8::1:2', 5060, NOW + MINUTE)], NOW);
    expect(shown(kernel, 'trusted')).toEqual([
      ['192.0.2.1:5062/udp', MINUTE],
      ['[2001:db8::1:2]:5060/udp', MINUTE],
    ]);
    // IPv6 by the /64: phones change their address within it.
    const day = MINUTE + KNOWN_MS;
    expect(shown(kernel, 'known')).toEqual([
      ['192.0.2.1', day],
      ['2001:db8::', day],
    ]);
    expect(writer.write([change('192.0.2.1', 5062, 0)], NOW).map(({ set, until }) => [set, until])).toEqual([
      ['trusted', 0],
    ]);
    expect(shown(kernel, 'trusted').map(([target]) => target)).toEqual(['[2001:db8::1:2]:5060/udp']);
  });

  test('an address that registers every minute is written once an hour', () => {
    const kernel = new FakeKernel({ now: () => NOW, table: true });
    const writer = new TrustWriter(kernel, []);
    const written = Array.from({ length: 121 }, (_, minute) => {
      const now = NOW + minute * MINUTE;
      return writer.write([change('192.0.2.1', 5062, now + MINUTE)], now).filter(({ set }) => set === 'known').length;
    });
    expect(written.reduce((sum, count) => sum + count)).toBe(3);
  });

  test('without the table nothing is lost: the edits are told all the same', () => {
    const kernel = new FakeKernel({ now: () => NOW });
    expect(new TrustWriter(kernel, []).write([change('192.0.2.1', 5062, NOW + MINUTE)], NOW)).toHaveLength(2);
  });
});

describe('over a restart', () => {
  const restored = (now: number) => {
    const desired = new Desired();
    new PhoneTrustKeeper(directory).restore(desired, now);
    return desired;
  };
  const keep = () => {
    const [desired, keeper] = [new Desired(), new PhoneTrustKeeper(directory)];
    const writer = new TrustWriter(new FakeKernel({ now: () => NOW, table: true }), []);
    keeper.noted(
      desired,
      writer.write([change('192.0.2.1', 5062, NOW + MINUTE), change('192.0.2.1', 5063, NOW + 9 * MINUTE)], NOW),
    );
    keeper.save(desired);
  };

  test('what has not ended is known again', () => {
    keep();
    const address = parseAddress('192.0.2.1')!;
    expect(trustOf(restored(NOW + 2 * MINUTE), address, NOW + 2 * MINUTE)).toEqual({
      phones: [{ port: 5063, transport: 'udp', until: NOW + 9 * MINUTE }],
      known: NOW + MINUTE + KNOWN_MS,
    });
    expect(trustOf(restored(NOW + 2 * KNOWN_MS), address, NOW + 2 * KNOWN_MS)).toEqual({ phones: [], known: null });
  });

  test.each([
    '',
    '{',
    '[]',
    '{"format":1,"trusted":[["192.0.2.1",9e15],["x:1/udp",1],[7]],"known":[["192.0.2.0/24",9e15]]}',
    '{"format":2}',
  ])('a file that holds %j says nothing', (text) => {
    writeFileSync(join(directory, 'trusted-phones.json'), text);
    const { trusted, known } = restored(NOW);
    expect([trusted.size, known.size]).toEqual([0, 0]);
  });
});
