/** The few small edits that make one text of another, so that a cursor, a selection or somebody else's concurrent edit keeps its place. */
import { diff, outerHunk, type Hunk } from './text-diff.ts';
import { mayBeOneWord, wordsOf } from './text-parts.ts';

/** At the offset `at` of the old text: take `remove` UTF-16 units away, put `insert` there. */
export interface TextEdit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

/** In ascending order and apart from each other: apply them from the last to the first. No edit parts a surrogate pair or a CRLF. */
export function editsBetween(from: string, to: string): readonly TextEdit[] {
  return editsIn(from, to, linesOf).flatMap((lines) => {
    const old = from.slice(lines.at, lines.at + lines.remove);
    return editsIn(old, lines.insert, wordsOf).map((words) => {
      const removed = old.slice(words.at, words.at + words.remove);
      return narrowed(lines.at + words.at, removed, words.insert);
    });
  });
}

const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+/g) ?? [];

function editsIn(from: string, to: string, partsOf: (text: string) => readonly string[]): TextEdit[] {
  const parts = partsOf(from);
  const newParts = partsOf(to);
  let at = 0;
  let done = 0;
  return joined(diff(parts, newParts), parts).map((hunk) => {
    at += lengthOf(parts, done, hunk.start);
    const edit = {
      at,
      remove: lengthOf(parts, hunk.start, hunk.end),
      insert: newParts.slice(hunk.from, hunk.to).join(''),
    };
    at += edit.remove;
    done = hunk.end;
    return edit;
  });
}

/**
 * Two changes with nothing but a blank between them are one: other words, not the old ones' blanks with new words around them. So are
 * changes of what may be one word.
 */
function joined(hunks: readonly Hunk[], parts: readonly string[]): readonly Hunk[] {
  const all: Hunk[] = [];
  for (const hunk of hunks) {
    const last = all.at(-1);
    const between = last && parts.slice(last.end, hunk.start);
    if (between && (between.every((part) => /^[^\S\r\n]+$/.test(part)) || mayBeOneWord(between)))
      all[all.length - 1] = { start: last.start, end: hunk.end, from: last.from, to: hunk.to };
    else all.push(hunk);
  }
  return all;
}

function lengthOf(parts: readonly string[], start: number, end: number): number {
  let length = 0;
  for (let index = start; index < end; index++) length += parts[index]!.length;
  return length;
}

/** Only the characters that really differ. */
function narrowed(at: number, removed: string, inserted: string): TextEdit {
  const { start, end, to } = outerHunk(removed, inserted);
  const back = isInside(removed, start) || isInside(inserted, start) ? 1 : 0;
  const on = isInside(removed, end) || isInside(inserted, to) ? 1 : 0;
  return { at: at + start - back, remove: end + on - start + back, insert: inserted.slice(start - back, to + on) };
}

/** Whether a cut at this offset would go through one character of two units, or one line end. */
const isInside = (text: string, at: number): boolean =>
  /^(?:\r\n|[\ud800-\udbff][\udc00-\udfff])$/.test(text.slice(Math.max(at - 1, 0), at + 1));
