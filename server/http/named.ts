/** Schemas that the OpenAPI document calls by name and writes once. The name lies beside the schema, which shared code never sees. */
import { extendZodWithOpenApi } from '@hono/zod-openapi';
import * as z from 'zod';

extendZodWithOpenApi(z);

// Schemas of shared code are older than the extension above, and only what is made after it can be named: hence a clone.
const known = new WeakMap<z.ZodObject, z.ZodObject>();

export function named(name: string, schema: z.ZodObject): z.ZodObject {
  const found = known.get(schema) ?? z.core.clone(schema).openapi(name);
  known.set(schema, found);
  return found;
}

/** `delivery` → `Delivery`. */
export const nameOf = (kind: string): string =>
  kind.replace(/(?:^|[-_])(\w)/g, (_, letter: string) => letter.toUpperCase());
