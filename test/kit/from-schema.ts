/** From a JSON schema to bodies: what fits it, and what is wrong with it in the ways that people and machines are wrong. */
import fc from 'fast-check';

export interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly example?: unknown;
}

type Any = fc.Arbitrary<unknown>;

/** Ids that exist, so that a body sometimes means something. */
export function fitting(schema: Schema, ids: readonly string[]): Any {
  const { type, enum: allowed, properties } = schema;
  const choices = schema.anyOf ?? schema.oneOf;
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (allowed) return fc.constantFrom(...allowed);
  if (choices) return fc.oneof(...choices.map((each) => fitting(each, ids)));
  if (schema.allOf) return fitting(schema.allOf[0]!, ids);
  if (properties) {
    const required = new Set(schema.required ?? []);
    const members = Object.fromEntries(Object.entries(properties).map(([key, member]) => [key, fitting(member, ids)]));
    return fc.record(members, { requiredKeys: Object.keys(members).filter((key) => required.has(key)) });
  }
  switch (Array.isArray(type) ? type[0] : type) {
    case 'array':
      return fc.array(fitting(schema.items ?? {}, ids), { maxLength: 3 });
    case 'integer':
    case 'number':
      return fc.integer({ min: Math.max(schema.minimum ?? 0, -1000), max: Math.min(schema.maximum ?? 1000, 1000) });
    case 'boolean':
      return fc.boolean();
    case 'object':
      return fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 });
    case 'string':
      return textOf(schema, ids);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function textOf({ format, pattern, example }: Schema, ids: readonly string[]): Any {
  if (format === 'date-time')
    return fc.constantFrom('2026-11-20T22:00:00Z', '2026-11-21T06:00:00.000Z', '2031-02-28T23:59:59+05:30');
  if (pattern?.includes('[0-9a-f]{12}')) return fc.constantFrom(...ids);
  if (pattern?.includes('[0-9a-f]{64}')) return fc.constantFrom('0'.repeat(64), 'a'.repeat(64));
  if (typeof example === 'string') return fc.constant(example);
  if (pattern) return fc.constantFrom('leeds', 'leeds/packaging', 'Europe/London', '06:00', 'T-1');
  return fc.oneof(
    fc.string({ minLength: 1, maxLength: 40 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  );
}

/** JSON text that breaks something; half of it is a fitting body with one place spoiled. */
export const broken = (schema: Schema, ids: readonly string[]): fc.Arbitrary<string | Uint8Array> =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .tuple(fitting(schema, ids), fc.nat(), strange)
        .map(([body, at, odd]) => JSON.stringify(spoiled(body, at, odd))),
    },
    {
      weight: 2,
      arbitrary: fitting(schema, ids).map((body) => JSON.stringify({ ...(body as object), colour: 'red' })),
    },
    { weight: 1, arbitrary: fitting(schema, ids).map((body) => JSON.stringify(body).slice(0, -1)) },
    { weight: 2, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.constantFrom(...WHOLE) },
    { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 60 }) },
  );

const strange: Any = fc.constantFrom<unknown>(
  null,
  true,
  -1,
  1e21,
  0.5,
  '',
  ' ',
  'a\u0000b',
  '\u202e',
  '\ud800',
  'x'.repeat(70_000),
  '💥'.repeat(5000),
  [],
  {},
  [[[[]]]],
  { refused: 'internal', detail: 'x' },
  '../../etc/passwd',
  "'; DROP TABLE event; --",
  '%% /operary:report %%',
  Array.from({ length: 3000 }, (_, i) => i),
);

const WHOLE: readonly string[] = [
  '',
  'null',
  '[]',
  '"text"',
  '{"refused":"internal","detail":"x"}',
  '{"__proto__":{"x":1}}',
  '{"constructor":{"prototype":{"x":1}}}',
  `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`,
  `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
  '{"a":1e999}',
  '{"a":1,"a":2}',
  '\ufeff{}',
  `{"title":"${'x'.repeat(400_000)}"}`,
];

/** One member of an object replaced, anywhere in it. */
function spoiled(body: unknown, at: number, odd: unknown): unknown {
  if (typeof body !== 'object' || body === null || !Object.keys(body).length) return odd;
  const keys = Object.keys(body);
  const key = keys[at % keys.length]!;
  const member = (body as Record<string, unknown>)[key];
  const inner = at % 3 === 0 ? spoiled(member, Math.floor(at / 3), odd) : odd;
  return Array.isArray(body) ? body.map((each, i) => (String(i) === key ? inner : each)) : { ...body, [key]: inner };
}
