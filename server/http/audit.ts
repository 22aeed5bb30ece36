/** For auditors: events with their leaf hashes, and the finished items whose cause is not exactly one. */
import { setImmediate as breathe } from 'node:timers/promises';
import * as z from 'zod';
import { base64 } from '../../shared/kernel/bytes.ts';
import type { Subject } from '../../shared/kernel/event.ts';
import { isUuid, shortNumber } from '../../shared/kernel/ids.ts';
import type { FeedEvent } from '../../shared/kernel/ledger.ts';
import { eventsOfShift, select } from '../../shared/kernel/read.ts';
import type { Refusal } from '../../shared/kernel/refusal.ts';
import { forbids } from '../../shared/kernel/roles.ts';
import { rootsOf } from '../../shared/kernel/trail.ts';
import { mayRead } from './access.ts';
import { json } from './answers.ts';
import { causesIn } from './causes.ts';
import type { Asked, Route } from './route.ts';
import { Audited, limit, Orphans, position } from './shapes.ts';
import type { Site } from './site.ts';

const id = z.string().refine((text) => isUuid(text), 'Must be a UUID in lower case.');

export const auditRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/v1/audit',
    group: 'audit',
    title: 'Events with their leaf hashes',
    query: z.strictObject({
      shift: id.optional(),
      subject: id.optional(),
      after: position.default(0),
      limit: limit(1000, 200),
    }),
    answers: { 200: { description: 'Oldest first', schema: Audited } },
    refusals: ['invalid-input', 'role-not-allowed'],
    handle: show,
  },
  {
    method: 'get',
    path: '/v1/audit/orphans',
    group: 'audit',
    title: 'Finished items without exactly one root',
    answers: { 200: { description: 'Empty when the record is whole', schema: Orphans } },
    refusals: ['role-not-allowed'],
    handle: orphans,
  },
];

async function show({ site, caller, query }: Asked): Promise<Response | Refusal> {
  if (!site.feed.mayFollow(caller)) return forbids(caller, 'operations.read', {})!;
  const {
    shift,
    subject,
    after,
    limit: most,
  } = query as { shift?: string; subject?: string; after: number; limit: number };
  const { ledger, feed } = site;
  const head = await ledger.head(caller.org);
  const chosen = await candidates(site, caller.org, shift, subject, after, most);
  const items: object[] = [];
  for (const event of chosen) {
    if (!(await feed.sees(caller, event))) continue;
    items.push({ ...event, leafHash: base64(await ledger.node(caller.org, 0, event.seq - 1)) });
  }
  return json({ items, next: chosen.at(-1)?.seq ?? after, head });
}

async function candidates(
  site: Site,
  org: string,
  shift: string | undefined,
  subject: string | undefined,
  after: number,
  most: number,
): Promise<readonly FeedEvent[]> {
  const { ledger } = site;
  if (subject !== undefined) {
    const item = await subjectOf(site, org, subject);
    const history = item ? await ledger.history(org, item) : [];
    return history
      .filter((event) => event.seq > after && (shift === undefined || event.shift === shift))
      .slice(0, most);
  }
  if (shift === undefined) return ledger.events(org, after, most);
  const seqs = (await ledger.load(org, eventsOfShift(shift))).map(({ seq }) => seq).filter((seq) => seq > after);
  const events = await Promise.all(seqs.slice(0, most).map((seq) => ledger.events(org, seq - 1, 1)));
  return events.flat();
}

async function subjectOf({ ledger, register }: Site, org: string, id: string): Promise<Subject | undefined> {
  for (const { kind } of register.features) if (await ledger.stream(org, kind, id)) return { kind, id };
  return undefined;
}

async function orphans({ site, caller }: Asked): Promise<Response | Refusal> {
  const refused = forbids(caller, 'operations.read', {}) && forbids(caller, 'archive.read', {});
  if (refused) return refused;
  const { ledger, register } = site;
  const { up } = causesIn(ledger, register, caller.org);
  const items: object[] = [];
  let examined = 0;
  for (const feature of register.features) {
    if (!feature.isTerminal) continue;
    const rows = await ledger.load(caller.org, select<unknown>(feature.name, { order: 'oldest' }));
    for (const { key, number, value } of rows) {
      if (!feature.isTerminal(value) || !mayRead(caller, feature, value)) continue;
      examined += 1;
      // A whole history may be walked here: others get their turn.
      if (examined % 100 === 0) await breathe();
      const roots = await rootsOf({ kind: feature.kind, id: key }, up);
      if (roots.length === 1) continue;
      const ref = shortNumber(feature.letter, number);
      items.push({ kind: feature.kind, id: key, ref, title: feature.titleOf(value), roots: roots.length });
    }
  }
  return json({ items, examined });
}
