/** The vault as the notes need it: an open editor is changed by a transaction, everything else atomically on disk. */
import type { TFile } from 'obsidian';
import { normalizePath, type App } from 'obsidian';
import type { Identity, NoteFiles } from '../notes/ports.ts';
import { inOrder, spliced } from '../notes/splice.ts';
import type { Editors } from './editors.ts';
import { notesWords } from '../words/index.ts';

/** An input method is at work: a change under it would break the word that is being composed. */
const COMPOSING = { every: 100, times: 100 };

export function vaultFiles(app: App, editors: Editors): NoteFiles {
  const { vault } = app;
  const folders = new Map<string, Promise<void>>();

  const fileAt = (path: string): TFile => {
    const file = vault.getFileByPath(path);
    if (!file) throw new Error(notesWords.noNote(path));
    return file;
  };

  /** Made once even when many notes ask for it at the same time. */
  function ensureFolder(folder: string): Promise<void> {
    if (folder === '' || vault.getFolderByPath(folder)) return Promise.resolve();
    let made = folders.get(folder);
    if (!made) {
      const parent = folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
      made = ensureFolder(parent)
        .then(() => vault.createFolder(folder))
        .then(() => undefined)
        .finally(() => folders.delete(folder));
      folders.set(folder, made);
    }
    return made;
  }

  return {
    identified: () => vault.getMarkdownFiles().flatMap((file) => identityOf(app, file) ?? []),
    exists: (path) => vault.getFileByPath(path) !== null,
    read: (path) => vault.read(fileAt(path)),
    async create(path, text) {
      const place = normalizePath(path);
      await ensureFolder(place.slice(0, Math.max(0, place.lastIndexOf('/'))));
      await vault.create(place, text);
    },
    async change(path, plan) {
      for (let times = 0; times < COMPOSING.times && editors.ownerOf(path)?.composing; times++)
        await pause(COMPOSING.every);
      const view = editors.ownerOf(path);
      if (view) {
        const splices = plan(view.state.doc.toString());
        if (splices.length) editors.change(view, inOrder(splices));
        return;
      }
      const file = fileAt(path);
      if (!plan(await vault.read(file)).length) return;
      await vault.process(file, (text) => spliced(text, plan(text)));
    },
    async rename(from, to) {
      await app.fileManager.renameFile(fileAt(from), to);
    },
    renameAlone: (from, to) => vault.rename(fileAt(from), to),
    isNamed: (name) => app.metadataCache.getFirstLinkpathDest(name, '') !== null,
    linkedFrom: (path) =>
      Object.entries(app.metadataCache.resolvedLinks).flatMap(([source, links]) => (links[path] ? [source] : [])),
    isBusy: (path) => editors.isTypingProperties(path),
  };
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => window.setTimeout(resolve, milliseconds));

export function identityOf(app: App, file: TFile): Identity | undefined {
  const front = app.metadataCache.getFileCache(file)?.frontmatter as Record<string, unknown> | undefined;
  const [id, type] = [front?.['operary_id'], front?.['operary_type']];
  return typeof id === 'string' && typeof type === 'string' ? { path: file.path, id, type } : undefined;
}
