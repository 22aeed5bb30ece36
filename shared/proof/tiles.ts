/**
 * Tiles of c2sp.org/tlog-tiles: up to 256 stored hashes of one level in one file, so that a log can be served as plain files.
 * Tile (level, n) holds the tree nodes (8 × level, 256 × n …); a width below 256 is the log's unfinished right edge.
 */
import { concat } from '../kernel/bytes.ts';
import { HASH_BYTES } from './tree.ts';
import type { NodeReader } from './tree.ts';

export const TILE_WIDTH = 256;
// 256^7 exceeds 2^53 leaves, but the format allows these levels.
const MAX_LEVEL = 63;

export interface Tile {
  readonly level: number;
  readonly n: number;
  /** 1 … 256. */
  readonly width: number;
  /** An entry bundle (level 0 only) rather than hashes. */
  readonly entries: boolean;
}

/** `tile/L/N[.p/W]` or `tile/entries/N[.p/W]`, N in groups of three digits, all but the last prefixed with x. */
export function tilePath({ level, n, width, entries }: Tile): string {
  const digits = String(n).padStart(Math.ceil(String(n).length / 3) * 3, '0');
  const groups = (digits.match(/.{3}/g) ?? []).map((group, i, all) => (i < all.length - 1 ? `x${group}` : group));
  return `tile/${entries ? 'entries' : level}/${groups.join('/')}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** Null unless `tilePath` writes the same path. */
export function parseTilePath(path: string): Tile | null {
  const found = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/.exec(path);
  if (!found) return null;
  const [, kind = '', groups = '', partial] = found;
  const tile: Tile = {
    level: kind === 'entries' ? 0 : Number(kind),
    n: Number(groups.replace(/[x/]/g, '')),
    width: partial === undefined ? TILE_WIDTH : Number(partial),
    entries: kind === 'entries',
  };
  const sound = tile.level <= MAX_LEVEL && tile.width >= 1 && Number.isSafeInteger(tile.n) && tilePath(tile) === path;
  return sound ? tile : null;
}

/** How many nodes of the tile's level a tree of `size` leaves has completed. */
const completed = (level: number, size: number): number => Math.floor(size / TILE_WIDTH ** level);

/** Whether a tree of `size` leaves can fill this tile. */
export const tileExists = ({ level, n, width }: Tile, size: number): boolean =>
  n * TILE_WIDTH + width <= completed(level, size);

/** The hash tiles (or entry bundles) of a tree of `size` leaves, left to right, the partial one last; never an empty one. */
export function tilesOfLevel(level: number, size: number, entries = false): Tile[] {
  const nodes = completed(level, size);
  return Array.from({ length: Math.ceil(nodes / TILE_WIDTH) }, (_, n) => {
    return { level, n, width: Math.min(TILE_WIDTH, nodes - n * TILE_WIDTH), entries };
  });
}

/** The bytes of a hash tile: `width` hashes of 32 bytes. */
export function tileBytes({ level, n, width }: Tile, nodes: NodeReader): Uint8Array {
  return concat(...Array.from({ length: width }, (_, i) => nodes.node(8 * level, n * TILE_WIDTH + i)));
}

/** The hashes in a tile's bytes. Throws when their number is not `width`. */
export function tileHashes(bytes: Uint8Array, width: number): Uint8Array[] {
  if (bytes.length !== width * HASH_BYTES) throw new Error(`A tile of width ${width} has ${width * HASH_BYTES} bytes.`);
  return Array.from({ length: width }, (_, i) => bytes.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES));
}

/** An entry bundle: each entry as u16 length, big endian, and its bytes. */
export function entryBundle(entries: readonly Uint8Array[]): Uint8Array {
  return concat(...entries.flatMap((entry) => [u16(entry.length), entry]));
}

export function parseEntryBundle(bytes: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 2 + (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
    if (end > bytes.length) throw new Error('The entry bundle is cut off.');
    entries.push(bytes.slice(at + 2, end));
    at = end;
  }
  return entries;
}

function u16(length: number): Uint8Array {
  if (length > 0xffff) throw new Error('An entry of a bundle has at most 65,535 bytes.');
  return Uint8Array.of(length >> 8, length & 0xff);
}
