/** The Debian package of one architecture: control files, where everything lies, and dpkg-deb. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { copyTree } from './application.ts';
import type { Architecture } from './architectures.ts';
import { bashCompletion, zshCompletion } from './completion.ts';
import { copy, filesBelow, installedSize, settle, write } from './files.ts';
import { manualPage } from './manual-page.ts';

const HERE = import.meta.dirname;
const SCRIPTS = ['postinst', 'prerm', 'postrm'];
/** Of what the runtime is linked to (Node 24 needs glibc 2.28); base systems have all of it but nftables. */
const DEPENDS = 'libc6 (>= 2.28), libgcc-s1, libstdc++6 (>= 9), nftables';

export interface Release {
  version: string;
  /** Seconds: the time of every file. */
  epoch: number;
  maintainer: string;
  /** `fast`: for tests, a sixth larger, a quarter of the time. */
  compression: 'small' | 'fast';
}

export interface Contents {
  application: string;
  copyright: string;
  sbom: string;
}

/** Makes `root` and the package `to`. */
export function makeDebianPackage(
  root: string,
  to: string,
  arch: Architecture,
  contents: Contents,
  release: Release,
): void {
  const at = (path: string) => join(root, path);
  copyTree(contents.application, at('usr/lib/ringfence'));
  mkdirSync(at('usr/bin'), { recursive: true });
  symlinkSync('../lib/ringfence/bin/ringfence', at('usr/bin/ringfence'));
  for (const unit of ['ringfence.service', 'ringfence-console.service', 'ringfence-closed.service'])
    copy(join(HERE, 'systemd', unit), at(`lib/systemd/system/${unit}`));
  copy(join(HERE, 'systemd/ringfence.sysusers'), at('usr/lib/sysusers.d/ringfence.conf'));
  copy(join(HERE, 'console.yaml'), at('etc/ringfence/console.yaml'));
  mkdirSync(at('var/cache/ringfence'), { recursive: true });
  write(at('usr/share/bash-completion/completions/ringfence'), bashCompletion());
  write(at('usr/share/zsh/vendor-completions/_ringfence'), zshCompletion());
  const date = new Date(release.epoch * 1000).toISOString().slice(0, 10);
  write(at('usr/share/man/man8/ringfence.8.gz'), gzipped(manualPage(release.version, date)));
  copy(join(HERE, 'debian/lintian-overrides'), at('usr/share/lintian/overrides/ringfence'));
  writeDocuments(at('usr/share/doc/ringfence'), contents, release);
  writeControl(root, arch, release);
  settle(root, release.epoch);
  const compression = ['-Zxz', release.compression === 'small' ? '-z6' : '-z1'];
  execFileSync('dpkg-deb', ['--root-owner-group', ...compression, '--threads-max=2', '--build', root, to], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(release.epoch) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

function writeDocuments(folder: string, { copyright, sbom }: Contents, { version, epoch, maintainer }: Release): void {
  const docs = join(HERE, '../docs');
  const forUsers = filesBelow(docs).filter((path) => path.endsWith('.md') && !path.startsWith('adr/'));
  for (const path of forUsers) copy(join(docs, path), join(folder, path));
  write(join(folder, 'copyright'), copyright);
  write(join(folder, 'sbom.cdx.json'), sbom);
  write(join(folder, 'NEWS.gz'), gzipped(readFileSync(join(HERE, '../CHANGELOG.md'), 'utf8')));
  const date = new Date(epoch * 1000).toUTCString().replace('GMT', '+0000');
  const entry = `ringfence (${version}) unstable; urgency=medium\n\n  * See NEWS.gz.\n\n -- ${maintainer}  ${date}\n`;
  write(join(folder, 'changelog.gz'), gzipped(entry));
}

function writeControl(root: string, { debian }: Architecture, { version, maintainer }: Release): void {
  const at = (name: string) => join(root, 'DEBIAN', name);
  const sums = filesBelow(root)
    .filter((path) => path !== 'usr/bin/ringfence')
    .map(
      (path) =>
        `${createHash('md5')
          .update(readFileSync(join(root, path)))
          .digest('hex')}  ${path}\n`,
    );
  const control = [
    'Package: ringfence',
    `Version: ${version}`,
    `Architecture: ${debian}`,
    `Maintainer: ${maintainer}`,
    `Installed-Size: ${installedSize(root)}`,
    `Depends: ${DEPENDS}`,
    'Section: net',
    'Priority: optional',
    'Description: SIP firewall that drops attackers in the kernel',
    ' Watches live SIP and TFTP traffic on a PBX host or on a gateway in front of',
    ' many, recognises password guessing, scanners, floods and fuzzers as they',
    ' happen, and blocks the attacker in an nftables table of its own.',
    ' .',
    ' A console in the browser and a command line show who attacked whom, how, and',
    ' what was done.',
  ];
  write(at('control'), `${control.join('\n')}\n`);
  write(at('md5sums'), sums.join(''));
  write(at('conffiles'), '/etc/ringfence/console.yaml\n');
  for (const script of SCRIPTS) {
    const text = readFileSync(join(HERE, 'debian', script), 'utf8');
    write(at(script), text.replaceAll('@VERSION@', version), 0o755);
  }
}

/** Without name and time in its head; zlib's level 9, as Debian asks for. */
function gzipped(text: string): Uint8Array {
  return gzipSync(text, { level: 9 });
}
