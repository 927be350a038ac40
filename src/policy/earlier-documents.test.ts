/**
 * A policy that an earlier version wrote out means the same today. `testing/complete-N.yaml` are complete documents as they were whenever
 * sections had been added; a name that is given up needs a step here that knows the old one.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { parsePolicy } from './yaml-file.ts';

const FOLDER = join(import.meta.dirname, 'testing');

describe('a complete document of an earlier version', () => {
  it.each(readdirSync(FOLDER))('%s: every value is kept, though the default is another one by now', (name) => {
    const text = readFileSync(join(FOLDER, name), 'utf8');
    const checked = parsePolicy(text, name);
    expect(checked).toMatchObject({ document: parse(text) as object });
  });
});

describe('a document of a newer version', () => {
  it('is refused at the name that nobody knows here, and nothing of it is taken', () => {
    const checked = parsePolicy('mode: monitor\nweather: { rain: 3 }\n', 'policy.yaml');
    expect(checked).not.toHaveProperty('document');
    expect(checked).toMatchObject({ errors: [{ line: 2, path: 'weather' }] });
  });
});
