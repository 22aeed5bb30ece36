/**
 * The ledger in one SQLite file: WAL, synchronous=FULL, one writing connection whose callback never yields, one that reads what is
 * committed. Opening is recovery: a file that was cut off mid-write, or made for another register, is brought in order here.
 * One process at a time: whoever opens holds the lock of the data folder (server/host/lock.ts).
 */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import SqliteDatabase, { type Database, type Options } from 'better-sqlite3';
import { NO_PROSE, type Prose } from '../../shared/kernel/prose.ts';
import { Fault } from '../../shared/kernel/refusal.ts';
import type { Register } from '../../shared/kernel/register.ts';
import type { Store } from '../../shared/kernel/store.ts';
import { syncFolder } from '../sync-folder.ts';
import { openOutboundStore, type OutboundStore } from '../outbound/store.ts';
import { openIntakeStore, type IntakeStore } from '../ingest/intake-store.ts';
import { openRoomStore, type RoomStore } from '../rooms/store.ts';
import { createCursors, type Cursors } from './cursors.ts';
import { isMadeFor, rebuild } from './fold.ts';
import { createQueries } from './queries.ts';
import { createReader } from './reader.ts';
import { DEVICES, FORMAT, GUARDS, INK } from './schema.ts';
import { createWriter } from './writer.ts';

/** "Oper" in ASCII: what `file` and SQLite's own tools show. */
const APPLICATION = 0x4f706572;
const PAGE_BYTES = 8192;
const PAGES_BEFORE_CHECKPOINT = 4000;
const CACHE_KIB = 65_536;

export interface SqliteStore extends Store {
  /** Where followers stand. */
  readonly cursors: Cursors;
  /** People's texts, in the same file and on the same connection, so that a seal takes both in one transaction. */
  readonly rooms: RoomStore;
  /** What leaves for other people's systems; in the same file, so that a backup holds it. */
  readonly outbound: OutboundStore;
  /** What senders sent and is not, or not yet, on record. */
  readonly intake: IntakeStore;
  /** Makes every row anew from the events (L3). */
  rebuild(): void;
}

export interface SqliteOptions {
  readonly file: string;
  readonly register: Register;
  /** Whether a file that is not there is made; true unless said otherwise. */
  readonly createIfMissing?: boolean;
}

export function openSqliteStore({ file, register, createIfMissing = true }: SqliteOptions): SqliteStore {
  if (!createIfMissing && !existsSync(file))
    throw new Fault(`There is no ledger at ${file}. Check OPERARY_DATA, or start the server once to make one.`);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const open: Database[] = [];
  const connect = (options: Options): Database => {
    const db = new SqliteDatabase(file, { timeout: 5000, ...options });
    open.push(db);
    return db;
  };
  try {
    const db = connect({});
    prepare(db, file);
    syncFolder(dirname(file));
    return storeOn(db, connect({ readonly: true }), register);
  } catch (error) {
    for (const db of open) db.close();
    throw error;
  }
}

/** The store on two connections to a file that `prepare` has brought in order. */
export function storeOn(db: Database, readable: Database, register: Register): SqliteStore {
  if (!isMadeFor(db, register)) rebuild(db, register);
  const writer = createWriter(db, register, createQueries(db, register));
  const committed = createReader(readable, register);
  let prose: Prose = NO_PROSE;
  return {
    committed: {
      ...committed,
      load: (org, read) =>
        'prose' in read
          ? read.prose.flatMap((entity) => prose.photograph(org, entity) ?? [])
          : committed.load(org, read),
    },
    transaction: writer.transaction,
    contact: writer.contact,
    attachProse(keeper) {
      prose = keeper;
      writer.attachProse(keeper);
    },
    cursors: createCursors(db),
    rooms: openRoomStore(db, (work) => writer.transaction(() => work())),
    outbound: openOutboundStore(db),
    intake: openIntakeStore(db, (work) => writer.transaction(() => work())),
    rebuild() {
      rebuild(db, register);
      writer.forget();
    },
    close() {
      readable.close();
      db.close();
    },
  };
}

/** Settings of the connection, and the tables where there are none yet. */
export function prepare(db: Database, file: string): void {
  // Of consequence for a new file only: entries and rows of a kilobyte fill larger pages better.
  db.pragma(`page_size = ${PAGE_BYTES}`);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  // So that INSERT OR REPLACE meets the guards against deletion too.
  db.pragma('recursive_triggers = ON');
  db.pragma(`cache_size = -${CACHE_KIB}`);
  db.pragma(`wal_autocheckpoint = ${PAGES_BEFORE_CHECKPOINT}`);
  const format = Number(db.pragma('user_version', { simple: true }));
  if (format > FORMAT)
    throw new Fault(
      `${file} was written by a newer Operary (format ${format}; this one knows ${FORMAT}). Use that one.`,
    );
  db.transaction(() => {
    db.exec(DEVICES);
    if (format === FORMAT) return;
    db.exec(INK + GUARDS);
    db.pragma(`application_id = ${APPLICATION}`);
    db.pragma(`user_version = ${FORMAT}`);
  })();
}
