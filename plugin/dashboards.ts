/**
 * Keeps the tables over the notes: made once, renewed while nobody has changed them, never made again where somebody has deleted them.
 * The digest of what was written last stays on this device.
 */
import { sha256HexOfText } from '../shared/kernel/bytes.ts';
import { ROOT } from './notes/notebook.ts';
import type { Memory, NoteFiles } from './notes/ports.ts';
import type { Mine } from '../shared/kernel/dashboard.ts';
import type { Register } from '../shared/kernel/register.ts';
import { basesFor } from './pictures/bases.ts';

export interface Shelf {
  readonly files: NoteFiles;
  readonly memory: Memory;
  readonly register: Register;
}

export async function keepDashboards({ files, memory, register }: Shelf, mine: Mine): Promise<void> {
  for (const [name, text] of basesFor(register, mine)) {
    const [path, key, digest] = [`${ROOT}/${name}.base`, `base:${name}`, sha256HexOfText(text)];
    const last = memory.get(key);
    if (!files.exists(path)) {
      if (last !== undefined) continue;
      memory.set(key, digest);
      await files.create(path, text);
      continue;
    }
    await files.change(path, (old) => {
      const found = sha256HexOfText(old);
      if (found === digest) memory.set(key, digest);
      if (found === digest || found !== last) return [];
      memory.set(key, digest);
      return [{ from: 0, to: old.length, insert: text }];
    });
  }
}

/** Those that somebody has deleted may be made again. Answers how many. */
export function forgetDeleted({ files, memory, register }: Shelf, mine: Mine): number {
  const gone = [...basesFor(register, mine).keys()].filter(
    (name) => memory.get(`base:${name}`) !== undefined && !files.exists(`${ROOT}/${name}.base`),
  );
  for (const name of gone) memory.set(`base:${name}`, undefined);
  return gone.length;
}
