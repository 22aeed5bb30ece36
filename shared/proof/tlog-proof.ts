/** A self-contained inclusion proof as a text file (c2sp.org/tlog-proof@v1): index, hashes from the leaf's sibling up, signed checkpoint. */
import { base64, fromBase64 } from '../kernel/bytes.ts';
import { requireVersion, wholeNumber } from './format.ts';

export interface TlogProof {
  readonly index: number;
  readonly hashes: readonly Uint8Array[];
  /** The checkpoint note, verbatim, with its signatures. */
  readonly checkpoint: string;
  /** Optional application data; no signature covers it. */
  readonly extra?: Uint8Array;
}

const STEM = 'c2sp.org/tlog-proof@v';
const EXTRA = 'extra ';
const INDEX = 'index ';
// A tree of fewer than 2^53 leaves has no longer path.
const MAX_HASHES = 63;

export function formatTlogProof({ index, hashes, checkpoint, extra }: TlogProof): string {
  const head = [`${STEM}1`, ...(extra ? [`${EXTRA}${base64(extra)}`] : []), `${INDEX}${index}`];
  return `${[...head, ...hashes.map(base64)].join('\n')}\n\n${checkpoint}`;
}

/** Strict: throws unless `formatTlogProof` writes the same text. NewerFormat for a later version. */
export function parseTlogProof(text: string): TlogProof {
  const split = text.indexOf('\n\n');
  const [version = '', ...lines] = (split < 0 ? text : text.slice(0, split)).split('\n');
  requireVersion(version, STEM, 1);
  if (split < 0) throw new Error('A proof without a checkpoint.');
  const extra = lines[0]?.startsWith(EXTRA) ? fromBase64(lines.shift()!.slice(EXTRA.length)) : undefined;
  const index = lines.shift() ?? '';
  if (!index.startsWith(INDEX) || lines.length > MAX_HASHES) throw new Error('A proof without its index, or too long.');
  const hashes = lines.map(fromBase64);
  if (hashes.some((hash) => hash.length !== 32)) throw new Error('A tree hash has 32 bytes.');
  const proof = { index: wholeNumber(index.slice(INDEX.length)), hashes, checkpoint: text.slice(split + 2) };
  return extra ? { ...proof, extra } : proof;
}
