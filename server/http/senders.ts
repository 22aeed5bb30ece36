/** What an admin sees and does of a sender beside its settings: failures, health, a test, a mapping tried, deliveries read again. */
import * as z from 'zod';
import { transition } from '../../shared/features/alarms/contract.ts';
import type { IntegrationState } from '../../shared/features/integrations/contract.ts';
import { mapping } from '../../shared/features/integrations/mapping.ts';
import type { Caller } from '../../shared/kernel/command.ts';
import { isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { forbids, type Permission } from '../../shared/kernel/roles.ts';
import { utc, uuid } from '../../shared/kernel/schema.ts';
import type { Known } from '../ingest/authenticate.ts';
import { rerun, sendTest, tryMapping } from '../ingest/tools.ts';
import { bytes, json } from './answers.ts';
import { BODY_REFUSALS, jsonOf } from './body.ts';
import { streamOf } from './entity.ts';
import { parsedBy } from './parsed.ts';
import type { Asked, Route } from './route.ts';
import { limit } from './shapes.ts';
import type { Site } from './site.ts';

const BASE = '/v1/integrations/{id}';
const group = 'ingest';
const REFUSALS = ['role-not-allowed', 'not-found'] as const;

const failure = z.object({
  id: z.string(),
  receivedAt: z.string(),
  status: z.enum(['waiting', 'coalesced', 'refused', 'rerun']),
  code: z.string().nullable(),
  detail: z.string().nullable(),
  sha256: z.string(),
  bytes: z.int(),
  contentType: z.string().nullable(),
  delivery: z.string().nullable().meta({ description: 'The delivery on record that says what this one said' }),
});
const outcome = z.enum(['accepted', 'duplicate', 'coalesced', 'ignored', 'refused']);
const TryWish = z.strictObject({
  mapping,
  deliveries: z.array(uuid).min(1).max(50).optional(),
  last: z.int().min(1).max(50).default(10).meta({ description: 'The newest so many, when no deliveries are named' }),
});
const RerunWish = z.strictObject({ deliveries: z.array(uuid).min(1).max(50) });
const items = <T extends z.ZodType>(schema: T) => z.object({ items: z.array(schema) });

type Handle = (asked: Asked, known: Known) => Promise<Response | Refusal>;

/** Only where the role's row says so, and only of an integration that there is. */
const of =
  (permission: Permission, handle: Handle): Route['handle'] =>
  async (asked) => {
    const known = await knownTo(asked.site, asked.caller, permission, asked.params['id']!);
    return isRefusal(known) ? known : handle(asked, known);
  };

async function knownTo(site: Site, caller: Caller, permission: Permission, ref: string): Promise<Known | Refusal> {
  const refused = forbids(caller, permission, {});
  if (refused) return refused;
  const stream = await streamOf(site.ledger, caller.org, site.register.byKind.get('integration')!, ref);
  return stream
    ? { org: caller.org, id: stream.id, state: stream.state as IntegrationState }
    : refuse('not-found', 'There is no integration with this id.');
}

export const senderRoutes: readonly Route[] = [
  {
    ...{ method: 'get', path: `${BASE}/failures`, group, title: 'What could not be read' },
    description:
      'The newest 200 deliveries that were refused, with why; or those that wait or were taken together with others.',
    query: z.strictObject({ status: failure.shape.status.default('refused'), limit: limit(200, 50) }),
    answers: { 200: { description: 'Newest first', schema: items(failure) } },
    refusals: [...REFUSALS, 'invalid-input'],
    handle: of('config.read', async ({ site, query }, { org, id }) => {
      const { status, limit: most } = query as { status: z.output<typeof failure>['status']; limit: number };
      return json({ items: site.intake.store.list({ org, integration: id }, status, most) });
    }),
  },
  {
    ...{
      method: 'get',
      path: `${BASE}/failures/{failure}`,
      group,
      title: 'Bytes of a delivery that is not on record',
    },
    description: 'As they came, except for a credential that stood in them.',
    answers: { 200: { description: 'The bytes', contentType: 'application/octet-stream' } },
    refusals: REFUSALS,
    handle: of('config.read', async ({ site, params }, { org, id }) => {
      const found = site.intake.store.find(org, params['failure']!.toLowerCase());
      return found?.integration === id
        ? bytes(found.body, 'application/octet-stream', { 'content-disposition': 'attachment' })
        : refuse('not-found', 'There is no such delivery among those that are not on record.');
    }),
  },
  {
    ...{ method: 'get', path: `${BASE}/health`, group, title: 'When a sender was last heard, and what waits' },
    answers: {
      200: {
        description: 'Now',
        schema: z.object({ lastHeardAt: z.string().nullable(), waiting: z.int() }),
      },
    },
    refusals: REFUSALS,
    handle: of('config.read', async ({ site: { intake } }, known) => {
      const heard = intake.watch.lastHeard(known);
      return json({ lastHeardAt: heard === undefined ? null : utc(heard), waiting: intake.backlog.count(known) });
    }),
  },
  {
    ...{ method: 'post', path: `${BASE}/test`, group, title: 'Send a test' },
    description:
      'A message of the sender’s kind goes the way of every other: an alarm "Test of NAME" of low priority, over at once, that asks for nobody.',
    answers: {
      200: {
        description: 'What became of the alarm and of its end',
        schema: items(
          z.object({
            state: z.enum(['active', 'cleared']),
            status: outcome,
            deliveryId: z.string().nullable(),
            problem: z.string().nullable(),
            warnings: z.array(z.string()),
          }),
        ),
      },
    },
    refusals: [...REFUSALS, 'transition-not-allowed'],
    handle: of('config.write', async ({ site }, known) =>
      known.state.retired ? RETIRED : json({ items: await sendTest(site.intake, known) }),
    ),
  },
  {
    ...{ method: 'post', path: `${BASE}/try`, group, title: 'Try a mapping' },
    description: 'What stored deliveries would have become with it. Nothing is recorded.',
    body: { contentType: 'application/json', schema: TryWish, required: true },
    answers: {
      200: {
        description: 'One for each delivery',
        schema: items(
          z.object({
            delivery: z.string(),
            receivedAt: z.string(),
            problem: z.string().nullable(),
            warnings: z.array(z.string()),
            transitions: z.array(transition),
          }),
        ),
      },
    },
    refusals: [...REFUSALS, ...BODY_REFUSALS],
    handle: of('config.read', async ({ c, site }, known) => {
      const wish = parsedBy(TryWish, await jsonOf(c));
      if (isRefusal(wish)) return wish;
      const tried = await tryMapping(site.intake, known, wish);
      return isRefusal(tried) ? tried : json({ items: tried });
    }),
  },
  {
    ...{ method: 'post', path: `${BASE}/rerun`, group, title: 'Read deliveries again' },
    description:
      'After a mapping was mended, also of those that were refused. What is known already makes nothing new.',
    body: { contentType: 'application/json', schema: RerunWish, required: true },
    answers: {
      200: {
        description: 'One for each delivery',
        schema: items(
          z.object({
            delivery: z.string(),
            status: outcome,
            deliveryId: z.string().nullable(),
            problem: z.string().nullable(),
          }),
        ),
      },
    },
    refusals: [...REFUSALS, ...BODY_REFUSALS, 'transition-not-allowed'],
    handle: of('config.write', async ({ c, site }, known) => {
      const wish = parsedBy(RerunWish, await jsonOf(c));
      if (isRefusal(wish)) return wish;
      if (known.state.retired) return RETIRED;
      const done = await rerun(site.intake, known, wish.deliveries);
      return isRefusal(done) ? done : json({ items: done });
    }),
  },
];

const RETIRED = refuse('transition-not-allowed', 'This integration is retired; create a new one.');
