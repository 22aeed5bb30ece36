/** How well typed words fit a text, and the best of many without sorting all. */

/** Its words between blanks: neither case nor accents nor signs matter. */
export const folded = (text: string): string => {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return ` ${plain.replace(/[^\p{L}\p{N}]+/gu, ' ')} `;
};

/** `T-12` is one that a text has as two. */
export const wordsIn = (typed: string): readonly string[] =>
  typed.split(/\s+/u).flatMap((word) => folded(word).trim() || []);

export const BEGINNING = 4;
/** Of fewer letters, some are left out in too many words. */
const SHORTEST = 3;

/** In a folded text. A word of its own fits best, then the beginning of one, then a part; 0: not at all. */
export function fits(word: string, text: string): number {
  if (text.includes(` ${word}`)) return text.includes(` ${word} `) ? 5 : BEGINNING;
  return text.includes(word) ? 3 : 0;
}

/** Finds this word with letters left out, from its first on. */
export const loosely = (word: string): RegExp => (word.length < SHORTEST ? /$^/ : RegExp(` ${[...word].join('\\S*')}`));

/** The first `most` in order; of what is equal, what was seen first. */
export function firstOf<T>(all: Iterable<T>, most: number, inOrder: (a: T, b: T) => number): readonly T[] {
  const first: T[] = [];
  for (const one of all) {
    if (first.length === most && inOrder(first[most - 1]!, one) <= 0) continue;
    let at = first.length;
    while (at > 0 && inOrder(first[at - 1]!, one) > 0) at -= 1;
    first.splice(at, 0, one);
    if (first.length > most) first.pop();
  }
  return first;
}
