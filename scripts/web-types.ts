/** Writes the web app's types of the API anew: `npm run web:types`. They are made from the contract (src/serve/api), never typed by hand. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { format } from 'prettier';
import { openApiDocument } from '../src/serve/api/openapi.ts';

export const WEB_TYPES = fileURLToPath(new URL('../web/src/api/schema.d.ts', import.meta.url));

/** The file's text, as it should be. */
export async function webTypes(): Promise<string> {
  const types = await openapiTS(openApiDocument() as unknown as OpenAPI3);
  const text = `/** Made from the contract by \`npm run web:types\`; not for editing. */\n${astToString(types)}`;
  return format(text, { parser: 'typescript', singleQuote: true, printWidth: 120 });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(WEB_TYPES, await webTypes());
