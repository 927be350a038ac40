/** A policy file: YAML text to a checked document, or every error with its line and column. */
import { closeSync, openSync, readSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { YAMLError } from 'yaml';
import { checkDocument, cut, sortByPlace } from './check.ts';
import type { Checked } from './check.ts';
import { POLICY_ERRORS_MAX } from './policy-error.ts';
import type { PolicyError } from './policy-error.ts';
import type { PolicyDocument } from './schema.ts';
import { SourceText } from './source-text.ts';
import { YamlReader } from './yaml-reader.ts';

/** The default policy with all its comments has 8 kB; a file above this is another file. */
export const POLICY_BYTES_MAX = 1_048_576;
/** Evasion: nested flow collections make the YAML parser's time grow faster than the text (1 MB of `{a: `: 5 s). */
const FLOW_DEPTH_MAX = 200;

/** `name` is for messages. An empty text is the default policy. */
export function parsePolicy(text: string, name: string): Checked {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  const source = new SourceText(body, name);
  const refused = refuse(body, source);
  if (refused) return { errors: [refused] };
  // `uniqueKeys` of the library compares every pair of keys; the reader below finds duplicates with a set.
  const doc = parseDocument(body, { prettyErrors: false, uniqueKeys: false, logLevel: 'error' });
  const syntax = [...doc.errors, ...doc.warnings];
  if (syntax.length > 0) return { errors: syntax.slice(0, POLICY_ERRORS_MAX).map((e) => syntaxError(e, source)) };
  const reader = new YamlReader(doc, source);
  const raw = reader.read(doc.contents, [], 0);
  const checked = checkDocument(raw ?? {}, (path, part) => reader.locate(path, part));
  if (reader.errors.length === 0) return checked;
  const errors = 'errors' in checked ? [...reader.errors, ...checked.errors] : reader.errors;
  return { errors: sortByPlace(errors).slice(0, POLICY_ERRORS_MAX) };
}

/** Reads at most the size cap, so that `/dev/zero` ends too. Failures of the file system are errors like any other. */
export function readPolicyFile(path: string): { text: string; document: PolicyDocument } | { errors: PolicyError[] } {
  const source = new SourceText('', path);
  const failed = (found: string, expected: string, hint: string | null) => ({
    errors: [source.error(0, '', found, expected, hint)],
  });
  const bytes = new Uint8Array(POLICY_BYTES_MAX + 1);
  let length = 0;
  try {
    const fd = openSync(path, 'r');
    try {
      for (let n = 1; n > 0 && length < bytes.length; length += n)
        n = readSync(fd, bytes, length, bytes.length - length, null);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = { ENOENT: 'no such file', EACCES: 'a file that may not be read', EISDIR: 'a directory' }[code ?? ''];
    return failed(why ?? message, 'a readable policy file', why ? 'check the path and its permissions' : null);
  }
  if (length > POLICY_BYTES_MAX) return failed('more than 1 MB', 'a policy file of at most 1 MB', null);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, length));
  } catch {
    return failed('bytes that are not UTF-8', 'a text file in UTF-8', 'convert it: iconv -f latin1 -t utf-8');
  }
  const checked = parsePolicy(text, path);
  return 'errors' in checked ? checked : { text, document: checked.document };
}

function refuse(body: string, source: SourceText): PolicyError | null {
  if (body.length > POLICY_BYTES_MAX || Buffer.byteLength(body) > POLICY_BYTES_MAX) {
    return source.error(0, '', `${body.length} characters`, 'a policy file of at most 1 MB', 'is this the right file?');
  }
  const nul = body.indexOf('\0');
  if (nul >= 0) return source.error(nul, '', 'a NUL byte', 'a text file', 'is this the right file?');
  let depth = 0;
  for (let i = 0; i < body.length; i++) {
    const c = body.charCodeAt(i);
    if (c === 0x5b || c === 0x7b) depth++;
    else if (c === 0x5d || c === 0x7d) depth--;
    if (depth > FLOW_DEPTH_MAX) return source.error(i, '', 'brackets nested too deep', 'a policy', null);
  }
  return null;
}

function syntaxError(error: YAMLError, source: SourceText): PolicyError {
  const [start] = error.pos;
  const character = source.text.slice(start, start + 1);
  const found =
    character === '' ? 'the end of the file' : character === '\n' ? 'the end of the line' : `"${character}"`;
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return source.error(
        start,
        '',
        'a tab',
        'spaces: YAML is not indented with tabs',
        'write two spaces for each tab',
      );
    case 'MULTIPLE_DOCS':
      return source.error(start, '', 'a second document', 'one document in the file', 'remove the line ---');
    case 'RESOURCE_EXHAUSTION':
      return source.error(start, '', 'values nested too deep', 'a policy', null);
    case 'TAG_RESOLVE_FAILED':
      return source.error(start, '', 'a YAML tag', 'a plain value', 'remove the part that starts with !');
    case 'BAD_SCALAR_START':
      return source.error(
        start,
        '',
        found,
        'a value',
        'put quotes around a value that starts with a special character',
      );
    default:
      return source.error(start, '', found, `YAML: ${cut(error.message, 160)}`, null);
  }
}
