/** Rows, links and areas: folded anew from the entries in a database of their own, and compared (L3). */
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { canonical, type Json } from '../../shared/kernel/canonical.ts';
import { tablesOf } from '../../shared/kernel/register.ts';
import { foldInto } from '../ledger/fold.ts';
import { createQueries } from '../ledger/queries.ts';
import { INK, rowTables, tableName } from '../ledger/schema.ts';
import { atMost, type Check, type Find } from './ground.ts';

const NAMED = 5;

type Cells = Readonly<Record<string, string | number | null>>;

export const rows: Check = ({ db, register, no }, find) => {
  // No name: a temporary file, which SQLite removes.
  const made = new SqliteDatabase('');
  try {
    made.exec(INK);
    for (const sql of rowTables(register)) made.exec(sql);
    const queries = createQueries(db, register);
    const few = atMost(NAMED, find, (more) => `… and ${more} more entries stand in a wrong area.`);
    made.exec('BEGIN');
    foldInto(made, register, { org: no, events: (after, limit) => queries.events(no, after, limit) }, (seq, area) =>
      few.find(`Entry ${seq} stands in another area than ${area ?? 'none'}, which follows from the entries.`),
    );
    made.exec('COMMIT');
    few.end();
    for (const { name } of tablesOf(register)) compare(db, made, no, tableName(name), ['key'], name, find);
    compare(db, made, no, 'link', ['seq', 'n'], 'links', find);
  } finally {
    made.close();
  }
};

function compare(
  live: Database,
  made: Database,
  no: number,
  table: string,
  by: readonly string[],
  name: string,
  find: Find,
): void {
  const few = atMost(NAMED, find, (more) => `… and ${more} more rows of ${name} like these.`);
  const sql = `SELECT * FROM ${table} WHERE org = ? ORDER BY ${by.join(', ')}`;
  const keyOf = (row: Cells): string => by.map((column) => row[column]).join('/');
  const expected = made.prepare<[number], Cells>(sql).iterate(no);
  let next = expected.next();
  for (const row of live.prepare<[number], Cells>(sql).iterate(no)) {
    while (!next.done && precedes(next.value, row, by)) {
      few.find(`The row ${keyOf(next.value)} of ${name} is missing.`);
      next = expected.next();
    }
    if (next.done || precedes(row, next.value, by)) {
      few.find(`The row ${keyOf(row)} of ${name} follows from no entry.`);
      continue;
    }
    if (spelled(row) !== spelled(next.value))
      few.find(`The row ${keyOf(row)} of ${name} was changed: it is not what the entries give.`);
    next = expected.next();
  }
  for (; !next.done; next = expected.next()) few.find(`The row ${keyOf(next.value)} of ${name} is missing.`);
  few.end();
}

function precedes(a: Cells, b: Cells, by: readonly string[]): boolean {
  for (const column of by) {
    const order =
      typeof a[column] === 'number'
        ? a[column] - (b[column] as number)
        : Buffer.compare(bytes(a[column]), bytes(b[column]));
    if (order !== 0) return order < 0;
  }
  return false;
}

const bytes = (cell: Cells[string] | undefined): Buffer => Buffer.from(String(cell));

/** A value written by another program may have its members in another order; that is no difference. */
function spelled({ value, ...cells }: Cells): string {
  return canonical({ ...cells, value: value === undefined ? null : readable(value as string) });
}

function readable(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return `unreadable: ${text}`;
  }
}
