/** `POST /v1/ingest/{integrationId}`: the door for machines. Only bytes pass here; what they mean is the adapters' business. */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { receiveDelivery } from '../ingest/receive.ts';
import { json } from './answers.ts';
import { bytesOf } from './body.ts';
import type { Asked, Route } from './route.ts';

const LIMIT = 1024 * 1024;

export const ingestRoute: Route = {
  method: 'post',
  path: '/v1/ingest/{integrationId}',
  group: 'ingest',
  title: 'Deliver events',
  description:
    'With the token of the integration. At most 1 MiB, not compressed. 202 means stored; what follows from it follows by policy.',
  body: { contentType: 'application/json', schema: z.looseObject({}), required: true },
  answers: {
    202: {
      description: 'Stored',
      schema: z.looseObject({
        status: z.enum(['accepted', 'duplicate', 'coalesced', 'ignored']),
        deliveryId: z.string(),
      }),
    },
  },
  refusals: [
    'malformed-json',
    'not-a-delivery',
    'role-not-allowed',
    'not-found',
    'gone',
    'too-large',
    'unsupported-media-type',
  ],
  handle: deliver,
};

async function deliver({ c, site, caller, params }: Asked): Promise<Response | Refusal> {
  const integration = params['integrationId']!.toLowerCase();
  if (caller.kind !== 'integration')
    return refuse('role-not-allowed', 'Events are delivered with the token of an integration. Ask an admin for one.');
  if (caller.id !== integration) return refuse('not-found', 'This token belongs to another integration.');
  const body = await bytesOf(c, LIMIT);
  if (isRefusal(body)) return body;
  const headers = { ...c.req.header() };
  delete headers['authorization'];
  const means = { ledger: site.ledger, now: () => site.clock.now(), random: (length: number) => randomBytes(length) };
  const received = await receiveDelivery(means, caller, { integration, headers, body });
  return isRefusal(received) ? received : json(received, 202);
}
