/** The feed over plain HTTP: a page at a time, or live as server-sent events. */
import * as z from 'zod';
import { forbids } from '../../shared/kernel/roles.ts';
import { refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { json } from './answers.ts';
import type { Asked, Route } from './route.ts';
import { FeedPage, limit, position } from './shapes.ts';
import { eventStream } from './sse.ts';

const after = position.default(0).meta({ description: 'Exclusive: what comes after this position' });
const page = { query: z.strictObject({ after, limit: limit(1000, 200) }), handle: show };
const answers = {
  200: { description: 'Oldest first. `next` also moves over what this role may not see.', schema: FeedPage },
};

export const feedRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/v1/events',
    group: 'feed',
    title: 'Events',
    answers,
    refusals: ['invalid-input', 'role-not-allowed'],
    ...page,
  },
  {
    method: 'get',
    path: '/v1/sync/feed',
    group: 'sync',
    title: 'The feed of a device',
    description: 'The same as `/v1/events`. Live over a WebSocket at this path, with a ticket.',
    answers,
    refusals: ['invalid-input', 'role-not-allowed'],
    ...page,
  },
  {
    method: 'get',
    path: '/v1/events/stream',
    group: 'feed',
    title: 'Events, live',
    description:
      'Server-sent events; each has its position as id. Goes on after `Last-Event-ID`, else after `after`, else from now.',
    query: z.strictObject({ after: position.optional() }),
    answers: { 200: { description: 'Events as they are recorded', contentType: 'text/event-stream' } },
    refusals: ['invalid-input', 'role-not-allowed'],
    handle: stream,
  },
];

const closed = ({ site, caller }: Asked): Refusal | undefined =>
  site.feed.mayFollow(caller) ? undefined : forbids(caller, 'operations.read', {});

async function show(asked: Asked): Promise<Response | Refusal> {
  const { site, caller, query } = asked;
  const { after: from, limit: most } = query as { after: number; limit: number };
  return closed(asked) ?? json(await site.feed.page(caller, from, most));
}

async function stream(asked: Asked): Promise<Response | Refusal> {
  const { c, site, caller, query } = asked;
  const refused = closed(asked);
  if (refused) return refused;
  const last = c.req.header('last-event-id');
  if (last !== undefined && !/^[0-9]{1,15}$/.test(last))
    return refuse('invalid-input', 'Last-Event-ID: a position such as 4711.', {
      fields: [{ field: 'Last-Event-ID', problem: 'Must be a position.' }],
    });
  const given = query as { after?: number };
  const from = last === undefined ? (given.after ?? (await site.ledger.head(caller.org))) : Number(last);
  return eventStream(asked, from);
}
