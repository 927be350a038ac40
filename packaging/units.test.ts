/** What the units promise, as systemd itself counts it, and what is made of the commands' own declarations. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bashCompletion, zshCompletion } from './completion.ts';
import { isKept } from './kept-files.ts';
import { manualPage } from './manual-page.ts';

const UNITS = join(import.meta.dirname, 'systemd');

/** Tenths: `systemd-analyze security` exits with 1 above its threshold. */
it.each([
  ['ringfence.service', 20],
  ['ringfence-console.service', 15],
  ['ringfence-closed.service', 20],
])('%s is exposed %d tenths at most', (unit, tenths) => {
  const args = ['security', '--offline=yes', `--threshold=${tenths}`, '--no-pager', join(UNITS, unit)];
  const { status, stdout, stderr } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/Overall exposure level/);
  expect(status).toBe(0);
});

it('the guard has CAP_NET_ADMIN alone, the console nothing; and both find each other', () => {
  const [guard, console] = ['ringfence.service', 'ringfence-console.service'].map((unit) =>
    readFileSync(join(UNITS, unit), 'utf8'),
  );
  const values = (text: string, key: string) =>
    [...text.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value]) => value);
  for (const set of ['AmbientCapabilities', 'CapabilityBoundingSet'])
    expect(values(guard, set)).toEqual(['CAP_NET_ADMIN']);
  expect(values(console, 'CapabilityBoundingSet')).toEqual(['']);
  expect(values(console, 'AmbientCapabilities')).toEqual([]);
  const socket = '/run/ringfence/channel.sock';
  expect(values(guard, 'ExecStart')[0]).toContain(`--console ${socket}`);
  expect(values(console, 'ExecStart')[0]).toContain(`--channel ${socket}`);
  expect(values(guard, 'Group')).toEqual(values(console, 'Group'));
});

it.each([
  ['', 'stat', ['status']],
  ['policy', 'ro', ['rollback']],
  ['--json policy', 'ro', ['rollback']],
  ['web link', '--re', ['--reset', '--remove-second-factor']],
  ['block 203.0.113.7', '--for', ['--for']],
])('bash completes: ringfence %s %s', (words, current, wanted) => {
  const line = ['ringfence', ...words.split(' ').filter((word) => word !== ''), current];
  const script = `${bashCompletion()}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ringfence; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', ...line], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout.trim().split('\n')).toEqual(wanted);
});

it('zsh gets every command with what it does', () => {
  expect(zshCompletion()).toContain("'status:protecting or not");
  expect(zshCompletion()).toContain("'policy rollback') words_here=(");
});

it('the manual page has every command, and no line that roff would take for its own', () => {
  const page = manualPage('1.2.3', '2026-01-01');
  for (const words of ['ringfence run [options]', 'ringfence policy rollback', 'ringfence web link']) {
    expect(page).toContain(words.replaceAll('-', '\\-'));
  }
  const macros = [...page.matchAll(/^\.(\S+)/gm)].map(([, macro]) => macro);
  expect([...new Set(macros)].sort()).toEqual(['B', 'I', 'RI', 'SH', 'SS', 'TH', 'TP']);
});

/** What is needed at run time, and what is not, of packages as they come. */
it.each([
  ['fastify/lib/route.js', true],
  ['fastify/test/route.test.js', false],
  ['fastify/types/route.d.ts', false],
  ['mime/types/standard.js', true],
  ['yaml/dist/doc/Document.js', true],
  ['swagger-ui-dist/swagger-ui-bundle.js', true],
  ['swagger-ui-dist/swagger-ui-bundle.js.map', false],
  ['@koromix/koffi-linux-x64/linux_x64/koffi.node', true],
  ['@koromix/koffi-linux-x64/musl_x64/koffi.node', false],
  ['dejavu-fonts-ttf/ttf/DejaVuSans.ttf', true],
  ['dejavu-fonts-ttf/ttf/DejaVuSerif.ttf', false],
  ['@ip-location-db/asn/asn-ipv4.csv', false],
  ['ajv-formats/node_modules/fast-uri/index.js', true],
  ['ajv-formats/node_modules/fast-uri/test/parse.test.js', false],
])('%s: %s', (path, kept) => {
  expect(isKept(path)).toBe(kept);
});
