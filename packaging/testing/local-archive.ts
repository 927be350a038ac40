/** What a mirror would give, without a network: the Debian packages in a folder of a fresh Debian become an archive that its apt asks. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where debootstrap leaves what it installed. */
const FOLDER = '/var/cache/apt/archives';

export function offerOwnPackages(root: string): void {
  const folder = join(root, FOLDER);
  const files = readdirSync(folder).filter((name) => name.endsWith('.deb'));
  const paragraphs = files.map((name) => {
    const path = join(folder, name);
    const bytes = readFileSync(path);
    const sum = createHash('sha256').update(bytes).digest('hex');
    const control = execFileSync('dpkg-deb', ['--field', path], { encoding: 'utf8' });
    return `${control.trim()}\nFilename: ./${name}\nSize: ${bytes.length}\nSHA256: ${sum}\n`;
  });
  writeFileSync(join(folder, 'Packages'), paragraphs.join('\n'));
  writeFileSync(join(root, 'etc/apt/sources.list'), `deb [trusted=yes] file:${FOLDER} ./\n`);
}
