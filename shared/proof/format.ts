/** What every reader of our formats shares: exact text, and how to say that something is newer than this program. */
import { sameBytes, textOf, utf8 } from '../kernel/bytes.ts';

/** The artefact says that it follows a later version of its format: it is neither right nor wrong to us. */
export class NewerFormat extends Error {
  override readonly name = 'NewerFormat';
}

/** UTF-8 to text so that the text gives the same bytes again; a byte order mark stays and is seen. Throws on invalid UTF-8. */
export function exactText(bytes: Uint8Array): string {
  const text = textOf(bytes);
  if (sameBytes(utf8(text), bytes)) return text;
  throw new Error('The text begins with a byte order mark.');
}

/** Throws NewerFormat when `line` is `stem` with a version above `ours`, else Error when it is not `stem` + `ours`. */
export function requireVersion(line: string, stem: string, ours: number): void {
  if (line === `${stem}${ours}`) return;
  const version = line.startsWith(stem) ? line.slice(stem.length) : '';
  if (/^[1-9][0-9]{0,5}$/.test(version) && Number(version) > ours)
    throw new NewerFormat(`"${line}" is newer than this program knows (${stem}${ours}). Use a newer Operary.`);
  throw new Error(`The first line is not "${stem}${ours}".`);
}

/** The decimal of a whole number below 2^53 in its one spelling. Throws otherwise. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^(?:0|[1-9][0-9]*)$/.test(text) || !Number.isSafeInteger(value))
    throw new Error('Not a whole number below 2^53.');
  return value;
}

export const isHash = (text: unknown): text is string => typeof text === 'string' && /^[0-9a-f]{64}$/.test(text);

/** RFC 3339 in UTC with milliseconds, the only spelling of an instant in our formats. */
export const isInstant = (text: unknown): text is string =>
  typeof text === 'string' && /^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\.[0-9]{3}Z$/.test(text);
