/** Writes the rows and links that follow from an event: the same code live and when everything is made anew (L3). */
import type { Database, Statement } from 'better-sqlite3';
import type { Recorded } from '../../shared/kernel/event.ts';
import type { RowChange, Stream } from '../../shared/kernel/ledger.ts';
import type { Cell } from '../../shared/kernel/read.ts';
import { Fault } from '../../shared/kernel/refusal.ts';
import { tablesOf, type Register } from '../../shared/kernel/register.ts';
import { columnName, tableName } from './schema.ts';

/** A row ready to be written: whatever in it could fail has been tried. */
export interface ReadyRow {
  readonly table: string;
  readonly key: string;
  readonly number: number | null;
  readonly value: string;
  readonly cells: readonly Cell[];
  /** The cells that the file holds now, where that is known: only the indexes of what changes are touched. */
  readonly before: readonly Cell[] | undefined;
}

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly put: Statement<Cell[]>;
  /** By the columns that change. */
  readonly renew: Map<string, Statement<Cell[]>>;
}

export type RowWriter = ReturnType<typeof createRowWriter>;

export function createRowWriter(db: Database, register: Register) {
  const tables = new Map<string, Table>(
    tablesOf(register).map(({ name, columns }) => [
      name,
      { name, columns, put: upsert(db, name, columns), renew: new Map() },
    ]),
  );
  const putLink = db.prepare<[number, number, number, string, string, string, string, string]>(
    'INSERT INTO link VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );

  return {
    /** Throws on a row that no table can take, before anything is written. */
    ready(change: RowChange, number: number | null, before?: readonly Cell[]): ReadyRow {
      const table = tables.get(change.table);
      if (!table) throw new Fault(`The register has no table ${change.table}.`);
      const cells = table.columns.map((column) => cellOf(change.table, column, change.columns[column]));
      return { table: change.table, key: change.key, number, value: JSON.stringify(change.value), cells, before };
    },
    put(no: number, seq: number, { table: name, key, number, value, cells, before }: ReadyRow): void {
      const table = tables.get(name)!;
      if (!before) return void table.put.run(no, key, number, seq, seq, ...cells, value);
      const changed: number[] = [];
      for (let i = 0; i < cells.length; i++) if (cells[i] !== before[i]) changed.push(i);
      renewal(db, table, changed).run(value, seq, ...changed.map((i) => cells[i]!), no, key);
    },
    putLinks(no: number, { seq, subject, upstream }: Pick<Recorded, 'seq' | 'subject' | 'upstream'>): void {
      upstream.forEach((link, n) => putLink.run(no, seq, n, subject.kind, subject.id, link.rel, link.kind, link.id));
    },
  };
}

function upsert(db: Database, name: string, columns: readonly string[]): Statement<Cell[]> {
  const names = ['org', 'key', 'number', 'first', 'seq', ...columns.map(columnName), 'value'];
  const renewed = names.filter((column) => !['org', 'key', 'first'].includes(column));
  return db.prepare(
    `INSERT INTO ${tableName(name)} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')}) ` +
      `ON CONFLICT (org, key) DO UPDATE SET ${renewed.map((column) => `${column} = excluded.${column}`).join(', ')}`,
  );
}

function renewal(db: Database, { name, columns, renew }: Table, changed: readonly number[]): Statement<Cell[]> {
  const mask = changed.join();
  let statement = renew.get(mask);
  if (!statement) {
    const sets = ['value = ?', 'seq = ?', ...changed.map((i) => `${columnName(columns[i]!)} = ?`)];
    statement = db.prepare<Cell[]>(`UPDATE ${tableName(name)} SET ${sets.join(', ')} WHERE org = ? AND key = ?`);
    renew.set(mask, statement);
  }
  return statement;
}

function cellOf(table: string, column: string, cell: unknown): Cell {
  if (cell === null || cell === undefined) return null;
  if (typeof cell === 'string' || typeof cell === 'number') return cell;
  throw new Fault(`Column ${column} of ${table} gave a value of type ${typeof cell}; it holds text, a number or null.`);
}

/** A stream with the columns of its row, as the writer remembers it. */
export interface Held {
  readonly org: string;
  readonly stream: Stream;
  /** `undefined` when it came from the file, where nobody looked at the columns. */
  readonly cells: readonly Cell[] | undefined;
}
