/** debian/copyright of everything that is in the package, in Debian's machine-readable form, from the packages' own files. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packagesIn } from './application.ts';
import { isFile } from './files.ts';
import { isLicence } from './kept-files.ts';

interface Part {
  files: string;
  licence: string;
  /** Of its licence file, or what stands for it. */
  text: string;
  comment: string;
}

interface Manifest {
  name: string;
  version: string;
  license?: string | { type: string };
  author?: string | { name: string };
}

/** `application`: its folder; `packages`: with the whole npm packages; `pages`: what was bundled into the web app, as vite wrote it down. */
export function copyrightFile(application: string, packages: string, runtime: string, pages: string): string {
  const parts = [
    ...packagesIn(application).map((path) => partOf(join(packages, 'node_modules', path), path)),
    runtimePart(join(packages, 'node_modules', runtime)),
    {
      files: 'usr/lib/ringfence/web/dist/*',
      licence: 'bundled',
      text: pages,
      comment: 'Packages that the pages are built from.',
    },
  ];
  return [
    'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/',
    'Upstream-Name: ringfence',
    '',
    'Files: *\nCopyright: The Ringfence authors\nLicense: Apache-2.0',
    '',
    'License: Apache-2.0\n On Debian systems the text is in /usr/share/common-licenses/Apache-2.0.',
    ...parts.map((part, i) => `\n${stanza(part, i)}`),
    '',
  ].join('\n');
}

function partOf(folder: string, path: string): Part {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const names = readdirSync(folder).filter((name) => isLicence(name) && isFile(join(folder, name)));
  const text = names.sort().map((name) => readFileSync(join(folder, name), 'utf8').trim());
  const author =
    typeof manifest.author === 'string'
      ? manifest.author
      : (manifest.author?.name ?? `the authors of ${manifest.name}`);
  const licence = typeof manifest.license === 'string' ? manifest.license : (manifest.license?.type ?? 'unknown');
  return {
    files: `usr/lib/ringfence/node_modules/${path}/*`,
    licence,
    text: text.join('\n\n') || `Copyright: ${author}\nLicence: ${licence}, as its package.json says.`,
    comment: `${manifest.name} ${manifest.version}`,
  };
}

function runtimePart(folder: string): Part {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const text = readFileSync(join(folder, 'LICENSE'), 'utf8');
  return {
    files: 'usr/lib/ringfence/bin/node',
    licence: 'MIT',
    text,
    comment: `Node.js ${version} with what it is built from`,
  };
}

/** Short names are only names: two texts of one licence differ in who holds the rights. */
function stanza({ files, licence, text, comment }: Part, number: number): string {
  const holders = new Set(
    [...text.matchAll(/copyright\s+(?:\(c\)|©|\d{4}).*/gi)].slice(0, 20).map(([line]) => line.trim()),
  );
  const copyright = [...holders].join('\n ') || comment;
  const name = `${licence.replace(/[^A-Za-z0-9.+-]+/g, '-').slice(0, 60)}~${number}`;
  const body = text
    .replaceAll('\r', '')
    .split('\n')
    .map((line) => (line.trim() === '' ? ' .' : ` ${line.trimEnd()}`));
  return `Files: ${files}\nCopyright: ${copyright}\nLicense: ${name}\nComment: ${comment}\n\nLicense: ${name}\n${body.join('\n')}`;
}
