/**
 * One vault's disk as the app sees it: bytes by path. The files themselves lie outside of the page, in `vault-disk.ts`, so that no death
 * of a page and no purge of its storage can touch them. A write that has answered is there; writes of the same moment travel together.
 */

export interface Entry {
  /** null for a folder. */
  readonly bytes: Uint8Array | null;
  readonly ctime: number;
  readonly mtime: number;
}

/** What crosses to Node and back: bytes as base64; without times the path is gone. */
export interface WireEntry {
  readonly path: string;
  readonly bytes: string | null;
  readonly times?: readonly [ctime: number, mtime: number];
}

export class Disk {
  readonly entries = new Map<string, Entry>();
  private readonly tell: (changes: readonly WireEntry[]) => void;
  private dirty = new Set<string>();
  private flushing: Promise<void> | null = null;

  constructor(found: readonly WireEntry[], tell: (changes: readonly WireEntry[]) => void) {
    this.tell = tell;
    this.take(found);
  }

  /** Another program, or another window on the same vault, has written. */
  take(changes: readonly WireEntry[]): void {
    for (const { path, bytes, times } of changes) {
      if (!times) this.entries.delete(path);
      else
        this.entries.set(path, {
          bytes: bytes === null ? null : fromBase64(bytes),
          ctime: times[0],
          mtime: times[1],
        });
    }
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

  /** The message has left the page when its task has ended: an answer in a later task is one that a crash cannot overtake. */
  private commit(): Promise<void> {
    this.flushing = null;
    const paths = [...this.dirty];
    this.dirty = new Set();
    this.tell(paths.map((path) => this.wire(path)));
    return nextTask();
  }

  private wire(path: string): WireEntry {
    const entry = this.entries.get(path);
    if (!entry) return { path, bytes: null };
    return { path, bytes: entry.bytes && toBase64(entry.bytes), times: [entry.ctime, entry.mtime] };
  }
}

const waiting: (() => void)[] = [];
const channel = new MessageChannel();
channel.port1.onmessage = () => waiting.shift()?.();
const nextTask = (): Promise<void> =>
  new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(null);
  });

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: false });

export const toBytes = (text: string): Uint8Array => encoder.encode(text);
/** As Obsidian reads: a byte order mark goes, line ends stay as they are. */
export const toText = (bytes: Uint8Array): string => decoder.decode(bytes);

export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 32_768) binary += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return btoa(binary);
}

// A plain loop: ten megabytes come this way, and a callback for each byte takes longer than all that is being tested.
export function fromBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
