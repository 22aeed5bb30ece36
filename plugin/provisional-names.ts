/**
 * A note that was made before its item had a number gets its real name when the server has given one, and says so in its name when the
 * server has not taken it. What a person has renamed keeps the name they gave it. Links to it follow.
 */
import { relinked } from './notes/links.ts';
import type { NoteFiles } from './notes/ports.ts';
import type { View } from './provisional-tx.ts';
import { keyOf, type Held } from './replica.ts';
import { inNotesWords } from './words/index.ts';

export interface ProvisionalNames {
  /** Call after the view has changed in these streams. When files are to be renamed, the answer resolves after that. */
  follow(keys: Iterable<string>): Promise<unknown> | undefined;
  /** The same for the whole view. */
  followAll(): Promise<unknown> | undefined;
}

interface Parts {
  readonly view: View;
  readonly files: NoteFiles;
  readonly notebook: { pathOf(stream: string): string | undefined; rename(stream: string, to: string): Promise<void> };
  readonly zone: () => string;
  /** Not where something is sealed, nor where nobody may write just now. */
  readonly mayChange: (path: string) => boolean;
}

export function createProvisionalNames({ view, files, notebook, zone, mayChange }: Parts): ProvisionalNames {
  const unnumbered = new Map<string, string>();
  const nameOf = (held: Held): string | undefined =>
    view.register.byKind.get(held.kind)?.note?.name(held.state, held, zone());

  async function rename(key: string, before: string, held: Held | undefined): Promise<void> {
    const [path, name] = [notebook.pathOf(key), held ? nameOf(held) : inNotesWords.notRecorded(before)];
    if (path === undefined || name === undefined || !files.exists(path)) return;
    const at = path.lastIndexOf('/') + 1;
    const own = path.slice(at).replace(/(?: \(\d+\))?\.md$/, '');
    const to = `${path.slice(0, at)}${name}.md`;
    if (own !== before || own === name) return;
    const sources = files.linkedFrom(path);
    await notebook.rename(key, to);
    const now = notebook.pathOf(key);
    // Nobody waits for it: what is being typed there comes first.
    if (now !== undefined && now !== path)
      void follow(
        sources.map((source) => (source === path ? now : source)),
        path,
        now,
      );
  }

  /** What people linked to under its first name is linked to under its own. */
  async function follow(sources: readonly string[], from: string, to: string): Promise<void> {
    for (const source of sources) {
      try {
        if (mayChange(source)) await files.change(source, (text) => relinked(text, from, to));
      } catch {
        // The note is gone, or cannot be written: its link says what it said.
      }
    }
  }

  const names: ProvisionalNames = {
    followAll() {
      const without = [...view.everything()].filter(({ number }) => number === null);
      return names.follow(new Set([...unnumbered.keys(), ...without.map(keyOf)]));
    },
    follow(keys) {
      const renames: Promise<void>[] = [];
      for (const key of keys) {
        const at = key.indexOf('/');
        const held = view.get({ kind: key.slice(0, at), id: key.slice(at + 1) });
        const before = unnumbered.get(key);
        unnumbered.delete(key);
        if (held && held.number === null) {
          const name = nameOf(held);
          if (name !== undefined) unnumbered.set(keyOf(held), name);
        } else if (before !== undefined) renames.push(rename(key, before, held));
      }
      return renames.length ? Promise.allSettled(renames) : undefined;
    },
  };
  return names;
}
