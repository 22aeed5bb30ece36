/** Paths as the route table writes them, and as hono and a look-up of allowed methods need them. */
import type { Route } from './route.ts';

/** `/v1/tasks/{id}` → `/v1/tasks/:id`; a last `{tile+}` → `:tile{.+}`. */
export const routingPath = (path: string): string =>
  path.replace(/\{(\w+)\+\}$/, ':$1{.+}').replace(/\{(\w+)\}/g, ':$1');

/** As OpenAPI writes it. */
export const publicPath = (path: string): string => path.replace(/\{(\w+)\+\}$/, '{$1}');

const patternOf = (path: string): RegExp =>
  new RegExp(
    `^${path
      .replaceAll('.', '\\.')
      .replace(/\{\w+\+\}$/, '.+')
      .replace(/\{\w+\}/g, '[^/]+')}$`,
  );

export function allowedMethods(routes: readonly Pick<Route, 'method' | 'path'>[], path: string): string[] {
  const found = new Set<string>();
  for (const route of routes) {
    if (!patternOf(route.path).test(path)) continue;
    found.add(route.method.toUpperCase());
    if (route.method === 'get') found.add('HEAD');
  }
  return found.size ? [...found, 'OPTIONS'].sort() : [];
}
