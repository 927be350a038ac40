/** `--policy FILE` of the offline commands. */
import { formatPolicyError } from '../src/policy/policy-error.ts';
import type { PolicyDocument } from '../src/policy/schema.ts';
import { readPolicyFile } from '../src/policy/yaml-file.ts';
import { CliError, EXIT_USAGE } from './exit-codes.ts';
import { escapeText } from './escape.ts';
import { requireReadable } from './input-file.ts';
import { plural } from './terminal.ts';

/** Errors: `CliError` with every error of the file, its line and what was expected. */
export async function loadPolicyOption(file: string): Promise<PolicyDocument> {
  requireReadable(file, 'a policy file');
  const result = readPolicyFile(file);
  if ('document' in result) return result.document;
  const { errors } = result;
  const all = errors.map(formatPolicyError).join('\n');
  throw new CliError(EXIT_USAGE, `The policy file ${escapeText(file)} has ${plural(errors.length, 'error')}:\n${all}`);
}
