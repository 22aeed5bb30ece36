/** `GET /v1/NAME/{id}/trail` and, for items inside streams, `GET /v1/trail/{kind}/{id}`. */
import type { Caller } from '../../shared/kernel/command.ts';
import type { Subject } from '../../shared/kernel/event.ts';
import type { Feature } from '../../shared/kernel/feature.ts';
import { shortNumber } from '../../shared/kernel/ids.ts';
import type { FeedEvent } from '../../shared/kernel/ledger.ts';
import { isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { walkTrail } from '../../shared/kernel/trail.ts';
import { mayRead, sightOf } from './access.ts';
import { json } from './answers.ts';
import { causesIn, type Causes } from './causes.ts';
import { streamOf } from './entity.ts';
import type { Asked, Route } from './route.ts';
import { Trail } from './shapes.ts';
import type { Site } from './site.ts';

const answers = { 200: { description: 'The chain both ways, with every event on it', schema: Trail } };

export const trailRoutes = (site: Site): Route[] => [
  ...site.register.features.map((feature): Route => ({
    method: 'get',
    path: `/v1/${feature.name}/{id}/trail`,
    group: feature.name,
    title: `Trail of ${feature.kind}`,
    description: 'What led to it, up to the root, and what followed from it.',
    answers,
    refusals: ['role-not-allowed', 'not-found'],
    handle: (asked) => ofStream(asked, feature),
  })),
  {
    method: 'get',
    path: '/v1/trail/{kind}/{id}',
    group: 'audit',
    title: 'Trail of any item',
    description: 'Also of items that live inside another, such as one episode of an alarm.',
    answers,
    refusals: ['role-not-allowed', 'not-found'],
    handle: ofItem,
  },
];

async function ofStream({ site, caller, params }: Asked, feature: Feature): Promise<Response | Refusal> {
  const stream = sightOf(caller, feature, await streamOf(site.ledger, caller.org, feature, params['id']!));
  return isRefusal(stream) ? stream : trailOf(site, caller, { kind: stream.kind, id: stream.id });
}

async function ofItem({ site, caller, params }: Asked): Promise<Response | Refusal> {
  const item = { kind: params['kind']!, id: params['id']!.toLowerCase() };
  const home = await causesIn(site.ledger, site.register, caller.org).homeOf(item);
  if (!home) return refuse('not-found', 'There is no such item that you may see.');
  const { feature, stream } = home;
  const seen = sightOf(caller, feature, await streamOf(site.ledger, caller.org, feature, stream.id));
  return isRefusal(seen) ? seen : trailOf(site, caller, item);
}

async function trailOf(site: Site, caller: Caller, start: Subject): Promise<Response> {
  const causes = causesIn(site.ledger, site.register, caller.org);
  const events = new Map<number, FeedEvent>();
  const trail = await walkTrail(start, causes, (item) => describe(site, caller, causes, item, events));
  return json({ ...trail, events: [...events.values()].sort((a, b) => a.seq - b.seq) });
}

interface Description {
  readonly ref: string | null;
  readonly title: string | null;
  readonly visible: boolean;
}

const HIDDEN: Description = { ref: null, title: null, visible: false };

async function describe(
  { ledger, register, feed }: Site,
  caller: Caller,
  causes: Causes,
  item: Subject,
  events: Map<number, FeedEvent>,
): Promise<Description> {
  const home = await causes.homeOf(item);
  if (!home) return register.byKind.has(item.kind) || register.items.has(item.kind) ? HIDDEN : OUTSIDE;
  const { feature, title } = home;
  const stream = await ledger.stream(caller.org, feature.kind, home.stream.id);
  if (!stream || !mayRead(caller, feature, stream.state)) return HIDDEN;
  for (const event of await causes.eventsOf(home)) if (await feed.sees(caller, event)) events.set(event.seq, event);
  return {
    ref: title === undefined ? shortNumber(feature.letter, stream.number) : null,
    title: title ?? feature.titleOf(stream.state),
    visible: true,
  };
}

/** Something that is not ours, for example an order in another system. */
const OUTSIDE: Description = { ref: null, title: null, visible: true };
