/**
 * Puts the engine (src/core) into one file, dist/engine.js: a tenth less work for each message than the same code in forty modules,
 * whose bindings are read and checked at every use (docs/adr/0012-bundled-engine.md). Only the engine: it is pure, so nothing of it asks where
 * it lies. `bin/ringfence` takes the file when it is newer than all of src/core, else the sources.
 */
import { readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const SOURCES = join(ROOT, 'src/core');
const BUNDLE = join(ROOT, 'dist/engine.js');

const newest = Math.max(
  ...readdirSync(SOURCES, { recursive: true }).map((name) => statSync(join(SOURCES, name as string)).mtimeMs),
);
const made = statSync(BUNDLE, { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (made <= newest) {
  // Loaded only when there is something to do: every command of the project asks.
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({
    input: join(SOURCES, 'engine.ts'),
    platform: 'neutral',
    // Numbers in the place of their names: a `switch` over header numbers becomes one jump.
    optimization: { inlineConst: { mode: 'all', pass: 3 } },
  });
  // Another process may do the same at this moment, or read it.
  const unfinished = `${BUNDLE}.${process.pid}`;
  await bundle.write({ file: unfinished, format: 'esm' });
  await bundle.close();
  renameSync(unfinished, BUNDLE);
}
