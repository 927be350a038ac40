/** The mixed captures that the benchmarks replay: made once, kept in bench/.cache until what makes them changes. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeMixed, type MixedTruth } from '../spec/traffic/mixed.ts';
import { ROOT } from './measure.ts';

const CACHE = join(import.meta.dirname, '.cache');
const TRAFFIC = join(ROOT, 'spec', 'traffic');

export interface Capture {
  path: string;
  messages: number;
  truth: MixedTruth;
}

export function mixedCapture(messages: number, sources: number): Capture {
  const name = `mixed-${messages}-${sources}-`;
  const path = join(CACHE, `${name}${traffic()}.pcap`);
  const truthPath = path.replace('.pcap', '.json');
  // The truth is written last: a capture without it is half a capture.
  if (!existsSync(truthPath)) {
    mkdirSync(CACHE, { recursive: true });
    for (const old of readdirSync(CACHE)) if (old.startsWith(name)) rmSync(join(CACHE, old));
    const truth = writeMixed({ path: `${path}.part`, messages, sources });
    renameSync(`${path}.part`, path);
    writeFileSync(truthPath, JSON.stringify(truth));
  }
  return { path, messages, truth: JSON.parse(readFileSync(truthPath, 'utf8')) as MixedTruth };
}

/** Of everything that decides what a capture holds. */
function traffic(): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(TRAFFIC).sort()) {
    if (file.endsWith('.ts') && !file.endsWith('.test.ts')) hash.update(readFileSync(join(TRAFFIC, file)));
  }
  return hash.digest('hex').slice(0, 12);
}
