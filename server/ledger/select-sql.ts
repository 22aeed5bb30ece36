/** A rule's `select` as SQL. It means exactly what `passes` in shared/kernel/read.ts means; a property test holds the two together. */
import type { Cell, Select, Test } from '../../shared/kernel/read.ts';
import { columnName, tableName } from './schema.ts';

export interface Sql {
  readonly text: string;
  readonly values: readonly Cell[];
}

/** SQL function for the one test that SQLite's own LIKE answers otherwise: it folds ASCII only, and reads % and _. */
export const HAS_TEXT = 'has_text';
export const hasText = (cell: unknown, lowered: unknown): number =>
  typeof cell === 'string' && cell.toLowerCase().includes(lowered as string) ? 1 : 0;

/** What a column can hold decides what SQLite would coerce; a cell of another type never equals. */
interface Column {
  readonly sql: string;
  readonly holds: 'text' | 'number' | 'any' | 'nothing';
}

const OWN: Readonly<Record<string, Column>> = {
  key: { sql: 'key', holds: 'text' },
  number: { sql: 'number', holds: 'number' },
  first: { sql: 'first', holds: 'number' },
};

const TRUE = '1';
const FALSE = '0';

/** Whether it can find nothing: rules ask for "these ids" when there are none. */
export function isEmpty({ where }: Select): boolean {
  for (const name in where) {
    const test = where[name];
    if (typeof test === 'object' && test !== null && 'in' in test && !test.in.length) return true;
  }
  return false;
}

/** The first value to bind is the organisation's number. */
export function selectSql({ table, where = {}, order, limit }: Select, columns: ReadonlySet<string>): Sql {
  const values: Cell[] = [];
  const tests = Object.entries(where).map(([name, test]) => testSql(columnOf(name, columns), test, values));
  const direction = order === 'oldest' ? 'ASC' : 'DESC';
  values.push(limit ?? -1);
  return {
    text:
      `SELECT key, number, first, seq, value FROM ${tableName(table)} ` +
      `WHERE ${['org = ?', ...tests].join(' AND ')} ORDER BY first ${direction}, key LIMIT ?`,
    values,
  };
}

function columnOf(name: string, columns: ReadonlySet<string>): Column {
  if (Object.hasOwn(OWN, name)) return OWN[name]!;
  return columns.has(name) ? { sql: columnName(name), holds: 'any' } : { sql: 'NULL', holds: 'nothing' };
}

function testSql(column: Column, test: Test, values: Cell[]): string {
  if (test === null || typeof test !== 'object') return among(column, [test], values);
  if ('in' in test) return among(column, test.in, values);
  if ('not' in test) return not(column, test.not, values);
  if ('within' in test) return within(column, test.within, values);
  if ('contains' in test) {
    values.push(test.contains.toLowerCase());
    return `${HAS_TEXT}(${column.sql}, ?)`;
  }
  if (column.holds === 'text') return FALSE;
  const [sign, bound] = 'above' in test ? ['>', test.above] : ['<', test.below];
  values.push(bound);
  // In SQLite every text is above every number.
  return `(${column.sql} ${sign} ? AND typeof(${column.sql}) <> 'text')`;
}

/** `=` and IN rather than IS, for the indexes leave NULL out. */
function among(column: Column, cells: readonly Cell[], values: Cell[]): string {
  const present = cells.filter((cell) => cell !== null && canHold(column, cell));
  const tests: string[] = [];
  if (present.length === 1) tests.push(`${column.sql} = ?`);
  if (present.length > 1) {
    // Filled up to a power of two: a handful of prepared statements serve all lengths.
    while (present.length & (present.length - 1)) present.push(present[0]!);
    tests.push(`${column.sql} IN (${present.map(() => '?').join(',')})`);
  }
  values.push(...present);
  if (cells.includes(null)) tests.push(`${column.sql} IS NULL`);
  return tests.length ? `(${tests.join(' OR ')})` : FALSE;
}

function not(column: Column, cell: Cell, values: Cell[]): string {
  if (cell === null) return `${column.sql} IS NOT NULL`;
  if (!canHold(column, cell)) return TRUE;
  values.push(cell);
  return `${column.sql} IS NOT ?`;
}

/** The area itself, or what stands between `area/` and `area0` (0 follows / in ASCII): exactly what begins with `area/`. */
function within(column: Column, outer: readonly string[], values: Cell[]): string {
  if (!outer.length || column.holds === 'number') return FALSE;
  const tests = outer.map((area) => {
    values.push(area, `${area}/`, `${area}0`);
    return `${column.sql} = ? OR (${column.sql} >= ? AND ${column.sql} < ?)`;
  });
  return `(${tests.join(' OR ')})`;
}

const canHold = ({ holds }: Column, cell: string | number): boolean =>
  holds === 'any' || holds === (typeof cell === 'string' ? 'text' : 'number');
