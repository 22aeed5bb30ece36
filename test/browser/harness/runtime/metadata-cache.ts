/** The metadata cache lags behind the disk: it parses in a later task, then says `changed`, and `resolved` when idle. */
import { parseMarkdownContent } from 'mocks:internal/markdown-parser';
import { Events } from './component.ts';
import { TAbstractFile, TFile } from './files.ts';
import { strict } from './strict.ts';
import type { Vault } from './vault.ts';

export interface Metadata {
  frontmatter?: Record<string, unknown>;
  links?: { link: string; original: string }[];
  [part: string]: unknown;
}

export class MetadataCache extends Events {
  resolvedLinks: Record<string, Record<string, number>> = {};
  unresolvedLinks: Record<string, Record<string, number>> = {};
  caches__ = new Map<TAbstractFile, Metadata>();
  waiting__ = new Set<TFile>();
  lagMs__: number;
  vault__: Vault;
  timer__: number | undefined;
  ready__ = false;

  constructor(vault: Vault, lagMs: number) {
    super();
    this.vault__ = vault;
    this.lagMs__ = lagMs;
    const self = strict(this, 'MetadataCache');
    const later = (file: TAbstractFile) => self.later__(file);
    vault.on('create', later);
    vault.on('modify', later);
    vault.on('rename', (file: TAbstractFile) => self.relink__(file));
    vault.on('delete', (file: TAbstractFile) => self.forget__(file));
    return self;
  }

  getFileCache(file: TFile): Metadata | null {
    return this.caches__.get(file) ?? null;
  }

  getCache(path: string): Metadata | null {
    const file = this.vault__.getFileByPath(path);
    return file && this.getFileCache(file);
  }

  getFirstLinkpathDest(linkpath: string, sourcePath: string): TFile | null {
    const wanted = linkpath.replace(/#.*$/, '').replace(/^\//, '');
    if (wanted === '') return this.vault__.getFileByPath(sourcePath);
    const exact = this.vault__.getFileByPath(wanted) ?? this.vault__.getFileByPath(`${wanted}.md`);
    if (exact) return exact;
    const low = wanted.toLowerCase();
    const ends = (file: TFile, name: string) => `/${file.path.toLowerCase()}`.endsWith(`/${name}`);
    const found = this.vault__.getFiles().filter((file) => ends(file, low) || ends(file, `${low}.md`));
    return found.sort((a, b) => a.path.length - b.path.length)[0] ?? null;
  }

  fileToLinktext(file: TFile, sourcePath: string, omitMdExtension = true): string {
    const cut = (path: string) => (omitMdExtension && file.extension === 'md' ? path.slice(0, -3) : path);
    return this.getFirstLinkpathDest(cut(file.name), sourcePath) === file ? cut(file.name) : cut(file.path);
  }

  later__(file: TAbstractFile): void {
    if (!(file instanceof TFile) || file.extension !== 'md') return;
    this.waiting__.add(file);
    if (this.ready__) this.timer__ ??= window.setTimeout(() => this.work__(true), this.lagMs__);
  }

  /** At start the cache comes from an earlier session: no `changed`, only `resolved`. */
  begin__(): void {
    this.ready__ = true;
    this.work__(false);
  }

  work__(tell: boolean): void {
    this.timer__ = undefined;
    const files = [...this.waiting__];
    this.waiting__.clear();
    for (const file of files) {
      const text = this.vault__.textNow__(file);
      if (text === null || file.deleted__) continue;
      const cache = parsed(text);
      this.caches__.set(file, cache);
      this.links__(file, cache);
      if (tell) this.trigger('changed', file, text, cache);
      if (tell) this.trigger('resolve', file);
    }
    this.trigger('resolved');
  }

  links__(file: TFile, cache: Metadata): void {
    const [here, nowhere]: Record<string, number>[] = [{}, {}];
    for (const { link } of cache.links ?? []) {
      const target = this.getFirstLinkpathDest(link, file.path);
      const table = (target ? here : nowhere) as Record<string, number>;
      const key = target?.path ?? link;
      table[key] = (table[key] ?? 0) + 1;
    }
    this.resolvedLinks[file.path] = here as Record<string, number>;
    this.unresolvedLinks[file.path] = nowhere as Record<string, number>;
  }

  relink__(file: TAbstractFile): void {
    if (file instanceof TFile && this.caches__.has(file)) this.links__(file, this.caches__.get(file) as Metadata);
  }

  forget__(file: TAbstractFile): void {
    if (!(file instanceof TFile)) return;
    const before = this.caches__.get(file) ?? null;
    this.caches__.delete(file);
    this.waiting__.delete(file);
    if (file.extension === 'md') this.trigger('deleted', file, before);
  }
}

function parsed(text: string): Metadata {
  try {
    return parseMarkdownContent(text) as Metadata;
  } catch {
    // Broken YAML: the note has no properties, everything else still counts.
    const { frontmatter: _, ...rest } = parseMarkdownContent(text.replace(/^---/, '\n--')) as Metadata;
    return rest;
  }
}
