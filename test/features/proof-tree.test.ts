import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, fromHex, hex, sha256, utf8 } from '../../shared/kernel/bytes.ts';
import {
  appendLeaf,
  consistencyProof,
  EMPTY_ROOT,
  inclusionProof,
  leafHash,
  memoryNodes,
  nodeHash,
  rootAt,
  rootOfLeafHashes,
  verifyConsistency,
  verifyInclusion,
} from '../../shared/proof/tree.ts';
import type { MemoryNodes } from '../../shared/proof/tree.ts';
import vectors from '../vectors/tlog.json' with { type: 'json' };

const { rfc6962 } = vectors;
const published = rfc6962.leafHashes.map(fromHex);
const roots = rfc6962.roots.map(fromHex);

function grown(leaves: readonly Uint8Array[]): MemoryNodes {
  const nodes = memoryNodes();
  leaves.forEach((leaf, size) => {
    for (const { level, index, hash } of appendLeaf(size, leaf, nodes)) nodes.put(level, index, hash);
  });
  return nodes;
}

/** RFC 6962 §2.1, word for word. */
function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256(new Uint8Array(0));
  if (leaves.length === 1) return leaves[0]!;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha256(concat(Uint8Array.of(1), naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k))));
}

const leaves = Array.from({ length: 700 }, (_, i) => leafHash(utf8(`entry ${i}`)));
const nodes = grown(leaves);

describe('published vectors of RFC 6962', () => {
  test('[L8] leaf and node hashes have their domain tags', () => {
    expect(rfc6962.leavesHex.map((leaf) => hex(leafHash(fromHex(leaf))))).toEqual(rfc6962.leafHashes);
    expect(hex(leafHash(utf8('L123456')))).toBe('395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56');
    const pair = sha256(concat(Uint8Array.of(1), utf8('N123'), utf8('N456')));
    expect(hex(pair)).toBe('aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb');
    expect(() => nodeHash(utf8('N123'), utf8('N456'))).toThrow('32 bytes');
  });

  test('[L8] the roots of the first eight sizes', () => {
    const own = grown(published);
    expect(roots.map((_, size) => hex(rootAt(size, own)))).toEqual(rfc6962.roots);
    expect(hex(EMPTY_ROOT)).toBe(rfc6962.roots[0]);
  });

  test('[L9] every inclusion proof is made as published, and accepted', () => {
    const own = grown(published);
    for (const { index, size, proof } of rfc6962.inclusion) {
      expect(inclusionProof(index, size, own).map(hex)).toEqual(proof);
      expect(verifyInclusion(index, size, published[index]!, proof.map(fromHex), roots[size]!)).toBe(true);
    }
  });

  test('[L8] every consistency proof is made as published, and accepted', () => {
    const own = grown(published);
    for (const { size1, size2, proof } of rfc6962.consistency) {
      expect(consistencyProof(size1, size2, own).map(hex)).toEqual(proof);
      expect(verifyConsistency(size1, size2, roots[size1]!, roots[size2]!, proof.map(fromHex))).toBe(true);
    }
  });
});

describe('the tree as it grows', () => {
  test('[L8] grown leaf by leaf it has the root of the definition, around every power of two and in between', () => {
    const sizes = [...Array.from({ length: 130 }, (_, size) => size), 255, 256, 257, 511, 512, 513, 600];
    for (const size of sizes) expect(hex(rootAt(size, nodes))).toBe(hex(naiveRoot(leaves.slice(0, size))));
  });

  test('[L8] at any size up to 600 it has the root of the definition', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 600 }), (size) => {
        expect(hex(rootOfLeafHashes(leaves.slice(0, size)))).toBe(hex(naiveRoot(leaves.slice(0, size))));
      }),
      { numRuns: 40 },
    );
  });

  test('[L2] only nodes that are complete for ever are stored, each once', () => {
    const seen = new Set<string>();
    const own = memoryNodes();
    leaves.slice(0, 257).forEach((leaf, size) => {
      for (const { level, index, hash } of appendLeaf(size, leaf, own)) {
        expect((index + 1) * 2 ** level).toBe(size + 1);
        expect(seen.has(`${level}/${index}`)).toBe(false);
        seen.add(`${level}/${index}`);
        own.put(level, index, hash);
      }
    });
    expect(seen.size).toBe(257 + 128 + 64 + 32 + 16 + 8 + 4 + 2 + 1);
  });

  test('a node that is not stored is named, not guessed', () => {
    expect(() => rootAt(9, grown(published))).toThrow('Tree node 0/8 is not stored.');
    expect(() => rootAt(-1, nodes)).toThrow('whole number');
    expect(() => inclusionProof(8, 8, grown(published))).toThrow('no leaf 8');
    expect(() => consistencyProof(0, 8, grown(published))).toThrow('from 0 to 8');
  });
});

describe('proofs', () => {
  test('[L9] each leaf is provable in each tree of up to 130 leaves', () => {
    for (let size = 1; size <= 130; size++) {
      const root = rootAt(size, nodes);
      for (let index = 0; index < size; index++)
        if (!verifyInclusion(index, size, leaves[index]!, inclusionProof(index, size, nodes), root))
          expect.fail(`leaf ${index} of ${size}`);
    }
  });

  test('[L8] each tree of up to 70 leaves is shown to begin with each smaller one', () => {
    for (let to = 1; to <= 70; to++)
      for (let from = 1; from <= to; from++)
        if (!verifyConsistency(from, to, rootAt(from, nodes), rootAt(to, nodes), consistencyProof(from, to, nodes)))
          expect.fail(`${from} to ${to}`);
  });

  test('[L8] at random sizes up to 700 both kinds verify', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), fc.nat(), fc.nat(), (size, a, b) => {
        const [index, from, root] = [a % size, 1 + (b % size), rootAt(size, nodes)];
        expect(verifyInclusion(index, size, leaves[index]!, inclusionProof(index, size, nodes), root)).toBe(true);
        expect(verifyConsistency(from, size, rootAt(from, nodes), root, consistencyProof(from, size, nodes))).toBe(
          true,
        );
      }),
      { numRuns: 60 },
    );
  });
});

const flipped = (bytes: Uint8Array, at = 0): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));

/** The ways in which a proof goes wrong, as transparency-dev/merkle probes them. */
const spoiled = (proof: readonly Uint8Array[], extra: readonly Uint8Array[]): Uint8Array[][] => [
  ...proof.map((_, i) => proof.map((hash, j) => (i === j ? flipped(hash) : hash))),
  ...extra.flatMap((hash) => [
    [...proof, hash],
    [hash, ...proof],
  ]),
  [...proof, new Uint8Array(0)],
  [new Uint8Array(0), ...proof],
  ...(proof.length > 0 ? [proof.slice(1), proof.slice(0, -1), []] : []),
  ...(proof.length > 1 ? [[...proof].reverse()] : []),
  [...proof, ...proof, ...proof, ...Array.from({ length: 80 }, () => leaves[0]!)],
];

describe('proofs that must be refused', () => {
  const sizes = [1, 2, 3, 5, 7, 8, 9, 33, 64, 100];

  test('[L9] inclusion: wrong place, size, leaf, root or path', () => {
    for (const size of sizes)
      for (let index = 0; index < size; index++) {
        const [leaf, root, proof] = [leaves[index]!, rootAt(size, nodes), inclusionProof(index, size, nodes)];
        const claim = (i: number, n: number, l = leaf, p: readonly Uint8Array[] = proof, r = root) =>
          verifyInclusion(i, n, l, p, r);
        expect(claim(index, size)).toBe(true);
        const places = [index - 1, index + 1, index ^ 2, index * 2 + 1, size, size + 1, -1, 2 ** 53, index + 0.5, NaN];
        for (const i of places) expect(claim(i, size)).toBe(false);
        // Sizes with the same shape on this leaf's path give the same climb, and only the root in the checkpoint tells them apart.
        for (const n of [0, -1, index, 2 ** 53, Infinity, NaN]) expect(claim(index, n)).toBe(false);
        for (const l of [flipped(leaf), flipped(leaf, 31), root, new Uint8Array(0), leaf.slice(1)])
          if (size > 1 || l.length !== 32 || hex(l) !== hex(leaf)) expect(claim(index, size, l)).toBe(false);
        for (const r of [flipped(root), EMPTY_ROOT, new Uint8Array(0), concat(root, root)])
          expect(claim(index, size, leaf, proof, r)).toBe(false);
        for (const p of spoiled(proof, [leaf, root, EMPTY_ROOT])) expect(claim(index, size, leaf, p)).toBe(false);
      }
  });

  test('[L9] inclusion: with another size goes only the root of that size', () => {
    for (const size of sizes)
      for (const n of [size - 1, size + 1, size * 2, size ^ 2, size + 64].filter(
        (other) => other >= 1 && other !== size,
      ))
        for (let index = 0; index < Math.min(size, n); index++)
          expect(verifyInclusion(index, n, leaves[index]!, inclusionProof(index, size, nodes), rootAt(n, nodes))).toBe(
            false,
          );
  });

  test('[L8] consistency: wrong sizes, swapped or equal roots, spoiled path', () => {
    for (const to of sizes)
      for (let from = 1; from <= to; from++) {
        const [before, after] = [rootAt(from, nodes), rootAt(to, nodes)];
        const proof = consistencyProof(from, to, nodes);
        const claim = (m: number, n: number, p: readonly Uint8Array[] = proof, r1 = before, r2 = after) =>
          verifyConsistency(m, n, r1, r2, p);
        expect(claim(from, to)).toBe(true);
        for (const m of [0, -1, to + 1, 2 ** 53, NaN, from + 0.5]) expect(claim(m, to)).toBe(false);
        for (const n of [0, from - 1, -1, 2 ** 53, NaN, to + 0.5]) expect(claim(from, n)).toBe(false);
        for (const p of spoiled(proof, [before, after, EMPTY_ROOT])) expect(claim(from, to, p)).toBe(false);
        if (from === to) continue;
        expect(claim(from, to, proof, after, before)).toBe(false);
        expect(claim(from, to, proof, before, before)).toBe(false);
        expect(claim(from, to, proof, after, after)).toBe(false);
        expect(claim(from, to, proof, flipped(before), after)).toBe(false);
        expect(claim(from, to, proof, before, flipped(after))).toBe(false);
        expect(claim(from, to, proof, new Uint8Array(0), after)).toBe(false);
      }
  });

  test('[L8] consistency: nothing is proven from a tree that nobody has seen', () => {
    expect(verifyConsistency(0, 5, EMPTY_ROOT, rootAt(5, nodes), [])).toBe(false);
    expect(verifyConsistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])).toBe(false);
  });

  test('[L8] a history of the same length with one other entry is not consistent', () => {
    const forked = grown(leaves.slice(0, 100).map((leaf, i) => (i === 40 ? flipped(leaf) : leaf)));
    for (const from of [41, 64, 99, 100])
      expect(
        verifyConsistency(from, 100, rootAt(from, nodes), rootAt(100, forked), consistencyProof(from, 100, forked)),
      ).toBe(false);
  });
});
