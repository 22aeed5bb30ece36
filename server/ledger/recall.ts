/** What the writer remembers of the file, so that it need not ask again. Bounded; a savepoint that fails takes its changes back. */

export interface Undo {
  push(step: () => void): void;
}

export interface Recall<V> {
  get(key: string | number): V | undefined;
  set(key: string | number, value: V): void;
  clear(): void;
}

/** Two generations: when the young one is full it becomes the old one, and what nobody asked for meanwhile is forgotten. */
export function createRecall<V>(limit: number, undo: Undo): Recall<V> {
  let young = new Map<string | number, V>();
  let old = new Map<string | number, V>();

  function put(key: string | number, value: V): void {
    if (young.size >= limit / 2) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
  }

  function get(key: string | number): V | undefined {
    const found = young.get(key);
    if (found !== undefined || !old.size) return found;
    const older = old.get(key);
    if (older !== undefined) put(key, older);
    return older;
  }

  return {
    get,
    set(key, value) {
      const was = get(key);
      undo.push(() => {
        young.delete(key);
        old.delete(key);
        if (was !== undefined) young.set(key, was);
      });
      put(key, value);
    },
    clear() {
      young = new Map();
      old = new Map();
    },
  };
}
