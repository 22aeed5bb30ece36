/** Somebody with the file in hands changes it behind the product's back; `fsck` names what was done. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sha256Hex, utf8 } from '../../shared/kernel/bytes.ts';
import { fsck } from '../../server/fsck/fsck.ts';
import { signerJournals } from '../../server/signer-journal.ts';
import { ask, diskLedger, ledgerFile, OTHER_PLANT, PLANT, temporaryFolder, uuid } from '../kit/ledger.ts';
import { toyRegister } from '../kit/toy-feature.ts';

let place: ReturnType<typeof temporaryFolder>;
beforeEach(async () => {
  place = temporaryFolder();
  const { ledger, close } = diskLedger(place.folder);
  const create = (name: string, more: object = {}) =>
    ask('jobs.create', name, { title: `Check ${name}`, area: 'leeds/packaging' }, more);
  await ledger.transact([ask('watches.start', 'w', { area: 'leeds' }), create('a'), create('b')]);
  await ledger.transact([ask('jobs.note', 'a', { text: 'Seal worn' }), ask('jobs.attach', 'a', { text: 'evidence' })]);
  await ledger.transact([create('c', { upstream: [{ rel: 'follow_up_of', kind: 'job', id: uuid('a') }] })]);
  await ledger.transact([ask('jobs.finish', 'a'), ask('watches.seal', 'w'), ask('watches.log', 'w', { text: 'Late' })]);
  await ledger.transact([{ ...create('a'), org: OTHER_PLANT, caller: { ...create('a').caller, org: OTHER_PLANT } }]);
  await close();
});
afterEach(() => place.remove());

const checked = () => fsck({ dataDir: place.folder, file: ledgerFile(place.folder), register: toyRegister() }).findings;

/** As somebody would who knows SQLite: the guards are taken away first and put back afterwards. */
function tampered(change: (db: Database) => void): readonly string[] {
  const db = new SqliteDatabase(ledgerFile(place.folder));
  db.pragma('foreign_keys = OFF');
  const guards = db
    .prepare<[], [string, string]>(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`)
    .raw()
    .all();
  for (const [name] of guards) db.exec(`DROP TRIGGER ${name}`);
  change(db);
  for (const [, sql] of guards) db.exec(sql);
  db.close();
  return checked();
}

const org = `Organisation ${PLANT}: `;
const mine = (sentence: string): string => `${org}${sentence}`;

/** The first plant's number in the file. */
const NO = 1;

test('[L2] a ledger that nobody touched is clean', () => {
  expect(fsck({ dataDir: place.folder, file: ledgerFile(place.folder), register: toyRegister() })).toEqual({
    findings: [],
    organisations: 2,
    entries: 10,
  });
});

test('[L13] a ledger that is being written to is clean at every moment', async () => {
  const { ledger, close } = diskLedger(place.folder, { seed: 'on' });
  const working = Promise.all(
    Array.from({ length: 200 }, (_, i) => ledger.transact([ask('jobs.note', 'b', { text: `note ${i}` })])),
  );
  expect(checked()).toEqual([]);
  await working;
  expect(checked()).toEqual([]);
  await close();
});

test('[L2] a changed body is named', () => {
  const found = tampered((db) => {
    const leaf = db.prepare<[], Buffer>(`SELECT leaf FROM event WHERE org = ${NO} AND seq = 7`).pluck().get()!;
    const changed = Buffer.from(leaf.toString().replace('"now":"finished"', '"now":"finisher"'));
    db.prepare(`UPDATE event SET leaf = ? WHERE org = ${NO} AND seq = 7`).run(changed);
  });
  expect(found).toContain(
    mine('Entry 7 was changed after it had been recorded: its bytes do not give the hash in the tree.'),
  );
});

test('[L2] a changed body is named also where its hash in the tree was changed with it', () => {
  const found = tampered((db) => {
    const changed = Buffer.from(
      db
        .prepare<[], Buffer>(`SELECT leaf FROM event WHERE org = ${NO} AND seq = 7`)
        .pluck()
        .get()!
        .toString()
        .replace('"now":"finished"', '"now":"finisher"'),
    );
    db.prepare(`UPDATE event SET leaf = ? WHERE org = ${NO} AND seq = 7`).run(changed);
    const hash = Buffer.from(sha256Hex(Buffer.concat([Buffer.of(0), changed])), 'hex');
    db.prepare(`UPDATE node SET hashes = ? WHERE org = ${NO} AND size = 7`).run(hash);
  });
  expect(found).toContain(
    mine(
      'Of the entries 7 to 9 one was changed, and the tree with it: they are not what the checkpoint at 9 was signed for.',
    ),
  );
});

test('[L2] a removed tail is named', () => {
  const found = tampered((db) =>
    db.exec(
      `DELETE FROM event WHERE org = ${NO} AND seq > 6; DELETE FROM node WHERE org = ${NO} AND size > 6; DELETE FROM checkpoint WHERE org = ${NO} AND size > 6`,
    ),
  );
  expect(found).toContain(
    mine('Entry 7 to 9 is missing: the log was signed with 9 entries, and the ledger ends at 6.'),
  );
});

test('[L2] a removed middle is named', () => {
  const found = tampered((db) => db.exec(`DELETE FROM event WHERE org = ${NO} AND seq IN (4, 5)`));
  expect(found).toContain(mine('Entry 4 to 5 is missing: it was removed after it had been recorded.'));
  expect(found).toContain(mine('There are disclosed values for entry 4, which is missing.'));
});

test('[L2] a changed node of the tree is named', () => {
  const found = tampered((db) =>
    db.exec(`UPDATE node SET hashes = randomblob(length(hashes)) WHERE org = ${NO} AND size = 4`),
  );
  expect(found).toEqual([mine("The tree's nodes of entry 4 were changed: they are not what the entries give.")]);
});

test('[L2] a removed node of the tree is named', () => {
  const found = tampered((db) => db.exec(`DELETE FROM node WHERE org = ${NO} AND size = 8`));
  expect(found).toEqual([mine("The tree's nodes of entry 8 were changed: they are not what the entries give.")]);
});

test('[L8] a removed last checkpoint is named, and so are nodes that nothing vouches for', () => {
  const found = tampered((db) => {
    db.exec(`DELETE FROM checkpoint WHERE org = ${NO} AND size = 9`);
    db.exec(`UPDATE node SET hashes = randomblob(length(hashes)) WHERE org = ${NO} AND size = 9`);
    db.exec(`INSERT INTO node VALUES (${NO}, 10, randomblob(64))`);
  });
  expect(found).toEqual([
    mine('The last commit, up to entry 9, has no valid checkpoint.'),
    mine("The tree's nodes of entry 9 do not fit the entries, and no valid checkpoint says which are right."),
    mine('The tree has 1 rows of nodes beyond the last entry.'),
    mine('The signer remembers a head at 9, for which there is no valid checkpoint.'),
  ]);
});

test('[L8] a changed checkpoint is named', () => {
  const found = tampered((db) =>
    db.exec(`UPDATE checkpoint SET note = replace(note, '5', '6') WHERE org = ${NO} AND size = 5`),
  );
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(mine('The checkpoint at 5 does not verify: '));
});

test('[L8] checkpoints that changed places are named', () => {
  const found = tampered((db) =>
    db.exec(
      `UPDATE checkpoint SET note = (SELECT note FROM checkpoint WHERE org = ${NO} AND size = 3) WHERE org = ${NO} AND size = 5`,
    ),
  );
  expect(found).toEqual([mine('The checkpoint at 5 is one for 3 entries: it was moved.')]);
});

test('[L2] entries that changed places are named', () => {
  const found = tampered((db) => {
    const leaves = db
      .prepare<[], Buffer>(`SELECT leaf FROM event WHERE org = ${NO} AND seq IN (2, 3) ORDER BY seq`)
      .pluck()
      .all();
    const put = db.prepare(`UPDATE event SET leaf = ? WHERE org = ${NO} AND seq = ?`);
    put.run(leaves[1], 2);
    put.run(leaves[0], 3);
  });
  expect(found).toContain(mine('The entry at 2 says that it is entry 3: it was moved.'));
  expect(found).toContain(mine('The entry at 3 says that it is entry 2: it was moved.'));
});

test('[L14] an entry of another organisation is named', () => {
  const found = tampered((db) =>
    db.exec(`UPDATE event SET leaf = (SELECT leaf FROM event WHERE org = 2 AND seq = 1) WHERE org = ${NO} AND seq = 1`),
  );
  expect(found).toContain(mine(`The entry at 1 is of another organisation, ${OTHER_PLANT}.`));
});

test.each([
  ['type', 'job.sold'],
  ['kind', 'watch'],
  ['subject', uuid('z')],
  ['shift', uuid('z')],
  ['command', uuid('z')],
])('[L2] a changed column %s of an entry is named', (column, value) => {
  const found = tampered((db) => db.exec(`UPDATE event SET ${column} = '${value}' WHERE org = ${NO} AND seq = 4`));
  expect(found).toContain(mine(`The column ${column} of entry 4 was changed: it is not what the entry says.`));
});

test('[L9] a changed disclosed value is named; an erased one is lawful', () => {
  const found = tampered((db) => {
    db.exec(`UPDATE disclosure SET fields = replace(fields, 'Seal worn', 'Seal fine') WHERE org = ${NO} AND seq = 4`);
    db.exec(`UPDATE rows_jobs SET value = replace(value, 'Seal worn', 'Seal fine')`);
    db.exec(`UPDATE rows_job_notes SET value = replace(value, 'Seal worn', 'Seal fine')`);
  });
  expect(found).toEqual([
    mine('The disclosed values of entry 4 do not fit it: The value disclosed at /text is not the one committed to.'),
  ]);
});

test('[L4] a changed outcome is named', () => {
  const { id } = ask('jobs.finish', 'a');
  const outcome = JSON.stringify({ outcome: 'accepted', subject: { kind: 'job', id: uuid('a') }, seqs: [6], head: 6 });
  const found = tampered((db) => {
    db.exec(`UPDATE event SET command = NULL WHERE org = ${NO} AND seq = 7`);
    db.exec(`INSERT INTO command VALUES (${NO}, '${id}', '${'0'.repeat(64)}', '${outcome}')`);
  });
  expect(found).toEqual([mine(`Command ${id} was answered with entry 6, which another command made.`)]);
});

test('[L4] a removed outcome is named', () => {
  const { id } = ask('jobs.finish', 'a');
  const found = tampered((db) => db.exec(`UPDATE event SET command = NULL WHERE org = ${NO} AND seq = 7`));
  expect(found).toEqual([mine(`The outcome of command ${id}, which made entry 7, was removed.`)]);
});

test('[L10] a changed attestation is named, and so is a removed one', () => {
  expect(tampered((db) => db.exec(`UPDATE attestation SET text = 'The watch ends after 0 entries.'`))).toEqual([
    mine('The text attested with entry 8 is not the one that the seal key signed.'),
  ]);
  expect(tampered((db) => db.exec('DELETE FROM attestation'))).toEqual([
    mine('The text attested with entry 8 is missing.'),
  ]);
});

test('[L2] a changed file is named', () => {
  const found = tampered((db) => db.exec(`UPDATE file SET bytes = x'00'`));
  expect(found).toEqual([mine(`The file ${sha256Hex(utf8('evidence'))} was changed: its bytes have another hash.`)]);
});

test('[L3] changed, removed and invented rows are named', () => {
  const found = tampered((db) => {
    db.exec(`UPDATE rows_jobs SET c_status = 'open' WHERE org = ${NO} AND key = '${uuid('a')}'`);
    db.exec(`DELETE FROM rows_jobs WHERE org = ${NO} AND key = '${uuid('b')}'`);
    db.exec(`INSERT INTO rows_jobs (org, key, first, seq, value) VALUES (${NO}, '${uuid('x')}', 1, 1, '{}')`);
    db.exec(`DELETE FROM link`);
    db.exec(`UPDATE event SET area = 'york' WHERE org = ${NO} AND seq = 2`);
  });
  expect([...found].sort()).toEqual(
    [
      mine(`The row ${uuid('a')} of jobs was changed: it is not what the entries give.`),
      mine(`The row ${uuid('b')} of jobs is missing.`),
      mine(`The row ${uuid('x')} of jobs follows from no entry.`),
      mine('The row 6/0 of links is missing.'),
      mine('Entry 2 stands in another area than leeds/packaging, which follows from the entries.'),
    ].sort(),
  );
});

test('[L2] a guard that was taken away is missed', () => {
  const db = new SqliteDatabase(ledgerFile(place.folder));
  db.exec('DROP TRIGGER event_never_changes');
  db.close();
  expect(checked()).toEqual(['The file has lost its event_never_changes.']);
});

test('[L8] a signer that remembers another tree is named', () => {
  rmSync(join(place.folder, 'keys', PLANT, 'signer.log'));
  const memory = signerJournals(place.folder);
  memory.store(new Map([[PLANT, { size: 6, root: new Uint8Array(32) }]]));
  memory.close();
  const found = checked();
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(mine('The signer remembers another tree of 6 entries'));
});

test('[L8] a signer whose memory is gone is named', () => {
  rmSync(join(place.folder, 'keys', PLANT, 'signer.log'));
  expect(checked()).toEqual([expect.stringContaining(`${join('keys', PLANT, 'signer.log')} is missing`)]);
});

test('[L8] a signer’s memory that was damaged in the middle is named', () => {
  const journal = join(place.folder, 'keys', PLANT, 'signer.log');
  writeFileSync(journal, `9 ${'A'.repeat(43)}= 0123456789abcdef\n${readFileSync(journal, 'utf8')}`);
  expect(checked()).toEqual([
    mine(`A check could not be finished: ${journal} is damaged. Put the newest copy of the data folder in place.`),
  ]);
});

test('[L10] a changed statement of the keys is named', () => {
  const file = join(place.folder, 'keys', PLANT, 'trust.txt');
  writeFileSync(file, readFileSync(file, 'utf8').replace('Organisation: Plant', 'Organisation: Slant'));
  expect(checked()).toContain(
    mine(`The statement in ${join('keys', PLANT, 'trust.txt')} is not the one that its root key signed.`),
  );
});

test('[L2] bytes that rot in the file are noticed', () => {
  const file = ledgerFile(place.folder);
  const bytes = readFileSync(file);
  bytes.fill(0xff, 8192 * 2, 8192 * 2 + 200);
  writeFileSync(file, bytes);
  expect(checked().length).toBeGreaterThan(0);
});
