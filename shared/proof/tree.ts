/**
 * The append-only Merkle tree of RFC 6962 §2.1 over stored nodes. Level 0 holds leaf hashes; a node (level, index) is stored once
 * its 2^level leaves are all there, and never changes after. Sizes and indexes are numbers below 2^53. Proofs are made as PATH and
 * SUBPROOF of RFC 6962 §2.1.1 and §2.1.2 and checked as RFC 9162 §2.1.3.2 and §2.1.4.2: the checks take anything and answer false.
 */
import { sameBytes, sha256 } from '../kernel/bytes.ts';

export const HASH_BYTES = 32;
export const EMPTY_ROOT: Uint8Array = sha256(new Uint8Array(0));

// Reused, as `pair` is: this is called for every entry of the log. Its first byte stays 0.
let leaf = new Uint8Array(4096);
const pair = new Uint8Array(1 + 2 * HASH_BYTES);
pair[0] = 1;

/** SHA-256(0x00 ‖ data). */
export function leafHash(data: Uint8Array): Uint8Array {
  if (data.length >= leaf.length) leaf = new Uint8Array(2 * data.length + 1);
  leaf.set(data, 1);
  return sha256(leaf.subarray(0, data.length + 1));
}

/** SHA-256(0x01 ‖ left ‖ right). One buffer is reused: this is called for every entry of the log. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length !== HASH_BYTES || right.length !== HASH_BYTES) throw new Error('A tree hash has 32 bytes.');
  pair.set(left, 1);
  pair.set(right, 1 + HASH_BYTES);
  return sha256(pair);
}

export interface NodeReader {
  /** The stored hash of a complete subtree; throws when it is not stored. */
  node(level: number, index: number): Uint8Array;
}

export interface TreeNode {
  readonly level: number;
  readonly index: number;
  readonly hash: Uint8Array;
}

/** The nodes that become complete when `leaf` (a leaf hash) joins a tree of `size` leaves; level 0 first. Amortised one hash. */
export function appendLeaf(size: number, leaf: Uint8Array, nodes: NodeReader): TreeNode[] {
  const fresh: TreeNode[] = [{ level: 0, index: size, hash: leaf }];
  let hash = leaf;
  for (let level = 0, index = size; index % 2 === 1;) {
    hash = nodeHash(nodes.node(level, index - 1), hash);
    level += 1;
    index = (index - 1) / 2;
    fresh.push({ level, index, hash });
  }
  return fresh;
}

/** The root of the tree's first `size` leaves. */
export const rootAt = (size: number, nodes: NodeReader): Uint8Array =>
  size === 0 ? EMPTY_ROOT : subtreeRoot(0, requireSize(size), nodes);

/** MTH(D[start:end]), where `start` is a multiple of the smallest power of two not below the length. */
export function subtreeRoot(start: number, end: number, nodes: NodeReader): Uint8Array {
  const length = end - start;
  const split = splitOf(length);
  if (split * 2 === length || length === 1) return nodes.node(Math.round(Math.log2(length)), start / length);
  return nodeHash(subtreeRoot(start, start + split, nodes), subtreeRoot(start + split, end, nodes));
}

/** A tree that grows in memory, leaf hash by leaf hash. */
export function growingTree(): { add(hash: Uint8Array): void; root(): Uint8Array } {
  const nodes = memoryNodes();
  let size = 0;
  return {
    add(hash) {
      for (const node of appendLeaf(size, hash, nodes)) nodes.put(node.level, node.index, node.hash);
      size += 1;
    },
    root: () => rootAt(size, nodes),
  };
}

/** The root over leaf hashes that are all at hand. */
export function rootOfLeafHashes(hashes: readonly Uint8Array[]): Uint8Array {
  const tree = growingTree();
  for (const hash of hashes) tree.add(hash);
  return tree.root();
}

/** The hashes from the leaf's sibling up to the root's child. */
export function inclusionProof(index: number, size: number, nodes: NodeReader): Uint8Array[] {
  if (!isIndex(index) || !isIndex(size) || index >= size)
    throw new Error(`There is no leaf ${index} in a tree of ${size}.`);
  return path(index, 0, size, nodes);
}

function path(index: number, start: number, end: number, nodes: NodeReader): Uint8Array[] {
  if (end - start === 1) return [];
  const middle = start + splitOf(end - start);
  return index < middle
    ? [...path(index, start, middle, nodes), subtreeRoot(middle, end, nodes)]
    : [...path(index, middle, end, nodes), subtreeRoot(start, middle, nodes)];
}

/** What shows that the tree of `to` leaves begins with the tree of `from` leaves. */
export function consistencyProof(from: number, to: number, nodes: NodeReader): Uint8Array[] {
  if (!isIndex(from) || !isIndex(to) || from < 1 || from > to)
    throw new Error(`A consistency proof leads from 1 or more leaves to as many or more, not from ${from} to ${to}.`);
  return subproof(from, 0, to, true, nodes);
}

function subproof(from: number, start: number, end: number, known: boolean, nodes: NodeReader): Uint8Array[] {
  if (from === end) return known ? [] : [subtreeRoot(start, end, nodes)];
  const middle = start + splitOf(end - start);
  return from <= middle
    ? [...subproof(from, start, middle, known, nodes), subtreeRoot(middle, end, nodes)]
    : [...subproof(from, middle, end, false, nodes), subtreeRoot(start, middle, nodes)];
}

export function verifyInclusion(
  index: number,
  size: number,
  leaf: Uint8Array,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!isIndex(index) || !isIndex(size) || index >= size || !areHashes(leaf, root, ...proof.slice(0, 64))) return false;
  let climb: Climb = { place: index, last: size - 1 };
  let hash = leaf;
  for (const sibling of proof) {
    if (climb.last === 0) return false;
    hash = onRight(climb) ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
    climb = up(climb);
  }
  return climb.last === 0 && sameBytes(hash, root);
}

/** `from` = 0 is refused: "I have seen nothing yet" is not a proof and the caller must treat it apart. */
export function verifyConsistency(
  from: number,
  to: number,
  fromRoot: Uint8Array,
  toRoot: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (!isIndex(from) || !isIndex(to) || from < 1 || from > to || !areHashes(fromRoot, toRoot, ...proof.slice(0, 64)))
    return false;
  if (from === to) return proof.length === 0 && sameBytes(fromRoot, toRoot);
  const [first, ...rest] = splitOf(from * 2) === from ? [fromRoot, ...proof] : proof;
  if (!first) return false;
  let climb: Climb = { place: from - 1, last: to - 1 };
  while (climb.place % 2 === 1) climb = half(climb);
  let before = first;
  let after = first;
  for (const hash of rest) {
    if (climb.last === 0) return false;
    if (onRight(climb)) before = nodeHash(hash, before);
    after = onRight(climb) ? nodeHash(hash, after) : nodeHash(after, hash);
    climb = up(climb);
  }
  return climb.last === 0 && sameBytes(before, fromRoot) && sameBytes(after, toRoot);
}

/** Where we stand at one level of the tree: our node's place and the level's last place. */
type Climb = { readonly place: number; readonly last: number };

const half = ({ place, last }: Climb): Climb => ({ place: Math.floor(place / 2), last: Math.floor(last / 2) });
const onRight = ({ place, last }: Climb): boolean => place % 2 === 1 || place === last;

// A last node without a sibling is carried up unhashed: skip the levels where nothing joins it.
function up(climb: Climb): Climb {
  let at = climb;
  if (onRight(at)) while (at.place % 2 === 0 && at.place !== 0) at = half(at);
  return half(at);
}

const isIndex = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const areHashes = (...hashes: readonly Uint8Array[]): boolean => hashes.every((hash) => hash.length === HASH_BYTES);

/** The largest power of two below `length` (0 for a length of 1). */
function splitOf(length: number): number {
  let split = 1;
  while (split * 2 < length) split *= 2;
  return length > 1 ? split : 0;
}

function requireSize(size: number): number {
  if (!Number.isSafeInteger(size) || size < 1) throw new Error('A tree size is a whole number below 2^53.');
  return size;
}

export interface MemoryNodes extends NodeReader {
  put(level: number, index: number, hash: Uint8Array): void;
}

export function memoryNodes(): MemoryNodes {
  const levels: Uint8Array[][] = [];
  return {
    node(level, index) {
      const hash = levels[level]?.[index];
      if (!hash) throw new Error(`Tree node ${level}/${index} is not stored.`);
      return hash;
    },
    put(level, index, hash) {
      (levels[level] ??= [])[index] = hash;
    },
  };
}
