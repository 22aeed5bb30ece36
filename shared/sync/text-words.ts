/**
 * The merge inside lines that both sides changed, word by word. Stretches of whole lines come out, each either settled or with the
 * versions of both sides: what each really wrote, never a mixture of the two.
 */
import { wordsOf } from './text-diff.ts';
import { changesOf, passages, type Change, type Passage } from './text-three-way.ts';

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
  const lines: Pick<Passage, 'a' | 'b' | 'settled'>[][] = [[]];
  for (const passage of passages(words, ofA!, ofB!, belongTogether(words)))
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
  words.map((word, nth) => (isWord(words[nth - 1] ?? '') && isWord(word) ? ` ${word}` : word)).join('');

const isWord = (part: string): boolean => /\S/.test(part);

/** A number and the word beside it are chosen together: of `valve 3` and `pump 4` nobody must make `pump 3`. So are broken lines. */
function belongTogether(base: readonly string[]): (earlier: readonly Change[], next: Change) => boolean {
  const isDelicate = ({ start, end, insert }: Change) =>
    [...base.slice(start, end), ...insert].some((word) => /[\p{Nd}\n]/u.test(word));
  return (earlier, next) => {
    const between = base.slice(Math.max(...earlier.map(({ end }) => end)), next.start);
    const touch = between.length === 0 || (between.length === 1 && /^[^\S\n]+$/.test(between[0]!));
    return touch && [...earlier, next].some(isDelicate);
  };
}
