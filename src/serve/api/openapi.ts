/** The contract as an OpenAPI 3.1 document; its schemas are JSON Schema 2020-12, made from the same zod shapes. */
import { z } from 'zod';
import { VERSION } from '../version.ts';
import { contract } from './contract.ts';
import { csvInput, CSV_TYPE } from './csv.ts';
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
      if (row.csv) paths[`${row.path}.csv`] = { get: csvOperationOf(row, name, schemas) };
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
  const { id, summary, description, scope, query, body, upload, answer, file } = row;
  const asked = body ? json(schemaOf(body, 'input', schemas)) : upload ? binary(upload) : null;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    'x-scope': scope,
    ...(scope === 'none' ? { security: [] } : scope === 'session' ? { security: [{ session: [] }] } : {}),
    parameters: [...inPath(row.path), ...(query ? inQuery(query, schemas) : [])],
    ...(asked ? { requestBody: { required: true, content: asked } } : {}),
    responses: {
      200: { description: 'Done.', content: answer ? json(schemaOf(answer, 'output', schemas)) : binary([file!]) },
      default: aProblem(schemas),
    },
  };
}

/** The same list as a file: `limit` bounds the rows of the whole file. */
function csvOperationOf(row: Endpoint, tag: string, schemas: Json): Json {
  const { id, summary, scope, query, csv } = row;
  const own = ['limit', 'cursor', ...Object.keys(csv!.query ?? {})];
  const filters = (query ? inQuery(query, schemas) : []).filter(({ name }) => !own.includes(name as string));
  const columns = Object.keys(csv!.columns)
    .map((title) => `\`${title}\``)
    .join(', ');
  return {
    operationId: `${id}Csv`,
    tags: [tag],
    summary: `${summary.replace(/\.$/, '')}: as CSV.`,
    description: `Columns: ${columns}. Times are ISO 8601 in UTC. Cells that a spreadsheet would run begin with an apostrophe.`,
    'x-scope': scope,
    parameters: [...inPath(row.path), ...filters, ...inQuery(csvInput, schemas)],
    responses: {
      200: { description: 'The whole list.', content: { [CSV_TYPE]: { schema: { type: 'string' } } } },
      default: aProblem(schemas),
    },
  };
}

function aProblem(schemas: Json): Json {
  return { description: 'A problem.', content: { [PROBLEM_TYPE]: { schema: schemaOf(problem, 'output', schemas) } } };
}

const json = (schema: Json) => ({ 'application/json': { schema } });

/** A file as it is: OpenAPI 3.1 gives it a media type and no schema. */
const binary = (types: readonly string[]) => Object.fromEntries(types.map((type) => [type, {}]));

function inPath(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    ...PARAMETERS[name],
  }));
}

const textual = (description: string) => ({ description, schema: { type: 'string' } });
/** What stands in paths, by its name. */
const PARAMETERS: Record<string, Json> = {
  list: { schema: { type: 'string', enum: ['allow', 'deny'] } },
  address: textual('IPv4 or IPv6.'),
  range: textual('As the list has it, percent-encoded: `192.0.2.0%2F24`.'),
  day: textual('`2026-11-21`, `today` or `yesterday`, in the time zone.'),
  id: textual('As the list has it.'),
  name: textual('As the list has it.'),
  version: { description: '0: the built-in default.', schema: { type: 'integer', minimum: 0 } },
};

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
  for (const [name, one] of Object.entries($defs)) {
    const known = JSON.stringify((schemas[name] ??= one));
    // A generated client would have the one and be sent the other.
    if (known !== JSON.stringify(one)) throw new Error(`two shapes of the contract are called ${name}`);
  }
  return schema;
}

/** Zod's whole numbers name the limits of a double: noise for a reader. */
function dropLimits({ jsonSchema }: { jsonSchema: Json }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
}
