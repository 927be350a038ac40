/**
 * `npm run package [-- --arch amd64|arm64] [--out DIR] [--version V] [--fast]`: a Debian package and a plain archive for each architecture. The same
 * commit gives the same bytes.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { architectureOf, copyTree, installPackages, makeApplication } from './application.ts';
import { ARCHITECTURES, type Architecture } from './architectures.ts';
import { makeDebianPackage, type Release } from './debian-package.ts';
import { copy, isFile, settle, write } from './files.ts';
import { copyrightFile } from './licences.ts';
import { softwareList } from './software-list.ts';

const ROOT = join(import.meta.dirname, '..');
const UNITS = ['ringfence.service', 'ringfence-console.service', 'ringfence-closed.service', 'ringfence.sysusers'];
const STRING = { type: 'string' } as const;
/** "at most 50 MB": as the issue of the package says. */
const BYTES_MAX = 50 * 1_000_000;

const { values } = parseArgs({
  options: {
    arch: { ...STRING, multiple: true },
    out: STRING,
    version: STRING,
    fast: { type: 'boolean', default: false },
  },
});
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const release: Release = {
  version: values.version ?? version,
  epoch: Number(process.env.SOURCE_DATE_EPOCH ?? git('log', '-1', '--format=%ct')),
  maintainer: process.env.RINGFENCE_MAINTAINER ?? git('log', '-1', '--format=%an <%ae>'),
  compression: values.fast ? 'fast' : 'small',
};
const out = resolve(values.out ?? join(ROOT, 'packages'));
mkdirSync(out, { recursive: true });
const architectures = values.arch?.map(architectureOf) ?? ARCHITECTURES;
const work = mkdtempSync(join(tmpdir(), 'ringfence-package-'));
try {
  for (const arch of architectures) for (const path of await build(arch)) tell(path);
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function build(arch: Architecture): Promise<string[]> {
  const packages = join(work, arch.debian, 'packages');
  const application = join(work, arch.debian, 'application');
  installPackages(packages, arch);
  await makeApplication(application, packages, release.version, arch);
  const pages = join(ROOT, 'web/dist/.vite/license.md');
  if (!isFile(pages)) throw new Error(`${pages} is missing: npm run build:web`);
  const copyright = copyrightFile(application, packages, `node-linux-${arch.npm}`, readFileSync(pages, 'utf8'));
  const sbom = softwareList(packages, release);
  const deb = join(out, `ringfence_${release.version}_${arch.debian}.deb`);
  makeDebianPackage(join(work, arch.debian, 'root'), deb, arch, { application, copyright, sbom }, release);
  return [deb, archive(arch, application, copyright, sbom)];
}

/** For machines without dpkg: unpacked anywhere, it runs. */
function archive(arch: Architecture, application: string, copyright: string, sbom: string): string {
  const name = `ringfence-${release.version}`;
  const folder = join(work, arch.debian, 'archive', name);
  copyTree(application, folder);
  copyTree(join(ROOT, 'docs/detectors'), join(folder, 'docs/detectors'));
  for (const file of [
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
    'docs/install.md',
    'docs/cli.md',
    'docs/policy.md',
    'docs/console.md',
  ])
    copy(join(ROOT, file), join(folder, file));
  for (const unit of UNITS) copy(join(ROOT, 'packaging/systemd', unit), join(folder, 'systemd', unit));
  write(join(folder, 'COPYRIGHT'), copyright);
  write(join(folder, 'sbom.cdx.json'), sbom);
  settle(folder, release.epoch);
  const path = join(out, `${name}-linux-${arch.debian}.tar.xz`);
  const same = [
    '--sort=name',
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--format=gnu',
    `--mtime=@${release.epoch}`,
  ];
  execFileSync('tar', [...same, '-cJf', path, '-C', join(folder, '..'), name], {
    env: { ...process.env, XZ_OPT: release.compression === 'small' ? '-6 -T2' : '-1 -T2' },
  });
  return path;
}

function tell(path: string): void {
  const bytes = statSync(path).size;
  const sum = createHash('sha256').update(readFileSync(path)).digest('hex');
  process.stdout.write(`${sum}  ${path}  ${(bytes / 1_000_000).toFixed(1)} MB\n`);
  if (bytes > BYTES_MAX) throw new Error(`${path} is larger than ${BYTES_MAX / 1_000_000} MB`);
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
}
