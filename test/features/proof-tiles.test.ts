import { expect, test } from 'vitest';
import { concat, hex, utf8 } from '../../shared/kernel/bytes.ts';
import {
  entryBundle,
  parseEntryBundle,
  parseTilePath,
  tileBytes,
  tileExists,
  tileHashes,
  tilePath,
  tilesOfLevel,
} from '../../shared/proof/tiles.ts';
import { appendLeaf, leafHash, memoryNodes, rootAt, rootOfLeafHashes } from '../../shared/proof/tree.ts';
import vectors from '../vectors/tlog.json' with { type: 'json' };

test('[L9] tiles have the paths of c2sp.org/tlog-tiles, and the paths lead back', () => {
  for (const { level, n, width, entries, path } of vectors.tilePaths) {
    const tile = { level, n: Number(n), width, entries };
    expect(tilePath(tile)).toBe(path);
    expect(parseTilePath(path)).toEqual(tile);
  }
});

test.each([
  ...['tile/0/0', 'tile/0/00', 'tile/0/x000/001', 'tile/00/000', 'tile/64/000', 'tile/0/000.p/0', 'tile/0/000.p/256'],
  ...[
    'tile/0/000.p/01',
    'tile/0/001/234',
    'tile/0/x001',
    '/tile/0/000',
    'tile/0/000/',
    'tile/entries/0',
    '',
    'tile/-1/000',
  ],
  ...[
    'tile/0/x999/x999/x999/x999/x999/x999/999',
    'tile/0/x999/x999/x999/x999/x999/999',
    'tile/0/../../etc',
    'tile/0/000\n',
  ],
])('[L10] no tile lives at %j', (path) => {
  expect(parseTilePath(path)).toBeNull();
});

test('[L9] a log of 70,000 entries has the tiles that the specification counts', () => {
  expect(tilesOfLevel(0, 70_000)).toHaveLength(274);
  expect(tilePath(tilesOfLevel(0, 70_000).at(-1)!)).toBe('tile/0/273.p/112');
  expect(tilesOfLevel(1, 70_000).map(tilePath)).toEqual(['tile/1/000', 'tile/1/001.p/17']);
  expect(tilesOfLevel(2, 70_000).map(tilePath)).toEqual(['tile/2/000.p/1']);
  expect(tilesOfLevel(3, 70_000)).toEqual([]);
});

test.each([255, 256, 257, 65_535, 65_536, 65_537])(
  '[L8] at %i entries no partial tile stands for a full one',
  (size) => {
    for (const level of [0, 1, 2])
      for (const tile of tilesOfLevel(level, size)) {
        expect(tileExists(tile, size)).toBe(true);
        expect(tileExists({ ...tile, width: 256 }, size)).toBe(tile.width === 256);
      }
  },
);

test('[L9] the root can be rebuilt from a level of tiles', () => {
  const leaves = Array.from({ length: 600 }, (_, i) => leafHash(utf8(String(i))));
  const nodes = memoryNodes();
  leaves.forEach((leaf, size) =>
    appendLeaf(size, leaf, nodes).forEach((node) => nodes.put(node.level, node.index, node.hash)),
  );
  const tiles = tilesOfLevel(0, 600);
  const hashes = tiles.flatMap((tile) => tileHashes(tileBytes(tile, nodes), tile.width));
  expect(hex(rootOfLeafHashes(hashes))).toBe(hex(rootAt(600, nodes)));
  expect(hex(tileBytes(tilesOfLevel(1, 600)[0]!, nodes))).toBe(hex(concat(nodes.node(8, 0), nodes.node(8, 1))));
  expect(() => tileHashes(new Uint8Array(33), 1)).toThrow('32 bytes');
});

test('[L9] an entry bundle gives its entries back, and a cut one is refused', () => {
  const entries = [utf8('a'), new Uint8Array(0), utf8('x'.repeat(65_535))];
  expect(parseEntryBundle(entryBundle(entries))).toEqual(entries);
  expect(() => parseEntryBundle(entryBundle(entries).slice(0, -1))).toThrow('cut off');
  expect(() => parseEntryBundle(Uint8Array.of(0))).toThrow('cut off');
  expect(() => entryBundle([new Uint8Array(65_536)])).toThrow('65,535');
});
