/** Followers' places, kept in the ledger's file. Not synced to disk: after a power failure a follower hears a little again (L4). */
import type { Database } from 'better-sqlite3';
import type { Cursors } from '../followers/cursors.ts';

export type { Cursors } from '../followers/cursors.ts';

export function createCursors(db: Database): Cursors {
  const get = db.prepare<[string, string], number>('SELECT seq FROM follower WHERE name = ? AND org = ?').pluck();
  const set = db.prepare<[string, string, number]>(
    'INSERT INTO follower VALUES (?, ?, ?) ON CONFLICT (name, org) DO UPDATE SET seq = excluded.seq',
  );
  return {
    get: (name, org) => get.get(name, org) ?? 0,
    set(name, org, seq) {
      db.pragma('synchronous = NORMAL');
      try {
        set.run(name, org, seq);
      } finally {
        db.pragma('synchronous = FULL');
      }
    },
  };
}
