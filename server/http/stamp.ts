/** Every request gets an id, security headers, one log line and one measurement. The line holds no header, body, path or query. */
import { randomUUID } from 'node:crypto';
import { createMiddleware } from 'hono/factory';
import type { Variables } from './route.ts';
import type { Site } from './site.ts';

const SANE_ID = /^[A-Za-z0-9._-]{1,128}$/;

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
};

export const stamped = (site: Site) =>
  createMiddleware<{ Variables: Variables }>(async (c, next) => {
    const started = performance.now();
    const given = c.req.header('x-request-id');
    const requestId = given !== undefined && SANE_ID.test(given) ? given : randomUUID();
    c.set('requestId', requestId);
    c.set('pattern', 'none');
    await next();
    c.res.headers.set('x-request-id', requestId);
    for (const [name, value] of Object.entries(HEADERS)) if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    const ms = performance.now() - started;
    const { pattern } = c.var;
    const { status } = c.res;
    // Absent on open routes and for strangers.
    const caller = c.var.caller as Variables['caller'] | undefined;
    site.metrics.served(pattern, status, ms / 1000);
    const line = { requestId, method: methodOf(c.req.method), route: pattern, status, ms: Math.round(ms * 10) / 10 };
    site.log.info({ ...line, ...(caller ? { org: caller.org, caller: caller.id } : {}) }, 'request');
  });

/** A method is free text on the wire. */
const methodOf = (method: string): string => (/^[A-Z]{1,10}$/.test(method) ? method : 'OTHER');
