/** OpenAPI 3.1 from the same table that is routed. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import * as z from 'zod';
import { STATUS_BY_CODE, type RefusalCode } from '../../shared/kernel/refusal.ts';
import { Problem } from '../../shared/sync/messages.ts';
import type { Answer, Route, Variables } from './route.ts';
import { named } from './named.ts';
import { publicPath } from './router.ts';

export type App = OpenAPIHono<{ Variables: Variables }>;
type Registry = App['openAPIRegistry'];
type Responses = Parameters<Registry['registerPath']>[0]['responses'];

/** Of the contract: it may grow within 1. */
const VERSION = '1.0.0';

const PROBLEM = named('Problem', Problem);
const idempotencyKey = z
  .string()
  .min(1)
  .max(255)
  .optional()
  .meta({ description: 'The same key with the same body gets the first answer again, for ever.' });

export function describeRoute(registry: Registry, route: Route): void {
  const params = [...route.path.matchAll(/\{(\w+)\+?\}/g)].map(([, name]) => [name!, z.string()] as const);
  registry.registerPath({
    method: route.method,
    path: publicPath(route.path),
    tags: [route.group],
    summary: route.title,
    ...(route.description ? { description: route.description } : {}),
    ...(route.open ? { security: [] } : {}),
    request: {
      ...(params.length ? { params: z.object(Object.fromEntries(params)) } : {}),
      ...(route.query ? { query: route.query } : {}),
      ...headersOf(route),
      ...(route.body
        ? {
            body: {
              required: route.body.required,
              content: { [route.body.contentType]: { schema: route.body.schema ?? BINARY } },
            },
          }
        : {}),
    },
    responses: { ...answersOf(route), ...problemsOf(route) },
  });
}

function headersOf({ headers, idempotent }: Route): { headers?: z.ZodObject } {
  const shape = { ...headers?.shape, ...(idempotent ? { 'Idempotency-Key': idempotencyKey } : {}) };
  return Object.keys(shape).length ? { headers: z.object(shape) } : {};
}

const BINARY = { type: 'string', format: 'binary' } as const;

const answersOf = (route: Route): Responses =>
  Object.fromEntries(
    Object.entries(route.answers).map(([status, { description, contentType, schema, headers }]: [string, Answer]) => [
      status,
      {
        description,
        ...(headers ? { headers: saying(headers) } : {}),
        ...(schema || contentType
          ? { content: { [contentType ?? 'application/json']: { schema: schema ?? BINARY } } }
          : {}),
      },
    ]),
  );

const saying = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' as const } }]),
  );

function problemsOf(route: Route): Responses {
  const codes: RefusalCode[] = [...route.refusals, ...(route.open ? [] : (['unauthenticated'] as const))];
  const byStatus = new Map<number, RefusalCode[]>();
  for (const code of codes) byStatus.set(STATUS_BY_CODE[code], [...(byStatus.get(STATUS_BY_CODE[code]) ?? []), code]);
  return Object.fromEntries(
    [...byStatus].map(([status, named]) => [
      status,
      { description: named.join(', '), content: { 'application/problem+json': { schema: PROBLEM } } },
    ]),
  );
}

export const openApiOf = (app: App): object => {
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Operary',
      version: VERSION,
      description:
        'The shift book that a plant can trust. JSON in camelCase; refusals are `application/problem+json` with a stable `code` and say what to do.',
      license: { name: 'MIT' },
    },
    security: [{ token: [] }],
  });
};
