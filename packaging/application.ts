/**
 * The folder that runs by itself, /usr/lib/ringfence and the plain archive alike: the runtime, the program without its types, the pages, and of the npm
 * packages what is used at run time.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, cpSync, mkdirSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { basename, join } from 'node:path';
import { EmbeddedData } from '../src/geo/embedded.ts';
import { ARCHITECTURES, elfMachine, type Architecture } from './architectures.ts';
import { copy, filesBelow, isFile, write } from './files.ts';
import { isKept, splitPackage } from './kept-files.ts';

const ROOT = join(import.meta.dirname, '..');
const FOR_TESTS = /(^|\/)(testing|fixtures)\/|\.test\.ts$|tsconfig\.json$/;
/** `from './x.ts'`, `import('./x.ts')`, `new URL('./x.ts', …)`. */
const OWN_FILES = /(['"])(\.{1,2}\/[\w./-]+)\.ts\1/g;

/** The production packages of one architecture, as package-lock.json has them; no script of theirs runs. */
export function installPackages(folder: string, { npm }: Architecture): void {
  mkdirSync(join(folder, 'web'), { recursive: true });
  for (const file of ['package.json', 'package-lock.json', '.npmrc', 'web/package.json'])
    copy(join(ROOT, file), join(folder, file));
  const platform = ['--os=linux', `--cpu=${npm}`, '--libc=glibc'];
  const only = ['--omit=dev', '--include=optional', '--workspaces=false', '--ignore-scripts'];
  execFileSync('npm', ['ci', ...only, ...platform, '--no-progress', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** `packages`: where `installPackages` ran. */
export async function makeApplication(
  folder: string,
  packages: string,
  version: string,
  arch: Architecture,
): Promise<void> {
  const modules = join(packages, 'node_modules');
  copy(join(modules, `node-linux-${arch.npm}/bin/node`), join(folder, 'bin/node'), 0o755);
  copy(join(ROOT, 'packaging/ringfence.sh'), join(folder, 'bin/ringfence'), 0o755);
  for (const part of ['src', 'cli']) copyProgram(part, folder);
  const { license } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { license: string };
  write(
    join(folder, 'package.json'),
    `${JSON.stringify({ name: 'ringfence', version, license, type: 'module' }, null, 2)}\n`,
  );
  for (const path of filesBelow(join(ROOT, 'web/dist')).filter((one) => !one.startsWith('.vite/')))
    copy(join(ROOT, 'web/dist', path), join(folder, 'web/dist', path));
  for (const path of filesBelow(modules)) {
    if (!path.startsWith('.') && !path.includes('/.bin/') && isKept(path)) {
      const bytes = readFileSync(join(modules, path));
      // Commands of their own that some packages bring: nobody runs them here, and a `node` in PATH is none of ours.
      const isCommand = bytes.subarray(0, 2).toString() === '#!';
      write(join(folder, 'node_modules', path), isCommand ? bytes.toString().replace(/^#!.*/, '//') : bytes);
    }
  }
  requireWhole(join(folder, 'node_modules'), modules);
  await compileCountries(folder);
  requireArchitecture(folder, arch);
}

/** Without types a start needs no compiler for them: 17 MB and a tenth of a second for every process. Lines and columns stay. */
export function copyProgram(part: string, folder: string): void {
  for (const path of filesBelow(join(ROOT, part)).filter((one) => !FOR_TESTS.test(one))) {
    const from = join(ROOT, part, path);
    if (!path.endsWith('.ts')) copy(from, join(folder, part, path));
    else {
      const code = stripTypeScriptTypes(readFileSync(from, 'utf8')).replace(OWN_FILES, '$1$2.js$1');
      write(join(folder, part, path.replace(/\.ts$/, '.js')), code.replace(/[ \t]+$/gm, ''));
    }
  }
}

/** As the first start would do it, in a second of one core and from 110 MB of text; the same tables for every architecture. */
async function compileCountries(folder: string): Promise<void> {
  const tables = join(ROOT, 'node_modules/.cache/ringfence');
  const data = new EmbeddedData(tables);
  await data.countries();
  const { path } = await data.networks();
  if (path === null) throw new Error('The table of networks could not be written');
  for (const name of [basename(path).replace(/^networks/, 'countries'), basename(path)])
    copy(join(tables, name), join(folder, 'node_modules/.cache/ringfence', name));
}

/** A file that was left out and is asked for by one that was not. */
function requireWhole(kept: string, modules: string): void {
  for (const path of filesBelow(kept).filter((one) => /\.[cm]?js$/.test(one))) {
    const code = readFileSync(join(kept, path), 'utf8');
    for (const [, target] of code.matchAll(/(?:require\(|from\s*|import\()\s*['"](\.{1,2}\/[^'"]+)['"]/g)) {
      const wanted = join(path, '..', target);
      const names = [wanted, ...['.js', '.cjs', '.mjs', '.json', '/index.js'].map((ending) => wanted + ending)];
      const left = names.find((name) => isFile(join(modules, name)));
      if (left !== undefined && !names.some((name) => isFile(join(kept, name))))
        throw new Error(`node_modules/${path} asks for ${left}, which packaging/kept-files.ts leaves out`);
    }
  }
}

/** A program of another processor in the package is found here, not by the user. */
function requireArchitecture(folder: string, { debian, elf }: Architecture): void {
  const head = new Uint8Array(20);
  for (const path of filesBelow(folder)) {
    const file = openSync(join(folder, path), 'r');
    readSync(file, head);
    closeSync(file);
    const machine = elfMachine(head);
    if (machine !== null && machine !== elf) throw new Error(`${path} is for machine ${machine}, expected ${debian}`);
  }
}

/** Names of the npm packages that are in the folder, in order. */
export function packagesIn(folder: string): string[] {
  const manifests = filesBelow(join(folder, 'node_modules')).filter((path) => splitPackage(path)[1] === 'package.json');
  return manifests.map((path) => path.slice(0, -'/package.json'.length));
}

export function copyTree(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
}

export function architectureOf(name: string): Architecture {
  const found = ARCHITECTURES.find(({ debian }) => debian === name);
  if (!found)
    throw new Error(`Unknown architecture ${name}, expected ${ARCHITECTURES.map(({ debian }) => debian).join(' or ')}`);
  return found;
}
