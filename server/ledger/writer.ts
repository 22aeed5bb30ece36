/**
 * The one writer. A command's writes wait until it has succeeded, so one that is refused or fails has nothing to take back (L7);
 * a transaction that fails as a whole makes the writer forget all it remembered.
 */
import type { Database } from 'better-sqlite3';
import type { SignOfLife } from '../../shared/kernel/device.ts';
import type { Entry, Kept } from '../../shared/kernel/ledger.ts';
import { sha256Hex } from '../../shared/kernel/bytes.ts';
import { NO_PROSE, type Prose } from '../../shared/kernel/prose.ts';
import type { Read, Row } from '../../shared/kernel/read.ts';
import { Fault } from '../../shared/kernel/refusal.ts';
import type { Register } from '../../shared/kernel/register.ts';
import type { BatchTx } from '../../shared/kernel/store.ts';
import { createNodes, type WriterNodes } from './nodes.ts';
import { isTold, keptOutcomes } from './outcomes.ts';
import type { Queries } from './queries.ts';
import { createRecall } from './recall.ts';
import { isEmpty } from './select-sql.ts';
import { createRowWriter, type Held, type ReadyRow } from './row-writer.ts';

const STREAMS = 20_000;
const ANSWERS = 256;
/** Longer answers are not worth their memory. */
const ANSWER_ROWS = 50;

export type Writer = ReturnType<typeof createWriter>;

export function createWriter(db: Database, register: Register, queries: Queries) {
  const insert = {
    org: db.prepare<[string]>('INSERT INTO org (id) VALUES (?)'),
    event: db.prepare<
      [number, number, string, string, string, string | null, string | null, string | null, Uint8Array]
    >(
      'INSERT INTO event (org, seq, type, kind, subject, shift, command, area, leaf) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    fields: db.prepare<[number, number, string]>('INSERT INTO disclosure VALUES (?, ?, ?)'),
    command: db.prepare<[number, string, string, string]>('INSERT INTO command VALUES (?, ?, ?, ?)'),
    node: db.prepare<[number, number, Uint8Array]>('INSERT INTO node VALUES (?, ?, ?)'),
    checkpoint: db.prepare<[number, number, string]>('INSERT INTO checkpoint VALUES (?, ?, ?)'),
    attestation: db.prepare<[number, number, number, string, string, string]>(
      'INSERT INTO attestation VALUES (?, ?, ?, ?, ?, ?)',
    ),
    signed: db.prepare<[number, number, string, string]>('INSERT INTO signed VALUES (?, ?, ?, ?)'),
    receipt: db.prepare<[number, string, number, number, string, string]>(
      'INSERT INTO receipt VALUES (?, ?, ?, ?, ?, ?)',
    ),
    contact: db.prepare<[number, string, string, string, number, number, number | null]>(
      'INSERT INTO contact VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET user = excluded.user, at = excluded.at, ' +
        'last_device_seq = max(last_device_seq, excluded.last_device_seq), outbox_depth = coalesce(?, outbox_depth)',
    ),
    file: db.prepare<[number, string, Uint8Array]>('INSERT INTO file VALUES (?, ?, ?) ON CONFLICT DO NOTHING'),
  };
  const keptOutcome = keptOutcomes(db);
  const rows = createRowWriter(db, register);

  let prose: Prose = NO_PROSE;
  let undo: (() => void)[] = [];
  const undoing = { push: (step: () => void) => void undo.push(step) };
  let waiting: (() => void)[] = [];
  /** Inside a command; and whether SQLite itself holds a savepoint for it. */
  let inside = false;
  let held = false;
  /** Positions that the command inside has appended, and its id once they tell its answer. */
  let appended: number[] = [];
  let told: string | null = null;
  let broken: { readonly error: unknown } | undefined;

  const orgNos = new Map<string, number>();
  const heads = createRecall<number>(Number.MAX_SAFE_INTEGER, undoing);
  const numbers = createRecall<number>(Number.MAX_SAFE_INTEGER, undoing);
  /** By the stream's id alone: should two organisations have the same one, they take turns here. */
  const streams = createRecall<Held>(STREAMS, undoing);
  const trees = new Map<string, WriterNodes>();
  const answers = createRecall<{ readonly version: number; readonly rows: readonly Row[] }>(ANSWERS, { push: () => 0 });
  /** Counts up with every change of a table. */
  const versions = new Map<string, number>();

  /** The number of an organisation that the file knows. */
  function known(org: string): number | undefined {
    let no = orgNos.get(org);
    if (no === undefined && (no = queries.orgNo(org)) !== undefined) orgNos.set(org, no);
    return no;
  }

  function noOf(org: string): number {
    const no = known(org) ?? Number(insert.org.run(org).lastInsertRowid);
    orgNos.set(org, no);
    return no;
  }

  /** Before SQLite is asked anything, it must know what this transaction has written. */
  function settle(): void {
    if (broken) throw broken.error;
    if (!waiting.length) return;
    const steps = waiting;
    waiting = [];
    try {
      if (inside && !held) {
        db.exec('SAVEPOINT command');
        held = true;
      }
      for (const step of steps) step();
    } catch (error) {
      // Half of the steps may be in: only the end of the whole transaction is clean.
      broken ??= { error };
      throw error;
    }
  }

  function forget(): void {
    for (const memory of [heads, numbers, streams, answers]) memory.clear();
    orgNos.clear();
    trees.clear();
    undo = [];
    waiting = [];
  }

  function savepoint<T>(work: () => T): T {
    if (inside) throw new Fault('One command at a time.');
    settle();
    const mark = undo.length;
    inside = true;
    appended = [];
    told = null;
    try {
      const result = work();
      inside = false;
      settle();
      if (held) db.exec('RELEASE command');
      return result;
    } catch (error) {
      // A full or broken disk may have ended the transaction behind our back; the next statement would commit by itself.
      if (!db.inTransaction) broken ??= { error };
      waiting = [];
      while (undo.length > mark) undo.pop()!();
      if (held && !broken) {
        db.exec('ROLLBACK TO command; RELEASE command');
        forget();
      }
      throw error;
    } finally {
      inside = false;
      held = false;
    }
  }

  function head(org: string): number {
    const found = heads.get(org);
    if (found !== undefined) return found;
    settle();
    const no = known(org);
    const seq = no === undefined ? 0 : queries.head(no);
    heads.set(org, seq);
    return seq;
  }

  function load(org: string, read: Read): unknown {
    if ('head' in read) return head(org);
    if ('prose' in read) {
      settle();
      return read.prose.flatMap((entity) => prose.photograph(org, entity) ?? []);
    }
    if ('select' in read && isEmpty(read.select)) return [];
    settle();
    const no = known(org);
    if (no === undefined) return [];
    if (!('select' in read)) return queries.load(no, read);
    const key = `${no} ${JSON.stringify(read.select)}`;
    const version = versions.get(read.select.table) ?? 0;
    const answer = answers.get(key);
    if (answer?.version === version) return answer.rows;
    const found = queries.load(no, read) as readonly Row[];
    if (found.length <= ANSWER_ROWS) answers.set(key, { version, rows: found });
    return found;
  }

  function stream(org: string, kind: string, id: string): Held | undefined {
    const found = streams.get(id);
    if (found?.org === org && found.stream.kind === kind) return found;
    settle();
    const no = known(org);
    const read = no === undefined ? undefined : queries.streamByKey(no, kind, id);
    if (!read) return undefined;
    const remembered = { org, stream: read, cells: undefined };
    streams.set(id, remembered);
    return remembered;
  }

  function lastNumber(org: string, kind: string): number {
    const key = `${org}/${kind}`;
    const found = numbers.get(key);
    if (found !== undefined) return found;
    settle();
    const no = known(org);
    const number = no === undefined ? 0 : queries.lastNumber(no, kind);
    numbers.set(key, number);
    return number;
  }

  function append(entry: Entry): void {
    const { event, leaf, area } = entry;
    const { org, seq } = event;
    if (seq !== head(org) + 1) throw new Fault('The ledger has no gaps.');
    // Whatever can fail for the command's own sake fails here; what waits is SQLite's part alone.
    const isNew = entry.stream.first === seq;
    const before = isNew ? undefined : stream(org, entry.stream.kind, entry.stream.id);
    const ready: ReadyRow[] = [rows.ready(entry.main, entry.stream.number, before?.cells)];
    for (const row of entry.rows) ready.push(rows.ready(row, null));
    const fields = entry.disclosures.length ? JSON.stringify(entry.disclosures) : undefined;
    const files = entry.files.map((bytes) => [sha256Hex(bytes), bytes] as const);

    appended.push(seq);
    heads.set(org, seq);
    streams.set(entry.stream.id, { org, stream: entry.stream, cells: ready[0]!.cells });
    if (entry.stream.number !== null && isNew) numbers.set(`${org}/${entry.stream.kind}`, entry.stream.number);
    for (const { table } of ready) versions.set(table, (versions.get(table) ?? 0) + 1);
    waiting.push(() => {
      const no = noOf(org);
      insert.event.run(no, seq, event.type, event.subject.kind, event.subject.id, event.shift, told, area, leaf);
      if (fields !== undefined) insert.fields.run(no, seq, fields);
      for (const row of ready) rows.put(no, seq, row);
      if (event.upstream.length) rows.putLinks(no, event);
      for (const [name, bytes] of files) insert.file.run(no, name, bytes);
      if (entry.signed) insert.signed.run(no, seq, entry.signed.text, entry.signed.signature);
      entry.attestations.forEach((it, n) => insert.attestation.run(no, seq, n, it.namespace, it.text, it.signature));
    });
    // After the steps above have been asked for, so that what is sealed is what was photographed.
    if (entry.seals.length) {
      settle();
      for (const entity of entry.seals) prose.seal(org, entity, seq);
    }
  }

  function nodes(org: string): WriterNodes {
    let tree = trees.get(org);
    if (!tree) {
      tree = createNodes(
        (level, index) => {
          settle();
          return queries.node(noOf(org), level, index);
        },
        (size, hashes) => void insert.node.run(noOf(org), size, hashes),
      );
      trees.set(org, tree);
    }
    return tree;
  }

  const tx: BatchTx = {
    kept(org, id): Kept | undefined {
      settle();
      const no = known(org);
      return no === undefined ? undefined : keptOutcome(no, id);
    },
    keep(org, id, { sha256, outcome }) {
      // Once SQLite has the entries, it is too late for them to name their command.
      if (!held && isTold(outcome, appended)) return void (told = id);
      const text = JSON.stringify(outcome);
      waiting.push(() => void insert.command.run(noOf(org), id, sha256, text));
    },
    stream: (org, kind, id) => stream(org, kind, id)?.stream,
    load,
    head,
    lastNumber,
    append,
    history(org, { kind, id }) {
      settle();
      const no = known(org);
      return no === undefined ? [] : queries.history(no, kind, id, Number.MAX_SAFE_INTEGER);
    },
    touchedAfter(org, seq) {
      settle();
      const no = known(org);
      return no === undefined ? [] : queries.touchedAfter(no, seq);
    },
    receiptsAt(org, device, deviceSeq) {
      settle();
      const no = known(org);
      return no === undefined ? [] : queries.receiptsAt(no, device, deviceSeq);
    },
    receiptBefore(org, device, deviceSeq) {
      settle();
      const no = known(org);
      return no === undefined ? undefined : queries.receiptBefore(no, device, deviceSeq);
    },
    receive(org, { device, deviceSeq, command, at }) {
      const n = tx.receiptsAt(org, device, deviceSeq).length;
      waiting.push(() => void insert.receipt.run(noOf(org), device, deviceSeq, n, command, at));
    },
    savepoint,
    leavesAfter(org, seq) {
      settle();
      const no = known(org);
      return no === undefined ? [] : queries.leavesAfter(no, seq);
    },
    nodes,
    putCheckpoint: (org, size, note) => void insert.checkpoint.run(noOf(org), size, note),
    putFile: ({ org, sha256, bytes }) => void insert.file.run(noOf(org), sha256, bytes),
  };

  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');

  function transaction<T>(work: (tx: BatchTx) => T): T {
    begin.run();
    broken = undefined;
    try {
      const result = work(tx);
      if (result instanceof Promise) throw new Fault('A transaction does not wait.');
      // Throws what broke inside one command too: a fault of the disk is everybody's.
      settle();
      for (const tree of trees.values()) tree.settle();
      commit.run();
      undo = [];
      return result;
    } catch (error) {
      if (db.inTransaction) rollback.run();
      forget();
      throw error;
    }
  }

  return {
    transaction,
    contact: (org: string, { device, user, at, lastDeviceSeq, outboxDepth }: SignOfLife): void =>
      void insert.contact.run(noOf(org), device, user, at, lastDeviceSeq ?? 0, outboxDepth ?? 0, outboxDepth ?? null),
    attachProse: (keeper: Prose): void => void (prose = keeper),
    forget,
  };
}
