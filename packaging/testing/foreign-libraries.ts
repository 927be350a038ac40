/** The base libraries of another architecture, for its programs under qemu: what debootstrap unpacks before anything of it would have to run. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const CACHE = join(import.meta.dirname, '../../node_modules/.cache/ringfence');

export function foreignLibraries(arch: string): string {
  const root = join(CACHE, `libraries-${arch}`);
  if (existsSync(root)) return root;
  mkdirSync(CACHE, { recursive: true });
  rmSync(`${root}.new`, { recursive: true, force: true });
  const args = [`--arch=${arch}`, '--foreign', '--variant=minbase', 'bookworm', `${root}.new`];
  const { status, stdout } = spawnSync('debootstrap', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) throw new Error(`debootstrap failed:\n${stdout.split('\n').slice(-20).join('\n')}`);
  renameSync(`${root}.new`, root);
  return root;
}
