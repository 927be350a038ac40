/** Requests that an attacker, or a mistaken program, sends to an operation of the OpenAPI document. */
import fc from 'fast-check';

type Schema = Record<string, unknown>;

export interface OperationToAttack {
  method: string;
  /** With placeholders. */
  path: string;
  /** Of parameters by their names, and where they stand. */
  parameters: { name: string; in: 'path' | 'query'; schema: Schema }[];
  /** By media type; absent: it takes no body. */
  bodies?: Record<string, Schema>;
}

export interface HostileRequest {
  path: string;
  headers: Record<string, string>;
  body?: string | Uint8Array;
}

/** What parsers, databases and people stumble over. */
const HOSTILE_TEXTS = [
  '', ' ', '\0', 'a\0b', '..', '../../etc/passwd', '%2e%2e%2f', '__proto__', 'constructor', 'toString', 'null', '-1', '1e400', 'NaN',
  '9007199254740993', '99999999999999999999', "' OR 1=1 --", '%', '_', '=cmd|x!A1', '<script>alert(1)</script>', '\r\nX: y', '\u202e', '\ud800',
  'é'.normalize('NFD'), 'a'.repeat(300), '0', 'true', '[]', '{}', '*', '::', '::1', '0.0.0.0/0', '::/0', '010.0.0.1', '192.0.2.1', '192.0.2.1/33',
  '2001:db8::/129', '192.0.2.9-192.0.2.1', '198.51.100.7', 'attack-1', 'sample', 'detect.flood.threshold', 'mode: monitor', 'a: &a [*a]',
]; // prettier-ignore

const text = fc.oneof(
  fc.constantFrom(...HOSTILE_TEXTS),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.ipV4(),
  fc.ipV6(),
);
const number = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -0, -1, 2 ** 31, 2 ** 53, -(2 ** 53), 1e300, Number.MAX_VALUE),
);
/** JSON has neither; what `JSON.stringify` makes of them is null. */
const anything = fc.oneof(text, number, fc.boolean(), fc.constant(null), fc.jsonValue({ maxDepth: 3 }));

/** Mostly what the schema asks for, now and then something else, so that the checks behind the first one are reached too. */
function likely(schema: Schema, document: Schema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary: fitting(schema, document) }, { weight: 1, arbitrary: anything });
}

function fitting(schema: Schema, document: Schema): fc.Arbitrary<unknown> {
  const { $ref, anyOf, oneOf, enum: values, const: value, type, minimum, maximum } = schema;
  if (typeof $ref === 'string') return fitting(resolve(document, $ref), document);
  const choices = (anyOf ?? oneOf) as Schema[] | undefined;
  if (choices) return fc.oneof(...choices.map((choice) => fitting(choice, document)));
  if (values) return fc.constantFrom(...(values as unknown[]));
  if (value !== undefined) return fc.constant(value);
  const [min, max] = [Number(minimum ?? -10), Number(maximum ?? 1e6)];
  switch (type) {
    case 'string':
      return text;
    case 'integer':
      return fc.oneof(fc.integer({ min, max: Math.min(max, 2 ** 53) }), fc.constantFrom(min, max, max + 1));
    case 'number':
      return number;
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(likely((schema.items ?? {}) as Schema, document), { maxLength: 4 });
    case 'object': {
      const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
      const required = new Set(schema.required as string[] | undefined);
      const fields = properties.map(([name, one]) => {
        const field = likely(one, document);
        return [name, required.has(name) ? field : fc.option(field, { nil: undefined })] as const;
      });
      return fc.record(Object.fromEntries(fields));
    }
    default:
      return anything;
  }
}

export function resolve(document: Schema, reference: string): Schema {
  const steps = reference.replace(/^#\//, '').split('/');
  return steps.reduce<unknown>((node, step) => (node as Schema | undefined)?.[step], document) as Schema;
}

export function hostileRequest(operation: OperationToAttack, document: Schema): fc.Arbitrary<HostileRequest> {
  const within = (place: string) => operation.parameters.filter((one) => one.in === place);
  const values = fc.record(
    Object.fromEntries(within('path').map(({ name, schema }) => [name, likely(schema, document).map(asText)])),
  );
  const query = fc.tuple(
    fc.record(
      Object.fromEntries(
        within('query').map(({ name, schema }) => [name, fc.option(likely(schema, document), { nil: undefined })]),
      ),
    ),
    fc.array(fc.tuple(text, text), { maxLength: 1 }),
  );
  return fc
    .record({ values, query, sent: sentBody(operation, document) })
    .map(({ values: of, query: [known, more], sent }) => {
      const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encode(of[name]));
      const pairs = [...Object.entries(known), ...more].filter(([, value]) => value !== undefined);
      const asked = pairs.map(([name, value]) => `${encode(name)}=${encode(asText(value))}`).join('&');
      return { path: asked === '' ? path : `${path}?${asked}`, ...sent };
    });
}

/** A generated object may have a `toString` of its own. */
const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** A lone surrogate cannot be encoded: it goes as its bytes, which are no UTF-8. */
function encode(value: string): string {
  return value.isWellFormed() ? encodeURIComponent(value) : '%ED%A0%80';
}

function sentBody({ bodies = {} }: OperationToAttack, document: Schema): fc.Arbitrary<Omit<HostileRequest, 'path'>> {
  const asJson = (value: unknown) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) });
  const known = Object.entries(bodies).map(([type, schema]) => {
    if (type === 'application/json') return likely(schema, document).map(asJson);
    return fc
      .oneof(text, fc.uint8Array({ maxLength: 200 }))
      .map((body) => ({ headers: { 'content-type': type }, body }));
  });
  const other = fc.oneof(
    fc.constant({ headers: {} }),
    anything.map(asJson),
    fc.integer({ min: 1, max: 50_000 }).map((depth) => ({
      headers: { 'content-type': 'application/json' },
      body: '['.repeat(depth) + ']'.repeat(depth),
    })),
    fc.uint8Array({ maxLength: 200 }).map((body) => ({ headers: { 'content-type': 'application/json' }, body })),
    fc
      .constantFrom(
        'text/csv',
        'application/xml',
        'multipart/form-data; boundary=x',
        'x',
        'application/json; charset=utf-16',
      )
      .map((type) => ({ headers: { 'content-type': type }, body: '{"a":1}' })),
    fc.constant({
      headers: { 'content-type': 'application/json' },
      body: '{"__proto__":{"yes":true},"constructor":1}',
    }),
  );
  if (known.length === 0)
    return fc.oneof({ weight: 9, arbitrary: fc.constant({ headers: {} }) }, { weight: 1, arbitrary: other });
  return fc.oneof({ weight: 8, arbitrary: fc.oneof(...known) }, { weight: 2, arbitrary: other });
}
