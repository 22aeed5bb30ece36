/**
 * Where rooms are kept: every update with its author, a snapshot to load from, whose the client ids are, and what came after a seal.
 * One SQL for both: the ledger's own file and connection on a server, SQLite in memory in a test.
 */
import type { Database } from 'better-sqlite3';
import type { Author } from './author.ts';

export interface Place {
  readonly org: string;
  readonly entity: string;
  readonly epoch: number;
}

export interface UpdateRow extends Place, Author {
  /** Counts the updates of an epoch from 1. */
  readonly n: number;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly receivedAt: string;
  /** Client ids that nobody had before. */
  readonly clients: readonly number[];
}

export interface LateRow extends Place, Author {
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly receivedAt: string;
  readonly clients: readonly number[];
  /** What it changes in the text that people read. */
  readonly inserted: string;
  readonly struck: string;
  readonly context: string;
}

export interface Sealed {
  readonly seq: number;
  readonly state: Uint8Array;
  readonly updates: number;
}

export interface StoredDoc {
  readonly epoch: number;
  readonly sealed: Sealed | undefined;
  /** A snapshot and what came after it, or a seal and what came too late: in order. */
  readonly updates: readonly Uint8Array[];
  /** Number of the last update. */
  readonly count: number;
  readonly clients: ReadonlyMap<number, Author>;
}

export interface RoomStore {
  /** Durable when it returns; nothing remains when `work` throws. */
  transaction<T>(work: () => T): T;
  /** Undefined before the first update. */
  head(org: string, entity: string): { readonly epoch: number; readonly isSealed: boolean } | undefined;
  read(org: string, entity: string): StoredDoc | undefined;
  /** Writing the same row again changes nothing. */
  putUpdate(row: UpdateRow): void;
  putSnapshot(place: Place, upto: number, state: Uint8Array): void;
  /** The epoch that counts from now on. False for a sealed text, which has no further one. */
  turn(place: Place): boolean;
  seal(place: Place, sealed: Sealed): void;
  putLate(row: LateRow): void;
  /** Late prose that no entry tells of yet, oldest first. */
  unentered(): readonly LateRow[];
  entered(row: LateRow): void;
  /** Whether late prose of this text and this device waits for its entry; of this person, where no device is named. */
  isUntold(org: string, entity: string, author: Author): boolean;
}

const TABLES = `
CREATE TABLE IF NOT EXISTS doc (
  org TEXT NOT NULL, entity TEXT NOT NULL, epoch INTEGER NOT NULL, sealed_seq INTEGER, state BLOB, updates INTEGER,
  PRIMARY KEY (org, entity)
) STRICT;
CREATE TABLE IF NOT EXISTS doc_update (
  org TEXT NOT NULL, entity TEXT NOT NULL, epoch INTEGER NOT NULL, n INTEGER NOT NULL,
  bytes BLOB NOT NULL, sha256 TEXT NOT NULL, user TEXT NOT NULL, device TEXT, received_at TEXT NOT NULL,
  PRIMARY KEY (org, entity, epoch, n)
) STRICT;
CREATE TABLE IF NOT EXISTS doc_snapshot (
  org TEXT NOT NULL, entity TEXT NOT NULL, epoch INTEGER NOT NULL, upto INTEGER NOT NULL, state BLOB NOT NULL,
  PRIMARY KEY (org, entity, epoch)
) STRICT;
CREATE TABLE IF NOT EXISTS doc_client (
  org TEXT NOT NULL, entity TEXT NOT NULL, epoch INTEGER NOT NULL, client INTEGER NOT NULL, user TEXT NOT NULL, device TEXT,
  PRIMARY KEY (org, entity, epoch, client)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS doc_late (
  no INTEGER PRIMARY KEY,
  org TEXT NOT NULL, entity TEXT NOT NULL, epoch INTEGER NOT NULL, bytes BLOB NOT NULL, sha256 TEXT NOT NULL,
  user TEXT NOT NULL, device TEXT, received_at TEXT NOT NULL,
  inserted TEXT NOT NULL, struck TEXT NOT NULL, context TEXT NOT NULL, entered INTEGER NOT NULL DEFAULT 0,
  UNIQUE (org, entity, sha256)
) STRICT;
CREATE INDEX IF NOT EXISTS doc_late_unentered ON doc_late (no) WHERE entered = 0;
`;

const OF_DOC = 'org = ? AND entity = ?';
const OF_EPOCH = `${OF_DOC} AND epoch = ?`;

interface DocRow {
  readonly epoch: number;
  readonly seq: number | null;
  readonly state: Uint8Array | null;
  readonly updates: number | null;
}

/** `transaction` is the writer's: on the ledger's connection there is one at a time. */
export function openRoomStore(db: Database, transaction: <T>(work: () => T) => T): RoomStore {
  db.exec(TABLES);
  const find = db.prepare<[string, string], DocRow>(
    `SELECT epoch, sealed_seq AS seq, state, updates FROM doc WHERE ${OF_DOC}`,
  );
  const snapshot = db.prepare<[string, string, number], { readonly upto: number; readonly state: Uint8Array }>(
    `SELECT upto, state FROM doc_snapshot WHERE ${OF_EPOCH}`,
  );
  const after = db.prepare<[string, string, number, number], { readonly n: number; readonly bytes: Uint8Array }>(
    `SELECT n, bytes FROM doc_update WHERE ${OF_EPOCH} AND n > ? ORDER BY n`,
  );
  const late = db
    .prepare<[string, string, number], Uint8Array>(`SELECT bytes FROM doc_late WHERE ${OF_EPOCH} ORDER BY no`)
    .pluck();
  const clients = db.prepare<[string, string, number], Author & { readonly client: number }>(
    `SELECT client, user, device FROM doc_client WHERE ${OF_EPOCH}`,
  );
  const waiting = db.prepare<[], Omit<LateRow, 'clients'>>(
    `SELECT org, entity, epoch, bytes, sha256, user, device, received_at AS receivedAt, inserted, struck, context
     FROM doc_late WHERE entered = 0 ORDER BY no`,
  );
  const insertDoc = db.prepare<[string, string, number]>(
    'INSERT INTO doc (org, entity, epoch) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const insertUpdate = db.prepare<[string, string, number, number, Uint8Array, string, string, string | null, string]>(
    'INSERT INTO doc_update VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const insertClient = db.prepare<[string, string, number, number, string, string | null]>(
    'INSERT INTO doc_client VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const insertSnapshot = db.prepare<[string, string, number, number, Uint8Array]>(
    `INSERT INTO doc_snapshot VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET upto = excluded.upto, state = excluded.state`,
  );
  const turn = db.prepare<[number, string, string]>(`UPDATE doc SET epoch = ? WHERE ${OF_DOC} AND sealed_seq IS NULL`);
  const seal = db.prepare<[number, Uint8Array, number, string, string]>(
    `UPDATE doc SET sealed_seq = ?, state = ?, updates = ? WHERE ${OF_DOC} AND sealed_seq IS NULL`,
  );
  const insertLate = db.prepare<
    [string, string, number, Uint8Array, string, string, string | null, string, string, string, string]
  >(
    `INSERT INTO doc_late (org, entity, epoch, bytes, sha256, user, device, received_at, inserted, struck, context)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const untold = db
    .prepare<[string, string, string], number>(
      `SELECT 1 FROM doc_late WHERE ${OF_DOC} AND entered = 0 AND ifnull(device, user) = ? LIMIT 1`,
    )
    .pluck();
  const enter = db.prepare<[string, string, string]>(`UPDATE doc_late SET entered = 1 WHERE ${OF_DOC} AND sha256 = ?`);

  const bind = ({ org, entity, epoch, user, device }: Place & Author, all: readonly number[]) => {
    for (const client of all) insertClient.run(org, entity, epoch, client, user, device);
  };

  return {
    transaction,
    head(org, entity) {
      const row = find.get(org, entity);
      return row && { epoch: row.epoch, isSealed: row.seq !== null };
    },
    read(org, entity) {
      const row = find.get(org, entity);
      if (!row) return undefined;
      const { epoch, seq, state } = row;
      const bound = new Map(clients.all(org, entity, epoch).map(({ client, ...author }) => [client, author]));
      if (seq !== null && state) {
        const sealed = { seq, state, updates: row.updates ?? 0 };
        return {
          epoch,
          sealed,
          updates: [state, ...late.all(org, entity, epoch)],
          count: sealed.updates,
          clients: bound,
        };
      }
      const from = snapshot.get(org, entity, epoch);
      const rest = after.all(org, entity, epoch, from?.upto ?? 0);
      return {
        epoch,
        sealed: undefined,
        updates: [...(from ? [from.state] : []), ...rest.map(({ bytes }) => bytes)],
        count: rest.at(-1)?.n ?? from?.upto ?? 0,
        clients: bound,
      };
    },
    putUpdate(row) {
      const { org, entity, epoch, n, bytes, sha256, user, device, receivedAt } = row;
      insertDoc.run(org, entity, epoch);
      insertUpdate.run(org, entity, epoch, n, bytes, sha256, user, device, receivedAt);
      bind(row, row.clients);
    },
    putSnapshot: ({ org, entity, epoch }, upto, state) => void insertSnapshot.run(org, entity, epoch, upto, state),
    turn: ({ org, entity, epoch }) => turn.run(epoch, org, entity).changes > 0,
    seal({ org, entity, epoch }, { seq, state, updates }) {
      insertDoc.run(org, entity, epoch);
      seal.run(seq, state, updates, org, entity);
    },
    putLate(row) {
      const { org, entity, epoch, bytes, sha256, user, device, receivedAt, inserted, struck, context } = row;
      insertLate.run(org, entity, epoch, bytes, sha256, user, device, receivedAt, inserted, struck, context);
      bind(row, row.clients);
    },
    unentered: () => waiting.all().map((row) => ({ ...row, clients: [] })),
    isUntold: (org, entity, { user, device }) => untold.get(org, entity, device ?? user) !== undefined,
    entered: ({ org, entity, sha256 }) => void enter.run(org, entity, sha256),
  };
}
