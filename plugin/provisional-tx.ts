/**
 * What the door may look at on a device: the streams that are here, and what can be derived from them. Tables that never travel (secrets,
 * deliveries) are empty, so the device sometimes allows what the server refuses; never the other way round for what it does know.
 */
import type { Recorded, Subject } from '../shared/kernel/event.ts';
import type { Feature, SideTable } from '../shared/kernel/feature.ts';
import type { Entry, Stream, Tx } from '../shared/kernel/ledger.ts';
import { passes, type Cell, type Read, type Row, type Select } from '../shared/kernel/read.ts';
import type { Register } from '../shared/kernel/register.ts';
import type { Held } from './replica.ts';

/** What this device shows: confirmed state, or confirmed state with what is pending on top. */
export interface View {
  readonly register: Register;
  get(subject: Subject): Held | undefined;
  /** Without what is pending. */
  confirmed(subject: Subject): Held | undefined;
  /** In the order of their numbers; what has none yet comes last. */
  all(kind: string): readonly Held[];
  everything(): Iterable<Held>;
  readonly size: number;
}

export interface Provisional {
  readonly view: View;
  /** Pending events that are shown just now. */
  readonly events: () => readonly Recorded[];
  /** Position of the first event that is appended. */
  readonly from: number;
  readonly append: (event: Recorded) => void;
}

export function provisionalTx({ view, events, from, append }: Provisional): Tx {
  let next = from;
  return {
    kept: () => undefined,
    keep: () => undefined,
    stream: (_org, kind, id): Stream | undefined => view.get({ kind, id }),
    load(_org, read: Read) {
      if ('select' in read) return rowsIn(view, read.select);
      if ('filesAmong' in read) return read.filesAmong;
      if ('eventsOfShift' in read) return events().filter(({ shift }) => shift === read.eventsOfShift);
      return 'head' in read ? next - 1 : [];
    },
    head: () => next - 1,
    lastNumber: () => 0,
    append({ event }: Entry) {
      next += 1;
      append(event);
    },
    history: (_org, { kind, id }) => events().filter(({ subject }) => subject.kind === kind && subject.id === id),
    touchedAfter: () => [],
    receiptsAt: () => [],
    receiptBefore: () => undefined,
    receive: () => undefined,
  };
}

type Columns = Readonly<Record<string, (value: never) => Cell>>;

function rowsIn(view: View, { table, where, order, limit }: Select): readonly Row[] {
  const owner = view.register.features.find(({ name, tables }) => name === table || (tables && table in tables));
  if (!owner) return [];
  const side = owner.name === table ? undefined : (owner.tables as Record<string, SideTable<unknown>>)[table]!;
  const columns = (side?.columns ?? owner.columns) as Columns;
  const rows = view.all(owner.kind).flatMap((held) => (side ? derivedRows(owner, side, held) : [rowOf(held)]));
  return rows
    .filter((row) => passes(cellsOf(columns, row, where), where))
    .sort((a, b) => (order === 'oldest' ? a.first - b.first : b.first - a.first))
    .slice(0, limit ?? rows.length);
}

const rowOf = ({ id, state, number, first, seq }: Held): Row => ({ key: id, value: state, number, first, seq });

/** Only those that are asked for. */
function cellsOf(columns: Columns, row: Row, where: Select['where'] = {}): Record<string, Cell> {
  const cells: Record<string, Cell> = { key: row.key, number: row.number, first: row.first };
  for (const name of Object.keys(where)) if (columns[name]) cells[name] = columns[name](row.value as never);
  return cells;
}

/** Of the events nothing is left here but the state that they made: the latest is taken to have said what the state says. */
function derivedRows(feature: Feature, side: SideTable<unknown>, { kind, id, state, first, seq }: Held): Row[] {
  const latest = {
    subject: { kind, id },
    type: Object.keys(feature.events)[0],
    upstream: [],
    occurredAt: '',
    body: state,
  } as unknown as Recorded;
  try {
    return side
      .from(latest, state)
      .filter(({ key }) => typeof key === 'string')
      .map(({ key, value }) => ({ key, value, number: null, first, seq }));
  } catch {
    // This table wants to know more of the event than the state tells.
    return [];
  }
}
