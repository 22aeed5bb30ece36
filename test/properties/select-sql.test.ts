import SqliteDatabase from 'better-sqlite3';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { passes, type Cell, type Row, type Select, type Test } from '../../shared/kernel/read.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { createQueries } from '../../server/ledger/queries.ts';
import { createRowWriter } from '../../server/ledger/row-writer.ts';
import { INK, rowTables } from '../../server/ledger/schema.ts';
import { jobs } from '../kit/toy-feature.ts';

const COLUMNS = ['status', 'area', 'weight', 'search'] as const;

// Few words in many spellings, so that equal, nearly equal and merely similar ones meet often.
const word = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'A',
    'ab',
    'a/b',
    'a/b/c',
    'a0',
    'a/',
    'a/b0',
    'a-b',
    '1',
    '1.0',
    '0',
    '%',
    '_',
    'a%',
    'a_b',
  ),
  fc.constantFrom('ä', 'Ä', 'ß', 'SS', 'İ', 'i', '💧', '\uffff', "'", '"', '\\', 'a\nb', 'NULL'),
  fc.string({ unit: 'grapheme', maxLength: 5 }),
);
const number = fc.oneof(
  fc.constantFrom(0, -0, 1, 1.5, -1, 2 ** 31, 2 ** 53 - 1, 1e300, 0.1),
  fc.integer({ min: -3, max: 3 }),
);
const cell: fc.Arbitrary<Cell> = fc.oneof(word, number, fc.constant(null));
const oneTest: fc.Arbitrary<Test> = fc.oneof(
  cell,
  fc.record({ in: fc.array(cell, { maxLength: 6 }) }),
  fc.record({ not: cell }),
  fc.record({ within: fc.array(word, { maxLength: 3 }) }),
  fc.record({ contains: word }),
  fc.record({ above: number }),
  fc.record({ below: number }),
);
const column = fc.constantFrom(...COLUMNS, 'key', 'number', 'first', 'unheardOf');
const query: fc.Arbitrary<Select> = fc.record(
  {
    table: fc.constant('jobs'),
    where: fc.dictionary(column, oneTest, { maxKeys: 3 }),
    order: fc.constantFrom('oldest', 'newest'),
    limit: fc.integer({ min: 0, max: 5 }),
  },
  { requiredKeys: ['table'] },
);
const rows = fc.uniqueArray(
  fc.record({
    key: fc.oneof(word, fc.uuid()),
    numbered: fc.boolean(),
    cells: fc.record({ status: cell, area: cell, weight: cell, search: cell }),
  }),
  { selector: ({ key }) => key, maxLength: 12 },
);

/** What the memory store answers. */
function answered(all: readonly (Row & { readonly columns: Record<string, Cell> })[], select: Select): Row[] {
  const found = all
    .filter((row) => passes({ ...row.columns, key: row.key, number: row.number, first: row.first }, select.where))
    .sort((a, b) => (select.order === 'oldest' ? a.first - b.first : b.first - a.first));
  return found.slice(0, select.limit ?? found.length).map(({ columns: _columns, ...row }) => row);
}

test('[L3] a select in SQL answers what the tests of the kernel mean, for any rows and any tests', () => {
  // Cells as they come: the columns of these rows are given, not derived.
  const columns = Object.fromEntries(COLUMNS.map((name) => [name, () => null]));
  const register = createRegister([{ ...jobs, columns, tables: {} }]);
  const db = new SqliteDatabase(':memory:');
  db.exec(INK);
  for (const sql of rowTables(register)) db.exec(sql);
  const writer = createRowWriter(db, register);
  const queries = createQueries(db, register);
  fc.assert(
    fc.property(rows, fc.array(query, { minLength: 1, maxLength: 8 }), (given, selects) => {
      db.exec('DELETE FROM rows_jobs');
      const all = given.map(({ key, numbered, cells }, i) => ({
        key,
        number: numbered ? i + 1 : null,
        first: i + 1,
        seq: i + 1,
        value: { n: i },
        columns: cells,
      }));
      for (const { key, number, seq, value, columns: cells } of all)
        writer.put(1, seq, writer.ready({ table: 'jobs', key, value, columns: cells }, number));
      writer.put(2, 99, writer.ready({ table: 'jobs', key: 'elsewhere', value: {}, columns: {} }, 1));
      for (const select of selects) expect(queries.load(1, { select })).toEqual(answered(all, select));
    }),
    { seed: 4711, numRuns: 1000 },
  );
  db.close();
});
