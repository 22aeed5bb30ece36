/**
 * People's region of a note: where it is, how it comes into a note that has none, and the few small changes that make its text another
 * one. Text that people wrote is never moved: markers are put around it (L12).
 */
import type { NoteText } from '../../shared/kernel/note.ts';
import { editsBetween } from '../../shared/sync/text-merge.ts';
import { bodyFromOf } from './frontmatter.ts';
import { emptyPeoples, findRegions, innerOf, markersOf, PEOPLE, type Found } from './regions.ts';
import { lineEndOf, type Splice } from './splice.ts';

export type Peoples =
  | { readonly kind: 'here'; readonly text: string; readonly found: Found; readonly isCopied: boolean }
  | { readonly kind: 'missing' }
  /** Some of its marker lines are gone or too many: nobody can tell what is inside. */
  | { readonly kind: 'damaged' };

export function findPeoples(text: string): Peoples {
  const bodyFrom = bodyFromOf(text);
  const marks = peoplesMarks(text, bodyFrom);
  if (!marks.length) return { kind: 'missing' };
  const found = findRegions(text, bodyFrom).get(PEOPLE);
  const areInTurn = marks.length % 2 === 0 && marks.every(({ isEnd }, n) => isEnd === (n % 2 === 1));
  if (!found || !areInTurn) return { kind: 'damaged' };
  return { kind: 'here', text: innerOf(text, found), found, isCopied: marks.length > 2 };
}

const peoplesMarks = (text: string, bodyFrom = bodyFromOf(text)) =>
  markersOf(text, bodyFrom).filter(({ name }) => name === PEOPLE);

/** `wanted` in LF; the file keeps its line ends. */
export function peoplesSplices(
  note: string,
  { text, found }: Extract<Peoples, { kind: 'here' }>,
  wanted: string,
): Splice[] {
  if (text === wanted) return [];
  const eol = lineEndOf(note);
  const inner = note.slice(found.innerFrom, found.innerTo);
  // Between markers that touch there is no line yet.
  if (inner === '')
    return [{ from: found.innerFrom, to: found.innerFrom, insert: `${wanted}\n`.replaceAll('\n', eol) }];
  const offset = offsets(inner);
  return editsBetween(text, wanted).map(({ at, remove, insert }) => ({
    from: found.innerFrom + offset(at),
    to: found.innerFrom + offset(at + remove),
    insert: insert.replaceAll('\n', eol),
  }));
}

/** From places in LF text to places in the text as it stands. Asked in ascending order. */
function offsets(inner: string): (at: number) => number {
  let crs = 0;
  let seen = 0;
  return (at) => {
    for (; seen - crs < at; seen++) if (inner[seen] === '\r' && inner[seen + 1] === '\n') crs++;
    return seen;
  };
}

/** Right under its heading where a note has that, around what stands there; else after our region before it; else at the end. */
export function newPeoples(note: string, { heading, after }: NonNullable<NoteText['prose']>): Splice[] {
  const eol = lineEndOf(note);
  const place = placeUnder(note, heading);
  if (place) {
    const [start, end] = [`%% operary:${PEOPLE} %%${eol}`, `%% /operary:${PEOPLE} %%${eol}`];
    const before = place.from > 0 && note[place.from - 1] !== '\n' ? eol : '';
    if (place.from === place.to) return [{ from: place.from, to: place.from, insert: `${before}${start}${eol}${end}` }];
    return [
      { from: place.from, to: place.from, insert: start },
      { from: place.to, to: place.to, insert: note[place.to - 1] === '\n' ? end : `${eol}${end}` },
    ];
  }
  const region = findRegions(note).get(after);
  const at = region ? Math.min(note.length, region.to + (note[region.to] === '\r' ? 2 : 1)) : note.length;
  const gap = at === 0 || note[at - 1] === '\n' ? '' : eol;
  return [{ from: at, to: at, insert: `${gap}${eol}${emptyPeoples(heading, eol)}` }];
}

/** From the first to after the last written line below the heading, up to the next heading or marker; empty when nothing is written. */
function placeUnder(note: string, heading: string): { readonly from: number; readonly to: number } | undefined {
  const ours = [...findRegions(note).values()];
  const lines = [...note.matchAll(/([^\n]*?)(\r?\n|$)/g)].filter(({ 0: all }) => all !== '');
  const isOutside = (at: number): boolean => ours.every(({ from, to }) => at < from || at > to);
  const start = lines.findIndex(({ 1: line, index }) => line!.trimEnd() === `## ${heading}` && isOutside(index));
  if (start < 0) return undefined;
  const first = lines[start]!.index + lines[start]![0].length;
  let place: { readonly from: number; readonly to: number } | undefined;
  let fence: string | undefined;
  for (const { 0: all, 1: line, index } of lines.slice(start + 1)) {
    const mark = /^ {0,3}(```+|~~~+)/.exec(line!)?.[1];
    if (fence === undefined && /^(?:#{1,6} |%% \/?operary:)/.test(line!)) break;
    if (mark !== undefined) fence = fence === undefined ? mark : mark.startsWith(fence) ? undefined : fence;
    if (line!.trim() !== '') place = { from: place?.from ?? index, to: index + all.length };
  }
  return place ?? { from: first, to: first };
}

/** Takes marker lines of people's region away, so that it can be put in anew; what stood between them stays. */
export const withoutMarks = (note: string): Splice[] =>
  peoplesMarks(note).map(({ from, to }) => ({
    from,
    to: Math.min(note.length, to + (note[to] === '\r' ? 2 : 1)),
    insert: '',
  }));

/** A line that would end the region where it is written, made harmless. */
export const harmless = (text: string): string => text.replace(END_OF_REGION, '$1 $2');
const END_OF_REGION = new RegExp(`^(%% /?operary:)(${PEOPLE} %%[ \\t]*)$`, 'gmu');
