/**
 * Edits for a text that others edit at the same moment: a word that becomes another word, or loses letters, is replaced whole. Letter by
 * letter, two people who correct the same word would make a third of both. Letters that are only added stay an addition.
 */
import type { TextEdit } from '../../shared/sync/text-merge.ts';
import { needsBlank } from '../../shared/sync/text-parts.ts';

/** What has no blanks for so long is no word. */
const LONGEST = 40;

export function wholeWords(from: string, edits: readonly TextEdit[]): readonly TextEdit[] {
  let done = 0;
  return edits.map((edit, index) => {
    const { at, remove, insert } = edit;
    const end = at + remove;
    const most = edits[index + 1]?.at ?? from.length;
    // Inside a word of the old text, or of the new one.
    const partsBefore = remove > 0 && isWord(from[at - 1]) && (isWord(from[at]) || isWord(insert[0] ?? from[end]));
    const partsAfter =
      remove > 0 && isWord(from[end]) && (isWord(from[end - 1]) || isWord(insert.at(-1) ?? from[at - 1]));
    const start = partsBefore ? wordStart(from, at, done) : at;
    const stop = partsAfter ? wordEnd(from, end, most) : end;
    done = stop;
    return { at: start, remove: stop - start, insert: from.slice(start, at) + insert + from.slice(end, stop) };
  });
}

const isWord = (char: string | undefined): boolean => char !== undefined && needsBlank(char);

function wordStart(text: string, at: number, least: number): number {
  let start = at;
  while (start > least && isWord(text[start - 1])) start -= 1;
  return at - start > LONGEST ? at : start;
}

function wordEnd(text: string, at: number, most: number): number {
  let end = at;
  while (end < most && isWord(text[end])) end += 1;
  return end - at > LONGEST ? at : end;
}
