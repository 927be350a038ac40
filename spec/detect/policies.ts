/** Policies for specs, from the YAML that administrators write. */
import type { Policy } from '../../src/core/base/policy.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { parsePolicy } from '../../src/policy/yaml-file.ts';

export function policyOf(yaml: string): Policy {
  const parsed = parsePolicy(yaml, 'spec');
  if ('errors' in parsed) throw new Error(`the spec's policy: ${JSON.stringify(parsed.errors)}`);
  return compilePolicy(parsed.document);
}

export const DEFAULT_POLICY = policyOf('');
