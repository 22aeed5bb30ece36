/** `GET /v1/NAME/{id}/snippet`: what to paste into a sender, with a placeholder for the secret, which was shown once. */
import { isRefusal, type Refusal } from '../../shared/kernel/refusal.ts';
import type { Feature } from '../../shared/kernel/feature.ts';
import { sightOf } from './access.ts';
import { json } from './answers.ts';
import { entityOf, shownBy, streamOf } from './entity.ts';
import type { Asked, Route } from './route.ts';
import { Snippet } from './shapes.ts';
import type { Site } from './site.ts';

export const snippetRoutes = (site: Site): Route[] =>
  site.register.features
    .filter(({ credentials }) => credentials?.snippet)
    .map((feature): Route => ({
      method: 'get',
      path: `/v1/${feature.name}/{id}/snippet`,
      group: feature.name,
      title: `What to paste into the sender`,
      answers: { 200: { description: 'With a placeholder for the secret', schema: Snippet } },
      refusals: ['role-not-allowed', 'not-found'],
      handle: (asked) => show(asked, feature),
    }));

async function show({ site, caller, params, c }: Asked, feature: Feature): Promise<Response | Refusal> {
  const stream = sightOf(caller, feature, await streamOf(site.ledger, caller.org, feature, params['id']!));
  if (isRefusal(stream)) return stream;
  const { url } = entityOf(feature, stream, shownBy(site, caller.org, c.req.url));
  return json(feature.credentials!.snippet!(stream.state, { url: String(url), secret: null }));
}
