/** The public HTTP server as one function of Request: stamp → route → who calls → query → answer. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { refuseIssues } from '../../shared/kernel/issues.ts';
import { isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { callerOf, credentialOf } from './caller.ts';
import { troubleOf } from '../fault.ts';
import { describeRoute, openApiOf, type App } from './openapi.ts';
import { pagesOf } from './pages.ts';
import { problemResponse } from './problem.ts';
import { routeName, type HttpContext, type Route, type Variables } from './route.ts';
import { allowedMethods, routingPath } from './router.ts';
import type { Site } from './site.ts';
import { stamped } from './stamp.ts';

export function createApp(site: Site, routes: readonly Route[]): App {
  const app: App = new OpenAPIHono<{ Variables: Variables }>();
  app.use(stamped(site));
  for (const route of routes) {
    describeRoute(app.openAPIRegistry, route);
    app.on(route.method.toUpperCase(), routingPath(route.path), (c) => answer(c, site, route));
  }
  const pages = pagesOf(openApiOf(app));
  for (const { path, page } of pages) {
    app.get(path, (c) => {
      c.set('pattern', `GET ${path}`);
      return page();
    });
  }
  const all = [...routes, ...pages.map(({ path }) => ({ method: 'get', path }) as const)];
  app.all('*', (c) => elsewhere(c, all));
  app.onError((error, c) => {
    const refusal = troubleOf(error);
    const { requestId, pattern } = c.var;
    site.log.error({ requestId, route: pattern, err: error }, refusal.refused === 'internal' ? 'fault' : 'not ready');
    return problemResponse(refusal, requestId);
  });
  return app;
}

async function answer(c: HttpContext, site: Site, route: Route): Promise<Response> {
  c.set('pattern', routeName(route));
  const answered = await pass(c, site, route);
  return isRefusal(answered) ? problemResponse(answered, c.var.requestId) : answered;
}

async function pass(c: HttpContext, site: Site, route: Route): Promise<Response | Refusal> {
  if (!route.open && !route.asksItself) {
    const credential = credentialOf(c.req.header('authorization'));
    const caller = isRefusal(credential) ? credential : await callerOf(site, credential);
    if (isRefusal(caller)) return caller;
    c.set('caller', caller);
  }
  const query = queryOf(c, route);
  if (isRefusal(query)) return query;
  return route.handle({ c, site, params: c.req.param(), query, caller: c.var.caller });
}

function queryOf(c: HttpContext, route: Route): Record<string, unknown> | Refusal {
  const given = c.req.queries();
  const twice = Object.keys(given).find((name) => given[name]!.length > 1);
  if (twice !== undefined) return wrong([{ field: `/${twice}`, problem: 'Given more than once.' }]);
  const single = Object.fromEntries(Object.entries(given).map(([name, [value]]) => [name, value]));
  if (!route.query) {
    const [name] = Object.keys(single);
    return name === undefined ? {} : wrong([{ field: `/${name}`, problem: 'There is no such query parameter.' }]);
  }
  const parsed = route.query.safeParse(single);
  return parsed.success ? parsed.data : refuseIssues(parsed.error);
}

const wrong = (fields: readonly { readonly field: string; readonly problem: string }[]): Refusal =>
  refuse('invalid-input', `${fields[0]!.field}: ${fields[0]!.problem}`, { fields });

/** No route has this method and path. */
function elsewhere(c: HttpContext, routes: readonly Pick<Route, 'method' | 'path'>[]): Response {
  const allow = allowedMethods(routes, c.req.path);
  if (!allow.length) {
    const detail = 'There is nothing at this path. /docs lists every route.';
    return problemResponse(refuse('no-such-route', detail), c.var.requestId);
  }
  const headers = { allow: allow.join(', ') };
  if (c.req.method === 'OPTIONS') return new Response(null, { status: 204, headers });
  const detail = `This path takes ${allow.join(', ')}.`;
  return problemResponse(refuse('method-not-allowed', detail), c.var.requestId, headers);
}
