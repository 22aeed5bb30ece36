/** `/v1/ingest/{integrationId}`: the door for machines. Only bytes pass here; what they mean is the adapters' business. */
import * as z from 'zod';
import { isRefusal, refuse, type Refusal, type RefusalCode } from '../../shared/kernel/refusal.ts';
import { utc } from '../../shared/kernel/schema.ts';
import { jsonObject } from '../ingest/adapter.ts';
import { integrationCalled } from '../ingest/authenticate.ts';
import { WINDOW_MS, USUAL } from '../ingest/limits.ts';
import { dedupKeyOf } from '../ingest/pagerduty.ts';
import type { Received } from '../ingest/receive.ts';
import { json } from './answers.ts';
import { delivererOf, type Deliverer } from './deliverer.ts';
import type { Asked, Route } from './route.ts';

const PATH = '/v1/ingest/{integrationId}';
const REFUSALS: readonly RefusalCode[] = [
  'malformed-json',
  'not-a-delivery',
  'token-expired',
  'role-not-allowed',
  'not-found',
  'gone',
  'too-large',
  'unsupported-media-type',
  'too-many-deliveries',
  'not-ready',
];
const base = { group: 'ingest', asksItself: true } as const;
const heartbeat = {
  ...base,
  path: `${PATH}/heartbeat`,
  title: 'Sign of life of a sender',
  description: 'With the same proof as a delivery. For senders of which something is expected every so often.',
  answers: { 200: { description: 'Heard', schema: z.object({ status: z.literal('ok'), heardAt: z.string() }) } },
  refusals: ['role-not-allowed', 'not-found', 'gone', 'too-large', 'unsupported-media-type'],
  handle: hear,
} as const satisfies Partial<Route>;

export const ingestRoutes: readonly Route[] = [
  {
    ...base,
    method: 'post',
    path: PATH,
    title: 'Deliver events',
    description:
      'With the proof that the integration was made for: its token (Bearer, or as the password of Basic), a signature over the raw bytes, or a routing key in the body. ' +
      'At most 1 MiB, not compressed. 202 means stored; what follows from it follows by policy. `coalesced`: more came than is worked off one by one, so it is worked off with others, soon.',
    body: { contentType: 'application/json', schema: z.looseObject({}), required: true },
    answers: {
      202: {
        description: 'Stored. Senders for PagerDuty are told `success`, and the verdict beside it.',
        schema: z.looseObject({
          status: z.enum(['accepted', 'duplicate', 'coalesced', 'ignored', 'success']),
          deliveryId: z.string(),
        }),
      },
    },
    refusals: REFUSALS,
    handle: deliver,
  },
  {
    method: 'options',
    path: PATH,
    group: 'ingest',
    open: true,
    title: 'Handshake of CloudEvents webhooks',
    description: '`WebHook-Request-Origin` is answered for integrations of that kind.',
    answers: {
      204: {
        description: 'Allowed methods',
        headers: {
          'WebHook-Allowed-Origin': 'Who may send: whoever has the token',
          'WebHook-Allowed-Rate': 'Messages a minute',
        },
      },
    },
    refusals: [],
    handle: shakeHands,
  },
  { ...heartbeat, method: 'get' },
  { ...heartbeat, method: 'post' },
];

async function deliver({ c, site, params }: Asked): Promise<Response | Refusal> {
  const from = await delivererOf(c, site, params['integrationId']!.toLowerCase());
  if (isRefusal(from)) return from;
  const { known, headers, body, via } = from;
  const { kind } = known.state;
  const unread = from.unread ?? wrongCharset(headers['content-type']);
  const received = unread
    ? site.intake.turnAway(known, { headers, body, via }, unread)
    : await site.intake.take(known, { headers, body, via });
  if (isRefusal(received)) {
    site.metrics.delivered(kind, received.refused === 'too-many-deliveries' ? 'delayed' : 'refused');
    return received;
  }
  site.metrics.delivered(kind, received.status);
  return json(kind === 'pagerduty' ? inWordsOfPagerDuty(received, from) : received, 202);
}

/** JSON is UTF-8 (RFC 8259); text in another charset would be read wrong. */
function wrongCharset(contentType = ''): Refusal | undefined {
  const [, charset] = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType) ?? [];
  return charset === undefined || /^(?:utf-?8|us-ascii)$/i.test(charset)
    ? undefined
    : refuse('unsupported-media-type', 'Only UTF-8 is taken. Send the body in UTF-8, and say so or nothing.');
}

/** Its clients look for "success" and for the key under which they resolve. */
function inWordsOfPagerDuty({ status: verdict, ...rest }: Received, { body }: Deliverer): object {
  const read = jsonObject(body);
  const key = isRefusal(read) ? null : dedupKeyOf(read.json);
  return { status: 'success', message: 'Event processed', ...(key ? { dedup_key: key } : {}), verdict, ...rest };
}

async function hear({ c, site, params }: Asked): Promise<Response | Refusal> {
  const from = await delivererOf(c, site, params['integrationId']!.toLowerCase());
  if (isRefusal(from)) return from;
  if (from.unread) return from.unread;
  await site.intake.heard(from.known);
  return json({ status: 'ok', heardAt: utc(site.clock.now()) });
}

async function shakeHands({ c, site, params }: Asked): Promise<Response> {
  const known = await integrationCalled(site.ledger, params['integrationId']!.toLowerCase());
  const origin = c.req.header('webhook-request-origin');
  const isAllowed = known?.state.kind === 'cloudevents' && !known.state.retired && origin !== undefined;
  const limit = known?.state.limits?.integration ?? USUAL.integration;
  const headers = {
    allow: 'OPTIONS, POST',
    ...(isAllowed
      ? {
          'webhook-allowed-origin': /^[\x21-\x7e]{1,255}$/.test(origin) ? origin : '*',
          'webhook-allowed-rate': String(Math.max(1, Math.floor(limit / (WINDOW_MS / 60_000)))),
        }
      : {}),
  };
  return new Response(null, { status: 204, headers });
}
