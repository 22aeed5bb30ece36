/** Evidence bundles in a database of this vault and its plant on this device. */
import type { BundleStore, KeptBundle } from '../audit/kept.ts';
import type { Memory } from '../notes/ports.ts';
import { openDatabase, type Database } from './idb.ts';
import { vaultId } from './memory.ts';

const STORE = 'bundles';

export function bundleStore(memory: Memory): BundleStore {
  const listKey = (): string => `bundles:${vaultId(memory)}`;
  async function within<T>(work: (db: Database) => Promise<T>): Promise<T> {
    // Opened for each look: another plant has a database of its own.
    const db = openDatabase(window.indexedDB, `operary-bundles-${vaultId(memory)}`, { [STORE]: 'id' });
    try {
      return await work(db);
    } finally {
      db.close();
    }
  }
  return {
    get: (id) => within((db) => db.get<KeptBundle>(STORE, id)),
    put: (bundle) => within((db) => db.write(STORE, [bundle])),
    ids: () => within((db) => db.keys(STORE)),
    remove: (ids) => within((db) => db.write(STORE, [], ids)),
    get list() {
      return memory.get(listKey());
    },
    set list(text) {
      memory.set(listKey(), text);
    },
  };
}
