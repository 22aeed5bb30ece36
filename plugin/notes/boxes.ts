/** Boxes of a list that people ticked, told from other changes of a region. Lines are known by their text, never by their place. */

const BOX = /^(\s*[-*+] \[)(.)(\] )(.*)$/u;
// Other plugins add the day when they tick a box.
const STAMP = /(?:\s*(?:(?:✅|❌)\ufe0f?|\[(?:completion|cancelled)::[^\]]*\])\s*(?:\d{4}-\d{2}-\d{2})?)+\s*$/u;

export interface Tick {
  readonly line: string;
  readonly ticked: boolean;
}

export interface Changes {
  readonly ticks: readonly Tick[];
  /** Lines that people wrote or changed inside a region: they cannot stay, and must not vanish unseen. */
  readonly typed: readonly string[];
}

const restOf = (line: string): string | undefined => BOX.exec(line)?.[4]?.replace(STAMP, '').trim();
const markOf = (line: string): string => (BOX.exec(line)?.[2] ?? ' ').toLowerCase();
/** Other marks than these two say what only commands can. */
const MARKS = [' ', 'x'];

export function changesOf(was: string, now: string): Changes {
  const left = new Map<string, number>();
  for (const line of was.split('\n')) left.set(line, (left.get(line) ?? 0) + 1);
  const changed = now.split('\n').filter((line) => {
    const count = left.get(line) ?? 0;
    if (count) left.set(line, count - 1);
    return !count;
  });
  const ticks: Tick[] = [];
  const typed: string[] = [];
  for (const line of changed) {
    const rest = restOf(line);
    const before =
      rest === undefined ? undefined : [...left.keys()].find((one) => left.get(one)! > 0 && restOf(one) === rest);
    if (before !== undefined) left.set(before, left.get(before)! - 1);
    const mark = markOf(line);
    if (before === undefined ? line.trim() !== '' : mark !== markOf(before) && !MARKS.includes(mark)) typed.push(line);
    else if (before !== undefined && mark !== markOf(before)) ticks.push({ line: before, ticked: mark === 'x' });
  }
  return { ticks, typed };
}

/** The same text with every box empty: what may differ between two versions that only ticks tell apart. */
export const withoutTicks = (text: string): string => text.replace(/^(\s*[-*+] \[)[^\n](\] )/gmu, '$1 $2');
