/** Checks every byte of a ledger against what was signed and what follows from it. Reads only, also while a server is running on it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { utf8 } from '../../shared/kernel/bytes.ts';
import type { Register } from '../../shared/kernel/register.ts';
import { fingerprint } from '../../shared/proof/ssh-key.ts';
import { verifySshsig } from '../../shared/proof/sshsig.ts';
import { parseTrustText, TRUST_NAMESPACE, type Trust } from '../../shared/proof/trust.ts';
import { organisationTrust } from '../keys.ts';
import { DEVICES, GUARDS, INK } from '../ledger/schema.ts';
import { hasSignerMemory, lastSignedHead } from '../signer-journal.ts';
import { attestations, disclosures, files, outcomes } from './beside.ts';
import { signatures } from './devices.ts';
import { reasonOf, type Check, type Find, type Ground } from './ground.ts';
import { log } from './log.ts';
import { rows } from './rows.ts';

export interface FsckReport {
  /** One sentence each; empty when all is well. */
  readonly findings: readonly string[];
  readonly organisations: number;
  readonly entries: number;
}

export interface Place {
  readonly dataDir: string;
  /** The ledger's file. */
  readonly file: string;
  readonly register: Register;
}

export function fsck({ dataDir, file, register }: Place): FsckReport {
  const findings: string[] = [];
  const find: Find = (sentence) => void findings.push(sentence);
  if (!existsSync(file)) return { findings: [`There is no ledger at ${file}.`], organisations: 0, entries: 0 };
  // The signers before the snapshot: a commit between the two leaves them behind it, which is lawful, and never ahead.
  const signed = headsBefore(file, dataDir, find);
  const db = new SqliteDatabase(file, { readonly: true });
  try {
    db.exec('BEGIN');
    guarded(find, () => whole(db, find));
    let organisations = 0;
    let entries = 0;
    for (const { no, org, count } of organisationsIn(db)) {
      organisations += 1;
      entries += count;
      const head = signed.get(org);
      const say: Find = (sentence) => find(`Organisation ${org}: ${sentence}`);
      const ground: Ground = { db, register, org, no, trust: trustOf(dataDir, org, say), signed: head };
      checkAll(ground, say);
    }
    return { findings, organisations, entries };
  } catch (error) {
    return {
      findings: [...findings, `The file ${file} cannot be read: ${reasonOf(error)}`],
      organisations: 0,
      entries: 0,
    };
  } finally {
    db.close();
  }
}

const CHECKS: readonly Check[] = [disclosures, outcomes, attestations, signatures, files];

function checkAll(ground: Ground, find: Find): void {
  let damaged = false;
  guarded(find, () =>
    log(ground, (sentence) => {
      damaged = true;
      find(sentence);
    }),
  );
  for (const check of CHECKS) guarded(find, () => check(ground, find));
  // Damaged entries make every row differ; one cause is enough to name.
  if (!damaged) guarded(find, () => rows(ground, find));
}

/** A check that cannot go on is a finding too. */
function guarded(find: Find, check: () => void): void {
  try {
    check();
  } catch (error) {
    find(`A check could not be finished: ${reasonOf(error)}`);
  }
}

/** What SQLite says of the file, and whether the guards of the ink are all in place. */
function whole(db: Database, find: Find): void {
  for (const said of db.prepare<[], string>('PRAGMA integrity_check').pluck().all())
    if (said !== 'ok') find(`SQLite finds the file damaged: ${said}`);
  const expected = new SqliteDatabase(':memory:');
  expected.exec(INK + GUARDS);
  const schema = (of: Database): Map<string, string> =>
    new Map(of.prepare<[], [string, string]>('SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL').raw().all());
  const found = schema(db);
  // A file of before there were devices has none of their tables until a server opens it.
  if (found.has('receipt') || found.has('signed')) expected.exec(DEVICES);
  for (const [name, sql] of schema(expected)) {
    if (!found.has(name)) find(`The file has lost its ${name}.`);
    else if (found.get(name) !== sql) find(`The file's ${name} is not the one that it was made with.`);
  }
  expected.close();
}

interface OrganisationRecord {
  readonly no: number;
  readonly org: string;
  readonly count: number;
}

const organisationsIn = (db: Database): OrganisationRecord[] =>
  db
    .prepare<[], OrganisationRecord>(
      'SELECT no, id AS org, (SELECT count(*) FROM event WHERE event.org = org.no) AS count FROM org ORDER BY no',
    )
    .all();

function headsBefore(file: string, dataDir: string, find: Find): ReadonlyMap<string, Ground['signed']> {
  const db = new SqliteDatabase(file, { readonly: true });
  const heads = new Map<string, Ground['signed']>();
  guarded(find, () => {
    for (const { org, count } of organisationsIn(db)) {
      guarded(
        (why) => find(`Organisation ${org}: ${why}`),
        () => void heads.set(org, lastSignedHead(dataDir, org)),
      );
      if (count > 0 && !hasSignerMemory(dataDir, org))
        find(
          `Organisation ${org}: ${join('keys', org, 'signer.log')} is missing, so nothing tells whether entries at the end are. Put it back from a backup.`,
        );
    }
  });
  db.close();
  return heads;
}

function trustOf(dataDir: string, org: string, find: Find): Trust | undefined {
  try {
    const { trustText, trustSignature, rootKey } = organisationTrust(dataDir, org);
    const claim = { armor: trustSignature, namespace: TRUST_NAMESPACE, message: utf8(trustText), publicKey: rootKey };
    const trust = parseTrustText(trustText);
    if (verifySshsig(claim) && trust.rootFingerprint === fingerprint(rootKey)) return trust;
    find(`The statement in ${join('keys', org, 'trust.txt')} is not the one that its root key signed.`);
  } catch (error) {
    find(`The statement of its keys cannot be read: ${reasonOf(error)}`);
  }
  return undefined;
}
