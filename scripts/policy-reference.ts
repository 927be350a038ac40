/** Writes docs/policy.md anew: `node scripts/policy-reference.ts`. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { policyReference } from '../src/policy/reference.ts';

writeFileSync(fileURLToPath(new URL('../docs/policy.md', import.meta.url)), policyReference());
