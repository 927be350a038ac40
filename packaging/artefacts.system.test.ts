/**
 * What is given to people: packages and archives as `npm run package` makes them, for both architectures; pressed with less patience (`--fast`), so what is
 * small enough here is smaller there.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ARCHITECTURES, elfMachine } from './architectures.ts';
import { filesBelow } from './files.ts';
import { foreignLibraries } from './testing/foreign-libraries.ts';

const ROOT = join(import.meta.dirname, '..');
/** "At most 50 MB". */
const BYTES_MAX = 50_000_000;
const CAPTURE = join(ROOT, 'spec/captures/ethernet-pppoe.pcap');

let folder: string;
/** The trees of the packages, by architecture. */
const trees: Record<string, string> = {};
const out = (name: string) => join(folder, name);

function build(to: string, archs: readonly string[], env: NodeJS.ProcessEnv = {}): void {
  const args = ['--disable-warning=ExperimentalWarning', join(ROOT, 'packaging/main.ts'), '--fast', '--out', out(to)];
  execFileSync(process.execPath, [...args, ...archs.flatMap((arch) => ['--arch', arch])], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

const debianNames = ARCHITECTURES.map(({ debian }) => debian);
const built = (to: string) => readdirSync(out(to)).sort();
const file = (ending: string) =>
  join(
    out('first'),
    built('first').find((name) => name.endsWith(ending))!,
  );

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-artefacts-'));
  build('first', debianNames);
  for (const arch of debianNames) {
    trees[arch] = out(`tree-${arch}`);
    execFileSync('dpkg-deb', ['--raw-extract', file(`_${arch}.deb`), trees[arch]]);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('the same commit gives the same bytes, wherever and by whomever it is built', () => {
  build('second', ['amd64'], {
    ...{ TZ: 'Pacific/Auckland', LC_ALL: 'C', HOME: folder },
    // What npm has fetched once is not fetched again.
    npm_config_cache: process.env.npm_config_cache ?? join(homedir(), '.npm'),
  });
  const sum = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
  expect(built('second')).toHaveLength(2);
  for (const name of built('second')) expect([name, sum(join(out('second'), name))]).toEqual([name, sum(file(name))]);
});

it('a package and an archive for each architecture, none above 50 MB', () => {
  expect(built('first')).toHaveLength(4);
  for (const name of built('first')) expect([name, statSync(file(name)).size <= BYTES_MAX]).toEqual([name, true]);
});

it.each(debianNames)('%s: lintian has nothing to say but what packaging/debian/lintian-overrides states', (arch) => {
  const { stdout, stderr } = spawnSync('lintian', ['--allow-root', file(`_${arch}.deb`)], { encoding: 'utf8' });
  expect([stdout, stderr]).toEqual(['', '']);
});

describe.each(ARCHITECTURES)('$debian', ({ debian, elf }) => {
  it('every program in it is for that machine, and what people look for is there', () => {
    const tree = trees[debian];
    const files = filesBelow(tree);
    const machines = files.flatMap((path) => {
      const machine = path === 'usr/bin/ringfence' ? null : elfMachine(readFileSync(join(tree, path)).subarray(0, 20));
      return machine === null ? [] : [[path, machine]];
    });
    expect(machines).toContainEqual(['usr/lib/ringfence/bin/node', elf]);
    expect(machines.filter(([, machine]) => machine !== elf)).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining([
        'lib/systemd/system/ringfence-closed.service',
        'lib/systemd/system/ringfence-console.service',
        'lib/systemd/system/ringfence.service',
        'usr/lib/ringfence/web/dist/index.html',
        'usr/share/bash-completion/completions/ringfence',
        'usr/share/doc/ringfence/copyright',
        'usr/share/doc/ringfence/guide/first-ten-minutes.md',
        'usr/share/man/man8/ringfence.8.gz',
        'usr/share/zsh/vendor-completions/_ringfence',
      ]) as string[],
    );
    expect(files.filter((path) => /\.test\.[jt]s$|\/testing\//.test(path))).toEqual([]);
  });

  it('asks apt for nftables, and for nothing else that a base system lacks', () => {
    const depends = execFileSync('dpkg-deb', ['--field', file(`_${debian}.deb`), 'Depends'], { encoding: 'utf8' });
    expect(depends.trim()).toBe('libc6 (>= 2.28), libgcc-s1, libstdc++6 (>= 9), nftables');
  });

  it('names all software in it', () => {
    const list = JSON.parse(readFileSync(join(trees[debian], 'usr/share/doc/ringfence/sbom.cdx.json'), 'utf8')) as {
      bomFormat: string;
      components: { name: string; version: string }[];
    };
    expect(list.bomFormat).toBe('CycloneDX');
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { dependencies: object };
    const names = list.components.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(dependencies)));
    expect(names.filter((name) => /win32|darwin|vitest/.test(name))).toEqual([]);
  });
});

it('arm64 runs: its own Node under qemu says its version, opens the native library and judges a capture', () => {
  const lib = join(trees.arm64, 'usr/lib/ringfence');
  const run = (...args: string[]) => {
    const command = ['-L', foreignLibraries('arm64'), join(lib, 'bin/node'), '--disable-warning=ExperimentalWarning'];
    const { status, stdout, stderr } = spawnSync('qemu-aarch64-static', [...command, ...args], { encoding: 'utf8' });
    return { status, said: `${stdout}${stderr}`.trim() };
  };
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  expect(run(join(lib, 'cli/main.js'), '--version')).toEqual({ status: 0, said: version });
  expect(run('-p', `require('${lib}/node_modules/koffi').version + process.arch`).said).toMatch(/^\d+\.\d+\.\d+arm64$/);
  expect(run(join(lib, 'cli/main.js'), 'replay', CAPTURE, '--json')).toMatchObject({ status: 0 });
});
