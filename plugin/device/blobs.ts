/** Files that wait for the server, in an IndexedDB of this vault: written through to the disk before `put` answers, so that a closed app has them. */
import { StoreFull, type Blobs, type KeptFile } from '../evidence/ports.ts';
import { storageWords } from '../words/index.ts';

const VERSION = 1;
const FILES = 'files';
/** Apart from what is known of them: the list is read at every start, the bytes are not. */
const BYTES = 'bytes';

export function openBlobs(factory: IDBFactory, name: string): Blobs & { close(): void } {
  let opened: Promise<IDBDatabase> | undefined;

  function open(): Promise<IDBDatabase> {
    opened ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = factory.open(name, VERSION);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(FILES, { keyPath: 'sha256' });
        request.result.createObjectStore(BYTES);
      };
      request.onerror = () => reject(reasonOf(request.error));
      request.onblocked = () => reject(new Error(storageWords.olderOpen));
      request.onsuccess = () => {
        const database = request.result;
        // Another window wants to change the store, or the system has taken it away: it is opened again when it is needed.
        database.onversionchange = () => database.close();
        database.onclose = () => (opened = undefined);
        resolve(database);
      };
    }).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  }

  async function transaction<T>(mode: IDBTransactionMode, work: (stores: IDBTransaction) => IDBRequest<T>): Promise<T> {
    const stores = await begin(mode);
    return new Promise((resolve, reject) => {
      const request = asked(stores, work);
      stores.onabort = () => reject(reasonOf(stores.error ?? request.error));
      // Only a completed transaction is on the disk; a request that succeeded may still be taken back.
      stores.oncomplete = () => resolve(request.result);
    });
  }

  async function begin(mode: IDBTransactionMode): Promise<IDBTransaction> {
    const start = async () => (await open()).transaction([FILES, BYTES], mode, { durability: 'strict' });
    return start().catch((error: unknown) => {
      if ((error as { readonly name?: string }).name !== 'InvalidStateError') throw reasonOf(error);
      // It was closed behind our back.
      opened = undefined;
      return start();
    });
  }

  return {
    all: () => transaction('readonly', (stores) => stores.objectStore(FILES).getAll() as IDBRequest<KeptFile[]>),
    async put(file, bytes) {
      await transaction('readwrite', (stores) => {
        stores.objectStore(BYTES).put(bytes.slice().buffer, file.sha256);
        return stores.objectStore(FILES).put(file);
      });
    },
    async note(file) {
      await transaction('readwrite', (stores) => stores.objectStore(FILES).put(file));
    },
    async bytes(sha256) {
      const found = await transaction(
        'readonly',
        (stores) => stores.objectStore(BYTES).get(sha256) as IDBRequest<ArrayBuffer | undefined>,
      );
      return found && new Uint8Array(found);
    },
    async drop(sha256) {
      await transaction('readwrite', (stores) => {
        stores.objectStore(BYTES).delete(sha256);
        return stores.objectStore(FILES).delete(sha256);
      });
    },
    close() {
      void opened?.then((database) => database.close());
      opened = undefined;
    },
  };
}

/** A request that cannot even be made takes back what the others of its transaction have asked. */
function asked<T>(stores: IDBTransaction, work: (stores: IDBTransaction) => IDBRequest<T>): IDBRequest<T> {
  try {
    return work(stores);
  } catch (error) {
    if (!stores.error) stores.abort();
    throw reasonOf(error);
  }
}

function reasonOf(error: unknown): Error {
  const { name, message } = (error ?? {}) as { readonly name?: string; readonly message?: string };
  if (name === 'QuotaExceededError') return new StoreFull();
  return new Error(message || name || storageWords.failed, { cause: error });
}
