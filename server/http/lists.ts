/** `GET /v1/NAME`: newest first, filtered by columns, paged by an opaque cursor (the position where the last item first appeared). */
import * as z from 'zod';
import type { Caller } from '../../shared/kernel/command.ts';
import type { Feature } from '../../shared/kernel/feature.ts';
import { select, type Row, type Test } from '../../shared/kernel/read.ts';
import { refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { isWithin, mayAtAll } from '../../shared/kernel/roles.ts';
import { mayRead, refusesReader } from './access.ts';
import { json } from './answers.ts';
import { entityOf, shownBy } from './entity.ts';
import type { Asked, Route } from './route.ts';
import { entitySchema, limit, listOf } from './shapes.ts';

type Where = Record<string, Test>;

export function listRoute(feature: Feature): Route {
  const filters = (feature.filters ?? []).map((name) => [name, z.string().max(400).optional()] as const);
  const searches = 'search' in feature.columns;
  return {
    method: 'get',
    path: `/v1/${feature.name}`,
    group: feature.name,
    title: `List ${feature.name}`,
    description: feature.summary,
    query: z.strictObject({
      ...Object.fromEntries(filters),
      ...(searches ? { q: z.string().min(1).max(200).optional().meta({ description: 'Contains this text' }) } : {}),
      limit: limit(200, 50),
      cursor: z.string().max(100).optional().meta({ description: '`next` of the page before' }),
    }),
    answers: { 200: { description: 'Newest first', schema: listOf(entitySchema(feature)) } },
    refusals: ['invalid-input', 'role-not-allowed'],
    handle: (asked) => list(asked, feature),
  };
}

async function list({ site, caller, query, c }: Asked, feature: Feature): Promise<Response | Refusal> {
  const refused = refusesReader(caller, feature);
  if (refused) return refused;
  const { limit: most, cursor, q, ...filters } = query as { limit: number; cursor?: string; q?: string };
  let below = cursor === undefined ? Number.MAX_SAFE_INTEGER : placeOf(cursor);
  if (below === undefined) return badCursor;
  const where = whereOf(caller, feature, filters, q);
  const found: Row[] = [];
  // Rows are looked at one by one because an archive is what a state says, not a column.
  for (let more = true; more && where && found.length <= most;) {
    const ask: Parameters<typeof select>[1] = { where: { ...where, first: { below } }, limit: most + 1 };
    const rows: readonly Row[] = await site.ledger.load(caller.org, select<unknown>(feature.name, ask));
    found.push(...rows.filter((row) => mayRead(caller, feature, row.value)));
    more = rows.length > most;
    below = rows.at(-1)?.first ?? 0;
  }
  const page = found.slice(0, most);
  const shown = shownBy(site, caller.org, c.req.url);
  return json({
    items: page.map(({ key, number, seq, value }) => entityOf(feature, { id: key, number, seq, state: value }, shown)),
    next: found.length > most ? cursorAt(page.at(-1)!.first) : null,
  });
}

/** `undefined`: nothing can pass. */
function whereOf(
  caller: Caller,
  feature: Feature,
  filters: Readonly<Record<string, string | undefined>>,
  q: string | undefined,
): Where | undefined {
  const where: Where = {};
  for (const [name, value] of Object.entries(filters)) if (value !== undefined) where[name] = testOf(value);
  if (q !== undefined) where['search'] = { contains: q };
  if (!('area' in feature.columns)) return where;
  const asked = filters['area'];
  const limited = mayAtAll(caller, feature.readers) && caller.areas.length > 0;
  const within = limited
    ? asked === undefined
      ? caller.areas
      : narrowed(caller.areas, asked)
    : asked === undefined
      ? undefined
      : [asked];
  if (within === undefined) return where;
  return within.length ? { ...where, area: { within } } : undefined;
}

/** A filter by area means that area and all below it, as far as the caller's own reach. */
const narrowed = (own: readonly string[], asked: string): string[] =>
  own.some((area) => isWithin(asked, area)) ? [asked] : own.filter((area) => isWithin(area, asked));

/** A column may hold numbers; an address holds only text. */
const testOf = (value: string): Test => (/^-?\d{1,15}$/.test(value) ? { in: [value, Number(value)] } : value);

const cursorAt = (first: number): string => Buffer.from(`v1:${first}`).toString('base64url');

function placeOf(cursor: string): number | undefined {
  const [, first] = /^v1:([1-9][0-9]{0,15})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  return first === undefined || cursorAt(Number(first)) !== cursor ? undefined : Number(first);
}

const badCursor = refuse('invalid-input', 'cursor: use the `next` of a list, unchanged.', {
  fields: [{ field: '/cursor', problem: 'Not a cursor of ours.' }],
});
