/** Sealed notes: the whole file is the record's. What somebody changed is kept beside it, and the true text stands again. */
import { sha256Hex, utf8 } from '../../shared/kernel/bytes.ts';
import type { Memory, NoteFiles } from './ports.ts';
import { withLf } from './splice.ts';

export const digestOf = (text: string): string => sha256Hex(utf8(withLf(text)));

const copyOf = (path: string, n: number): string => path.replace(/\.md$/, ` (edited copy${n === 1 ? '' : ` ${n}`}).md`);

/** The note of which this is a changed copy; `undefined` when its name does not say so. */
export const originalOf = (path: string): string | undefined =>
  /^(.*) \(edited copy(?: \d+)?\)\.md$/.exec(path)?.[1]?.concat('.md');

/** The changed copy of this note that was kept last. */
export function lastCopyOf(files: Pick<NoteFiles, 'exists'>, path: string): string | undefined {
  let n = 0;
  while (files.exists(copyOf(path, n + 1))) n += 1;
  return n ? copyOf(path, n) : undefined;
}

/** The sealed note that a concern is about: what is told of it has the name under which it is remembered. */
export const noteAbout = (memory: Memory, about: string): string | undefined =>
  about.startsWith('sealed:') ? memory.get(about)?.split(' ').slice(2).join(' ') : undefined;

/** A free name beside the note; `undefined` when the same bytes are kept there already. */
async function freeCopy(files: NoteFiles, path: string, text: string): Promise<string | undefined> {
  for (let n = 1; ; n++) {
    const copy = copyOf(path, n);
    if (!files.exists(copy)) return copy;
    if ((await files.read(copy)) === text) return undefined;
  }
}

export type Guarded = 'intact' | 'written' | 'restored';

/** `lastWritten` is the digest of what we wrote there ourselves: that may be replaced without a copy. */
export async function guardSealed(
  files: NoteFiles,
  path: string,
  truth: string,
  lastWritten: string | undefined,
): Promise<Guarded> {
  if (!files.exists(path)) {
    await files.create(path, truth);
    return lastWritten === undefined ? 'written' : 'restored';
  }
  const text = await files.read(path);
  if (withLf(text) === truth) return 'intact';
  const isOurs = lastWritten !== undefined && digestOf(text) === lastWritten;
  if (!isOurs) {
    const copy = await freeCopy(files, path, text);
    if (copy !== undefined) await files.create(copy, text);
  }
  await files.change(path, (now) => (now === truth ? [] : [{ from: 0, to: now.length, insert: truth }]));
  return isOurs ? 'written' : 'restored';
}
