/** The vault: a tree of files over the adapter, and the events that Obsidian fires, in Obsidian's order. */
import type { DataAdapter, DiskChange, WriteOptions } from './adapter.ts';
import { Events } from './component.ts';
import { toText } from './disk.ts';
import { parentPath, TAbstractFile, TFile, TFolder } from './files.ts';
import { normalizePath } from './functions.ts';
import { strict } from './strict.ts';

const hidden = (path: string) => path.split('/').some((part) => part.startsWith('.'));

export class Vault extends Events {
  adapter: DataAdapter;
  configDir = '.obsidian';
  tree__ = new Map<string, TAbstractFile>();
  root__: TFolder;

  constructor(adapter: DataAdapter) {
    super();
    this.adapter = adapter;
    const self = strict(this, 'Vault');
    this.root__ = new TFolder(self);
    this.root__.place__('/', null);
    this.root__.name = '';
    adapter.changes__.on('change', (change: DiskChange) => self.changed__(change));
    return self;
  }

  static recurseChildren(root: TFolder, visit: (file: TAbstractFile) => unknown): void {
    visit(root);
    for (const child of [...root.children]) {
      if (child instanceof TFolder) Vault.recurseChildren(child, visit);
      else visit(child);
    }
  }

  getName(): string {
    return this.adapter.getName();
  }

  getRoot(): TFolder {
    return this.root__;
  }

  getAbstractFileByPath(path: string): TAbstractFile | null {
    return path === '/' ? this.root__ : (this.tree__.get(path) ?? null);
  }

  getFileByPath(path: string): TFile | null {
    const found = this.getAbstractFileByPath(path);
    return found instanceof TFile ? found : null;
  }

  getFolderByPath(path: string): TFolder | null {
    const found = this.getAbstractFileByPath(path);
    return found instanceof TFolder ? found : null;
  }

  getAllLoadedFiles(): TAbstractFile[] {
    return [this.root__, ...this.tree__.values()];
  }

  getAllFolders(includeRoot = false): TFolder[] {
    const folders = [...this.tree__.values()].filter((file) => file instanceof TFolder);
    return includeRoot ? [this.root__, ...folders] : folders;
  }

  getFiles(): TFile[] {
    return [...this.tree__.values()].filter((file) => file instanceof TFile);
  }

  getMarkdownFiles(): TFile[] {
    return this.getFiles().filter((file) => file.extension === 'md');
  }

  getResourcePath(file: TFile): string {
    return this.adapter.getResourcePath(file.path);
  }

  async create(path: string, data: string, options?: WriteOptions): Promise<TFile> {
    this.mustBeFree__(path);
    await this.adapter.write(path, data, options);
    return this.created__(path);
  }

  async createBinary(path: string, data: ArrayBuffer, options?: WriteOptions): Promise<TFile> {
    this.mustBeFree__(path);
    await this.adapter.writeBinary(path, data, options);
    return this.created__(path);
  }

  async createFolder(path: string): Promise<TFolder> {
    const folder = normalizePath(path);
    if (this.adapter.disk__.has(folder)) throw new Error('Folder already exists.');
    await this.adapter.mkdir(folder);
    return this.getFolderByPath(folder) as TFolder;
  }

  async read(file: TFile): Promise<string> {
    return this.adapter.read(file.path);
  }

  async cachedRead(file: TFile): Promise<string> {
    return this.adapter.read(file.path);
  }

  async readBinary(file: TFile): Promise<ArrayBuffer> {
    return this.adapter.readBinary(file.path);
  }

  modify(file: TFile, data: string, options?: WriteOptions): Promise<void> {
    return this.adapter.write(file.path, data, options);
  }

  modifyBinary(file: TFile, data: ArrayBuffer, options?: WriteOptions): Promise<void> {
    return this.adapter.writeBinary(file.path, data, options);
  }

  append(file: TFile, data: string, options?: WriteOptions): Promise<void> {
    return this.adapter.append(file.path, data, options);
  }

  appendBinary(file: TFile, data: ArrayBuffer, options?: WriteOptions): Promise<void> {
    return this.adapter.appendBinary(file.path, data, options);
  }

  process(file: TFile, fn: (data: string) => string, options?: WriteOptions): Promise<string> {
    return this.adapter.process(file.path, fn, options);
  }

  async rename(file: TAbstractFile, newPath: string): Promise<void> {
    await this.adapter.rename(file.path, normalizePath(newPath));
  }

  async delete(file: TAbstractFile, force = false): Promise<void> {
    if (file instanceof TFolder) await this.adapter.rmdir(file.path, force);
    else await this.adapter.remove(file.path);
  }

  async trash(file: TAbstractFile, system: boolean): Promise<void> {
    if (system) await this.adapter.trashSystem(file.path);
    else await this.adapter.trashLocal(file.path);
  }

  async copy(file: TAbstractFile, newPath: string): Promise<TAbstractFile> {
    if (file instanceof TFolder) {
      await this.createFolder(newPath);
      for (const child of [...file.children]) await this.copy(child, `${newPath}/${child.name}`);
    } else await this.adapter.copy(file.path, newPath);
    return this.getAbstractFileByPath(normalizePath(newPath)) as TAbstractFile;
  }

  mustBeFree__(path: string): void {
    if (this.adapter.disk__.has(normalizePath(path))) throw new Error('File already exists.');
  }

  created__(path: string): TFile {
    const file = this.getFileByPath(normalizePath(path));
    if (!file) throw new Error(`${path} is hidden: the vault has no file object for it.`);
    return file;
  }

  /** At start: one `create` per file, before the layout is ready. */
  discover__(): void {
    for (const path of [...this.adapter.disk__.entries.keys()].sort()) this.changed__({ kind: 'written', path });
  }

  /** Brings the tree in line with the disk and says so. Called for our own writes and for those of strangers. */
  changed__(change: DiskChange): void {
    if (change.kind === 'renamed') this.renamed__(change.path, change.to);
    else if (change.kind === 'removed') this.removed__(change.path);
    else if (!hidden(change.path) && this.adapter.disk__.has(change.path)) this.written__(change.path);
  }

  written__(path: string): void {
    const known = this.tree__.get(path);
    const entry = this.adapter.disk__.entries.get(path);
    if (!entry || (known instanceof TFolder && entry.bytes === null)) return;
    const file = known ?? this.appear__(path, entry.bytes === null);
    if (file instanceof TFile) file.stat = { ctime: entry.ctime, mtime: entry.mtime, size: entry.bytes?.length ?? 0 };
    this.trigger(known ? 'modify' : 'create', file);
  }

  appear__(path: string, folder: boolean): TAbstractFile {
    const above = parentPath(path);
    if (above !== '' && !this.tree__.has(above)) this.written__(above);
    const file = folder ? new TFolder(this) : new TFile(this);
    file.place__(path, above === '' ? this.root__ : (this.tree__.get(above) as TFolder));
    this.tree__.set(path, file);
    return file;
  }

  removed__(path: string): void {
    const gone = [...this.tree__.keys()].filter((other) => other === path || other.startsWith(`${path}/`));
    for (const one of gone.sort().reverse()) {
      const file = this.tree__.get(one) as TAbstractFile;
      this.tree__.delete(one);
      file.parent?.children.remove(file);
      if (file instanceof TFile) file.deleted__ = true;
      this.trigger('delete', file);
    }
  }

  renamed__(from: string, to: string): void {
    if (hidden(to)) return this.removed__(from);
    if (!this.tree__.has(from)) return this.changed__({ kind: 'written', path: to });
    const moved = [...this.tree__.keys()].filter((other) => other === from || other.startsWith(`${from}/`)).sort();
    for (const old of moved) {
      const file = this.tree__.get(old) as TAbstractFile;
      const path = to + old.slice(from.length);
      this.tree__.delete(old);
      this.tree__.set(path, file);
      const above = parentPath(path);
      file.place__(path, above === '' ? this.root__ : (this.tree__.get(above) as TFolder));
      this.trigger('rename', file, old);
    }
  }

  /** Text as it lies on the disk, now: for views and the metadata cache. */
  textNow__(file: TFile): string | null {
    const found = this.adapter.disk__.file(file.path);
    return found ? toText(found.bytes) : null;
  }
}
