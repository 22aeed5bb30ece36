/** What is committed, read on a connection of its own: the writer's open transaction is never seen from here. */
import type { Register } from '../../shared/kernel/register.ts';
import type { Database } from 'better-sqlite3';
import type { StoreReads } from '../../shared/kernel/store.ts';
import type { Attestation } from '../../shared/kernel/ledger.ts';
import { createQueries } from './queries.ts';

export function createReader(db: Database, register: Register): StoreReads {
  const queries = createQueries(db, register);
  const nos = new Map<string, number>();
  const organisations = db
    .prepare<[], string>('SELECT id FROM org WHERE EXISTS (SELECT 1 FROM event WHERE event.org = org.no) ORDER BY no')
    .pluck();
  const checkpointAtLeast = db
    .prepare<[number, number], string>('SELECT note FROM checkpoint WHERE org = ? AND size >= ? ORDER BY size LIMIT 1')
    .pluck();
  const lastCheckpoint = db
    .prepare<[number], string>('SELECT note FROM checkpoint WHERE org = ? ORDER BY size DESC LIMIT 1')
    .pluck();
  const attestation = db.prepare<[number, number], Attestation>(
    'SELECT namespace, text, signature FROM attestation WHERE org = ? AND seq = ? ORDER BY n LIMIT 1',
  );

  /** An organisation without a number has nothing in this file. */
  function within<T>(org: string, nothing: T, ask: (no: number) => T): T {
    let no = nos.get(org);
    if (no === undefined && (no = queries.orgNo(org)) !== undefined) nos.set(org, no);
    return no === undefined ? nothing : ask(no);
  }

  return {
    byRef: (org, kind, ref) =>
      within(org, undefined, (no) =>
        typeof ref === 'string' ? queries.streamByKey(no, kind, ref) : queries.streamByNumber(no, kind, ref),
      ),
    load: (org, read) => within<unknown>(org, 'head' in read ? 0 : [], (no) => queries.load(no, read)),
    events: (org, after, limit) => within(org, [], (no) => queries.events(no, after, limit)),
    history: (org, { kind, id }, upTo) => within(org, [], (no) => queries.history(no, kind, id, upTo)),
    places: (org, commands) => within(org, [], (no) => queries.places(no, commands)),
    links: (org, { kind, id }, direction) => within(org, [], (no) => queries.links(no, direction, kind, id)),
    organisations: () => organisations.all(),
    head: (org) => within(org, 0, queries.head),
    leaves: (org, from, to) => within(org, [], (no) => queries.leaves(no, from, to)),
    disclosures: (org, seqs) => within(org, [], (no) => queries.disclosures(no, seqs)),
    nodes: (org) => ({
      node: (level, index) =>
        queries.node(
          within(org, -1, (no) => no),
          level,
          index,
        ),
    }),
    checkpoint: (org, atLeast) =>
      within(org, undefined, (no) =>
        atLeast === undefined ? lastCheckpoint.get(no) : checkpointAtLeast.get(no, atLeast),
      ),
    attestation: (org, seq) => within(org, undefined, (no) => attestation.get(no, seq)),
    signed: (org, seq) => within(org, undefined, (no) => queries.signed(no, seq)),
    file: (org, sha256) => within(org, undefined, (no) => queries.file(no, sha256)),
  };
}
