/** `GET /v1/webhooks/{id}/attempts`: what was sent to an endpoint of late, and what it answered. */
import * as z from 'zod';
import type { Feature } from '../../shared/kernel/feature.ts';
import { isRefusal } from '../../shared/kernel/refusal.ts';
import { sightOf } from '../http/access.ts';
import { json } from '../http/answers.ts';
import { streamOf } from '../http/entity.ts';
import type { Asked, Route } from '../http/route.ts';
import { limit } from '../http/shapes.ts';
import type { Site } from '../http/site.ts';
import type { Lane, OutboundStore } from './store.ts';

const attempt = z.object({
  at: z.string(),
  event: z.string(),
  seq: z.int(),
  type: z.string(),
  outcome: z.enum(['sent', 'failed']),
  status: z.int().nullable().meta({ description: 'Of the answer; null when there was none' }),
  ms: z.int(),
  said: z.string().meta({ description: 'First words of the answer, or why there was none' }),
});

const shape = z.object({
  items: z.array(attempt),
  lane: z
    .object({ through: z.int(), failures: z.int(), next: z.string().nullable() })
    .nullable()
    .meta({ description: 'Position up to which it has been told everything; failures in a row; not before' }),
});

export const attemptRoutesOn = ({ register }: Site): readonly Route[] => {
  const feature = register.byName.get('webhooks');
  return feature ? [attemptsRoute(feature)] : [];
};

const attemptsRoute = (feature: Feature): Route => ({
  method: 'get',
  path: `/v1/${feature.name}/{id}/attempts`,
  group: feature.name,
  title: 'Attempts of a webhook',
  description: 'Newest first; the last 200 are remembered.',
  query: z.strictObject({ limit: limit(200, 50) }),
  answers: { 200: { description: 'What was sent, and what came back', schema: shape } },
  refusals: ['invalid-input', 'role-not-allowed', 'not-found'],
  async handle({ site, caller, params, query }: Asked) {
    const stream = sightOf(caller, feature, await streamOf(site.ledger, caller.org, feature, params['id']!));
    if (isRefusal(stream)) return stream;
    const { limit: most } = query as { limit: number };
    const items = site.outbound.attempts(caller.org, stream.id, most);
    return json({ items, lane: shown(site.outbound.lane(caller.org, stream.id)) });
  },
});

const shown = (lane: ReturnType<OutboundStore['lane']>): object | null =>
  lane ? { through: lane.at, failures: lane.failures, next: nextOf(lane) } : null;

const nextOf = ({ notBefore }: Lane): string | null => (notBefore ? new Date(notBefore).toISOString() : null);
