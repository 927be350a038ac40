/** `ringfence check FILE`: is this a valid policy? */
import { formatPolicyError } from '../../src/policy/policy-error.ts';
import { readPolicyFile } from '../../src/policy/yaml-file.ts';
import { EXIT_NO, EXIT_OK } from '../exit-codes.ts';
import type { Globals } from '../program.ts';
import { colour, plural, print, printJson } from '../terminal.ts';
import { escapeText } from '../escape.ts';
import { requireReadable } from '../input-file.ts';

export async function check(globals: Globals, file: string): Promise<number> {
  requireReadable(file, 'a policy file');
  const result = readPolicyFile(file);
  const errors = 'errors' in result ? result.errors : [];
  if (globals.json) {
    printJson({ file, valid: errors.length === 0, errors });
  } else if (errors.length === 0) {
    print(`${colour.green('valid')}  ${escapeText(file)}`);
  } else {
    for (const error of errors) print(formatPolicyError(error));
    print(`${escapeText(file)} has ${plural(errors.length, 'error')}: it would change nothing.`);
  }
  return errors.length === 0 ? EXIT_OK : EXIT_NO;
}
