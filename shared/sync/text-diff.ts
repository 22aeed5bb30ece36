/**
 * Where two lists of lines or words differ: Myers' greedy O(ND) algorithm. The same pair gives the same hunks on every device, and a
 * hunk never begins with something that could as well stand in front of it, so that equal insertions are found at equal places.
 */

/** `a[start..end)` has become `b[from..to)`; between two hunks at least one element is the same. */
export interface Hunk {
  readonly start: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
}

/** `base[start..end)` is replaced by `insert`. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly insert: readonly string[];
}

/** Beyond this many single changes the search costs more than it gives: what differs is then one hunk. */
const MOST_CHANGES = 1000;

export function diff(a: readonly string[], b: readonly string[]): Hunk[] {
  const most = Math.min(a.length + b.length, MOST_CHANGES);
  const middle = most + 1;
  // How far along `a` each diagonal x - y has come; `rounds` remembers it as it was before each further change.
  const reach = new Int32Array(2 * most + 3);
  const rounds: Int32Array[] = [];
  for (let changes = 0; changes <= most; changes++) {
    rounds.push(reach.slice(middle - changes - 1, middle + changes + 2));
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      const at = middle + diagonal;
      let x = inserts(reach, at, diagonal, changes) ? reach[at + 1]! : reach[at - 1]! + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x += 1;
      reach[at] = x;
      if (x >= a.length && x - diagonal >= b.length) return walkBack(rounds, a.length, b.length);
    }
  }
  return [outerHunk(a, b)];
}

const inserts = (reach: Int32Array, at: number, diagonal: number, changes: number): boolean =>
  diagonal === -changes || (diagonal !== changes && reach[at - 1]! < reach[at + 1]!);

function walkBack(rounds: readonly Int32Array[], lengthA: number, lengthB: number): Hunk[] {
  const hunks: Hunk[] = [];
  let x = lengthA;
  let y = lengthB;
  for (let changes = rounds.length - 1; changes > 0; changes--) {
    const reach = rounds[changes]!;
    const at = x - y + changes + 1;
    const inserted = inserts(reach, at, x - y, changes);
    const start = reach[inserted ? at + 1 : at - 1]!;
    const from = start - (x - y + (inserted ? 1 : -1));
    const end = inserted ? start : start + 1;
    const to = inserted ? from + 1 : from;
    const later = hunks.at(-1);
    if (later?.start === end && later.from === to) hunks[hunks.length - 1] = { ...later, start, from };
    else hunks.push({ start, end, from, to });
    x = start;
    y = from;
  }
  return hunks.reverse();
}

/** All between what both begin with and what both end with, in lists as in strings. */
export function outerHunk(a: ArrayLike<string>, b: ArrayLike<string>): Hunk {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let [end, to] = [a.length, b.length];
  for (; end > start && to > start && a[end - 1] === b[to - 1]; end--) to -= 1;
  return { start, end, from: start, to };
}
