/** `GET /v1/sync/commands`: which of its commands a device finds on record. An answer may have been lost, and a snapshot names no commands. */
import * as z from 'zod';
import { forbids } from '../../shared/kernel/roles.ts';
import type { Refusal } from '../../shared/kernel/refusal.ts';
import { CommandPlaces, MAX_COMMANDS } from '../../shared/sync/messages.ts';
import { json } from './answers.ts';
import type { Asked, Route } from './route.ts';

const UUIDS = new RegExp(`^[0-9a-f-]{36}(,[0-9a-f-]{36}){0,${MAX_COMMANDS - 1}}$`);

export const commandPlacesRoute: Route = {
  method: 'get',
  path: '/v1/sync/commands',
  group: 'sync',
  title: 'Commands that are on record',
  description:
    'What a device asks for after a snapshot, so that it shows nothing twice: an entry that stands at or below the position of its item is in the state already.',
  query: z.strictObject({
    ids: z.string().regex(UUIDS).meta({ description: 'At most 50 ids of commands, with commas between them' }),
  }),
  answers: { 200: { description: 'Those that were recorded, and where', schema: CommandPlaces } },
  refusals: ['invalid-input', 'role-not-allowed'],
  handle: find,
};

async function find({ site, caller, query }: Asked): Promise<Response | Refusal> {
  if (!site.feed.mayFollow(caller)) return forbids(caller, 'operations.read', {})!;
  const { ids } = query as { readonly ids: string };
  return json({ items: await site.ledger.places(caller.org, [...new Set(ids.split(','))]) });
}
