/**
 * What typing may not harm: the inside of our regions, and of people's region the lines that mark it. Where a change would, the places
 * that must stay are answered, and the rest of it goes through.
 */
import type { Transaction } from '@codemirror/state';
import { withoutTicks } from './boxes.ts';
import { findRegions, innerOf, PEOPLE, type Found } from './regions.ts';

/**
 * `true` when nothing of ours changes but ticks, `false` when the whole change is one that cannot be. `isClosed`: people's region is
 * final, too.
 */
export function protectedRanges(transaction: Transaction, isClosed: boolean): boolean | number[] {
  const before = transaction.startState.doc.toString();
  const regions = [...findRegions(before).values()];
  if (!regions.length) return true;
  const after = transaction.newDoc.toString();
  const kept = findRegions(after);
  const ranges: number[] = [];
  for (const region of regions.sort((a, b) => a.from - b.from)) {
    const now = kept.get(region.name);
    const isFixed = region.name !== PEOPLE || isClosed;
    if (isFixed ? isKept(before, region, after, now) : areMarkersKept(transaction, region, now)) continue;
    // With the line ends around a region, so that nothing is typed onto its marker lines.
    const [from, to] = [Math.max(0, region.from - 1), Math.min(before.length, region.to + 1)];
    if (isFixed) ranges.push(from, to);
    // Somebody writes a line that ends the region: nothing is taken away, so that no range could stop it.
    else if (isWrittenInside(transaction, region)) return false;
    else ranges.push(from, region.innerFrom, Math.max(region.innerFrom, region.innerTo - 1), to);
  }
  return ranges.length ? ranges : true;
}

const isKept = (before: string, region: Found, after: string, kept: Found | undefined): boolean =>
  kept !== undefined && withoutTicks(innerOf(before, region)) === withoutTicks(innerOf(after, kept));

/** They are where the change has moved them, and none has come between. */
const areMarkersKept = (
  { changes }: Transaction,
  { from, innerFrom, innerTo, to }: Found,
  kept: Found | undefined,
): boolean =>
  kept !== undefined &&
  kept.innerFrom - kept.from === innerFrom - from &&
  kept.to - kept.innerTo === to - innerTo &&
  changes.mapPos(from, 1) === kept.from &&
  changes.mapPos(to, -1) === kept.to;

function isWrittenInside({ changes }: Transaction, { innerFrom, innerTo }: Found): boolean {
  let isInside = true;
  changes.iterChangedRanges((from, to) => {
    if (from < innerFrom || to >= innerTo) isInside = false;
  });
  return isInside;
}
