/** `import('virtual:world')` is the map, made when the app is built. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';
import { worldShapes, type Atlas } from './src/charts/world-shapes.ts';

const NAME = 'virtual:world';

export function world(): Plugin {
  return {
    name: 'ringfence-world',
    resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
    // As text: a browser reads JSON faster than it reads JavaScript.
    load: (id) =>
      id === `\0${NAME}` ? `export default JSON.parse(${JSON.stringify(JSON.stringify(shapes()))});` : null,
  };
}

export function shapes() {
  // The 110m file lacks Singapore, Malta and Hong Kong.
  const path = createRequire(import.meta.url).resolve('world-atlas/countries-50m.json');
  return worldShapes(JSON.parse(readFileSync(path, 'utf8')) as Atlas);
}
