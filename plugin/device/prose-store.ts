/**
 * What was agreed about shared notes, in IndexedDB: one database per vault, strict durability, opened again when the system has closed
 * it. A record that is not one is left out: its note is compared with the server anew.
 */
import type { Memory } from '../notes/ports.ts';
import type { Kept, ProseStore, Writers } from '../prose/ports.ts';
import { vaultId } from './memory.ts';
import { storageWords } from '../words/index.ts';

const STORE = 'texts';

export function proseStore(memory: Memory): ProseStore {
  let opening: Promise<IDBDatabase> | undefined;

  function database(): Promise<IDBDatabase> {
    opening ??= opened(`operary-prose-${vaultId(memory)}`);
    const mine = opening;
    const forget = (): void => {
      if (opening === mine) opening = undefined;
    };
    return mine.then(
      (db) => {
        db.onclose = forget;
        db.onversionchange = () => {
          db.close();
          forget();
        };
        return db;
      },
      (error: unknown) => {
        forget();
        throw error;
      },
    );
  }

  async function begin(mode: IDBTransactionMode): Promise<IDBTransaction> {
    try {
      return (await database()).transaction(STORE, mode, { durability: 'strict' });
    } catch {
      // Phones close databases of apps that sleep, and say so only to who asks.
      opening = undefined;
      return (await database()).transaction(STORE, mode, { durability: 'strict' });
    }
  }

  return {
    async load() {
      const transaction = await begin('readonly');
      const asked = transaction.objectStore(STORE).getAll();
      await ended(transaction);
      return (asked.result as unknown[]).filter(isKept);
    },
    async put(kept) {
      const transaction = await begin('readwrite');
      transaction.objectStore(STORE).put(kept);
      await ended(transaction);
    },
  };
}

function opened(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(name, 1);
    asked.onupgradeneeded = () => void asked.result.createObjectStore(STORE, { keyPath: 'entity' });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error(storageWords.cannotOpen));
    asked.onblocked = () => reject(new Error(storageWords.inUse));
  });
}

function ended(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(transaction.error ?? new Error(storageWords.broken));
    transaction.oncomplete = () => resolve();
    transaction.onabort = fail;
    transaction.onerror = fail;
  });
}

function isKept(value: unknown): value is Kept {
  const { entity, room, base, stored, state, isUnsent, earlier, writers } = (value ?? {}) as Partial<
    Record<keyof Kept, unknown>
  >;
  const isText = (one: unknown): boolean => one === null || typeof one === 'string';
  return (
    typeof entity === 'string' &&
    [room, base, stored].every(isText) &&
    (state === null || state instanceof Uint8Array) &&
    typeof isUnsent === 'boolean' &&
    Array.isArray(earlier) &&
    earlier.every((one) => typeof one === 'string') &&
    (writers === undefined || areWriters(writers))
  );
}

function areWriters(value: unknown): value is Writers {
  const { copy, turns, note, left } = (value ?? {}) as Partial<Record<keyof Writers, unknown>>;
  const every = (all: unknown, is: (one: Partial<Record<string, unknown>>) => boolean): boolean =>
    Array.isArray(all) && all.every((one) => typeof one === 'object' && one !== null && is(one as object));
  return (
    [copy, note ?? ''].every((one) => typeof one === 'string') &&
    every(
      turns,
      ({ by, text, state }) => typeof by === 'string' && typeof text === 'string' && state instanceof Uint8Array,
    ) &&
    every(left, ({ by, base, local }) => [by, base ?? '', local].every((one) => typeof one === 'string'))
  );
}
