/** The document by which others build their clients. */
import { describe, expect, it } from 'vitest';
import { resolve } from '../testing/hostile-requests.ts';
import { contract } from './contract.ts';
import { openApiDocument } from './openapi.ts';

const document = JSON.parse(JSON.stringify(openApiDocument())) as Record<string, never> & {
  paths: Record<
    string,
    Record<string, { operationId: string; tags: string[]; parameters: { name: string; in: string }[] }>
  >;
  tags: { name: string }[];
};
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
);

describe('OpenAPI 3.1', () => {
  it('has every row of the contract, and the twins of its lists', () => {
    const ids = operations.map(({ operationId }) => operationId);
    const rows = contract.flatMap(({ endpoints, streams = [] }) => [...endpoints, ...streams]);
    const twins = contract.flatMap(({ endpoints }) => endpoints.filter(({ csv }) => csv).map(({ id }) => `${id}Csv`));
    expect(ids.toSorted()).toEqual([...rows.map(({ id }) => id), ...twins].toSorted());
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(operations.map((one) => [`${one.method} ${one.path}`, one] as const))(
    '%s',
    (_title, { path, tags, parameters }) => {
      const placed = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(placed);
      expect(new Set(parameters.map((one) => `${one.in} ${one.name}`)).size).toBe(parameters.length);
      expect(document.tags.map(({ name }) => name)).toEqual(expect.arrayContaining(tags));
    },
  );

  it('every reference leads somewhere', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference);
    expect(references.length).toBeGreaterThan(50);
    for (const reference of references) expect(resolve(document, reference), reference).toBeTypeOf('object');
  });

  it('no shape stands under two names', () => {
    const schemas = (document as unknown as { components: { schemas: Record<string, unknown> } }).components.schemas;
    const texts = Object.values(schemas).map((schema) => JSON.stringify(schema));
    expect(new Set(texts).size).toBe(texts.length);
  });
});
