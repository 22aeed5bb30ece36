/** Routes to look at one stream: the entity and its trail. */
import type { Feature } from '../../shared/kernel/feature.ts';
import { isRefusal, type Refusal } from '../../shared/kernel/refusal.ts';
import { utc } from '../../shared/kernel/schema.ts';
import { sightOf } from './access.ts';
import { json } from './answers.ts';
import { entityOf, shownBy, streamOf } from './entity.ts';
import { listRoute } from './lists.ts';
import type { Asked, Route } from './route.ts';
import { entitySchema } from './shapes.ts';
import type { Site } from './site.ts';

export const readRoutes = (site: Site): Route[] =>
  site.register.features.flatMap((feature) => [listRoute(feature), oneRoute(feature)]);

const oneRoute = (feature: Feature): Route => ({
  method: 'get',
  path: `/v1/${feature.name}/{id}`,
  group: feature.name,
  title: `Show ${feature.kind}`,
  description: `\`id\` is a UUID or a short number (\`192\`, \`${feature.letter}-192\`).`,
  answers: { 200: { description: `The ${feature.kind}`, schema: entitySchema(feature) } },
  refusals: ['role-not-allowed', 'not-found'],
  handle: (asked) => show(asked, feature),
});

async function show({ site, caller, params, c }: Asked, feature: Feature): Promise<Response | Refusal> {
  const stream = sightOf(caller, feature, await streamOf(site.ledger, caller.org, feature, params['id']!));
  if (isRefusal(stream)) return stream;
  const details = await feature.details?.(stream.state, stream.id, (read) => site.ledger.load(caller.org, read), {
    now: utc(site.clock.now()),
  });
  return json({ ...entityOf(feature, stream, shownBy(site, caller.org, c.req.url)), ...details });
}
