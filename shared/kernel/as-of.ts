/**
 * The ledger as a device had seen it: everything up to its `observedSeq`, and what that device did itself. A fact is judged by what its
 * maker could know (L7); what has happened meanwhile flags it and never refuses it.
 */
import type { Command } from './command.ts';
import type { Recorded, Subject } from './event.ts';
import { evolved } from './evolved.ts';
import type { Feature, SideTable } from './feature.ts';
import type { Stream, Tx } from './ledger.ts';
import { passes, type Read, type Row, type Select } from './read.ts';
import { rowsOf } from './record.ts';
import type { Register } from './register.ts';

const keyOf = ({ kind, id }: Subject): string => `${kind}/${id}`;

/** Whether the device can know the stream that it names: it is new, or had begun when the device last looked, or is its own. */
export function hasSeen(tx: Tx, { org, made, device, subject }: Command): boolean {
  const stream = tx.stream(org, subject.kind, subject.id);
  if (!made || !stream || stream.first <= made.observedSeq) return true;
  return tx.history(org, subject)[0]?.device === device;
}

/**
 * The transaction itself when the device had seen all there is. Likewise when it names a stream that, by its own count, it cannot know:
 * what it had seen is then not known, and the head judges.
 */
export function asOf(tx: Tx, register: Register, command: Command): Tx {
  const { org, made, device } = command;
  if (!made) return tx;
  if (!hasSeen(tx, command)) return tx;
  const touched = new Map(tx.touchedAfter(org, made.observedSeq).map((subject) => [keyOf(subject), subject]));
  if (!touched.size) return tx;
  const isKnown = (event: Recorded): boolean =>
    event.seq <= made.observedSeq || (device !== undefined && event.device === device);
  // What the device has not got back yet was no aside there.
  const asSeen = (event: Recorded): Recorded => {
    if (event.seq <= made.observedSeq || !event.body.aside) return event;
    const { aside: _aside, ...body } = event.body;
    return { ...event, body };
  };
  const folded = new Map<string, Fold>();

  function foldAt(subject: Subject): Fold {
    const key = keyOf(subject);
    let found = folded.get(key);
    if (!found) {
      const feature = register.byKind.get(subject.kind)!;
      folded.set(key, (found = fold(feature, subject, tx.history(org, subject).filter(isKnown).map(asSeen))));
    }
    return found;
  }

  const ownerOf = (table: string): Feature | undefined =>
    register.features.find((feature) => feature.name === table || (feature.tables && table in feature.tables));

  function select(read: Select): readonly Row[] {
    const feature = ownerOf(read.table);
    const subjects = [...touched.values()].filter(({ kind }) => kind === feature?.kind);
    if (!feature || !subjects.length) return tx.load(org, { select: read }) as readonly Row[];
    const { limit, ...unlimited } = read;
    const folds = subjects.map(foldAt);
    // What these streams had put into the table, then and since, is taken out; what they had put in then comes back.
    const since = new Set(subjects.flatMap((subject) => keysNow(tx, org, feature, read.table, subject)));
    const then = folds.flatMap(({ rows }) => rows.get(read.table) ?? []);
    for (const { key } of then) since.add(key);
    const rest = (tx.load(org, { select: unlimited }) as readonly Row[]).filter(({ key }) => !since.has(key));
    const back = then.filter((row) =>
      passes({ ...row.columns, key: row.key, number: row.number, first: row.first }, read.where),
    );
    const rows = [...rest, ...back.map(({ columns: _columns, ...row }) => row)].sort(
      (a, b) => (read.order === 'oldest' ? a.first - b.first : b.first - a.first) || (a.key < b.key ? -1 : 1),
    );
    return rows.slice(0, limit ?? rows.length);
  }

  return {
    ...tx,
    stream: (_org, kind, id) => (touched.has(`${kind}/${id}`) ? foldAt({ kind, id }).stream : tx.stream(org, kind, id)),
    load(_org, read: Read) {
      if ('select' in read) return select(read.select);
      if ('eventsOfShift' in read) return (tx.load(org, read) as readonly Recorded[]).filter(isKnown);
      return tx.load(org, read);
    },
  };
}

interface ColumnRow extends Row {
  readonly columns: Readonly<Record<string, string | number | null>>;
}

interface Fold {
  readonly stream: Stream | undefined;
  readonly rows: ReadonlyMap<string, readonly ColumnRow[]>;
}

function fold(feature: Feature, subject: Subject, events: readonly Recorded[]): Fold {
  let stream: Stream | undefined;
  const tables = new Map<string, Map<string, ColumnRow>>();
  for (const event of events) {
    const { seq, body } = event;
    const number = stream ? stream.number : ((body as { number?: number }).number ?? null);
    const state = evolved(feature, stream?.state ?? feature.initial, event);
    stream = { ...subject, number, first: stream?.first ?? seq, seq, state };
    const { main, rows } = rowsOf(feature, event, stream);
    for (const { table, key, value, columns } of [main, ...rows]) {
      let ofTable = tables.get(table);
      if (!ofTable) tables.set(table, (ofTable = new Map<string, ColumnRow>()));
      const first = ofTable.get(key)?.first ?? seq;
      ofTable.set(key, { key, value, number: table === feature.name ? number : null, first, seq, columns });
    }
  }
  return { stream, rows: new Map([...tables].map(([name, rows]) => [name, [...rows.values()]])) };
}

/** The keys that a stream has put into a table by now. */
function keysNow(tx: Tx, org: string, feature: Feature, table: string, subject: Subject): readonly string[] {
  if (table === feature.name) return [subject.id];
  const side = (feature.tables as Readonly<Record<string, SideTable<unknown>>>)[table]!;
  let state: unknown = feature.initial;
  return tx.history(org, subject).flatMap((event) => {
    state = evolved(feature, state, event);
    return side.from(event, state).map(({ key }) => key);
  });
}
