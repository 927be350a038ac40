/** The doctor in network namespaces of its own: what it finds there is what it says. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { makeDataDirectory } from '../../src/serve/testing/guard-stand-in.ts';

const PROGRAM = new URL('../../bin/ringfence', import.meta.url).pathname;

interface Finding {
  check: string;
  level: string;
  text: string;
}

/** Runs `setup` and then the doctor in a namespace that ends with them. */
function doctorAfter(setup: string): Finding[] {
  const data = makeDataDirectory();
  const script = `set -e; ${setup}; ${PROGRAM} doctor --json --data ${data.path} || true`;
  const { stdout, stderr } = spawnSync('unshare', ['--net', 'bash', '-c', script], { encoding: 'utf8' });
  data.remove();
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Finding[];
}

describe('the doctor as root', () => {
  it('this kernel has everything, found out by loading it; nothing of it stays', () => {
    const findings = doctorAfter('true');
    const kernel = findings.filter((finding) => finding.check.startsWith('kernel-'));
    expect(kernel.map((finding) => [finding.check, finding.level])).toEqual(
      ['nftables', 'sets', 'intervals', 'fib', 'payload', 'limit', 'nflog'].map((name) => [`kernel-${name}`, 'ok']),
    );
    const { stdout } = spawnSync('nft', ['list', 'tables'], { encoding: 'utf8' });
    expect(stdout).not.toContain('ringfence_doctor');
  });

  const table = (rule: string) =>
    `nft -f - <<< 'table inet mine { chain c { type filter hook input priority 0; ${rule}\n}\n}'`;
  const listener = `require('dgram').createSocket('udp4').bind(5060, () => console.log('ready'))`;
  const listen = `exec 9< <(timeout 20 ${process.execPath} -e "${listener}"); trap "kill $!" EXIT; read -u 9`;
  const rows: [why: string, setup: string, check: string, level: string, says: RegExp][] = [
    ['a foreign table that drops SIP', table('udp dport 5060 drop'), 'other-tables', 'warn', /inet mine/],
    ['a foreign table that does not', table('udp dport 53 drop'), 'other-tables', 'ok', /No other/],
    ['nobody listens', 'true', 'ports-listening', 'warn', /Nothing listens/],
    ['somebody listens', listen, 'ports-listening', 'ok', /5060\/udp/],
  ];
  it.each(rows)('%s', (_why, setup, check, level, says) => {
    const finding = doctorAfter(setup).find((one) => one.check === check)!;
    expect(finding.text).toMatch(says);
    expect(finding.level).toBe(level);
  });
});
