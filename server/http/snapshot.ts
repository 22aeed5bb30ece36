/** `GET /v1/sync/snapshot`: what a device starts from, page by page: who presides first, then people and places, then the rest. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import * as z from 'zod';
import type { Caller } from '../../shared/kernel/command.ts';
import type { Feature } from '../../shared/kernel/feature.ts';
import type { Register } from '../../shared/kernel/register.ts';
import { refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { select, type Row } from '../../shared/kernel/read.ts';
import { forbids } from '../../shared/kernel/roles.ts';
import { Snapshot } from '../../shared/sync/messages.ts';
import { mayRead, refusesReader } from './access.ts';
import { bytes, json } from './answers.ts';
import type { Asked, Route } from './route.ts';
import { limit } from './shapes.ts';
import type { Site } from './site.ts';

const PAGE = 2000;
/** A page of ten thousand tasks is eighteen times smaller so, and lines in a plant are slow. */
const PACKED = 'application/gzip';
const packed = promisify(gzip);

export const snapshotRoute: Route = {
  method: 'get',
  path: '/v1/sync/snapshot',
  group: 'sync',
  title: 'State to start a device from',
  description:
    'Follow the feed from the `head` of the first page. A later page may be newer: compare with the `seq` of each item. Who accepts `application/gzip` gets the same JSON packed.',
  query: z.strictObject({ cursor: z.string().max(100).optional(), limit: limit(PAGE, PAGE) }),
  answers: { 200: { description: 'Streams with their state', schema: Snapshot } },
  refusals: ['invalid-input', 'role-not-allowed'],
  handle: start,
};

interface Place {
  readonly head: number;
  /** Which feature in the order below, and where in it. */
  readonly turn: number;
  readonly below: number;
}

async function start({ c, site, caller, query }: Asked): Promise<Response | Refusal> {
  const { cursor, limit: most } = query as { cursor?: string; limit: number };
  if (!site.feed.mayFollow(caller)) return forbids(caller, 'operations.read', {})!;
  const first: Place = { head: await site.ledger.head(caller.org), turn: 0, below: Number.MAX_SAFE_INTEGER };
  const place = cursor === undefined ? first : placeOf(cursor);
  if (!place) return badCursor;
  const turns = inOrder(site.register).filter((feature) => !refusesReader(caller, feature));
  const unsealed = await unsealedOf(site, caller.org);
  const items: object[] = [];
  let next: Place | undefined = place;
  while (next && items.length < most) {
    const feature: Feature | undefined = turns[next.turn];
    if (!feature) break;
    const room = most - items.length;
    const rows = await travellers(site, caller, feature, unsealed, next.below, room + 1);
    items.push(...rows.slice(0, room).map((row) => itemOf(feature, row)));
    next =
      rows.length > room
        ? { ...next, below: rows[room - 1]!.first }
        : { ...next, turn: next.turn + 1, below: Number.MAX_SAFE_INTEGER };
  }
  const more = next && next.turn < turns.length ? cursorOf(next) : null;
  const { id, kind, role, areas, org } = caller;
  const page = {
    head: place.head,
    instance: site.instance,
    organisation: org,
    me: { id, kind, role: role ?? null, areas },
    items,
    next: more,
  };
  if (!c.req.header('accept')?.includes(PACKED)) return json(page);
  return bytes(await packed(JSON.stringify(page), { level: 1 }), PACKED);
}

const itemOf = ({ kind }: Feature, { key, number, first, seq, value }: Row): object => ({
  kind,
  id: key,
  number,
  first,
  seq,
  state: value,
});

/** Configuration is whatever is not read with the permission that operations are read with. */
function inOrder({ features, presiding }: Register): Feature[] {
  const travelling = features.filter(({ travels }) => travels);
  const rank = (feature: Feature) => (feature === presiding ? 0 : feature.readers === presiding?.readers ? 2 : 1);
  return travelling.sort((a, b) => rank(a) - rank(b));
}

async function unsealedOf({ ledger, register: { presiding } }: Site, org: string): Promise<readonly string[]> {
  if (!presiding) return [];
  const rows = await ledger.load(org, select<unknown>(presiding.name));
  return rows.filter(({ value }) => !presiding.presides!.isSealed(value)).map(({ key }) => key);
}

/** Newest first, what this caller may see of what travels. */
async function travellers(
  { ledger }: Site,
  caller: Caller,
  feature: Feature,
  unsealed: readonly string[],
  below: number,
  most: number,
): Promise<Row[]> {
  const wheres = feature.travels!.where(unsealed);
  const found = new Map<string, Row>();
  for (const where of wheres) {
    let from = below;
    // Read on past what the caller may not see, until there is enough or no more.
    for (let seen = 0, more = true; more && seen < most;) {
      const ask = { where: { ...where, first: { below: from } }, limit: most };
      const rows = await ledger.load(caller.org, select<unknown>(feature.name, ask));
      const visible = rows.filter((row) => mayRead(caller, feature, row.value));
      for (const row of visible) found.set(row.key, row);
      seen += visible.length;
      more = rows.length === most;
      from = rows.at(-1)?.first ?? 0;
    }
  }
  return [...found.values()].sort((a, b) => b.first - a.first).slice(0, most);
}

const cursorOf = ({ head, turn, below }: Place): string =>
  Buffer.from(`v1:${head}:${turn}:${below}`).toString('base64url');

function placeOf(cursor: string): Place | undefined {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, head, turn, below] = /^v1:([0-9]{1,16}):([0-9]{1,3}):([0-9]{1,16})$/.exec(text) ?? [];
  return head === undefined ? undefined : { head: Number(head), turn: Number(turn), below: Number(below) };
}

const badCursor = refuse('invalid-input', 'cursor: use the `next` of a page, unchanged.', {
  fields: [{ field: '/cursor', problem: 'Not a cursor of ours.' }],
});
