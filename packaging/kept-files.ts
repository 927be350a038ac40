/**
 * Which files of the npm packages a machine needs at run time: code and data; no tests, documentation, sources, maps or other platforms. Their
 * licences are all in the one copyright file.
 */

const KEPT_ENDINGS = /\.(js|cjs|mjs|json|node|css|ttf|wasm)$/;
const LICENCE = /^(.*[-_])?(licen[cs]e|notice|copying|attribution|modifications)([-._].*)?$/i;
/** Directly in a package: further down these words are parts of programs (yaml/dist/doc). */
const UNUSED_FOLDERS = /^(\..+|tests?|__tests__|benchmarks?|bench|examples?|docs?|vendor)$/;

/** Packages of which less is enough. */
const ENOUGH: [packages: RegExp, files: RegExp][] = [
  // One build of several: that of `import`.
  [/^luxon$/, /^(package\.json|build\/es6\/.*)$/],
  [/^swagger-ui-dist$/, /^(package\.json|swagger-ui\.css|swagger-ui-bundle\.js)$/],
  [/^dejavu-fonts-ttf$/, /^(package\.json|ttf\/DejaVuSans\.ttf)$/],
  // The compiled tables take the place of 110 MB of text (application.ts).
  [/^@ip-location-db\//, /^package\.json$/],
  [/^koffi$/, /^(package\.json|index\.c?js|src\/koffi\/(index|indirect)\.c?js|src\/koffi\/src\/static\.c?js)$/],
  [/^@koromix\/koffi-/, /^(package\.json|index\.js|linux_.*)$/],
  // The runtime itself lies in bin/.
  [/^node-linux-/, /^$/],
];

/** `path`: below `node_modules`. */
export function isKept(path: string): boolean {
  const [name, inside] = splitPackage(path);
  const file = inside.slice(inside.lastIndexOf('/') + 1);
  if (UNUSED_FOLDERS.test(inside.split('/')[0]) || file.startsWith('.')) return false;
  for (const [packages, files] of ENOUGH) if (packages.test(name)) return files.test(inside);
  return KEPT_ENDINGS.test(file);
}

export function isLicence(file: string): boolean {
  return LICENCE.test(file);
}

/** The innermost package that a path below `node_modules` belongs to, and what is left of the path. */
export function splitPackage(path: string): [name: string, inside: string] {
  const parts = path.split('/');
  const start = parts.lastIndexOf('node_modules') + 1;
  const length = parts[start].startsWith('@') ? 2 : 1;
  return [parts.slice(start, start + length).join('/'), parts.slice(start + length).join('/')];
}
