/**
 * Three-way merge of people's text: lines first, and words inside the lines that both sides changed. No word that either side wrote is
 * lost: what really overlaps keeps both versions in a callout, and where one side deleted what the other edited, the edited text stays,
 * whole. Both devices get the same text, whoever calls itself "ours": what has to stand in some order is ordered by its content.
 * Texts end their lines with LF: see `normalised`.
 */
import { calloutOf, isBlank, isCallout, itemsOf, readingsOf, withoutBlankEnds } from './text-callout.ts';
import { outerHunk, type Change } from './text-diff.ts';
import { runsOf } from './text-parts.ts';
import { shortest } from './text-shared.ts';
import { changesOf, contains, passages, type Passage } from './text-three-way.ts';
import { mergedWords, mergeWords } from './text-words.ts';

export { editsBetween, type TextEdit } from './text-edits.ts';

export interface Merged {
  readonly text: string;
  /** How many passages this merge has put into a callout. */
  readonly conflicts: number;
}

/** Lines as they stand, or the versions between which a person has to choose. */
type Piece = { readonly lines: readonly string[] } | { readonly versions: readonly string[] };

/** As an editor counts lines: CR, LF and CRLF all end one. */
export const normalised = (text: string): string => text.replace(/\r\n?/g, '\n');

export function mergeText(base: string, ours: string, theirs: string): Merged {
  if (ours === theirs || theirs === base) return { text: ours, conflicts: 0 };
  if (ours === base) return { text: theirs, conflicts: 0 };
  const items = itemsOf(base);
  const found = passages(items, changesOf(items, itemsOf(ours)), changesOf(items, itemsOf(theirs)), {
    near: fillTheSameBlank(items),
    isOneWord: () => false,
    goesOn: true,
  });
  return written(found.flatMap(merge));
}

/** Whoever adds below the last line, with or without a line end, adds at the same place. */
const fillTheSameBlank =
  (base: readonly string[]) =>
  (earlier: readonly Change[], next: Change): boolean =>
    earlier.some(({ end }) => end === next.start) && base.slice(earlier[0]!.start, next.end).every(isBlank);

function merge({ base, a, b, settled }: Passage): readonly Piece[] {
  if (settled) return [asLines(settled)];
  if (base.every(isBlank)) return [asLines(bothInserted(a, b))];
  if ([...base, ...a, ...b].some(isCallout)) return whereTheyDiffer(a, b, (ofA, ofB) => mergeVersions(base, ofA, ofB));
  return mergeWords(base.join('\n'), a.join('\n'), b.join('\n')).flatMap((stretch) =>
    'settled' in stretch
      ? [asLines([stretch.settled])]
      : whereTheyDiffer(stretch.a.split('\n'), stretch.b.split('\n'), (...sides) =>
          asVersions(sides.map(withoutBlankEnds)),
        ),
  );
}

/** What both begin and end with stands once, outside of what a person has to choose from. */
function whereTheyDiffer(
  a: readonly string[],
  b: readonly string[],
  choice: (a: readonly string[], b: readonly string[]) => Piece,
): readonly Piece[] {
  const { start, end, to } = outerHunk(a, b);
  return [asLines(a.slice(0, start)), choice(a.slice(start, end), b.slice(start, to)), asLines(a.slice(end))];
}

const asLines = (items: readonly string[]): Piece => ({ lines: items.flatMap((item) => item.split('\n')) });

/** Without those whose every word stands in another. */
function asVersions(texts: readonly string[]): Piece {
  const all = [...new Set(texts)].map((text) => ({ text, words: runsOf(text) }));
  const versions = all
    .filter((one) => !all.some((other) => other !== one && contains(other.words, one.words)))
    .map(({ text }) => text);
  return versions.length > 1 ? { versions } : asLines(versions);
}

/** Whole lines at the same place: one after the other, and what both begin or end with once. */
function bothInserted(a: readonly string[], b: readonly string[]): readonly string[] {
  const { start, end } = outerHunk(a, b);
  let head = start;
  let tail = a.length - end;
  // A blank line parts paragraphs: each keeps its own.
  while (head > 0 && isBlank(a[head - 1]!)) head -= 1;
  while (tail > 0 && isBlank(a.at(-tail)!)) tail -= 1;
  const own = [a, b].map((lines) => lines.slice(head, lines.length - tail));
  own.sort((one, other) => (one.join('\n') < other.join('\n') ? -1 : 1));
  return [...a.slice(0, head), ...shortest(own[0]!, own[1]!), ...a.slice(a.length - tail)];
}

/** Where a callout stands already, its versions are compared one by one, so that none ever stands inside another. */
function mergeVersions(base: readonly string[], a: readonly string[], b: readonly string[]): Piece {
  const before = base.join('\n');
  const wasThere = base.some(isCallout);
  if (wasThere && a.some(isCallout) && b.some(isCallout)) {
    const merged = mergedWords(before, a.join('\n'), b.join('\n'));
    if (merged !== null) return asLines([merged]);
  }
  const [one, other] = [readingsOf(a), readingsOf(b)];
  const [many, few] = one.length < other.length ? [other, one] : [one, other];
  const joined = many.map((version) => (wasThere || few.length > 1 ? null : mergedWords(before, version, few[0]!)));
  if (joined.every((text) => text === null)) return asVersions([...many, ...few]);
  return asVersions(many.map((version, nth) => joined[nth] ?? version));
}

/** A blank line keeps a callout apart from a quotation above it, and from the text below, which Markdown would draw into it. */
function written(pieces: readonly Piece[]): Merged {
  const lines: string[] = [];
  let conflicts = 0;
  let afterCallout = false;
  const push = (added: readonly string[], apart: boolean) => {
    if (apart && added.length > 0 && !isBlank(added[0]!)) lines.push('');
    for (const line of added) lines.push(line);
    afterCallout &&= added.length === 0;
  };
  for (const piece of pieces)
    if ('lines' in piece) push(piece.lines, afterCallout);
    else {
      push([calloutOf(piece.versions)], lines.at(-1)?.startsWith('>') ?? false);
      afterCallout = true;
      conflicts += 1;
    }
  return { text: lines.join('\n'), conflicts };
}
