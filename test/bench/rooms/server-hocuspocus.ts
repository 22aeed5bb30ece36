/** Hocuspocus in a process of its own, storing whole documents in SQLite (FULL) after its usual debounce. */
import { join } from 'node:path';
import { Server } from '@hocuspocus/server';
import SqliteDatabase from 'better-sqlite3';
import * as Y from 'yjs';

const db = new SqliteDatabase(join(process.argv[2]!, 'hocuspocus.sqlite'));
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec('CREATE TABLE IF NOT EXISTS documents (name TEXT PRIMARY KEY, state BLOB)');
const put = db.prepare<[string, Uint8Array]>('INSERT OR REPLACE INTO documents VALUES (?, ?)');
const get = db.prepare<[string], Uint8Array>('SELECT state FROM documents WHERE name = ?').pluck();

const server = new Server({
  port: 0,
  address: '127.0.0.1',
  quiet: true,
  async onLoadDocument({ documentName, document }) {
    const state = get.get(documentName);
    if (state) Y.applyUpdate(document, state);
  },
  async onStoreDocument({ documentName, document }) {
    put.run(documentName, Y.encodeStateAsUpdate(document));
  },
});
await server.listen();
console.log(JSON.stringify({ url: `ws://127.0.0.1:${server.address.port}` }));
