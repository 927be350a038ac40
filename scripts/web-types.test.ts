import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { WEB_TYPES, webTypes } from './web-types.ts';

test('the web app knows the API as the contract has it (else: npm run web:types)', async () => {
  expect(readFileSync(WEB_TYPES, 'utf8')).toBe(await webTypes());
});
