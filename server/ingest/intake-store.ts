/**
 * What senders sent and is not, or not yet, on record: deliveries that wait because too many came at once, those that could not be read, the
 * names of messages that came before, and when a sender was last heard. Not ink: bounded, and what is worked off or old goes.
 */
import type { Database } from 'better-sqlite3';

export interface Sender {
  readonly org: string;
  readonly integration: string;
}

/** `waiting` to be worked off · `coalesced`: said nothing that others had not said · `refused`: could not be read · `rerun`: read since. */
export type Fate = 'waiting' | 'coalesced' | 'refused' | 'rerun';

export interface Stored extends Sender {
  readonly id: string;
  readonly receivedAt: string;
  readonly sha256: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** How it proved who it was. */
  readonly via: string;
}

export interface Listed {
  readonly id: string;
  readonly receivedAt: string;
  readonly status: Fate;
  readonly code: string | null;
  readonly detail: string | null;
  readonly sha256: string;
  readonly bytes: number;
  readonly contentType: string | null;
  /** The delivery on record that says what this one said. */
  readonly delivery: string | null;
}

export interface KnownMessage {
  readonly delivery: string;
  readonly sha256: string;
  readonly at: number;
}

export interface IntakeStore {
  /** Durable when it returns, with the name of the message where it has one. */
  wait(all: readonly { readonly delivery: Stored; readonly key: string | null; readonly at: number }[]): void;
  waitingSenders(): readonly Sender[];
  /** Oldest first. */
  waiting(sender: Sender, limit: number, bytes: number): readonly Stored[];
  waitingCount(sender: Sender): number;
  /** These have been worked off: null is on record now, else what speaks for it. */
  settle(done: readonly { readonly id: string; readonly delivery: string | null }[]): void;
  refuse(delivery: Stored, why: { readonly code: string; readonly detail: string }): void;
  /** From waiting to refused. */
  unreadable(delivery: Stored, why: { readonly code: string; readonly detail: string }): void;
  reran(id: string, delivery: string): void;
  list(sender: Sender, status: Fate, limit: number): readonly Listed[];
  find(org: string, id: string): Stored | undefined;
  known(sender: Sender, key: string): KnownMessage | undefined;
  remember(sender: Sender, key: string, message: KnownMessage): void;
  heard(sender: Sender): number | undefined;
  hear(all: readonly (Sender & { readonly at: number })[]): void;
  /** Forgets what is older than these, in milliseconds since the epoch. */
  prune(before: { readonly messages: number; readonly coalesced: number }): void;
}

/** Of one sender, and of one organisation. */
const REFUSED_MOST = 200;
const REFUSED_BYTES = 20 * 1024 * 1024;
const COALESCED_BYTES = 50 * 1024 * 1024;
const MESSAGES_MOST = 200_000;

const TABLES = `
CREATE TABLE IF NOT EXISTS intake (
  no INTEGER PRIMARY KEY,
  org TEXT NOT NULL, integration TEXT NOT NULL, id TEXT NOT NULL, received_at TEXT NOT NULL, status TEXT NOT NULL,
  code TEXT, detail TEXT, sha256 TEXT NOT NULL, via TEXT NOT NULL, headers TEXT NOT NULL, delivery TEXT, bytes BLOB NOT NULL,
  UNIQUE (org, id)
) STRICT;
CREATE INDEX IF NOT EXISTS intake_waiting ON intake (org, integration, no) WHERE status = 'waiting';
CREATE INDEX IF NOT EXISTS intake_sender ON intake (org, integration, status, no);
CREATE TABLE IF NOT EXISTS intake_message (
  org TEXT NOT NULL, integration TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL, delivery TEXT NOT NULL, sha256 TEXT NOT NULL,
  PRIMARY KEY (org, integration, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS intake_message_at ON intake_message (at);
CREATE TABLE IF NOT EXISTS intake_heard (
  org TEXT NOT NULL, integration TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (org, integration)
) STRICT, WITHOUT ROWID;
`;

const ROW = 'org, integration, id, received_at AS receivedAt, sha256, headers, bytes AS body, via';

type RawStored = Omit<Stored, 'headers'> & { readonly headers: string };
const stored = (row: RawStored): Stored => ({ ...row, headers: JSON.parse(row.headers) as Record<string, string> });

/** `transaction` is the writer's: on the ledger's connection there is one at a time. */
export function openIntakeStore(db: Database, transaction: <T>(work: () => T) => T): IntakeStore {
  db.exec(TABLES);
  const insert = db.prepare<
    [string, string, string, string, Fate, string | null, string | null, string, string, string, Uint8Array]
  >(
    `INSERT INTO intake (org, integration, id, received_at, status, code, detail, sha256, via, headers, bytes)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const waiting = db.prepare<[string, string, number], RawStored>(
    `SELECT ${ROW} FROM intake WHERE org = ? AND integration = ? AND status = 'waiting' ORDER BY no LIMIT ?`,
  );
  const waitingSenders = db.prepare<[], Sender>(
    `SELECT DISTINCT org, integration FROM intake WHERE status = 'waiting'`,
  );
  const waitingCount = db
    .prepare<[string, string], number>(
      `SELECT count(*) FROM intake WHERE org = ? AND integration = ? AND status = 'waiting'`,
    )
    .pluck();
  const gone = db.prepare<[string]>(`DELETE FROM intake WHERE id = ? AND status = 'waiting'`);
  const merged = db.prepare<[string, string]>(
    `UPDATE intake SET status = 'coalesced', delivery = ? WHERE id = ? AND status = 'waiting'`,
  );
  const unread = db.prepare<[string, string, string]>(
    `UPDATE intake SET status = 'refused', code = ?, detail = ? WHERE id = ? AND status = 'waiting'`,
  );
  const reran = db.prepare<[string, string]>(`UPDATE intake SET status = 'rerun', delivery = ? WHERE id = ?`);
  const list = db.prepare<[string, string, string, number], Omit<Listed, 'contentType'> & { readonly headers: string }>(
    `SELECT id, received_at AS receivedAt, status, code, detail, sha256, length(bytes) AS bytes, headers, delivery
     FROM intake WHERE org = ? AND integration = ? AND status = ? ORDER BY no DESC LIMIT ?`,
  );
  const find = db.prepare<[string, string], RawStored>(`SELECT ${ROW} FROM intake WHERE org = ? AND id = ?`);
  const known = db.prepare<[string, string, string], KnownMessage>(
    'SELECT delivery, sha256, at FROM intake_message WHERE org = ? AND integration = ? AND key = ?',
  );
  const remember = db.prepare<[string, string, string, number, string, string]>(
    `INSERT INTO intake_message VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET at = excluded.at, delivery = excluded.delivery, sha256 = excluded.sha256`,
  );
  const heard = db
    .prepare<[string, string], number>('SELECT at FROM intake_heard WHERE org = ? AND integration = ?')
    .pluck();
  const hear = db.prepare<[string, string, number]>(
    'INSERT INTO intake_heard VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET at = max(at, excluded.at)',
  );
  const many = db.prepare<[string, string, number]>(
    `DELETE FROM intake WHERE no IN (
       SELECT no FROM intake WHERE org = ? AND integration = ? AND status IN ('refused', 'rerun') ORDER BY no DESC LIMIT -1 OFFSET ?)`,
  );
  /** Of an organisation, the newest that fit stay. */
  const fitting = (statuses: string) =>
    db.prepare<[string, number]>(
      `DELETE FROM intake WHERE no IN (SELECT no FROM (
         SELECT no, sum(length(bytes) + 500) OVER (ORDER BY no DESC) AS total FROM intake
         WHERE org = ? AND status IN (${statuses})) WHERE total > ?)`,
    );
  const refusedBytes = fitting(`'refused', 'rerun'`);
  const coalescedBytes = fitting(`'coalesced'`);
  const oldMessages = db.prepare<[number]>('DELETE FROM intake_message WHERE at < ?');
  const manyMessages = db.prepare<[number]>(
    `DELETE FROM intake_message WHERE at < (SELECT at FROM intake_message ORDER BY at DESC LIMIT 1 OFFSET ?)`,
  );
  const oldCoalesced = db.prepare<[string]>(`DELETE FROM intake WHERE status = 'coalesced' AND received_at < ?`);
  const orgs = db.prepare<[], string>('SELECT DISTINCT org FROM intake').pluck();

  const put = (
    { org, integration, id, receivedAt, sha256, via, headers, body }: Stored,
    status: Fate,
    why?: { readonly code: string; readonly detail: string },
  ) =>
    insert.run(
      ...([org, integration, id, receivedAt, status, why?.code ?? null, why?.detail ?? null] as const),
      ...([sha256, via, JSON.stringify(headers), body] as const),
    );

  const bound = ({ org, integration }: Sender) => {
    many.run(org, integration, REFUSED_MOST);
    refusedBytes.run(org, REFUSED_BYTES);
  };

  /** What a power failure may take: nobody was promised it. */
  function unsynced(work: () => void): void {
    db.pragma('synchronous = NORMAL');
    try {
      transaction(work);
    } finally {
      db.pragma('synchronous = FULL');
    }
  }

  return {
    wait: (all) =>
      transaction(() => {
        for (const { delivery, key, at } of all) {
          put(delivery, 'waiting');
          const { org, integration, id, sha256 } = delivery;
          if (key !== null) remember.run(org, integration, key, at, id, sha256);
        }
      }),
    waitingSenders: () => waitingSenders.all(),
    waiting({ org, integration }, limit, bytes) {
      const found: Stored[] = [];
      let total = 0;
      for (const row of waiting.iterate(org, integration, limit)) {
        total += row.body.length;
        if (found.length && total > bytes) break;
        found.push(stored(row));
      }
      return found;
    },
    waitingCount: ({ org, integration }) => waitingCount.get(org, integration) ?? 0,
    settle: (done) =>
      transaction(() => {
        for (const { id, delivery } of done) {
          if (delivery === null) gone.run(id);
          else merged.run(delivery, id);
        }
      }),
    refuse: (delivery, why) =>
      transaction(() => {
        put(delivery, 'refused', why);
        bound(delivery);
      }),
    unreadable: (delivery, { code, detail }) =>
      transaction(() => {
        unread.run(code, detail, delivery.id);
        bound(delivery);
      }),
    reran: (id, delivery) => transaction(() => void reran.run(delivery, id)),
    list: ({ org, integration }, status, limit) =>
      list.all(org, integration, status, limit).map(({ headers, ...row }) => ({
        ...row,
        contentType: (JSON.parse(headers) as Record<string, string>)['content-type'] ?? null,
      })),
    find(org, id) {
      const row = find.get(org, id);
      return row && stored(row);
    },
    known: ({ org, integration }, key) => known.get(org, integration, key),
    remember: ({ org, integration }, key, { at, delivery, sha256 }) =>
      transaction(() => void remember.run(org, integration, key, at, delivery, sha256)),
    heard: ({ org, integration }) => heard.get(org, integration),
    hear: (all) =>
      unsynced(() => {
        for (const { org, integration, at } of all) hear.run(org, integration, at);
      }),
    prune: ({ messages, coalesced }) =>
      unsynced(() => {
        oldMessages.run(messages);
        manyMessages.run(MESSAGES_MOST);
        oldCoalesced.run(new Date(coalesced).toISOString());
        for (const org of orgs.all()) coalescedBytes.run(org, COALESCED_BYTES);
      }),
  };
}
