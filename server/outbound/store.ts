/**
 * What leaves, and how far it has got: lanes in which things go out one after another, what waits in them, what became of it. Beside the ink, in
 * the ledger's file, and not synced to disk: after a power failure the file is as it was a moment before, so that something goes out twice, and
 * nothing is forgotten.
 */
import type { Database } from 'better-sqlite3';

/** Things of one lane go out in order, one at a time. */
export interface Lane {
  readonly org: string;
  readonly lane: string;
  /** Position of the last event that is through. */
  readonly at: number;
  /** Position of the last order to this lane that was heeded. */
  readonly heeded: number;
  readonly failures: number;
  /** Milliseconds since the epoch; not before. */
  readonly notBefore: number;
}

export interface Item {
  readonly org: string;
  readonly lane: string;
  readonly id: string;
  /** Position of the event that it follows from: the order of the lane. */
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly due: number;
  readonly data: unknown;
}

export interface Attempt {
  readonly at: string;
  readonly event: string;
  readonly seq: number;
  readonly type: string;
  readonly outcome: 'sent' | 'failed';
  /** Of the answer; null when there was none. */
  readonly status: number | null;
  readonly ms: number;
  /** First words of the answer, or why there was none. */
  readonly said: string;
}

export interface OutboundStore {
  lane(org: string, lane: string): Lane | undefined;
  keepLane(lane: Lane): void;
  /** What is there already, sent or not, stays as it is. */
  put(item: Item): void;
  /** What waits in a lane, in its order. */
  waiting(org: string, lane: string, limit: number): readonly Item[];
  /** Lanes with something that waits and is due. */
  ready(now: number): readonly { readonly org: string; readonly lane: string }[];
  /** Remembered for a week, so that an event that is heard again rings nobody again. */
  done(items: readonly Item[], now: number): void;
  /** Gone as if it had never been. */
  forget(item: Item): void;
  note(org: string, lane: string, attempt: Attempt): void;
  /** Newest first. */
  attempts(org: string, lane: string, limit: number): readonly Attempt[];
}

const TABLES = `
CREATE TABLE IF NOT EXISTS outbound_lane (
  org TEXT NOT NULL, lane TEXT NOT NULL, at INTEGER NOT NULL, heeded INTEGER NOT NULL, failures INTEGER NOT NULL, not_before INTEGER NOT NULL,
  PRIMARY KEY (org, lane)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbound_item (
  org TEXT NOT NULL, lane TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, due INTEGER NOT NULL, data TEXT NOT NULL, done INTEGER,
  PRIMARY KEY (org, lane, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS outbound_item_waiting ON outbound_item (due) WHERE done IS NULL;
CREATE INDEX IF NOT EXISTS outbound_item_done ON outbound_item (done) WHERE done IS NOT NULL;
CREATE TABLE IF NOT EXISTS outbound_attempt (
  no INTEGER PRIMARY KEY AUTOINCREMENT, org TEXT NOT NULL, lane TEXT NOT NULL,
  at TEXT NOT NULL, event TEXT NOT NULL, seq INTEGER NOT NULL, type TEXT NOT NULL, outcome TEXT NOT NULL, status INTEGER, ms INTEGER NOT NULL,
  said TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS outbound_attempt_lane ON outbound_attempt (org, lane, no);
`;

/** Attempts that are remembered of each lane. */
const MOST_ATTEMPTS = 200;
const WEEK_MS = 7 * 24 * 60 * 60_000;

export function openOutboundStore(db: Database): OutboundStore {
  db.exec(TABLES);
  const lane = db.prepare<[string, string], Lane>(
    'SELECT org, lane, at, heeded, failures, not_before AS notBefore FROM outbound_lane WHERE org = ? AND lane = ?',
  );
  const keepLane = db.prepare<[Lane]>(
    `INSERT INTO outbound_lane VALUES (@org, @lane, @at, @heeded, @failures, @notBefore)
     ON CONFLICT DO UPDATE SET at = @at, heeded = @heeded, failures = @failures, not_before = @notBefore`,
  );
  const put = db.prepare<[string, string, string, number, number, string]>(
    'INSERT INTO outbound_item VALUES (?, ?, ?, ?, ?, ?, NULL) ON CONFLICT DO NOTHING',
  );
  const waiting = db.prepare<[string, string, number], Omit<Item, 'data'> & { readonly data: string }>(
    `SELECT org, lane, id, seq, due, data FROM outbound_item
     WHERE org = ? AND lane = ? AND done IS NULL ORDER BY seq, id LIMIT ?`,
  );
  const ready = db.prepare<[number, number], { readonly org: string; readonly lane: string }>(
    `SELECT DISTINCT i.org, i.lane FROM outbound_item i LEFT JOIN outbound_lane l ON l.org = i.org AND l.lane = i.lane
     WHERE i.done IS NULL AND i.due <= ? AND ifnull(l.not_before, 0) <= ?`,
  );
  const done = db.prepare<[number, string, string, string]>(
    `UPDATE outbound_item SET done = ?, data = 'null' WHERE org = ? AND lane = ? AND id = ?`,
  );
  const tidy = db.prepare<[number]>('DELETE FROM outbound_item WHERE done IS NOT NULL AND done < ?');
  const forget = db.prepare<[string, string, string]>(
    'DELETE FROM outbound_item WHERE org = ? AND lane = ? AND id = ?',
  );
  const note = db.prepare<[Attempt & { readonly org: string; readonly lane: string }]>(
    `INSERT INTO outbound_attempt (org, lane, at, event, seq, type, outcome, status, ms, said)
     VALUES (@org, @lane, @at, @event, @seq, @type, @outcome, @status, @ms, @said)`,
  );
  const bound = db.prepare<[string, string, string, string, number]>(
    `DELETE FROM outbound_attempt WHERE org = ? AND lane = ? AND no <= (
       SELECT no FROM outbound_attempt WHERE org = ? AND lane = ? ORDER BY no DESC LIMIT 1 OFFSET ?)`,
  );
  const attempts = db.prepare<[string, string, number], Attempt>(
    `SELECT at, event, seq, type, outcome, status, ms, said FROM outbound_attempt
     WHERE org = ? AND lane = ? ORDER BY no DESC LIMIT ?`,
  );
  /** Without waiting for the disk. */
  const lightly = (work: () => void): void => {
    db.pragma('synchronous = NORMAL');
    try {
      work();
    } finally {
      db.pragma('synchronous = FULL');
    }
  };

  return {
    lane: (org, name) => lane.get(org, name),
    keepLane: (row) => lightly(() => keepLane.run(row)),
    put: ({ org, lane: name, id, seq, due, data }) =>
      lightly(() => put.run(org, name, id, seq, due, JSON.stringify(data))),
    waiting: (org, name, limit) =>
      waiting.all(org, name, limit).map(({ data, ...item }) => ({ ...item, data: JSON.parse(data) as unknown })),
    ready: (now) => ready.all(now, now),
    done: (items, now) =>
      lightly(() => {
        for (const { org, lane: name, id } of items) done.run(now, org, name, id);
        tidy.run(now - WEEK_MS);
      }),
    forget: ({ org, lane: name, id }) => lightly(() => forget.run(org, name, id)),
    note: (org, name, attempt) =>
      lightly(() => {
        note.run({ org, lane: name, ...attempt });
        bound.run(org, name, org, name, MOST_ATTEMPTS);
      }),
    attempts: (org, name, limit) => attempts.all(org, name, limit),
  };
}
