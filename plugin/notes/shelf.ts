/** Which file is which note. Identity is what the frontmatter says; a path may change as people like (obsidian.md §6.2). */
import type { Identity } from './ports.ts';

export const keyOf = (id: string, type: string): string => `${id}/${type}`;

export interface Shelf {
  pathOf(key: string): string | undefined;
  keyAt(path: string): string | undefined;
  /** Puts the note there, wherever it was before. */
  put(key: string, path: string): void;
  take(key: string): void;
  moved(from: string, to: string): string | undefined;
}

export function createShelf(): Shelf {
  const pathByKey = new Map<string, string>();
  const keyByPath = new Map<string, string>();
  const shelf: Shelf = {
    pathOf: (key) => pathByKey.get(key),
    keyAt: (path) => keyByPath.get(path),
    put(key, path) {
      shelf.take(key);
      pathByKey.set(key, path);
      keyByPath.set(path, key);
    },
    take(key) {
      const path = pathByKey.get(key);
      if (path !== undefined && keyByPath.get(path) === key) keyByPath.delete(path);
      pathByKey.delete(key);
    },
    moved(from, to) {
      const key = keyByPath.get(from);
      if (key !== undefined) shelf.put(key, to);
      return key;
    },
  };
  return shelf;
}

/** Files by the identity that they claim. More than one path: somebody copied the note. */
export function claims(identified: readonly Identity[]): ReadonlyMap<string, readonly string[]> {
  const pathsByKey = new Map<string, string[]>();
  for (const { id, type, path } of identified) {
    const key = keyOf(id, type);
    pathsByKey.set(key, [...(pathsByKey.get(key) ?? []), path].sort());
  }
  return pathsByKey;
}

interface Places {
  readonly shelf: Pick<Shelf, 'keyAt'>;
  readonly claimed: ReadonlyMap<string, readonly string[]>;
  readonly exists: (path: string) => boolean;
}

/** Where a note that never changes stands: where it is already, else under its name, else beside others of that name. */
export function createPlaces({ shelf, claimed, exists }: Places): (key: string, place: string) => string {
  const claimants = new Map([...claimed].flatMap(([key, paths]) => paths.map((path) => [path, key] as const)));
  const keyOn = (path: string): string | undefined =>
    shelf.keyAt(path) ?? (exists(path) ? claimants.get(path) : undefined);
  return (key, place) => {
    const own = claimed.get(key)?.find((path) => exists(path) && path.replace(/ \(\d+\)\.md$/, '.md') === place);
    for (let n = 1, path = own ?? place; ; path = place.replace(/\.md$/, ` (${++n}).md`))
      if ((keyOn(path) ?? key) === key) return path;
  };
}
