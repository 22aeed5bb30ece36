/**
 * The merge inside lines that both sides changed, word by word. Stretches of whole lines come out, each either settled or with the
 * versions of both sides: what each really wrote, never a mixture of the two.
 */
import type { Change } from './text-diff.ts';
import { isLetter, isNumber, mayBeOneWord, needsBlank, wordsOf } from './text-parts.ts';
import { changesOf, passages, type Passage } from './text-three-way.ts';

export type Stretch = { readonly settled: string } | { readonly a: string; readonly b: string };

/** `null` when the sides cannot be merged without a choice. */
export function mergedWords(base: string, a: string, b: string): string | null {
  const stretches = mergeWords(base, a, b);
  return stretches.every((stretch) => 'settled' in stretch) ? stretches.map(({ settled }) => settled).join('\n') : null;
}

/** In order; between two stretches stands a line end. */
export function mergeWords(base: string, a: string, b: string): readonly Stretch[] {
  const words = wordsOf(base);
  const [ofA, ofB] = [a, b].map((side) => changesOf(words, wordsOf(side)));
  const isOneWord = (part: string, next: string) => isLetter(part) && isLetter(next);
  const grain = { near: belongTogether(words), isOneWord, goesOn: false };
  const lines: Pick<Passage, 'a' | 'b' | 'settled'>[][] = [[]];
  for (const passage of passages(words, ofA!, ofB!, grain))
    if (!passage.untouched) lines.at(-1)!.push(passage);
    else
      for (const word of passage.base)
        if (word === '\n') lines.push([]);
        else lines.at(-1)!.push({ a: [word], b: [word], settled: [word] });

  const stretches: Stretch[] = [];
  for (const line of lines) {
    const last = stretches.at(-1);
    const [here, there] = [line.flatMap((part) => part.a).join(''), line.flatMap((part) => part.b).join('')];
    if (line.every(({ settled }) => settled)) stretches.push({ settled: apart(line.flatMap((part) => part.settled!)) });
    else if (last && 'a' in last)
      stretches[stretches.length - 1] = { a: `${last.a}\n${here}`, b: `${last.b}\n${there}` };
    else stretches.push({ a: here, b: there });
  }
  return stretches;
}

/** The blank between two words may be gone when each side took another one away: the words stay two. */
const apart = (words: readonly string[]): string =>
  words.map((word, nth) => (needsBlank(words[nth - 1] ?? '') && needsBlank(word) ? ` ${word}` : word)).join('');

/**
 * A number and the word beside it are chosen together: of `valve 3` and `pump 4` nobody must make `pump 3`. So are broken lines, and
 * letters of what may be one word.
 */
function belongTogether(base: readonly string[]): (earlier: readonly Change[], next: Change) => boolean {
  const isDelicate = ({ start, end, insert }: Change) =>
    [...base.slice(start, end), ...insert].some((word) => word.includes('\n') || isNumber(word));
  return (earlier, next) => {
    const reached = Math.max(...earlier.map(({ end }) => end));
    const between = base.slice(reached, next.start);
    const touch = between.length === 0 || (between.length === 1 && /^[^\S\n]+$/.test(between[0]!));
    if (touch && [...earlier, next].some(isDelicate)) return true;
    const after = next.insert[0] ?? base[next.start]!;
    return earlier.some(
      ({ end, insert }) => end === reached && mayBeOneWord(between, [insert.at(-1) ?? base[end - 1]!, after]),
    );
  };
}
