/** `GET /v1/figures`: what the trade counts, over a time, with the numbers behind it. Read from the ledger page by page. */
import { setImmediate as breathe } from 'node:timers/promises';
import * as z from 'zod';
import { AFTER, BEFORE, gather } from '../../shared/figures/index.ts';
import { csvOf } from '../../shared/figures/csv.ts';
import type { Figure } from '../../shared/figures/figure.ts';
import type { Ledger } from '../../shared/kernel/ledger.ts';
import { refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { forbids } from '../../shared/kernel/roles.ts';
import { areaPath, timestamp, utc } from '../../shared/kernel/schema.ts';
import { bytes, json } from './answers.ts';
import type { Asked, Route } from './route.ts';

const DAY = 86_400_000;
const LONGEST_DAYS = 400;
const PAGE = 500;

const figure = z.object({
  key: z.string(),
  title: z.string(),
  values: z.record(z.string(), z.number().nullable()),
  unit: z.string().meta({ description: '`s` seconds, `share` from 0 to 1, `1/10min`, or what is counted' }),
  n: z.int(),
  of: z.string().meta({ description: 'What n counts' }),
  target: z.string().nullable(),
  definition: z.string(),
  behind: z.record(z.string(), z.unknown()).meta({ description: 'The numbers behind it: ids, buckets, parts' }),
});

export const figuresRoute: Route = {
  method: 'get',
  path: '/v1/figures',
  group: 'audit',
  title: 'Figures of a time',
  description: `At most ${LONGEST_DAYS} days, by when things happened. \`Accept: text/csv\` answers with a table. Alarm figures say little below 30 days (ISA-18.2).`,
  query: z.strictObject({
    area: areaPath.optional(),
    from: timestamp.meta({ description: 'From then on' }),
    to: timestamp.meta({ description: 'Up to, and without, then' }),
  }),
  answers: {
    200: {
      description: 'Each figure with its definition, its target and the numbers behind it',
      schema: z.object({
        area: z.string().nullable(),
        from: z.string(),
        to: z.string(),
        events: z.int().meta({ description: 'How many were read' }),
        items: z.array(figure),
      }),
    },
  },
  refusals: ['invalid-input', 'role-not-allowed', 'outside-your-area'],
  handle: show,
};

async function show({ site, caller, query, c }: Asked): Promise<Response | Refusal> {
  const { area, from, to } = query as { area?: string; from: string; to: string };
  const refused = forbids(caller, 'figures.read', { area });
  if (refused) return refused;
  const span = Date.parse(to) - Date.parse(from);
  if (span <= 0 || span > LONGEST_DAYS * DAY)
    return refuse('invalid-input', `Ask for a time of more than 0 and at most ${LONGEST_DAYS} days.`, {
      fields: [{ field: '/to', problem: `More than 0 and at most ${LONGEST_DAYS} days after /from.` }],
    });
  const areas = area === undefined ? caller.areas : [area];
  const scope = { areas, from: Date.parse(from), to: Date.parse(to), now: site.clock.now() };
  const { figures, events } = await gathered(site.ledger, caller.org, scope);
  if (/\btext\/csv\b/.test(c.req.header('accept') ?? '')) return bytes(csvOf(figures), 'text/csv; charset=utf-8');
  return json({ area: area ?? null, from, to, events, items: figures });
}

async function gathered(
  ledger: Ledger,
  org: string,
  scope: Parameters<typeof gather>[0],
): Promise<{ readonly figures: readonly Figure[]; readonly events: number }> {
  const gathering = gather(scope);
  const last = utc(scope.to + AFTER);
  let events = 0;
  for (let after = await firstFrom(ledger, org, utc(scope.from - BEFORE)); ;) {
    const page = await ledger.events(org, after, PAGE);
    for (const event of page) gathering.hear(event);
    events += page.length;
    const end = page.at(-1);
    if (!end || end.receivedAt > last) break;
    after = end.seq;
    // A year may be read here: others get their turn.
    await breathe();
  }
  for (const { read, learn } of gathering.lookups()) learn(await ledger.load(org, read));
  return { figures: gathering.figures(), events };
}

/** The last position before a time of receipt, found by halving: the ledger is in the order of receipt. */
async function firstFrom(ledger: Ledger, org: string, time: string): Promise<number> {
  let before = 0;
  for (let beyond = (await ledger.head(org)) + 1; beyond - before > 1;) {
    const middle = (before + beyond) >> 1;
    const [event] = await ledger.events(org, middle - 1, 1);
    if (event && event.receivedAt < time) before = middle;
    else beyond = middle;
  }
  return before;
}
