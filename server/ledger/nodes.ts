/**
 * The tree's nodes in the file. One row for each size of the tree: the nodes that its last leaf completed, level 0 first, 32 bytes each.
 * So the table only grows at its end, by one row an entry.
 */
import type { Nodes } from '../../shared/kernel/store.ts';
import { HASH_BYTES } from '../../shared/proof/tree.ts';

const REMEMBERED = 4096;

/** The size at which a node became complete. */
export const completedAt = (level: number, index: number): number => (index + 1) * 2 ** level;

/** One hash out of a row. */
export const hashIn = (hashes: Uint8Array, level: number): Uint8Array =>
  hashes.subarray(level * HASH_BYTES, (level + 1) * HASH_BYTES);

export interface WriterNodes extends Nodes {
  /** Writes what `put` has gathered. */
  settle(): void;
}

/**
 * As the writer sees them: what it put or read lately is remembered, for appending asks for the same few again and again.
 * They are put at the end of a transaction, outside its savepoints; when it fails, all of this is thrown away.
 */
export function createNodes(
  read: (level: number, index: number) => Uint8Array,
  write: (size: number, hashes: Uint8Array) => void,
): WriterNodes {
  let levels: Map<number, Uint8Array>[] = [];
  let remembered = 0;
  let gatheredAt = 0;
  let gathered: Uint8Array[] = [];

  function remember(level: number, index: number, hash: Uint8Array): void {
    if (++remembered > REMEMBERED) {
      levels = [];
      remembered = 0;
    }
    while (levels.length <= level) levels.push(new Map());
    levels[level]!.set(index, hash);
  }

  function settle(): void {
    if (!gathered.length) return;
    const hashes = new Uint8Array(gathered.length * HASH_BYTES);
    for (let level = 0; level < gathered.length; level++) hashes.set(gathered[level]!, level * HASH_BYTES);
    gathered = [];
    write(gatheredAt, hashes);
  }

  return {
    node(level, index) {
      const found = levels[level]?.get(index);
      if (found) return found;
      settle();
      const hash = read(level, index);
      remember(level, index, hash);
      return hash;
    },
    put(level, index, hash) {
      const size = completedAt(level, index);
      if (size !== gatheredAt) settle();
      gatheredAt = size;
      gathered.push(hash);
      remember(level, index, hash);
    },
    settle,
  };
}
