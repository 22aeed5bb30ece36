/**
 * One vault's disk: bytes by path in memory, and the same in IndexedDB, so that a reload is a restart.
 * A write that has answered survives the death of the page; writes of the same moment share one transaction.
 */

export interface Entry {
  /** null for a folder. */
  readonly bytes: Uint8Array | null;
  readonly ctime: number;
  readonly mtime: number;
}

export class Disk {
  readonly entries = new Map<string, Entry>();
  readonly db: IDBDatabase;
  private dirty = new Set<string>();
  private flushing: Promise<void> | null = null;

  private constructor(db: IDBDatabase) {
    this.db = db;
  }

  static async open(vault: string): Promise<Disk> {
    const request = indexedDB.open(`disk of ${vault}`, 1);
    request.onupgradeneeded = () => request.result.createObjectStore('entries');
    const disk = new Disk(await answered(request));
    const store = disk.db.transaction('entries').objectStore('entries');
    const [paths, entries] = await Promise.all([answered(store.getAllKeys()), answered(store.getAll())]);
    paths.forEach((path, at) => disk.entries.set(path as string, entries[at] as Entry));
    return disk;
  }

  has(path: string): boolean {
    return path === '' || path === '/' || this.entries.has(path);
  }

  isFolder(path: string): boolean {
    return path === '' || path === '/' || this.entries.get(path)?.bytes === null;
  }

  file(path: string): (Entry & { readonly bytes: Uint8Array }) | null {
    const entry = this.entries.get(path);
    return entry && entry.bytes !== null ? { ...entry, bytes: entry.bytes } : null;
  }

  /** Direct children of a folder. */
  list(folder: string): string[] {
    const prefix = folder === '' ? '' : `${folder}/`;
    return [...this.entries.keys()]
      .filter((path) => path.startsWith(prefix) && path !== folder && !path.slice(prefix.length).includes('/'))
      .sort();
  }

  under(folder: string): string[] {
    return [...this.entries.keys()].filter((path) => path.startsWith(`${folder}/`)).sort();
  }

  put(path: string, bytes: Uint8Array | null, times: { ctime?: number; mtime?: number } = {}): Promise<void> {
    const now = Date.now();
    const ctime = times.ctime ?? this.entries.get(path)?.ctime ?? now;
    this.entries.set(path, { bytes, ctime, mtime: times.mtime ?? now });
    return this.flush(path);
  }

  /** A folder and those above it. */
  makeFolder(path: string): Promise<void> {
    const parts = path.split('/').filter(Boolean);
    const made = parts.map((_, at) => parts.slice(0, at + 1).join('/')).filter((folder) => !this.entries.has(folder));
    return Promise.all(made.map((folder) => this.put(folder, null))).then(() => undefined);
  }

  delete(path: string): Promise<void> {
    const gone = [path, ...this.under(path)];
    for (const one of gone) this.entries.delete(one);
    return Promise.all(gone.map((one) => this.flush(one))).then(() => undefined);
  }

  rename(from: string, to: string): Promise<void> {
    const moved = [from, ...this.under(from)];
    for (const path of moved) {
      const entry = this.entries.get(path);
      if (entry) this.entries.set(to + path.slice(from.length), entry);
      this.entries.delete(path);
    }
    const touched = moved.flatMap((path) => [path, to + path.slice(from.length)]);
    return Promise.all(touched.map((path) => this.flush(path))).then(() => undefined);
  }

  private flush(path: string): Promise<void> {
    this.dirty.add(path);
    this.flushing ??= Promise.resolve().then(() => this.commit());
    return this.flushing;
  }

  private commit(): Promise<void> {
    this.flushing = null;
    const paths = this.dirty;
    this.dirty = new Set();
    return new Promise((resolve, reject) => {
      const transaction = this.db.transaction('entries', 'readwrite', { durability: 'relaxed' });
      transaction.oncomplete = () => resolve();
      transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Error('disk write aborted'));
      const store = transaction.objectStore('entries');
      for (const path of paths) {
        const entry = this.entries.get(path);
        if (entry) store.put(entry, path);
        else store.delete(path);
      }
      transaction.commit();
    });
  }
}

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed'));
  });
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: false });

export const toBytes = (text: string): Uint8Array => encoder.encode(text);
/** As Obsidian reads: a byte order mark goes, line ends stay as they are. */
export const toText = (bytes: Uint8Array): string => decoder.decode(bytes);
