/** A vault in memory with the events that a real one sends: what the notes are tested against without Obsidian. */
import { readFrontmatter, propertyOf } from '../../plugin/notes/frontmatter.ts';
import type { Identity, Memory, NoteFiles } from '../../plugin/notes/ports.ts';
import { spliced } from '../../plugin/notes/splice.ts';
import { rest } from './manual-clock.ts';

export interface MemoryVault extends NoteFiles {
  readonly texts: Map<string, string>;
  /** How often anything was written by us. */
  writes: number;
  busy: boolean;
  /** An input method is in the middle of a word. */
  composing: boolean;
  /** Notes that are open in an editor: what is typed there reaches the disk when it is saved. */
  readonly editors: Map<string, string>;
  editor: {
    open(path: string): void;
    type(path: string, edit: (text: string) => string): void;
    save(path: string): void;
    close(path: string): void;
  };
  /** What another program does on disk; the notebook hears of it. */
  external: {
    write(path: string, text: string): void;
    remove(path: string): void;
    rename(from: string, to: string): void;
  };
  hear:
    | {
        noticed(path: string): void;
        gone(path: string): void;
        moved(from: string, to: string): void;
        found(identity: Identity): void;
      }
    | undefined;
}

export function memoryVault(): MemoryVault {
  const texts = new Map<string, string>();
  const identityOf = (path: string): Identity | undefined => {
    const front = readFrontmatter(texts.get(path) ?? '');
    const [id, type] = [propertyOf(front, 'operary_id'), propertyOf(front, 'operary_type')];
    return typeof id === 'string' && typeof type === 'string' ? { path, id, type } : undefined;
  };
  const must = (path: string): string => {
    const text = texts.get(path);
    if (text === undefined) throw new Error(`There is no ${path}.`);
    return text;
  };
  const editors = new Map<string, string>();
  const vault: MemoryVault = {
    texts,
    editors,
    composing: false,
    editor: {
      open: (path) => void editors.set(path, must(path)),
      type(path, edit) {
        editors.set(path, edit(editors.get(path)!));
        vault.hear?.noticed(path);
      },
      save(path) {
        texts.set(path, editors.get(path)!);
        vault.hear?.noticed(path);
      },
      close(path) {
        vault.editor.save(path);
        editors.delete(path);
      },
    },
    writes: 0,
    busy: false,
    hear: undefined,
    identified: () => [...texts.keys()].flatMap((path) => identityOf(path) ?? []),
    exists: (path) => texts.has(path),
    read: async (path) => must(path),
    async create(path, text) {
      if (texts.has(path)) throw new Error(`${path} exists.`);
      texts.set(path, text);
      vault.writes += 1;
    },
    async change(path, plan) {
      while (editors.has(path) && vault.composing) await rest();
      const open = editors.has(path) ? editors : texts;
      const text = open.get(path) ?? must(path);
      // As on a device, where the text is read once to see whether anything is to be written.
      if (!plan(text).length) return;
      const splices = plan(text);
      open.set(path, spliced(text, splices));
      vault.writes += 1;
      vault.hear?.noticed(path);
    },
    async rename(from, to) {
      texts.set(to, must(from));
      texts.delete(from);
      vault.hear?.moved(from, to);
    },
    renameAlone: (from, to) => vault.rename(from, to),
    isNamed: (name) => [...texts.keys()].some((path) => `/${path}`.endsWith(`/${name}.md`)),
    linkedFrom(path) {
      const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.md$/, '');
      const links = [`[[${name}`, `/${name}`, encodeURI(`/${name}`)];
      return [...texts].flatMap(([source, text]) => (links.some((link) => text.includes(link)) ? [source] : []));
    },
    isBusy: () => vault.busy,
    external: {
      write(path, text) {
        const isNew = !texts.has(path);
        texts.set(path, text);
        // An open editor follows the file.
        if (editors.has(path)) editors.set(path, text);
        const identity = identityOf(path);
        if (!isNew) vault.hear?.noticed(path);
        if (identity) vault.hear?.found(identity);
      },
      remove(path) {
        texts.delete(path);
        editors.delete(path);
        vault.hear?.gone(path);
      },
      rename(from, to) {
        texts.set(to, must(from));
        texts.delete(from);
        vault.hear?.moved(from, to);
      },
    },
  };
  return vault;
}

export function memoryMemory(): Memory & { readonly all: Map<string, string> } {
  const all = new Map<string, string>();
  return {
    all,
    get: (key) => all.get(key),
    set: (key, value) => void (value === undefined ? all.delete(key) : all.set(key, value)),
  };
}
