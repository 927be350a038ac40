/** Every field of the policy, for forms: made of the schema, as docs/policy.md is. */
import { describePolicy, type FieldDescription } from '../policy/schema.ts';

const fields = describePolicy();

export function policyFields(): readonly FieldDescription[] {
  return fields;
}
