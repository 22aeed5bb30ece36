/** A tree that is rebuilt leaf by leaf and keeps of every level its last node only: enough for the next leaf and for the root. */
import { appendLeaf, rootAt, type NodeReader, type TreeNode } from '../../shared/proof/tree.ts';
import { Fault } from '../../shared/kernel/refusal.ts';

export interface Frontier {
  readonly size: () => number;
  /** The nodes that this leaf completes. */
  add(leafHash: Uint8Array): readonly TreeNode[];
  root(): Uint8Array;
}

export function createFrontier(): Frontier {
  const last: TreeNode[] = [];
  let size = 0;
  const nodes: NodeReader = {
    node(level, index) {
      const found = last[level];
      if (found?.index !== index) throw new Fault(`The frontier has no node ${level}/${index}.`);
      return found.hash;
    },
  };
  return {
    size: () => size,
    add(leafHash) {
      const fresh = appendLeaf(size, leafHash, nodes);
      for (const node of fresh) last[node.level] = node;
      size += 1;
      return fresh;
    },
    root: () => rootAt(size, nodes),
  };
}
