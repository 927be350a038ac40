/** The SBOM (CycloneDX), as npm makes it: of what is installed, and without what changes from run to run. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packagesIn } from './application.ts';
import type { Release } from './debian-package.ts';

interface Component {
  'bom-ref': string;
  name: string;
  version: string;
}

interface Bom {
  serialNumber?: string;
  metadata: { timestamp: string; component: { version: string } };
  components: Component[];
  dependencies: { ref: string; dependsOn?: string[] }[];
}

/** `packages`: where the production packages are installed. */
export function softwareList(packages: string, { version, epoch }: Release): string {
  // From the lock file, whole: npm finds fault with a folder that has no development packages, and leaves out what these need as well. It names those of other
  // platforms, too. What is not installed goes.
  const args = [
    'sbom',
    '--package-lock-only',
    '--sbom-format=cyclonedx',
    '--sbom-type=application',
    '--workspaces=false',
  ];
  const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit'];
  const bom = JSON.parse(
    execFileSync('npm', args, { cwd: packages, encoding: 'utf8', maxBuffer: BYTES_MAX, stdio }),
  ) as Bom;
  const installed = new Set(packagesIn(packages).map((path) => nameAndVersion(join(packages, 'node_modules', path))));
  bom.components = bom.components.filter(({ name, version }) => installed.has(`${name}@${version}`));
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

function nameAndVersion(folder: string): string {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, string>;
  return `${name}@${version}`;
}
