/**
 * Three-way comparison (diff3) of lists, whether of lines or of words: what both sides left alone, and the passages that at least one
 * of them changed. A passage is settled when nobody has to choose.
 */
import { diff, outerHunk, type Change } from './text-diff.ts';
import { isWord } from './text-parts.ts';
import { withSharedApart, type Grain } from './text-shared.ts';

type List = readonly string[];

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

const sizeOf = (list: List): number => list.filter(isWord).length;

/**
 * Changes that overlap or insert at the same place are one passage; so are those that the grain holds together. Others that merely touch
 * are not: their order is known. What both wrote at the same place beside them stands by itself. Both lists of changes are ascending.
 */
export function passages(base: List, a: readonly Change[], b: readonly Change[], grain: Grain): readonly Passage[] {
  const [onesOwn, othersOwn] = withSharedApart(base, a, b, grain);
  const waiting = [...onesOwn, ...othersOwn].sort((one, other) => one.start - other.start || one.end - other.end);
  const found: Passage[] = [];
  let done = 0;
  for (let next = 0; next < waiting.length;) {
    const { start } = waiting[next]!;
    let { end } = waiting[next]!;
    const first = next;
    for (next += 1; next < waiting.length; next++) {
      const change = waiting[next]!;
      const meets = change.start < end || (change.start === start && change.end === end);
      if (!meets && !twins(waiting, next).some((one) => grain.near(waiting.slice(first, next), one))) break;
      end = Math.max(end, change.end);
    }
    const members = new Set(waiting.slice(first, next));
    const own = (side: readonly Change[]) => side.filter((change) => members.has(change));
    if (start > done) found.push(untouched(base.slice(done, start)));
    found.push(passage(base.slice(start, end), start, own(onesOwn), own(othersOwn), grain));
    done = end;
  }
  if (done < base.length) found.push(untouched(base.slice(done)));
  return found;
}

/** This change, and what the other side changed in the very same place: both count, whichever is seen first. */
const twins = (changes: readonly Change[], index: number): readonly Change[] =>
  changes
    .slice(index, index + 2)
    .filter(({ start, end }) => start === changes[index]!.start && end === changes[index]!.end);

const untouched = (same: List): Passage => ({ base: same, a: same, b: same, untouched: true, settled: same });

function passage(
  base: List,
  start: number,
  ofA: readonly Change[],
  ofB: readonly Change[],
  { isOneWord }: Grain,
): Passage {
  const a = applied(base, start, ofA);
  const b = applied(base, start, ofB);
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
          ? base.filter(remaining)
          : settledBy(base, a, b, (list) => wholeWords(list, isOneWord));
  return { base, a, b, untouched: false, settled };
}

/** The side that has all that the other has; else the only one of which something differs from the base. */
function settledBy(base: List, a: List, b: List, words: (list: List) => List): List | null {
  const [ofA, ofB] = [words(a), words(b)];
  if (contains(ofA, ofB)) return a;
  if (contains(ofB, ofA)) return b;
  if (isLeftAlone(base, b, a)) return a;
  return isLeftAlone(base, a, b) ? b : null;
}

/** The parts of one word as one. */
function wholeWords(list: List, isOneWord: Grain['isOneWord']): List {
  const words: string[] = [];
  list.forEach((part, index) => {
    if (index > 0 && isOneWord(list[index - 1]!, part)) words[words.length - 1] += part;
    else words.push(part);
  });
  return words;
}

/** `base` begins at `start` of the list in which the changes are counted. */
function applied(base: List, start: number, changes: readonly Change[]): List {
  let done = 0;
  const before = changes.map((change) => {
    const kept = base.slice(done, change.start - start);
    done = change.end - start;
    return [...kept, ...change.insert];
  });
  return [...before.flat(), ...base.slice(done)];
}

/** Whether this side wrote, around the base, only what the other wrote there as well. */
function isLeftAlone(base: List, side: List, other: List): boolean {
  const { start, end } = outerHunk(side, other);
  return end - start === base.length && base.every((one, index) => one === side[start + index]);
}

/** Whether everything in `part` stands in `whole`, in the same order: then `whole` has lost nothing, and a deletion yields to an edit. */
export function contains(whole: List, part: List): boolean {
  let found = 0;
  for (const one of whole) if (one === part[found]) found += 1;
  return found >= part.length;
}
