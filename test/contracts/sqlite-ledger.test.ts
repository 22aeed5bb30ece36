/** What SQLite on disk promises beyond the contract: ink under triggers, recovery at open, a signer that is never behind, a full disk. */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCheckpoint } from '../../shared/proof/checkpoint.ts';
import { canonical, type Json } from '../../shared/kernel/canonical.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { select, type Row } from '../../shared/kernel/read.ts';
import { perform as decide } from '../../shared/kernel/perform.ts';
import { openSqliteStore, prepare, storeOn } from '../../server/ledger/sqlite-store.ts';
import {
  ask,
  countedRandom,
  diskLedger,
  ledgerFile,
  NOON,
  OTHER_PLANT,
  perform,
  PLANT,
  temporaryFolder,
  uuid,
  type DiskLedger,
} from '../kit/ledger.ts';
import { jobs, porch, toyFeatures, toyRegister, watches } from '../kit/toy-feature.ts';

let place: ReturnType<typeof temporaryFolder>;
let open: DiskLedger[];
beforeEach(() => {
  place = temporaryFolder();
  open = [];
});
afterEach(async () => {
  for (const { close } of open) await close();
  place.remove();
});

const opened = (...args: Parameters<typeof diskLedger>): DiskLedger => {
  const ledger = diskLedger(...args);
  open.push(ledger);
  return ledger;
};

async function closed(ledger: DiskLedger): Promise<void> {
  open = open.filter((other) => other !== ledger);
  await ledger.close();
}

const create = (name: string) => ask('jobs.create', name, { title: `Check ${name}`, area: 'leeds/packaging' });

/** A little of everything. */
const day = [
  ask('watches.start', 'w', { area: 'leeds' }),
  create('a'),
  create('b'),
  ask('jobs.note', 'a', { text: 'Seal worn' }),
  ask('jobs.trespass', 'a'),
  ask('jobs.split', 'b', { parts: ['one', 'two', 'three'] }),
  ask(
    'jobs.create',
    'c',
    { title: 'Follow up', area: 'york' },
    { upstream: [{ rel: 'follow_up_of', kind: 'job', id: uuid('a') }] },
  ),
  ask('jobs.finish', 'a'),
  ask('jobs.finish', 'a', {}, { name: 'finish again', keepRefusal: true }),
  ask('watches.seal', 'w'),
  ask('watches.log', 'w', { text: 'Too late' }),
  { ...create('a'), org: OTHER_PLANT, caller: { ...create('a').caller, org: OTHER_PLANT } },
];

function rowsIn(db: Database): Record<string, string[]> {
  const tables = db
    .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'rows_made_for'`)
    .pluck()
    .all();
  return Object.fromEntries(
    tables.map((table) => [
      table,
      db
        .prepare<[], Record<string, Json>>(`SELECT * FROM "${table}"`)
        .all()
        .map((row) =>
          canonical(
            typeof row['value'] === 'string' ? { ...row, value: JSON.parse(row['value']) as Json } : bytesAsHex(row),
          ),
        )
        .sort(),
    ]),
  );
}

const bytesAsHex = (row: Record<string, unknown>): Json =>
  Object.fromEntries(
    Object.entries(row).map(([name, cell]) => [name, Buffer.isBuffer(cell) ? cell.toString('hex') : (cell as Json)]),
  );

function looking<T>(look: (db: Database) => T): T {
  const db = new SqliteDatabase(ledgerFile(place.folder));
  try {
    return look(db);
  } finally {
    db.close();
  }
}

test.each([
  ['event', 'seq', "leaf = x'00'"],
  ['node', 'size', "hashes = x'00'"],
  ['checkpoint', 'size', "note = 'x'"],
  ['command', 'id', "outcome = '{}'"],
  ['attestation', 'seq', "text = 'x'"],
])('[L2] no row of the table %s can be changed, removed or replaced', async (table, _key, change) => {
  const { ledger } = opened(place.folder);
  await ledger.transact(day);
  looking((db) => {
    db.pragma('recursive_triggers = ON');
    const count = () => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
    const before = count();
    expect(before).toBeGreaterThan(0);
    expect(() => db.exec(`UPDATE ${table} SET ${change}`)).toThrow(`L2: what is recorded in ${table} never changes.`);
    expect(() => db.exec(`DELETE FROM ${table}`)).toThrow(`L2: what is recorded in ${table} never disappears.`);
    expect(() => db.exec(`INSERT OR REPLACE INTO ${table} SELECT * FROM ${table}`)).toThrow('L2');
    expect(count()).toBe(before);
  });
});

test('[L13] a ledger that is closed and opened again holds the same, and goes on where it stopped', async () => {
  const first = opened(place.folder);
  await first.ledger.transact(day);
  const checkpoint = await first.ledger.checkpoint(PLANT);
  await closed(first);
  const before = looking(rowsIn);
  const second = opened(place.folder, { seed: 'second' });
  expect(looking(rowsIn)).toEqual(before);
  expect(await second.ledger.checkpoint(PLANT)).toBe(checkpoint);
  expect(await perform(second.ledger, create('a'))).toMatchObject({ outcome: 'duplicate', seqs: [2] });
  expect(await perform(second.ledger, ask('jobs.note', 'b', { text: 'four' }))).toMatchObject({ seqs: [13] });
  expect((await second.ledger.stream(PLANT, 'job', 2))!.state).toMatchObject({
    notes: ['one', 'two', 'three', 'four'],
  });
});

test('[L3] rows, links and areas made anew from the events are those that were written live', async () => {
  const { ledger, store } = opened(place.folder);
  for (const command of day) await perform(ledger, command);
  const live = looking(rowsIn);
  expect(Object.keys(live)).toEqual(
    expect.arrayContaining(['rows_jobs', 'rows_job_notes', 'rows_watches', 'rows_porches', 'link']),
  );
  store.rebuild();
  expect(looking(rowsIn)).toEqual(live);
  expect(await perform(ledger, ask('jobs.finish', 'b'))).toMatchObject({ outcome: 'accepted' });
});

test('[L3] a register with other columns finds its rows made anew at the next start', async () => {
  const first = opened(place.folder);
  await first.ledger.transact(day);
  await closed(first);
  const longer = { ...jobs, columns: { ...jobs.columns, length: (state: { title: string }) => state.title.length } };
  const second = opened(place.folder, { register: createRegister([longer, watches, porch] as typeof toyFeatures) });
  const found = await second.ledger.load(PLANT, select('jobs', { where: { length: 7 } }));
  expect(found.map(({ number }) => number)).toEqual([2, 1]);
  await closed(second);
  const third = opened(place.folder);
  expect(await third.ledger.load(PLANT, select('jobs', { where: { length: 7 } }))).toEqual([]);
});

test('[L3] a program that does not know a recorded event says so instead of dropping it', async () => {
  const first = opened(place.folder);
  await first.ledger.transact(day);
  await closed(first);
  expect(() => diskLedger(place.folder, { register: createRegister([jobs, porch]) })).toThrow(
    /Entry 1 of organisation .* is a watch\.started, which this program does not know\. Use a newer Operary\./,
  );
});

test('[L8] a signer that a crash left behind the ledger catches up along a verified proof', async () => {
  const first = opened(place.folder);
  await first.ledger.transact(day);
  const old = join(place.folder, 'keys-before');
  cpSync(join(place.folder, 'keys'), old, { recursive: true });
  await first.ledger.transact([create('d'), create('e')]);
  await closed(first);
  rmSync(join(place.folder, 'keys'), { recursive: true });
  cpSync(old, join(place.folder, 'keys'), { recursive: true });
  const second = opened(place.folder, { seed: 'second' });
  await perform(second.ledger, create('f'));
  const head = openCheckpoint((await second.ledger.checkpoint(PLANT))!, second.logKey(PLANT));
  expect(head.size).toBe(await second.ledger.head(PLANT));
});

test('[L8] a ledger that is older than its signer is a restored backup, and says so', async () => {
  const first = opened(place.folder);
  await first.ledger.transact([create('a')]);
  await closed(first);
  const backup = join(place.folder, 'backup.sqlite');
  cpSync(ledgerFile(place.folder), backup);
  const second = opened(place.folder, { seed: 'second' });
  await second.ledger.transact([create('b')]);
  await closed(second);
  cpSync(backup, ledgerFile(place.folder));
  expect(() => diskLedger(place.folder)).toThrow(
    /ends at 1, but its signer has signed 2: this looks like a restored backup\. Put the newest copy/,
  );
});

test('[L8] a ledger with another history than the signed one is not continued', async () => {
  const first = opened(place.folder);
  await first.ledger.transact([create('a')]);
  await closed(first);
  const fork = join(place.folder, 'fork.sqlite');
  cpSync(ledgerFile(place.folder), fork);
  const second = opened(place.folder, { seed: 'second' });
  await second.ledger.transact([create('b')]);
  await closed(second);
  const signed = join(place.folder, 'keys', PLANT, 'signer.log');
  cpSync(signed, join(place.folder, 'signed-b'));
  cpSync(fork, ledgerFile(place.folder));
  rmSync(signed);
  const third = opened(place.folder, { seed: 'third' });
  await third.ledger.transact([create('c')]);
  await closed(third);
  cpSync(join(place.folder, 'signed-b'), signed);
  expect(() => diskLedger(place.folder)).toThrow(/The first 2 entries of .* are not those that were signed\./);
});

test('[L13] a full disk answers every waiting command with an error, leaves nothing half done, and passes', async () => {
  let writing: Database | undefined;
  const openStore = ({ file, register }: { file: string; register: ReturnType<typeof toyRegister> }) => {
    writing = new SqliteDatabase(file);
    prepare(writing, file);
    return storeOn(writing, new SqliteDatabase(file, { readonly: true }), register);
  };
  const { ledger } = opened(place.folder, { openStore });
  await ledger.transact([create('a')]);
  const before = looking(rowsIn);
  const pages = Number(writing!.pragma('page_count', { simple: true }));
  writing!.pragma(`max_page_count = ${pages + 3}`);
  const long = 'x'.repeat(3000);
  const answers = await Promise.allSettled([
    perform(ledger, ask('jobs.note', 'a', { text: 'short' })),
    ...Array.from({ length: 10 }, (_, i) => perform(ledger, ask('jobs.note', 'a', { text: `${i} ${long}` }))),
    perform(ledger, create('b')),
  ]);
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 'rejected'));
  for (const answer of answers) expect((answer as PromiseRejectedResult).reason).toMatchObject({ code: 'SQLITE_FULL' });
  expect(looking(rowsIn)).toEqual(before);
  writing!.pragma('max_page_count = 1000000');
  expect(await perform(ledger, ask('jobs.note', 'a', { text: 'short' }))).toMatchObject({ seqs: [2] });
  expect(await perform(ledger, create('b'))).toMatchObject({ seqs: [3] });
  const { size } = openCheckpoint((await ledger.checkpoint(PLANT))!, open[0]!.logKey(PLANT));
  expect(size).toBe(3);
});

test('[L7] a row that no column can hold fails its own command only', async () => {
  const { ledger } = opened(place.folder);
  await ledger.transact([create('a')]);
  const answers = await Promise.allSettled([
    perform(ledger, ask('jobs.spoil', 'a')),
    perform(ledger, ask('jobs.note', 'a', { text: 'fine' })),
  ]);
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  expect((answers[0] as PromiseRejectedResult).reason).toMatchObject({
    message: 'Column weight of jobs gave a value of type object; it holds text, a number or null.',
  });
});

test('[L7] rules that look after they have written see it, and it is gone when they fail', async () => {
  const { ledger, store } = opened(place.folder);
  await ledger.transact([create('a')]);
  const world = { register: toyRegister(), now: () => NOON, random: countedRandom('direct'), attest: () => '' };
  const open = select('jobs', { where: { status: 'open' } });
  const keysIn = (rows: unknown): string[] => (rows as readonly Row[]).map(({ key }) => key);
  store.transaction((tx) => {
    expect(() =>
      tx.savepoint(() => {
        decide(tx, create('b'), world);
        expect(keysIn(tx.load(PLANT, open))).toEqual([uuid('b'), uuid('a')]);
        throw new Error('too late');
      }),
    ).toThrow('too late');
    expect(keysIn(tx.load(PLANT, open))).toEqual([uuid('a')]);
    expect([tx.head(PLANT), tx.lastNumber(PLANT, 'job'), tx.stream(PLANT, 'job', uuid('b'))]).toEqual([
      1,
      1,
      undefined,
    ]);
    expect(tx.kept(PLANT, create('b').id)).toBeUndefined();
  });
  expect(await ledger.head(PLANT)).toBe(1);
  expect(await perform(ledger, create('b'))).toMatchObject({ outcome: 'accepted', seqs: [2] });
  expect((await ledger.stream(PLANT, 'job', uuid('b')))!.number).toBe(2);
});

test('[L13] a ledger that is not there is not made by whoever only looks', () => {
  expect(() =>
    diskLedger(place.folder, { openStore: (at) => openSqliteStore({ ...at, createIfMissing: false }) }),
  ).toThrow(/There is no ledger at .*ledger\.sqlite\./);
});

test('[L4] followers find their place again', async () => {
  const first = opened(place.folder);
  expect(first.store.cursors.get('policies', PLANT)).toBe(0);
  first.store.cursors.set('policies', PLANT, 7);
  first.store.cursors.set('policies', OTHER_PLANT, 2);
  await closed(first);
  const second = opened(place.folder);
  expect(second.store.cursors.get('policies', PLANT)).toBe(7);
  expect(second.store.cursors.get('webhooks', PLANT)).toBe(0);
});
