/** The contract as an OpenAPI 3.1 document; its schemas are JSON Schema 2020-12, made from the same zod shapes. */
import { z } from 'zod';
import { VERSION } from '../version.ts';
import { contract } from './contract.ts';
import { API_PREFIX, type Endpoint, type Stream } from './endpoint.ts';
import { problem, PROBLEM_TYPE } from './problem.ts';

type Json = Record<string, unknown>;

export function openApiDocument(): Json {
  const schemas: Json = {};
  const paths: Record<string, Json> = {};
  for (const { name, endpoints, streams = [] } of contract) {
    for (const row of endpoints) {
      const path = (paths[row.path] ??= {});
      path[row.method.toLowerCase()] = operationOf(row, name, schemas);
    }
    for (const row of streams) paths[row.path] = { get: streamOf(row, name, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Ringfence', version: VERSION, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: API_PREFIX }],
    tags: contract.map(({ name, description }) => ({ name, description })),
    paths,
    components: {
      schemas,
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'ringfence_session' },
        token: { type: 'http', scheme: 'bearer' },
      },
    },
    security: [{ session: [] }, { token: [] }],
  };
}

function streamOf({ path, id, summary, description, scope, events }: Stream, tag: string, schemas: Json): Json {
  const schema = schemaOf(events, 'output', schemas);
  return {
    operationId: id,
    tags: [tag],
    ...{ summary, description },
    'x-scope': scope,
    parameters: inPath(path),
    responses: {
      200: { description: 'Events, for as long as somebody listens.', content: { 'text/event-stream': { schema } } },
      default: aProblem(schemas),
    },
  };
}

function operationOf(row: Endpoint, tag: string, schemas: Json): Json {
  const { id, summary, description, scope, query, body, answer } = row;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    'x-scope': scope,
    parameters: [...inPath(row.path), ...(query ? inQuery(query, schemas) : [])],
    ...(body ? { requestBody: { required: true, content: json(schemaOf(body, 'input', schemas)) } } : {}),
    responses: {
      200: { description: 'Done.', content: json(schemaOf(answer, 'output', schemas)) },
      default: aProblem(schemas),
    },
  };
}

function aProblem(schemas: Json): Json {
  return { description: 'A problem.', content: { [PROBLEM_TYPE]: { schema: schemaOf(problem, 'output', schemas) } } };
}

const json = (schema: Json) => ({ 'application/json': { schema } });

function inPath(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function inQuery(query: z.ZodType, schemas: Json): Json[] {
  const { properties = {}, required = [] } = schemaOf(query, 'input', schemas) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema,
  }));
}

/** Shapes with an id become components of the document, once. */
function schemaOf(shape: z.ZodType, io: 'input' | 'output', schemas: Json): Json {
  const made = z.toJSONSchema(shape, { io, unrepresentable: 'any', override: dropLimits }) as Json;
  const {
    $schema: _,
    $defs = {},
    ...schema
  } = JSON.parse(JSON.stringify(made).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json & { $defs?: Json };
  Object.assign(schemas, $defs);
  return schema;
}

/** Zod's whole numbers name the limits of a double: noise for a reader. */
function dropLimits({ jsonSchema }: { jsonSchema: Json }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
}
