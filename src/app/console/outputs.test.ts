/** The real console, as policy and reports reach it: what goes out to a Homer server and into the JSON log. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../../../cli/client.ts';
import { GuardStandIn, makeDataDirectory } from '../../serve/testing/guard-stand-in.ts';
import { sampleEvidence, sampleIncident } from '../../serve/testing/samples.ts';

const at = Date.now();
const attack = (id: string) => ({
  type: 'incidents' as const,
  changes: [{ incident: { ...sampleIncident(at), id }, evidence: sampleEvidence(at) }],
});

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

  it('a file of our own is refused where it is set, by whatever way', async () => {
    symlinkSync(data.path, join(logs.path, 'link'));
    for (const path of [data.path, `/proc/self/root${data.path}`, join(logs.path, 'link')])
      await expect(set('jsonLog.file', join(path, 'own.jsonl'))).rejects.toThrow(/own directory/);
    await expect(set('hep.keyFile', join(data.path, 'policy.yaml'))).rejects.toThrow(/own directory/);
  });
});

describe('a policy file of the start that names files of our own', () => {
  const data = makeDataDirectory();
  const own = join(data.path, 'own.jsonl');
  const homer = createSocket('udp4');
  let guard: GuardStandIn;

  beforeAll(async () => {
    homer.bind(0, '127.0.0.1');
    await once(homer, 'listening');
    const policy = join(data.path, 'policy.yaml');
    const hep = `{ host: 127.0.0.1, port: ${homer.address().port}, keyFile: ${policy} }`;
    writeFileSync(policy, `jsonLog: { to: file, file: ${own} }\nhep: ${hep}\n`);
    guard = await GuardStandIn.start(data.path, policy);
  });
  afterAll(async () => {
    await guard.stop();
    homer.close();
    data.remove();
  });

  it('nothing is written to one, nor sent with one as the key', async () => {
    const received: Buffer[] = [];
    homer.on('message', (packet) => received.push(packet));
    const refused = async () => {
      const { items } = await ask<{ items: { code: string; text: string }[] }>(data.path, 'GET', '/events');
      return items.filter(({ code }) => code === 'output-path-refused');
    };
    while ((await refused()).length < 2) await new Promise((resolve) => setImmediate(resolve));
    await guard.stored(attack('third'));
    expect(existsSync(own)).toBe(false);
    expect(received).toEqual([]);
  });
});
