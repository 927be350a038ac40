import { expect, test } from 'vitest';
import { defaultDocument } from './default-document.ts';
import { policySchema } from './schema.ts';

test('the default document is what the schema makes of nothing', () => {
  expect(defaultDocument).toEqual(policySchema.parse({}));
});
