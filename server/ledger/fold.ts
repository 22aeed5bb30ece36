/** Memory is a fold (L3): rows, links and areas made from nothing but the recorded events. */
import type { Database } from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { evolved } from '../../shared/kernel/evolved.ts';
import type { Recorded } from '../../shared/kernel/event.ts';
import type { Feature } from '../../shared/kernel/feature.ts';
import type { FeedEvent, Stream } from '../../shared/kernel/ledger.ts';
import { rowsOf } from '../../shared/kernel/record.ts';
import { Fault } from '../../shared/kernel/refusal.ts';
import type { Register } from '../../shared/kernel/register.ts';
import { createRecall } from './recall.ts';
import { createQueries } from './queries.ts';
import { createRowWriter } from './row-writer.ts';
import { rowTables } from './schema.ts';

const PAGE = 500;
const STREAMS = 20_000;

/** Where the events lie, and the connection whose tables are written; both may be the same. */
export function foldInto(
  target: Database,
  register: Register,
  source: { readonly org: number; readonly events: (after: number, limit: number) => readonly FeedEvent[] },
  areaAt?: (seq: number, area: string | null) => void,
): void {
  const rows = createRowWriter(target, register);
  const queries = createQueries(target, register);
  const streams = createRecall<Stream>(STREAMS, { push: () => undefined });
  const { org } = source;
  for (let seq = 0, page = source.events(0, PAGE); page.length; page = source.events(seq, PAGE)) {
    for (const { area, ...event } of page) {
      const { kind, id } = event.subject;
      const feature = featureOf(register, event);
      const key = `${kind}/${id}`;
      const stream = step(feature, event, streams.get(key) ?? queries.streamByKey(org, kind, id));
      const { main, rows: side } = rowsOf(feature, event, stream);
      rows.put(org, event.seq, rows.ready(main, stream.number));
      for (const row of side) rows.put(org, event.seq, rows.ready(row, null));
      rows.putLinks(org, event);
      streams.set(key, stream);
      const now = feature.areaOf(stream.state) ?? null;
      if (now !== area) areaAt?.(event.seq, now);
      seq = event.seq;
    }
  }
}

function step(feature: Feature, event: Recorded, before: Stream | undefined): Stream {
  // The door folds an event before it knows what has changed, so nothing may follow from `changes`.
  const { changes: _changes, ...body } = event.body as Recorded['body'] & { readonly number?: number };
  return {
    kind: feature.kind,
    id: event.subject.id,
    number: before ? before.number : (body.number ?? null),
    first: before?.first ?? event.seq,
    seq: event.seq,
    state: evolved(feature, before?.state ?? feature.initial, { ...event, body }),
  };
}

function featureOf(register: Register, event: Recorded): Feature {
  const feature = register.events.get(event.type)?.feature;
  if (feature) return feature;
  throw new Fault(
    `Entry ${event.seq} of organisation ${event.org} is a ${event.type}, which this program does not know. Use a newer Operary.`,
  );
}

/** Makes all rows anew on the writer's connection, in one transaction. */
export function rebuild(db: Database, register: Register): void {
  db.transaction(() => {
    const old = db
      .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'rows_*'`)
      .pluck()
      .all();
    for (const name of old) if (name !== 'rows_made_for') db.exec(`DROP TABLE "${name}"`);
    db.exec('DELETE FROM link; DELETE FROM rows_made_for');
    for (const sql of rowTables(register)) db.exec(sql);
    const queries = createQueries(db, register);
    const setArea = db.prepare<[string | null, number, number]>('UPDATE event SET area = ? WHERE org = ? AND seq = ?');
    for (const org of db.prepare<[], number>('SELECT no FROM org').pluck().all()) {
      foldInto(
        db,
        register,
        { org, events: (after, limit) => queries.events(org, after, limit) },
        (seq, area) => void setArea.run(area, org, seq),
      );
    }
    db.prepare<[string]>('INSERT INTO rows_made_for VALUES (?)').run(fingerprintOf(register));
  })();
}

export const isMadeFor = (db: Database, register: Register): boolean =>
  db.prepare<[], string>('SELECT register FROM rows_made_for').pluck().get() === fingerprintOf(register);

/** Changes with the tables and with the source of the functions that fill them; a change deeper down comes with a new program. */
function fingerprintOf(register: Register): string {
  const hash = createHash('sha256').update(rowTables(register).join('\n'));
  for (const feature of register.features) {
    const { evolve, aside, columns, tables, areaOf } = feature;
    for (const rules of [evolve, columns, { areaOf, aside }, ...Object.values(tables ?? {}).flatMap(rulesOf)])
      for (const [name, rule] of Object.entries(rules as Readonly<Record<string, unknown>>))
        hash.update(`\0${name}\0${String(rule)}`);
    hash.update(JSON.stringify(feature.initial));
  }
  return hash.digest('hex');
}

const rulesOf = (table: unknown): readonly object[] => {
  const { columns, from } = table as { readonly columns: object; readonly from: unknown };
  return [columns, { from }];
};
