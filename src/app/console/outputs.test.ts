/** The real console, as policy and reports reach it: what goes out to a Homer server and into the JSON log. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../../../cli/client.ts';
import { GuardStandIn, makeDataDirectory } from '../../serve/testing/guard-stand-in.ts';
import { sampleEvidence, sampleIncident } from '../../serve/testing/samples.ts';

describe('outputs', () => {
  const data = makeDataDirectory();
  const logs = makeDataDirectory();
  const file = join(logs.path, 'attacks.jsonl');
  const homer = createSocket('udp4');
  let guard: GuardStandIn;

  beforeAll(async () => {
    homer.bind(0, '127.0.0.1');
    await once(homer, 'listening');
    const policy = join(data.path, 'policy.yaml');
    writeFileSync(policy, `jsonLog: { to: file, file: ${file} }\n`);
    guard = await GuardStandIn.start(data.path, policy);
  });
  afterAll(async () => {
    await guard.stop();
    homer.close();
    data.remove();
    logs.remove();
  });

  const at = Date.now();
  const attack = (id: string) => ({
    type: 'incidents' as const,
    changes: [{ incident: { ...sampleIncident(at), id }, evidence: sampleEvidence(at) }],
  });
  const set = (path: string, value: unknown) => ask(data.path, 'PUT', '/policy/value', { path, value: String(value) });

  it('go by the policy of the start', async () => {
    await guard.stored(attack('first'));
    while (!existsSync(file) || !readFileSync(file, 'utf8').endsWith('\n'))
      await new Promise((resolve) => setImmediate(resolve));
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ event: 'attack.opened', attack: { id: 'first' } });
  });

  it('and by a change of it, at once', async () => {
    await set('jsonLog.to', 'off');
    await set('hep.port', homer.address().port);
    await set('hep.captureId', 77);
    await set('hep.host', '127.0.0.1');
    const received = once(homer, 'message') as Promise<[Buffer]>;
    await guard.stored(attack('second'));
    const [packet] = await received;
    expect(packet.toString('latin1')).toMatch(/^HEP3/);
    expect(packet.includes(Buffer.from(sampleEvidence(at)[0].bytes))).toBe(true);
    expect(readFileSync(file, 'utf8')).not.toContain('second');
  });

  it('never into a file of our own, nor with one as the key', async () => {
    const own = join(data.path, 'own.jsonl');
    await set('jsonLog.file', own);
    await set('jsonLog.to', 'file');
    await set('hep.keyFile', join(data.path, 'policy.yaml'));
    const received: Buffer[] = [];
    homer.on('message', (packet) => received.push(packet));
    const refused = async () => {
      const { items } = await ask<{ items: { code: string; text: string }[] }>(data.path, 'GET', '/events');
      return items.filter(({ code }) => code === 'output-path-refused').map(({ text }) => text.split(' ')[0]);
    };
    while ((await refused()).length < 2) await new Promise((resolve) => setImmediate(resolve));
    await guard.stored(attack('third'));
    expect(existsSync(own)).toBe(false);
    expect(received).toEqual([]);
  });
});
