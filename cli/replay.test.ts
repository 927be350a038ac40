/** `ringfence replay` as a real process on the recorded attacks. */
import { describe, expect, it } from 'vitest';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDataDirectory } from '../src/serve/testing/guard-stand-in.ts';
import { runCli } from '../src/serve/testing/run-cli.ts';
import { ProgressBar } from './progress-bar.ts';

const capture = (name: string) => new URL(`../spec/attacks/${name}.pcap`, import.meta.url).pathname;

describe('ringfence replay', () => {
  it('prints what was seen, the attacks and the verdicts', async () => {
    const { code, stdout, stderr } = await runCli(['replay', capture('svcrack')]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^capture .*svcrack\.pcap, \d+ frames$/m);
    expect(stdout).toMatch(/^protected +\S+:5060 \(inferred: they answered\)$/m);
    expect(stdout).toMatch(/^requests +REGISTER \d+/m);
    expect(stdout).toMatch(/register-bruteforce +\d+ +\d+ +block/);
    expect(stdout).toMatch(/^ +\+\d+\.\d{3} s {2}block {2}\S+ for 1 h/m);
  });

  it('--json has the keys of docs/replay.md', async () => {
    const { stdout } = await runCli(['replay', capture('svcrack'), '--json']);
    const result = JSON.parse(stdout) as { sip: object; incidents: object[]; verdicts: object[] };
    const stamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(result).toMatchObject({
      frames: expect.any(Number),
      sip: {
        messages: expect.any(Number),
        requests: { REGISTER: expect.any(Number) },
        responses: { 401: expect.any(Number) },
      },
      tftp: { requests: 0, errors: 0 },
      seconds: expect.any(Number),
    });
    expect(result.sip).toHaveProperty('anomalies');
    expect(result.incidents[0]).toMatchObject({
      source: expect.any(String),
      victim: expect.any(String),
      kind: expect.any(String),
      first: stamp,
      last: stamp,
      count: expect.any(Number),
      users: expect.any(Array),
      action: expect.any(String),
      reason: expect.any(String),
    });
    expect(result.incidents[0]).toHaveProperty('userAgent');
    expect(result.verdicts[0]).toMatchObject({
      source: expect.any(String),
      action: 'block',
      at: stamp,
      reason: expect.any(String),
    });
  });

  it('the same capture gives the same answer', async () => {
    const read = async () => {
      const { stdout } = await runCli(['replay', capture('svwar-options'), '--json']);
      return { ...(JSON.parse(stdout) as object), cpuSeconds: 0, elapsedSeconds: 0 };
    };
    expect(await read()).toEqual(await read());
  });

  it('--allow, --policy and --protect change the answer', async () => {
    const actions = async (...more: string[]) => {
      const { stdout } = await runCli(['replay', capture('svcrack'), '--json', ...more]);
      const { incidents } = JSON.parse(stdout) as { incidents: { source: string; action: string }[] };
      return { source: incidents[0]?.source, actions: [...new Set(incidents.map((incident) => incident.action))] };
    };
    const { source, actions: usual } = await actions();
    expect(usual).toEqual(['block']);
    expect((await actions('--allow', source)).actions).toEqual(['pass']);
    expect((await actions('--deny', source)).actions).toEqual(['deny']);
    expect((await actions('--protect', '198.18.0.0/15')).actions).toEqual([]);
    const data = makeDataDirectory();
    const policy = join(data.path, 'monitor.yaml');
    writeFileSync(policy, 'mode: monitor\n');
    expect((await actions('--policy', policy)).actions).toEqual(['watch']);
    data.remove();
  });

  const wrong: [args: string[], says: RegExp][] = [
    [[new URL(import.meta.url).pathname], /no capture file: it begins with/],
    [[capture('svcrack'), '--protect', '300.1.1.1/40'], /"300" is no octet.*from 0 to 32/],
    [
      [capture('svcrack'), '--policy', new URL('../package.json', import.meta.url).pathname],
      /has \d+ errors:.*package\.json:\d+/s,
    ],
  ];
  it.each(wrong)('wrong use: %j', async (args, says) => {
    const result = await runCli(['replay', ...args]);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(says);
  });
});

describe('the progress bar', () => {
  function drawn(isTTY: boolean, afterMs: number): string[] {
    const written: string[] = [];
    let now = 0;
    const bar = new ProgressBar({ isTTY, columns: 80, write: (text) => written.push(text) }, () => now);
    now = afterMs;
    bar.update(0.5, '1,000 frames');
    bar.end();
    return written;
  }

  it('appears on a terminal after two seconds, with the time left, and leaves no trace', () => {
    expect(drawn(true, 4000)).toEqual([
      `\r\x1b[K${'█'.repeat(15)}${'░'.repeat(15)} 50 % 1,000 frames, 4 s left`,
      '\r\x1b[K',
    ]);
  });
  it('never before, and never where nobody looks', () => {
    expect(drawn(true, 1999)).toEqual([]);
    expect(drawn(false, 60_000)).toEqual([]);
  });
});
