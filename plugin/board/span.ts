/** Which part of a long list is drawn: what a person sees and a little on both sides, however long the list is. */

/** Where each of these begins, and at last where all end. */
export function stacked(heights: readonly number[]): readonly number[] {
  const tops = [0];
  for (const height of heights) tops.push(tops.at(-1)! + height);
  return tops;
}

/** The first that reaches into `from`…`to`, and the one after the last. */
export function spanOf(tops: readonly number[], from: number, to: number): readonly [number, number] {
  const first = Math.max(0, firstOf(tops, (top) => top > from) - 1);
  const end = Math.min(
    tops.length - 1,
    firstOf(tops, (top) => top >= to),
  );
  return [Math.min(first, end), end];
}

/** Index of the first for which it holds; it holds for all that come after. */
function firstOf(sorted: readonly number[], holds: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
