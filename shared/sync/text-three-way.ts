/**
 * Three-way comparison (diff3) of lists, whether of lines or of words: what both sides left alone, and the passages that at least one
 * of them changed. A passage is settled when nobody has to choose.
 */
import { diff } from './text-diff.ts';

type List = readonly string[];

/** `base[start..end)` is replaced by `insert`. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly insert: List;
}

export interface Passage {
  readonly base: List;
  readonly a: List;
  readonly b: List;
  readonly untouched: boolean;
  /** What stands here; `null` when both sides changed the same place in different ways. */
  readonly settled: List | null;
}

/**
 * What one side did. Where less was kept between two changes than either is long, the writer began anew: that is one change, and a
 * blank that happens to be the same does not tear it apart.
 */
export function changesOf(base: List, side: List): readonly Change[] {
  const found: Change[] = [];
  for (const { start, end, from, to } of diff(base, side)) {
    const change = { start, end, insert: side.slice(from, to) };
    const last = found.at(-1);
    const kept = base.slice(last?.end ?? start, start);
    if (last && beganAnew(base, last, kept, change)) {
      const insert = [...last.insert, ...kept, ...change.insert];
      found[found.length - 1] = { start: last.start, end, insert };
    } else found.push(change);
  }
  return found;
}

function beganAnew(base: List, one: Change, kept: List, other: Change): boolean {
  const taken = [one, other].map(({ start, end }) => sizeOf(base.slice(start, end)));
  const given = [one, other].map(({ insert }) => sizeOf(insert));
  const longest = taken.map((size, nth) => Math.max(size, given[nth]!));
  const rewritten = taken.some(Boolean) && given.some(Boolean);
  return rewritten && !kept.includes('\n') && sizeOf(kept) < Math.min(...longest);
}

const sizeOf = (list: List): number => list.filter((one) => /\S/.test(one)).length;

/**
 * Changes that overlap or insert at the same place are one passage; so are those that `near` holds together. Others that merely touch
 * are not: their order is known. Both lists of changes are ascending.
 */
export function passages(
  base: List,
  a: readonly Change[],
  b: readonly Change[],
  near: (earlier: readonly Change[], next: Change) => boolean,
): readonly Passage[] {
  const waiting = [...a, ...b].sort((one, other) => one.start - other.start || one.end - other.end);
  const found: Passage[] = [];
  let done = 0;
  for (let next = 0; next < waiting.length;) {
    const { start } = waiting[next]!;
    let { end } = waiting[next]!;
    const first = next;
    for (next += 1; next < waiting.length; next++) {
      const change = waiting[next]!;
      const meets = change.start < end || (change.start === start && change.end === end);
      if (!meets && !near(waiting.slice(first, next), change)) break;
      end = Math.max(end, change.end);
    }
    const members = new Set(waiting.slice(first, next));
    const own = (side: readonly Change[]) => side.filter((change) => members.has(change));
    if (start > done) found.push(untouched(base.slice(done, start)));
    found.push(passage(base, start, end, own(a), own(b)));
    done = end;
  }
  if (done < base.length) found.push(untouched(base.slice(done)));
  return found;
}

const untouched = (same: List): Passage => ({ base: same, a: same, b: same, untouched: true, settled: same });

function passage(base: List, start: number, end: number, ofA: readonly Change[], ofB: readonly Change[]): Passage {
  const a = applied(base, start, end, ofA);
  const b = applied(base, start, end, ofB);
  const both = [...ofA, ...ofB];
  const onlyDeletes = both.every(({ insert }) => insert.length === 0);
  const remaining = (_: string, index: number) =>
    !both.some((gone) => gone.start <= start + index && start + index < gone.end);
  const settled =
    ofB.length === 0
      ? a
      : ofA.length === 0
        ? b
        : onlyDeletes
          ? base.slice(start, end).filter(remaining)
          : contains(b, a)
            ? b
            : contains(a, b)
              ? a
              : null;
  return { base: base.slice(start, end), a, b, untouched: false, settled };
}

function applied(base: List, start: number, end: number, changes: readonly Change[]): List {
  let done = start;
  const before = changes.map((change) => {
    const kept = base.slice(done, change.start);
    done = change.end;
    return [...kept, ...change.insert];
  });
  return [...before.flat(), ...base.slice(done, end)];
}

/** Whether everything in `part` stands in `whole`, in the same order: then `whole` has lost nothing, and a deletion yields to an edit. */
export function contains(whole: List, part: List): boolean {
  let found = 0;
  for (const one of whole) if (one === part[found]) found += 1;
  return found >= part.length;
}
