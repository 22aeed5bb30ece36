/**
 * `PUT /v1/NAME/{id}/secrets/{what}`: what this server shows to a connected system as its Authorization. It goes into the host's store under
 * a key of its own; the record says only that there is another one now. It is never shown again.
 */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { DIRECTIONS, secretName } from '../../shared/kernel/connection.ts';
import { uuidV7 } from '../../shared/kernel/ids.ts';
import { isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { forbids } from '../../shared/kernel/roles.ts';
import { connectionsIn, type ConnectionFeature } from '../followers/connections.ts';
import { json } from './answers.ts';
import { BODY_REFUSALS, jsonOf } from './body.ts';
import { entityOf, shownBy, streamOf } from './entity.ts';
import { parsedBy } from './parsed.ts';
import type { Asked, Route } from './route.ts';
import { entitySchema } from './shapes.ts';
import type { Site } from './site.ts';

const Body = z.strictObject({
  value: z
    .string()
    .regex(/^[\x20-\x7e]{1,4000}$/, 'Printable ASCII characters, at most 4000.')
    .meta({ description: 'The whole header: `Bearer …` or `Basic …`', example: 'Bearer …' }),
});

export function connectionSecretRoutes({ register }: Pick<Site, 'register'>): Route[] {
  const feature = connectionsIn(register);
  if (!feature) return [];
  return [
    {
      method: 'put',
      path: `/v1/${feature.name}/{id}/secrets/{what}`,
      group: feature.name,
      title: `Keep a secret of ${feature.kind}`,
      description: `\`what\` is one of ${DIRECTIONS.join(', ')}. Sent as the Authorization header from now on, and never shown again.`,
      body: { contentType: 'application/json', schema: Body, required: true },
      answers: { 200: { description: `The ${feature.kind} after it`, schema: entitySchema(feature) } },
      refusals: [...BODY_REFUSALS, 'role-not-allowed', 'not-found', 'transition-not-allowed'],
      handle: (asked) => keep(asked, feature),
    },
  ];
}

async function keep({ site, caller, params, c }: Asked, feature: ConnectionFeature): Promise<Response | Refusal> {
  const { ledger, secrets, clock } = site;
  const type = `${feature.name}.${feature.connections.keepSecret}`;
  const refused = forbids(caller, site.register.commands.get(type)!.word.permission, {});
  if (refused) return refused;
  const what = DIRECTIONS.find((direction) => direction === params['what']);
  const stream = await streamOf(ledger, caller.org, feature, params['id']!);
  if (!stream || !what)
    return refuse('not-found', `There is no ${feature.kind} with such a secret. Use ${DIRECTIONS.join(' or ')}.`);
  const given = parsedBy(Body, await jsonOf(c));
  if (isRefusal(given)) return given;
  const { org } = caller;
  const { id } = stream;
  const fresh = (): string => uuidV7(clock.now(), randomBytes(10));
  const key = fresh();
  const before = feature.connections.of(stream.state).secrets[what];
  // Durable before anything says that it counts; the old one goes only when the new one does.
  secrets.put(org, id, secretName(what, key), given.value);
  const subject = { kind: feature.kind, id };
  const [outcome] = await ledger.transact([{ id: fresh(), org, type, subject, input: { what, key }, caller }]);
  if (outcome?.outcome !== 'accepted') {
    secrets.put(org, id, secretName(what, key), undefined);
    return outcome && 'refusal' in outcome ? outcome.refusal : refuse('not-ready', 'It was not kept. Send it again.');
  }
  if (before !== null) secrets.put(org, id, before, undefined);
  const after = (await ledger.stream(org, feature.kind, id))!;
  return json(entityOf(feature, after, shownBy(site, org, c.req.url)));
}
