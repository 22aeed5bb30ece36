/** What a route is, for the router and for OpenAPI alike: the table that everything public stands in. */
import type { Context } from 'hono';
import type { ZodObject, ZodType } from 'zod';
import type { Caller } from '../../shared/kernel/command.ts';
import type { Refusal, RefusalCode } from '../../shared/kernel/refusal.ts';
import type { Site } from './site.ts';

export interface Variables {
  requestId: string;
  caller: Caller;
  /** The pattern, never the path: paths may hold what people typed. */
  pattern: string;
}
export type HttpContext = Context<{ Variables: Variables }>;

export interface Asked {
  readonly c: HttpContext;
  readonly site: Site;
  /** Throws on open routes, which have none. */
  readonly caller: Caller;
  readonly params: Readonly<Record<string, string>>;
  /** Parsed by the route's own `query`. */
  readonly query: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly description: string;
  readonly contentType?: string;
  readonly schema?: ZodType;
  readonly example?: unknown;
  /** Response headers that a client acts upon: name → what it says. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RequestBody {
  readonly contentType: string;
  readonly schema?: ZodType;
  readonly example?: unknown;
  readonly required: boolean;
}

export interface Route {
  /** HEAD is answered by the `get` of the same path; its own route tells the document how. */
  readonly method: 'get' | 'head' | 'post' | 'put' | 'patch' | 'options';
  /** `/v1/tasks/{id}`; a last `{name+}` takes the rest of the path. */
  readonly path: string;
  readonly group: string;
  readonly title: string;
  readonly description?: string;
  /** No token needed. */
  readonly open?: true;
  /** It asks by itself who calls, because a token in a header is not the only way; `caller` throws. */
  readonly asksItself?: true;
  readonly query?: ZodObject;
  /** Request headers of its own, in lower case. Parsed by whoever handles it. */
  readonly headers?: ZodObject;
  readonly idempotent?: true;
  readonly body?: RequestBody;
  readonly answers: Readonly<Record<number, Answer>>;
  readonly refusals: readonly RefusalCode[];
  readonly handle: (asked: Asked) => Promise<Response | Refusal>;
}

/** `GET /v1/tasks/{id}`: how logs, metrics and tests call a route. */
export const routeName = ({ method, path }: Pick<Route, 'method' | 'path'>): string =>
  `${method.toUpperCase()} ${path}`;
