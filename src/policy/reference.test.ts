import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { policyReference } from './reference.ts';
import { describePolicy } from './schema.ts';

test('docs/policy.md is current (node scripts/policy-reference.ts writes it)', () => {
  expect(readFileSync(new URL('../../docs/policy.md', import.meta.url), 'utf8')).toBe(policyReference());
});

test('every field is in it, with its description', () => {
  const text = policyReference();
  for (const { path, description } of describePolicy()) if (path !== '') expect(text, path).toContain(description);
});
