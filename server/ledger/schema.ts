/**
 * The tables of the ledger's file. Ink (event, node, checkpoint, command, attestation) is guarded by triggers (L2); rows, links and the
 * events' areas follow from the events and the register, and are made anew whenever the register changes (L3).
 * A command that was accepted needs no row of its own: its entries name it, and its answer follows from them.
 */
import { tablesOf, type Register } from '../../shared/kernel/register.ts';

/** Kept in `PRAGMA user_version`; a file with a higher one was written by a newer program. */
export const FORMAT = 1;

/** Beside the ink, in any file that this program opens: what devices signed and sent (ink too), and when they last spoke (not recorded). */
export const DEVICES = `
CREATE TABLE IF NOT EXISTS signed (
  org INTEGER NOT NULL, seq INTEGER NOT NULL, text TEXT NOT NULL, signature TEXT NOT NULL,
  PRIMARY KEY (org, seq)
) STRICT;

CREATE TABLE IF NOT EXISTS receipt (
  org INTEGER NOT NULL, device TEXT NOT NULL, device_seq INTEGER NOT NULL, n INTEGER NOT NULL, command TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (org, device, device_seq, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS contact (
  org INTEGER NOT NULL, device TEXT NOT NULL, user TEXT, at TEXT, last_device_seq INTEGER NOT NULL, outbox_depth INTEGER NOT NULL,
  PRIMARY KEY (org, device)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER IF NOT EXISTS receipt_never_changes BEFORE UPDATE ON receipt
BEGIN SELECT RAISE(ABORT, 'L2: what is recorded in receipt never changes.'); END;
CREATE TRIGGER IF NOT EXISTS receipt_never_disappears BEFORE DELETE ON receipt
BEGIN SELECT RAISE(ABORT, 'L2: what is recorded in receipt never disappears.'); END;
`;

export const INK = `
CREATE TABLE org (no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE event (
  org INTEGER NOT NULL, seq INTEGER NOT NULL,
  type TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, shift TEXT, command TEXT, area TEXT,
  leaf BLOB NOT NULL,
  PRIMARY KEY (org, seq)
) STRICT;
CREATE INDEX event_subject ON event (org, subject, seq);
CREATE INDEX event_shift ON event (org, shift, seq) WHERE shift IS NOT NULL;
CREATE INDEX event_command ON event (org, command) WHERE command IS NOT NULL;

CREATE TABLE disclosure (
  org INTEGER NOT NULL, seq INTEGER NOT NULL, fields TEXT NOT NULL,
  PRIMARY KEY (org, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE command (
  org INTEGER NOT NULL, id TEXT NOT NULL, sha256 TEXT NOT NULL, outcome TEXT NOT NULL,
  PRIMARY KEY (org, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE node (
  org INTEGER NOT NULL, size INTEGER NOT NULL, hashes BLOB NOT NULL,
  PRIMARY KEY (org, size)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoint (
  org INTEGER NOT NULL, size INTEGER NOT NULL, note TEXT NOT NULL,
  PRIMARY KEY (org, size)
) STRICT, WITHOUT ROWID;

CREATE TABLE attestation (
  org INTEGER NOT NULL, seq INTEGER NOT NULL, n INTEGER NOT NULL, namespace TEXT NOT NULL, text TEXT NOT NULL, signature TEXT NOT NULL,
  PRIMARY KEY (org, seq, n), FOREIGN KEY (org, seq) REFERENCES event
) STRICT;

CREATE TABLE file (
  org INTEGER NOT NULL REFERENCES org, sha256 TEXT NOT NULL, bytes BLOB NOT NULL,
  PRIMARY KEY (org, sha256)
) STRICT;

CREATE TABLE follower (
  name TEXT NOT NULL, org TEXT NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (name, org)
) STRICT, WITHOUT ROWID;

CREATE TABLE link (
  org INTEGER NOT NULL, seq INTEGER NOT NULL, n INTEGER NOT NULL,
  from_kind TEXT NOT NULL, from_id TEXT NOT NULL, rel TEXT NOT NULL, to_kind TEXT NOT NULL, to_id TEXT NOT NULL,
  PRIMARY KEY (org, seq, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_from ON link (org, from_id);
CREATE INDEX link_to ON link (org, to_id);

CREATE TABLE rows_made_for (register TEXT NOT NULL) STRICT;
`;

/** The columns that never change; an event's area is not among them, it follows from the fold. */
const INK_COLUMNS: Readonly<Record<string, string>> = {
  event: 'org, seq, type, kind, subject, shift, command, leaf',
  node: 'org, size, hashes',
  checkpoint: 'org, size, note',
  command: 'org, id, sha256, outcome',
  attestation: 'org, seq, n, namespace, text, signature',
};

export const GUARDS = Object.entries(INK_COLUMNS)
  .map(
    ([table, columns]) =>
      `CREATE TRIGGER ${table}_never_changes BEFORE UPDATE OF ${columns} ON ${table}
BEGIN SELECT RAISE(ABORT, 'L2: what is recorded in ${table} never changes.'); END;
CREATE TRIGGER ${table}_never_disappears BEFORE DELETE ON ${table}
BEGIN SELECT RAISE(ABORT, 'L2: what is recorded in ${table} never disappears.'); END;
`,
  )
  .join('');

// Prefixed, so that no feature's words meet ours or SQL's.
export const tableName = (table: string): string => `"rows_${table}"`;
export const columnName = (column: string): string => `"c_${column}"`;
const indexName = (table: string, what: string): string => `"rows_${table}_${what}"`;

/** Long text that is searched in the middle: an index would only cost. */
const UNINDEXED = 'search';

/** One table for each of the register's; the value last, so that a scan of the columns need not read past it. */
export const rowTables = (register: Register): string[] =>
  tablesOf(register).flatMap(({ name, columns, main }) => [
    `CREATE TABLE ${tableName(name)} (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,${columns
    .map((column) => `\n  ${columnName(column)} ANY,`)
    .join('')}
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;`,
    `CREATE INDEX ${indexName(name, 'first')} ON ${tableName(name)} (org, first);`,
    ...(main
      ? [
          `CREATE UNIQUE INDEX ${indexName(name, 'number')} ON ${tableName(name)} (org, number) WHERE number IS NOT NULL;`,
        ]
      : []),
    ...columns
      .filter((column) => column !== UNINDEXED)
      .map(
        (column) =>
          `CREATE INDEX ${indexName(name, `c_${column}`)} ON ${tableName(name)} (org, ${columnName(column)}, first) WHERE ${columnName(column)} IS NOT NULL;`,
      ),
  ]);
