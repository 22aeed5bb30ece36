/**
 * DataAdapter over the disk. One queue per file, so `process` is atomic; the vault hears of each write before the
 * promise answers, as with Obsidian's own file system adapter. Hidden paths (`.obsidian/…`) make no vault events.
 */
import { Events } from './component.ts';
import { toBytes, toText, type Disk } from './disk.ts';
import { parentPath } from './files.ts';
import { normalizePath } from './functions.ts';
import { strict } from './strict.ts';

export interface WriteOptions {
  ctime?: number;
  mtime?: number;
}

export type DiskChange =
  | { readonly kind: 'written' | 'removed'; readonly path: string }
  | { readonly kind: 'renamed'; readonly path: string; readonly to: string };

export class DataAdapter {
  disk__: Disk;
  changes__ = new Events();
  queues__ = new Map<string, Promise<unknown>>();
  vaultName__: string;

  constructor(disk: Disk, vaultName: string) {
    this.disk__ = disk;
    this.vaultName__ = vaultName;
    return strict(this, 'DataAdapter');
  }

  getName(): string {
    return this.vaultName__;
  }

  async exists(path: string): Promise<boolean> {
    return this.disk__.has(normalizePath(path));
  }

  async stat(path: string): Promise<{ type: 'file' | 'folder'; ctime: number; mtime: number; size: number } | null> {
    const entry = this.disk__.entries.get(normalizePath(path));
    if (!entry) return null;
    const { bytes, ctime, mtime } = entry;
    return { type: bytes === null ? 'folder' : 'file', ctime, mtime, size: bytes?.length ?? 0 };
  }

  async list(path: string): Promise<{ files: string[]; folders: string[] }> {
    const folder = normalizePath(path) === '/' ? '' : normalizePath(path);
    if (!this.disk__.isFolder(folder)) throw missing('scandir', folder);
    const children = this.disk__.list(folder);
    return {
      files: children.filter((child) => !this.disk__.isFolder(child)),
      folders: children.filter((child) => this.disk__.isFolder(child)),
    };
  }

  async read(path: string): Promise<string> {
    return toText(this.bytes__(path));
  }

  async readBinary(path: string): Promise<ArrayBuffer> {
    return this.bytes__(path).slice().buffer;
  }

  write(path: string, data: string, options?: WriteOptions): Promise<void> {
    return this.queued__(path, () => this.put__(path, toBytes(data), options));
  }

  writeBinary(path: string, data: ArrayBuffer, options?: WriteOptions): Promise<void> {
    return this.queued__(path, () => this.put__(path, new Uint8Array(data.slice(0)), options));
  }

  append(path: string, data: string, options?: WriteOptions): Promise<void> {
    return this.appendBinary(path, toBytes(data).buffer as ArrayBuffer, options);
  }

  appendBinary(path: string, data: ArrayBuffer, options?: WriteOptions): Promise<void> {
    return this.queued__(path, () => {
      const old = this.disk__.file(normalizePath(path))?.bytes ?? new Uint8Array();
      const all = new Uint8Array(old.length + data.byteLength);
      all.set(old);
      all.set(new Uint8Array(data), old.length);
      return this.put__(path, all, options);
    });
  }

  process(path: string, fn: (data: string) => string, options?: WriteOptions): Promise<string> {
    return this.queued__(path, async () => {
      const before = toText(this.bytes__(path));
      const after = fn(before);
      if (after !== before) await this.put__(path, toBytes(after), options);
      return after;
    });
  }

  getResourcePath(path: string): string {
    return `app://harness/${encodeURI(normalizePath(path))}`;
  }

  async mkdir(path: string): Promise<void> {
    const folder = normalizePath(path);
    await this.disk__.makeFolder(folder);
    const parts = folder.split('/');
    parts.forEach((_, at) => this.tell__({ kind: 'written', path: parts.slice(0, at + 1).join('/') }));
  }

  async trashSystem(path: string): Promise<boolean> {
    await this.remove__(path);
    return true;
  }

  async trashLocal(path: string): Promise<void> {
    const from = normalizePath(path);
    let to = `.trash/${from.slice(from.lastIndexOf('/') + 1)}`;
    while (this.disk__.has(to)) to = to.replace(/(\.[^.]*)?$/, ' 2$1');
    await this.disk__.makeFolder('.trash');
    await this.disk__.rename(from, to);
    this.tell__({ kind: 'removed', path: from });
  }

  async rmdir(path: string, recursive: boolean): Promise<void> {
    const folder = normalizePath(path);
    if (!recursive && this.disk__.list(folder).length > 0)
      throw new Error(`ENOTEMPTY: directory not empty, rmdir '${folder}'`);
    await this.remove__(folder);
  }

  async remove(path: string): Promise<void> {
    if (!this.disk__.has(normalizePath(path))) throw missing('unlink', path);
    await this.remove__(path);
  }

  async rename(path: string, newPath: string): Promise<void> {
    const [from, to] = [normalizePath(path), normalizePath(newPath)];
    if (!this.disk__.has(from)) throw missing('rename', from);
    if (this.disk__.has(to) && from.toLowerCase() !== to.toLowerCase())
      throw new Error('Destination file already exists!');
    if (!this.disk__.isFolder(parentPath(to))) throw missing('rename', to);
    await this.disk__.rename(from, to);
    this.tell__({ kind: 'renamed', path: from, to });
  }

  copy(path: string, newPath: string): Promise<void> {
    const bytes = this.bytes__(path);
    return this.queued__(newPath, () => this.put__(newPath, bytes));
  }

  bytes__(path: string): Uint8Array {
    const file = this.disk__.file(normalizePath(path));
    if (!file) throw missing('open', path);
    return file.bytes;
  }

  async put__(rawPath: string, bytes: Uint8Array, options?: WriteOptions): Promise<void> {
    const path = normalizePath(rawPath);
    if (this.disk__.isFolder(path)) throw new Error(`EISDIR: illegal operation on a directory, open '${path}'`);
    if (!this.disk__.isFolder(parentPath(path))) throw missing('open', path);
    await this.disk__.put(path, bytes, options);
    this.tell__({ kind: 'written', path });
  }

  async remove__(path: string): Promise<void> {
    await this.disk__.delete(normalizePath(path));
    this.tell__({ kind: 'removed', path: normalizePath(path) });
  }

  queued__<T>(path: string, work: () => Promise<T>): Promise<T> {
    const key = normalizePath(path);
    const before = this.queues__.get(key);
    const run = before ? before.then(work, work) : work();
    this.queues__.set(key, run);
    const forget = () => {
      if (this.queues__.get(key) === run) this.queues__.delete(key);
    };
    run.then(forget, forget);
    return run;
  }

  tell__(change: DiskChange): void {
    this.changes__.trigger('change', change);
  }
}

function missing(call: string, path: string): Error {
  return Object.assign(new Error(`ENOENT: no such file or directory, ${call} '${path}'`), { code: 'ENOENT' });
}
