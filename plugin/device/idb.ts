/**
 * IndexedDB, as far as this plugin needs it: every write is on disk before it is answered, a connection that the system has closed is opened
 * again, and what cannot be opened is told and never waited for.
 */
import { storageWords } from '../words/index.ts';

export interface Database {
  all<T>(store: string): Promise<readonly T[]>;
  get<T>(store: string, key: string): Promise<T | undefined>;
  keys(store: string): Promise<readonly string[]>;
  /** All of it or nothing; what `remove` names goes before what `put` brings. */
  write(store: string, put: readonly unknown[], remove?: readonly string[] | 'all'): Promise<void>;
  close(): void;
}

/** `stores`: name → the member that is the key. Their set never changes under one name. */
export function openDatabase(factory: IDBFactory, name: string, stores: Readonly<Record<string, string>>): Database {
  let connection: Promise<IDBDatabase> | undefined;
  let isClosed = false;

  const connect = (): Promise<IDBDatabase> =>
    new Promise((resolve, reject) => {
      const request = factory.open(name, 1);
      request.onupgradeneeded = () => {
        for (const [store, keyPath] of Object.entries(stores)) request.result.createObjectStore(store, { keyPath });
      };
      request.onblocked = () => reject(new Error(storageWords.held));
      request.onerror = () => reject(problem(request.error));
      request.onsuccess = () => {
        const db = request.result;
        const forget = (): void => {
          connection = undefined;
          db.close();
        };
        // A phone closes it while the app sleeps; another version of us asks for it.
        db.onclose = forget;
        db.onversionchange = forget;
        resolve(db);
      };
    });

  function opened(): Promise<IDBDatabase> {
    if (isClosed) return Promise.reject(new Error(storageWords.closed));
    connection ??= connect().catch((error: unknown) => {
      connection = undefined;
      throw error;
    });
    return connection;
  }

  async function run<T>(
    store: string,
    mode: IDBTransactionMode,
    work: (objects: IDBObjectStore) => IDBRequest<T> | undefined,
    isSecondTry = false,
  ): Promise<T | undefined> {
    const db = await opened();
    let transaction: IDBTransaction;
    try {
      transaction = db.transaction(store, mode, { durability: 'strict' });
    } catch (error) {
      // The connection was lost without a word.
      connection = undefined;
      db.close();
      if (isSecondTry) throw problem(error);
      return run(store, mode, work, true);
    }
    return new Promise((resolve, reject) => {
      let request: IDBRequest<T> | undefined;
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = () => reject(problem(transaction.error));
      transaction.onerror = () => reject(problem(transaction.error));
      try {
        request = work(transaction.objectStore(store));
      } catch (error) {
        transaction.abort();
        reject(problem(error));
      }
    });
  }

  return {
    all: async <T>(store: string) => (await run<T[]>(store, 'readonly', (objects) => objects.getAll())) ?? [],
    get: <T>(store: string, key: string) => run<T>(store, 'readonly', (objects) => objects.get(key)),
    keys: async (store) => ((await run(store, 'readonly', (objects) => objects.getAllKeys())) ?? []) as string[],
    async write(store, put, remove = []) {
      await run(store, 'readwrite', (objects) => {
        if (remove === 'all') objects.clear();
        else for (const key of remove) objects.delete(key);
        for (const value of put) objects.put(value);
        return undefined;
      });
    },
    close() {
      isClosed = true;
      void connection?.then(
        (db) => db.close(),
        () => undefined,
      );
    },
  };
}

function problem(error: unknown): Error {
  const { name = '', message = '' } = (error ?? {}) as { readonly name?: string; readonly message?: string };
  return new Error(name === 'QuotaExceededError' ? storageWords.full : message || name || storageWords.interrupted);
}
