/** The yardstick: plain better-sqlite3, one insert of 400 bytes a transaction, WAL and synchronous=FULL; and what one fsync costs. */
import { randomBytes } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { median } from './row.ts';

export interface PlainInserts {
  /** Inserts a second over so many milliseconds. */
  run(milliseconds: number): number;
  close(): void;
}

export function plainInserts(folder: string): PlainInserts {
  const db = new SqliteDatabase(join(folder, 'plain.sqlite'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE item (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)');
  const insert = db.prepare('INSERT INTO item (bytes) VALUES (?)');
  const bytes = randomBytes(400);
  return {
    run(milliseconds) {
      const start = performance.now();
      let count = 0;
      for (; performance.now() - start < milliseconds; count++) insert.run(bytes);
      return (count * 1000) / (performance.now() - start);
    },
    close: () => db.close(),
  };
}

/** Microseconds of one fdatasync after 4 KB were written over old ones; the median of 200. */
export function syncCost(folder: string): number {
  const handle = openSync(join(folder, 'sync.bin'), 'w');
  const page = randomBytes(4096);
  const costs: number[] = [];
  for (let i = 0; i < 200; i++) {
    writeSync(handle, page, 0, page.length, (i % 16) * page.length);
    const start = performance.now();
    fdatasyncSync(handle);
    costs.push((performance.now() - start) * 1000);
  }
  closeSync(handle);
  return median(costs);
}
