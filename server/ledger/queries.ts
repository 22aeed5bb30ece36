/** What is asked of the file, on whichever connection: the writer's sees its own open transaction, the reader's only what is committed. */
import type { Database, Statement } from 'better-sqlite3';
import { contactsFrom } from '../../shared/kernel/contacts.ts';
import type { Contact, Numbered, Receipt, SignedCommand } from '../../shared/kernel/device.ts';
import type { Recorded, Subject } from '../../shared/kernel/event.ts';
import type { FeedEvent, LinkRow, Place, Stream } from '../../shared/kernel/ledger.ts';
import type { Cell, Read, Row, Select } from '../../shared/kernel/read.ts';
import { Fault } from '../../shared/kernel/refusal.ts';
import { tablesOf, type Register } from '../../shared/kernel/register.ts';
import type { Disclosure } from '../../shared/proof/leaf.ts';
import { HASH_BYTES } from '../../shared/proof/tree.ts';
import { disclosuresOf, eventOf, type EventRecord } from './inked.ts';
import { completedAt, hashIn } from './nodes.ts';
import { tableName } from './schema.ts';
import { HAS_TEXT, hasText, isEmpty, selectSql } from './select-sql.ts';

interface RowRecord {
  readonly key: string;
  readonly number: number | null;
  readonly first: number;
  readonly seq: number;
  readonly value: string;
}

const EVENT = `SELECT e.leaf, e.area, d.fields FROM event e LEFT JOIN disclosure d ON d.org = e.org AND d.seq = e.seq`;

export type Queries = ReturnType<typeof createQueries>;

/** Every function takes the organisation's number in this file. */
export function createQueries(db: Database, register: Register) {
  db.function(HAS_TEXT, { deterministic: true }, hasText);
  const prepared = new Map<string, Statement<Cell[]>>();
  const statement = <R>(text: string): Statement<Cell[], R> => {
    let found = prepared.get(text);
    if (!found) prepared.set(text, (found = db.prepare<Cell[]>(text)));
    return found as Statement<Cell[], R>;
  };
  const columns = new Map(tablesOf(register).map((table) => [table.name, new Set(table.columns)]));

  const orgNo = db.prepare<[string], number>('SELECT no FROM org WHERE id = ?').pluck();
  const head = db.prepare<[number], number | null>('SELECT max(seq) FROM event WHERE org = ?').pluck();
  const after = db.prepare<[number, number, number], EventRecord>(
    `${EVENT} WHERE e.org = ? AND e.seq > ? ORDER BY e.seq LIMIT ?`,
  );
  const ofSubject = db.prepare<[number, string, string, number], EventRecord>(
    `${EVENT} WHERE e.org = ? AND e.subject = ? AND e.kind = ? AND e.seq <= ? ORDER BY e.seq`,
  );
  const placeOf = db
    .prepare<[number, string], number | null>('SELECT max(seq) FROM event WHERE org = ? AND command = ?')
    .pluck();
  const ofShift = db.prepare<[number, string], EventRecord>(`${EVENT} WHERE e.org = ? AND e.shift = ? ORDER BY e.seq`);
  const leavesOfShift = db.prepare<[number, string], { seq: number; leaf: Buffer }>(
    'SELECT seq, leaf FROM event WHERE org = ? AND shift = ? ORDER BY seq',
  );
  const leaves = db.prepare<[number, number, number], { seq: number; leaf: Buffer }>(
    'SELECT seq, leaf FROM event WHERE org = ? AND seq BETWEEN ? AND ? ORDER BY seq',
  );
  const leavesAfter = db
    .prepare<[number, number], Buffer>('SELECT leaf FROM event WHERE org = ? AND seq > ? ORDER BY seq')
    .pluck();
  const hasFile = db.prepare<[number, string], 1>('SELECT 1 FROM file WHERE org = ? AND sha256 = ?').pluck();
  const file = db.prepare<[number, string], Buffer>('SELECT bytes FROM file WHERE org = ? AND sha256 = ?').pluck();
  const node = db.prepare<[number, number], Buffer>('SELECT hashes FROM node WHERE org = ? AND size = ?').pluck();
  const fields = db
    .prepare<[number, number], string>('SELECT fields FROM disclosure WHERE org = ? AND seq = ?')
    .pluck();

  // Prepared when first asked: a file that only rows are made in has none of these tables.
  const RECEIPT = 'SELECT device, device_seq AS deviceSeq, command, at FROM receipt WHERE org = ? AND device = ?';
  const SAID =
    'SELECT device, user, at, last_device_seq AS lastDeviceSeq, outbox_depth AS outboxDepth FROM contact WHERE org = ?';
  const contactsOf = (no: number): Contact[] =>
    contactsFrom(
      new Map(
        statement<Omit<Contact, 'received' | 'gaps'>>(SAID)
          .all(no)
          .map((one) => [one.device, one]),
      ),
      statement<Numbered>('SELECT DISTINCT device, device_seq AS deviceSeq FROM receipt WHERE org = ?').all(no),
    );

  function select(no: number, read: Select): readonly Row[] {
    const known = columns.get(read.table);
    if (!known || isEmpty(read)) return [];
    const { text, values } = selectSql(read, known);
    return statement<RowRecord>(text)
      .all(no, ...values)
      .map(rowOf);
  }

  const streamBy = (column: 'key' | 'number') => (no: number, kind: string, ref: string | number) => {
    const feature = register.byKind.get(kind);
    if (!feature) return undefined;
    const text = `SELECT key, number, first, seq, value FROM ${tableName(feature.name)} WHERE org = ? AND ${column} = ?`;
    const found = statement<RowRecord>(text).get(no, ref);
    return found && streamOf(kind, found);
  };

  return {
    orgNo: (org: string): number | undefined => orgNo.get(org),
    head: (no: number): number => head.get(no) ?? 0,
    streamByKey: streamBy('key'),
    streamByNumber: streamBy('number'),
    lastNumber(no: number, kind: string): number {
      const feature = register.byKind.get(kind);
      if (!feature) return 0;
      const text = `SELECT max(number) AS last FROM ${tableName(feature.name)} WHERE org = ? AND number IS NOT NULL`;
      return statement<{ last: number | null }>(text).get(no)?.last ?? 0;
    },
    load(no: number, read: Read): unknown {
      if ('select' in read) return select(no, read.select);
      if ('head' in read) return head.get(no) ?? 0;
      if ('filesAmong' in read) return read.filesAmong.filter((name) => hasFile.get(no, name) !== undefined);
      if ('prose' in read) return [];
      if ('contacts' in read) return contactsOf(no);
      if ('eventsOfShift' in read) return ofShift.all(no, read.eventsOfShift).map(eventOf).map(withoutArea);
      return leavesOfShift.all(no, read.leavesOfShift).map(plainLeaf);
    },
    events: (no: number, above: number, limit: number): FeedEvent[] => after.all(no, above, limit).map(eventOf),
    history: (no: number, kind: string, id: string, upTo: number): FeedEvent[] =>
      ofSubject.all(no, id, kind, upTo).map(eventOf),
    places: (no: number, commands: readonly string[]): readonly Place[] =>
      commands.flatMap((id) => {
        const found = placeOf.get(no, id);
        return found == null ? [] : [{ id, seq: found }];
      }),
    touchedAfter: (no: number, seq: number): readonly Subject[] =>
      statement<Subject>('SELECT DISTINCT kind, subject AS id FROM event WHERE org = ? AND seq > ?').all(no, seq),
    receiptsAt: (no: number, device: string, deviceSeq: number): readonly Receipt[] =>
      statement<Receipt>(`${RECEIPT} AND device_seq = ? ORDER BY n`).all(no, device, deviceSeq),
    receiptBefore: (no: number, device: string, deviceSeq: number): Receipt | undefined =>
      statement<Receipt>(`${RECEIPT} AND device_seq < ? ORDER BY device_seq DESC, n DESC LIMIT 1`).get(
        no,
        device,
        deviceSeq,
      ),
    signed: (no: number, seq: number): SignedCommand | undefined =>
      statement<SignedCommand>('SELECT text, signature FROM signed WHERE org = ? AND seq = ?').get(no, seq),
    links(no: number, direction: 'up' | 'down', kind: string, id: string): LinkRow[] {
      const end = direction === 'up' ? 'from' : 'to';
      const text = `SELECT * FROM link WHERE org = ? AND ${end}_id = ? AND ${end}_kind = ? ORDER BY seq, n`;
      return statement<LinkRecord>(text).all(no, id, kind).map(linkOf);
    },
    leaves: (no: number, from: number, to: number) => leaves.all(no, from, to).map(plainLeaf),
    leavesAfter: (no: number, seq: number): Uint8Array[] => leavesAfter.all(no, seq).map(plain),
    disclosures: (no: number, seqs: readonly number[]): readonly Disclosure[] =>
      seqs.flatMap((seq) => {
        const found = fields.get(no, seq);
        return found === undefined ? [] : disclosuresOf(found);
      }),
    node(no: number, level: number, index: number): Uint8Array {
      const hashes = node.get(no, completedAt(level, index));
      if (!hashes || hashes.length <= level * HASH_BYTES) throw new Fault(`The tree has no node ${level}/${index}.`);
      return hashIn(plain(hashes), level);
    },
    file(no: number, sha256: string): Uint8Array | undefined {
      const bytes = file.get(no, sha256);
      return bytes && plain(bytes);
    },
    /** For callers with a question of their own; prepared once per text. */
    statement,
  };
}

// A Buffer's slice and JSON differ from those of the Uint8Array that the port promises.
const plain = (bytes: Buffer): Uint8Array => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
const plainLeaf = ({ seq, leaf }: { seq: number; leaf: Buffer }) => ({ seq, leaf: plain(leaf) });

const rowOf = ({ key, number, first, seq, value }: RowRecord): Row => ({
  key,
  number,
  first,
  seq,
  value: JSON.parse(value) as unknown,
});

const streamOf = (kind: string, { key, number, first, seq, value }: RowRecord): Stream => ({
  kind,
  id: key,
  number,
  first,
  seq,
  state: JSON.parse(value) as unknown,
});

const withoutArea = ({ area: _area, ...event }: FeedEvent): Recorded => event;

interface LinkRecord {
  readonly seq: number;
  readonly from_kind: string;
  readonly from_id: string;
  readonly rel: LinkRow['rel'];
  readonly to_kind: string;
  readonly to_id: string;
}

const linkOf = (link: LinkRecord): LinkRow => ({
  from: { kind: link.from_kind, id: link.from_id },
  rel: link.rel,
  to: { kind: link.to_kind, id: link.to_id },
  seq: link.seq,
});
