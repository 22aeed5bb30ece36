/** `GET /v1/NAME/{id}/trail` and, for items inside streams, `GET /v1/trail/{kind}/{id}`. */
import type { Caller } from '../../shared/kernel/command.ts';
import type { Subject } from '../../shared/kernel/event.ts';
import type { Feature } from '../../shared/kernel/feature.ts';
import { shortNumber } from '../../shared/kernel/ids.ts';
import { evolved } from '../../shared/kernel/evolved.ts';
import type { FeedEvent, Stream } from '../../shared/kernel/ledger.ts';
import { isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { walkTrail, type Seen } from '../../shared/kernel/trail.ts';
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
  const stream = await streamOf(site.ledger, caller.org, feature, params['id']!);
  const refused = await hides(site, caller, feature, stream);
  return refused ?? trailOf(site, caller, { kind: feature.kind, id: stream!.id });
}

async function ofItem({ site, caller, params }: Asked): Promise<Response | Refusal> {
  const item = { kind: params['kind']!, id: params['id']!.toLowerCase() };
  const home = await causesIn(site.ledger, site.register, caller.org).homeOf(item);
  if (!home) return refuse('not-found', 'There is no such item that you may see.');
  const { feature, stream } = home;
  const refused = await hides(
    site,
    caller,
    feature,
    await streamOf(site.ledger, caller.org, feature, stream.id),
    home.isOwn,
  );
  return refused ?? trailOf(site, caller, item);
}

/** Why there is no trail for this caller; whoever may see one event of an item (an auditor, what is sealed) may see where it leads. */
async function hides(
  { ledger, feed }: Site,
  caller: Caller,
  feature: Feature,
  stream: Stream | undefined,
  isOwn: (event: FeedEvent) => boolean = () => true,
): Promise<Refusal | undefined> {
  const sight = sightOf(caller, feature, stream);
  if (!isRefusal(sight)) return undefined;
  for (const event of stream ? await ledger.history(caller.org, stream) : [])
    if (isOwn(event) && (await feed.sees(caller, event))) return undefined;
  return sight;
}

async function trailOf(site: Site, caller: Caller, start: Subject): Promise<Response> {
  const causes = causesIn(site.ledger, site.register, caller.org);
  const events = new Map<number, FeedEvent>();
  const trail = await walkTrail(start, causes, (item) => describe(site, caller, causes, item, events));
  return json({ ...trail, events: [...events.values()].sort((a, b) => a.seq - b.seq) });
}

type Description = Required<Seen>;

const HIDDEN: Description = { ref: null, title: null, visible: false, more: true };

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
  if (!stream) return HIDDEN;
  const own = await causes.eventsOf(home);
  const seen: FeedEvent[] = [];
  for (const event of own) if (await feed.sees(caller, event)) seen.push(event);
  const mayReadAll = mayRead(caller, feature, stream.state);
  if (!mayReadAll && !seen.length) return HIDDEN;
  for (const event of seen) events.set(event.seq, event);
  return {
    ref: title === undefined ? shortNumber(feature.letter, stream.number) : null,
    // As it was called in what the caller may see.
    title: mayReadAll ? (title ?? feature.titleOf(stream.state)) : titleIn(feature, seen),
    visible: true,
    more: seen.length < own.length,
  };
}

const titleIn = (feature: Feature, events: readonly FeedEvent[]): string | null =>
  feature.titleOf(events.reduce<unknown>((state, event) => evolved(feature, state, event), feature.initial)) || null;

/** Something that is not ours, for example an order in another system. */
const OUTSIDE: Description = { ref: null, title: null, visible: true, more: false };
