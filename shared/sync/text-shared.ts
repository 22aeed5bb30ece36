/**
 * What both sides wrote at the same place. It must stand once, also where one of them, or each, changed what stands beside it: a line
 * that reached a device on two ways, while a person rewrote the line before.
 *
 * The rule: take what one side wrote, with what both left alone from there to the next thing that the other wrote. The merge is the
 * shortest text in which both stand whole. So only that is left out which one ends with and the other begins with, or which stands
 * unbroken inside the other. What both wrote at different places stands twice, and so does what each wrote for a part of its own.
 */
import { outerHunk, type Change } from './text-diff.ts';
import { isWord } from './text-parts.ts';

type List = readonly string[];

/** What a merge has to know of the parts it compares, lines or words. */
export interface Grain {
  /** Whether what both changed here is one passage, although the changes do not overlap. */
  readonly near: (earlier: readonly Change[], next: Change) => boolean;
  /** Whether two parts that stand side by side may be one word. */
  readonly isOneWord: (part: string, next: string) => boolean;
  /** Whether the two go on with different parts from the same ones, one after the other. */
  readonly goesOn: boolean;
}

/** Changes of two sides, the right one after the left one; between them both sides kept the same. */
interface Pair {
  readonly left: Change;
  readonly right: Change;
  readonly kept: List;
  /** From where the left one begins to where the right one ends, as each side reads without the other's change. */
  readonly one: List;
  readonly other: List;
  readonly onlyLeftAdds: boolean;
  readonly onlyRightAdds: boolean;
}

interface Cut {
  readonly left: readonly Change[];
  readonly right: readonly Change[];
}

/**
 * The same changes, but what both wrote at one place is cut off from its surroundings and stands, on both sides, at the same place. So
 * is, of lines, what begins alike and goes on differently.
 */
export function withSharedApart(
  base: List,
  a: readonly Change[],
  b: readonly Change[],
  grain: Grain,
): readonly [Change[], Change[]] {
  const sides: readonly [Change[], Change[]] = [[], []];
  const since = (changes: readonly Change[], index: number) => changes[index - 1]?.end ?? -1;
  const waiting = [
    ...a.map((change, index) => ({ change, nth: 0, since: since(a, index) })),
    ...b.map((change, index) => ({ change, nth: 1, since: since(b, index) })),
  ].sort((x, y) => x.change.start - y.change.start || x.change.end - y.change.end || x.since - y.since);
  for (const { change: right, nth } of waiting) {
    const own = sides[nth]!;
    const others = sides[1 - nth]!;
    const left = others.at(-1);
    const isNext = left && (own.at(-1)?.end ?? -1) < left.end && mayMeet(base, left, right);
    const cut = isNext ? cutApart(pairOf(base, left, right), grain) : null;
    if (cut) others.splice(-1, 1, ...cut.left);
    const before = own.at(-1)?.start === right.end ? own.pop()!.insert : [];
    const [first, ...rest] = cut?.right ?? [right];
    own.push({ ...first!, insert: [...before, ...first!.insert] }, ...rest);
  }
  return sides;
}

/** What stands between two changes has to stand in one of them as well, or they are at different places. */
const mayMeet = (base: List, left: Change, right: Change): boolean =>
  left.end === right.start ||
  (left.end < right.start && (left.insert.includes(base[left.end]!) || right.insert.includes(base[right.start - 1]!)));

function pairOf(base: List, left: Change, right: Change): Pair {
  const onlyAdds = ({ start, end }: Change) => !base.slice(start, end).some(isWord);
  const kept = base.slice(left.end, right.start);
  const one = [...left.insert, ...kept];
  const other = [...kept, ...right.insert];
  return { left, right, kept, one, other, onlyLeftAdds: onlyAdds(left), onlyRightAdds: onlyAdds(right) };
}

function cutApart(pair: Pair, { isOneWord, goesOn }: Grain): Cut | null {
  const { left, right, kept, one, other, onlyLeftAdds, onlyRightAdds } = pair;
  if (onlyLeftAdds && onlyRightAdds) return null;
  // As many parts as were taken away may stand for those, and not be additions.
  const [fromLeft, fromRight] = [onlyLeftAdds ? 0 : sizeOf(left), onlyRightAdds ? 0 : sizeOf(right)];
  const [added, given] = [one.slice(fromLeft), other.slice(0, Math.max(other.length - fromRight, 0))];
  const isBorder = (list: List, at: number): boolean =>
    at <= 0 || at >= list.length || !isOneWord(list[at - 1]!, list[at]!);
  const sharedBy = (length: number): List => right.insert.slice(0, Math.max(length - kept.length, 0));

  const length = onlyLeftAdds || onlyRightAdds ? meeting(one, other) : meeting(added, given);
  const shared = sharedBy(length);
  const isWorth = shared.length === right.insert.length ? shared.some(isWord) : saysSomething(shared);
  if (isWorth && isBorder(one, one.length - length) && isBorder(right.insert, shared.length))
    return cutAt(pair, one.length - length, shared.length);

  const isInside = (whole: List, part: List, at: number) =>
    at >= 0 && isBorder(whole, at) && isBorder(whole, at + part.length);
  const inLeft = sharedBy(given.length).some(isWord) ? placeOf(given, added) : -1;
  if (isInside(added, given, inLeft)) return cutAt(pair, fromLeft + inLeft, given.length - kept.length);
  const inRight = left.insert.slice(fromLeft).some(isWord) ? placeOf(added, given) : -1;
  if (isInside(given, added, inRight)) return cutInside(pair, fromLeft, inRight);

  const begin = goesOn ? outerHunk(added, given).start : 0;
  return saysSomething(sharedBy(begin)) ? cutAt(pair, fromLeft, given.length - kept.length) : null;
}

const sizeOf = ({ start, end }: Change): number => end - start;

/** Both stand where the right one begins: what the left one wrote from here on, and so many parts of the right one. */
function cutAt({ left, right, kept, one, onlyRightAdds }: Pair, at: number, additions: number): Cut {
  const place = { start: right.start, end: right.start };
  const isPure = sizeOf(left) === 0;
  const upto = isPure && kept.length === 0 ? 0 : at;
  const rest = { ...place, insert: one.slice(upto + kept.length) };
  const first = { ...place, insert: right.insert.slice(0, additions) };
  return {
    left: isPure && upto === 0 ? [rest] : [{ ...left, insert: one.slice(0, upto) }, rest],
    right: onlyRightAdds ? [right] : [first, { ...right, insert: right.insert.slice(additions) }],
  };
}

/** Both stand where the left one ends: what it added, which is all after `from`, stands inside what the right one wrote. */
function cutInside({ left, right, kept, one, other }: Pair, from: number, at: number): Cut {
  const place = { start: left.end, end: left.end };
  const added = left.insert.slice(from);
  const upto = at + added.length;
  return {
    left: [...(sizeOf(left) === 0 ? [] : [{ ...left, insert: one.slice(0, from) }]), { ...place, insert: added }],
    right: [
      { ...place, insert: other.slice(0, upto) },
      { ...right, insert: other.slice(upto + kept.length) },
    ],
  };
}

/** A blank line, a rule or a fence at the edge of what two people wrote is no reason to draw both into one. */
const saysSomething = (parts: List): boolean => parts.some((part) => /[\p{L}\p{N}]/u.test(part));

/** The shortest list in which both stand whole, each unbroken. */
export function shortest(one: List, other: List): List {
  const [after, before] = [meeting(one, other), meeting(other, one)];
  if (before > after && saysSomething(one.slice(0, before))) return [...other, ...one.slice(before)];
  return [...one, ...other.slice(saysSomething(other.slice(0, after)) ? after : 0)];
}

/** How many parts the one ends with and the other begins with, at most. */
function meeting(one: List, other: List): number {
  let length = 0;
  for (const found of matches(one, other)) length = found;
  return length;
}

/** Where `part` stands in `whole`, unbroken; -1 when it does not. */
function placeOf(part: List, whole: List): number {
  let end = 0;
  for (const found of matches(whole, part)) {
    end += 1;
    if (found === part.length) return end - found;
  }
  return -1;
}

/**
 * After each element of `whole`, how much of the beginning of `part` ends there. By Knuth, Morris and Pratt, so that a long passage takes
 * no longer than it is long.
 */
function* matches(whole: List, part: List): Generator<number> {
  const shorter = [0];
  const longer = (length: number, next: string): number => {
    let now = length === part.length ? (shorter[length - 1] ?? 0) : length;
    while (now > 0 && part[now] !== next) now = shorter[now - 1]!;
    return part[now] === next ? now + 1 : 0;
  };
  for (let index = 1; index < part.length; index++) shorter.push(longer(shorter[index - 1]!, part[index]!));
  let length = 0;
  for (const next of whole) yield (length = longer(length, next));
}
