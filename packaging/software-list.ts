/** The SBOM (CycloneDX), as npm makes it: of what is installed, and without what changes from run to run. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Release } from './debian-package.ts';
import { isFile } from './files.ts';

interface Component {
  'bom-ref': string;
  properties?: { name: string; value: string }[];
}

interface Bom {
  serialNumber?: string;
  metadata: { timestamp: string; component: { version: string } };
  components: Component[];
  dependencies: { ref: string; dependsOn?: string[] }[];
}

/** `packages`: where the production packages are installed. */
export function softwareList(packages: string, { version, epoch }: Release): string {
  // From the lock file: npm finds fault with a folder that has no development packages. It names those of other platforms, too.
  const args = [
    'sbom',
    '--package-lock-only',
    '--sbom-format=cyclonedx',
    '--sbom-type=application',
    '--omit=dev',
    '--workspaces=false',
  ];
  const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit'];
  const bom = JSON.parse(
    execFileSync('npm', args, { cwd: packages, encoding: 'utf8', maxBuffer: BYTES_MAX, stdio }),
  ) as Bom;
  const there = (path: string) => isFile(join(packages, path, 'package.json'));
  const pathOf = (one: Component) => one.properties?.find(({ name }) => name === 'cdx:npm:package:path')?.value ?? '.';
  bom.components = bom.components.filter((one) => there(pathOf(one)));
  const refs = new Set(bom.components.map((one) => one['bom-ref']));
  bom.dependencies = bom.dependencies
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) }))
    .filter(({ ref }, i) => i === 0 || refs.has(ref));
  delete bom.serialNumber;
  bom.metadata.timestamp = new Date(epoch * 1000).toISOString();
  bom.metadata.component.version = version;
  return `${JSON.stringify(bom, null, 2)}\n`;
}

const BYTES_MAX = 64 * 1024 * 1024;
