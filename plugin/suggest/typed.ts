/** Where an `@` of somebody who writes in their part of a note asks for suggestions, and where it is afterwards. */
import { findPeoples } from '../notes/people.ts';

export interface Typed {
  /** Column of the `@`. */
  readonly from: number;
  /** What stands between it and the cursor. */
  readonly words: string;
}

/**
 * At the start of a line or after a blank, and nothing of a link behind it: `a@b` is an address. Longer than this, somebody writes a text
 * that only begins so.
 */
const MENTION = /(?:^|\s)@((?!\s)(?:(?!\s@|\s\s|[[\]]).){0,200})$/u;

/** `before`: the line up to the cursor. */
export function typedIn(before: string): Typed | undefined {
  const words = MENTION.exec(before)?.[1];
  if (words === undefined) return undefined;
  const from = before.length - words.length - 1;
  const isInCode = before.slice(0, from).split('`').length % 2 === 0;
  const isInLink = before.lastIndexOf('[[') > before.lastIndexOf(']]');
  return isInCode || isInLink ? undefined : { from, words };
}

/** How far into people's part of the note this place is; `undefined` outside of it, and in a block of code. */
export function placeIn(note: string, at: number): number | undefined {
  const { from, text } = partOf(note);
  const place = at - from;
  return place < 0 || place >= text.length || isInCode(text.slice(0, place)) ? undefined : place;
}

/** Where it stands now, if it still does: the note around people's part may have been written anew. */
export function foundAgain(note: string, typed: string, place: number): number | undefined {
  const { from, text } = partOf(note);
  if (text.startsWith(typed, place)) return from + place;
  const at = text.indexOf(typed);
  return at >= 0 && at === text.lastIndexOf(typed) ? from + at : undefined;
}

function partOf(note: string): { readonly from: number; readonly text: string } {
  const part = findPeoples(note);
  if (part.kind !== 'here') return { from: 0, text: '' };
  const { innerFrom, innerTo } = part.found;
  return { from: innerFrom, text: note.slice(innerFrom, innerTo) };
}

const isInCode = (before: string): boolean => before.split(/^[\s>*+-]*(?:```|~~~)/m).length % 2 === 0;
