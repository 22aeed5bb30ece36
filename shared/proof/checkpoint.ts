/** A log's head: `ORIGIN LF SIZE LF BASE64(root) LF` (c2sp.org/tlog-checkpoint@v1.0.0), signed as a note under the origin's name. */
import { base64, fromBase64 } from '../kernel/bytes.ts';
import { wholeNumber } from './format.ts';
import { openNote, signNote } from './note.ts';
import type { NoteSigner } from './note.ts';
import { isKeyName } from './vkey.ts';

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

export function checkpointText({ origin, size, root }: Checkpoint): string {
  if (!isKeyName(origin)) throw new Error('An origin has no spaces, no control characters and no plus sign.');
  if (!Number.isSafeInteger(size) || size < 0 || root.length !== 32) throw new Error('Not the head of a tree.');
  return `${origin}\n${size}\n${base64(root)}\n`;
}

/** Strict: throws unless `checkpointText` writes the same text. Extension lines are refused; nobody of ours writes any. */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n');
  if (lines.length !== 4) throw new Error('A checkpoint has three lines.');
  const [origin = '', size = '', root = ''] = lines;
  const checkpoint = { origin, size: wholeNumber(size), root: fromBase64(root) };
  if (checkpointText(checkpoint) !== text) throw new Error('Not a checkpoint.');
  return checkpoint;
}

export const signCheckpoint = (checkpoint: Checkpoint, signer: NoteSigner): string =>
  signNote(checkpointText(checkpoint), [signer]);

/** The head in a note that the log's key has signed. Throws when it has not, or when it speaks for another origin. */
export function openCheckpoint(note: Uint8Array | string, logKey: string): Checkpoint {
  const { text, verified } = openNote(note, [logKey]);
  const checkpoint = parseCheckpoint(text);
  if (!verified.includes(checkpoint.origin)) throw new Error('The signing key is not that of the origin.');
  return checkpoint;
}
