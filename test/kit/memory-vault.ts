/** A vault in memory with the events that a real one sends: what the notes are tested against without Obsidian. */
import { readFrontmatter, propertyOf } from '../../plugin/notes/frontmatter.ts';
import type { Identity, Memory, NoteFiles } from '../../plugin/notes/ports.ts';
import { spliced } from '../../plugin/notes/splice.ts';

export interface MemoryVault extends NoteFiles {
  readonly texts: Map<string, string>;
  /** How often anything was written by us. */
  writes: number;
  busy: boolean;
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
  const vault: MemoryVault = {
    texts,
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
      const text = must(path);
      const splices = plan(text);
      if (!splices.length) return;
      texts.set(path, spliced(text, splices));
      vault.writes += 1;
      vault.hear?.noticed(path);
    },
    async rename(from, to) {
      texts.set(to, must(from));
      texts.delete(from);
      vault.hear?.moved(from, to);
    },
    isBusy: () => vault.busy,
    external: {
      write(path, text) {
        const isNew = !texts.has(path);
        texts.set(path, text);
        const identity = identityOf(path);
        if (!isNew) vault.hear?.noticed(path);
        if (identity) vault.hear?.found(identity);
      },
      remove(path) {
        texts.delete(path);
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
