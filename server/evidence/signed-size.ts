import { parseCheckpoint } from '../../shared/proof/checkpoint.ts';

/** How many entries a signed checkpoint note speaks of. Trusts the note: it is our own. */
export const sizeOf = (note: string): number => parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1)).size;
