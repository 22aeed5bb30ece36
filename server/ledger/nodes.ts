/**
 * The tree's nodes in the file. One row for each size of the tree: the nodes that its last leaf completed, level 0 first, 32 bytes each.
 * So the table only grows at its end, by one row an entry.
 */
import type { Nodes } from '../../shared/kernel/store.ts';
import { HASH_BYTES } from '../../shared/proof/tree.ts';
import { createRecall, type Undo } from './recall.ts';

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

/** As the writer sees them: what it put or read lately is remembered, for appending asks for the same few again and again. */
export function createNodes(
  read: (level: number, index: number) => Uint8Array,
  write: (size: number, hashes: Uint8Array) => void,
  undo: Undo,
): WriterNodes {
  const remembered = createRecall<Uint8Array>(REMEMBERED, undo);
  const keyOf = (level: number, index: number): number => level * 2 ** 47 + index;
  let gatheredAt = 0;
  let gathered: Uint8Array[] = [];

  function settle(): void {
    if (!gathered.length) return;
    const hashes = new Uint8Array(gathered.length * HASH_BYTES);
    gathered.forEach((hash, level) => hashes.set(hash, level * HASH_BYTES));
    gathered = [];
    write(gatheredAt, hashes);
  }

  return {
    node(level, index) {
      const key = keyOf(level, index);
      const found = remembered.get(key);
      if (found) return found;
      const hash = read(level, index);
      remembered.set(key, hash);
      return hash;
    },
    put(level, index, hash) {
      const size = completedAt(level, index);
      if (size !== gatheredAt) settle();
      gatheredAt = size;
      gathered.push(hash);
      remembered.set(keyOf(level, index), hash);
    },
    settle,
  };
}
