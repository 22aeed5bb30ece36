/** What somebody changed in a text, line by line and word by word inside lines. Pure. */
import { diff, type Hunk } from '../../shared/sync/text-diff.ts';
import { wordsOf } from '../../shared/sync/text-parts.ts';
import { withLf } from '../notes/splice.ts';

export interface Part {
  readonly text: string;
  /** It is not in the other text. */
  readonly isOnly: boolean;
}

export interface Line {
  readonly kind: 'same' | 'removed' | 'added';
  readonly parts: readonly Part[];
}

/** Lines that differ with a few around them, as they stand together; between two passages others were left out. */
export interface Passage {
  /** Of the first text, from 1. */
  readonly line: number;
  readonly lines: readonly Line[];
}

const AROUND = 2;

export function differences(was: string, now: string): readonly Passage[] {
  const [a, b] = [withLf(was).split('\n'), withLf(now).split('\n')];
  const passages: { line: number; lines: Line[]; end: number }[] = [];
  for (const hunk of diff(a, b)) {
    const last = passages.at(-1);
    const from = Math.max(0, hunk.start - AROUND);
    const isNear = last !== undefined && from <= last.end + AROUND;
    const passage = isNear ? last : { line: from + 1, lines: [], end: from };
    if (!isNear) {
      finish(last, a);
      passages.push(passage);
    }
    passage.lines.push(...same(a.slice(passage.end, hunk.start)), ...changed(hunk, a, b));
    passage.end = hunk.end;
  }
  finish(passages.at(-1), a);
  return passages.map(({ line, lines }) => ({ line, lines }));
}

function finish(passage: { readonly lines: Line[]; readonly end: number } | undefined, a: readonly string[]): void {
  passage?.lines.push(...same(a.slice(passage.end, passage.end + AROUND)));
}

const same = (lines: readonly string[]): Line[] =>
  lines.map((text) => ({ kind: 'same', parts: [{ text, isOnly: false }] }));

function changed({ start, end, from, to }: Hunk, a: readonly string[], b: readonly string[]): Line[] {
  const [was, now] = [a.slice(start, end), b.slice(from, to)];
  // Lines that stand at the same place of a change are taken to be the same line, changed.
  const pairs = was.map((line, at) => (at < now.length ? wordByWord(line, now[at]!) : undefined));
  const whole = (text: string): readonly Part[] => [{ text, isOnly: true }];
  return [
    ...was.map((line, at): Line => ({ kind: 'removed', parts: pairs[at]?.removed ?? whole(line) })),
    ...now.map((line, at): Line => ({ kind: 'added', parts: pairs[at]?.added ?? whole(line) })),
  ];
}

function wordByWord(was: string, now: string): Readonly<Record<'removed' | 'added', readonly Part[]>> {
  const [a, b] = [wordsOf(was), wordsOf(now)];
  const hunks = diff(a, b);
  return {
    removed: partsOf(
      a,
      hunks.map(({ start, end }) => [start, end]),
    ),
    added: partsOf(
      b,
      hunks.map(({ from, to }) => [from, to]),
    ),
  };
}

function partsOf(words: readonly string[], only: readonly (readonly [number, number])[]): readonly Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const [from, to] of [...only, [words.length, words.length] as const]) {
    parts.push(
      { text: words.slice(at, from).join(''), isOnly: false },
      { text: words.slice(from, to).join(''), isOnly: true },
    );
    at = to;
  }
  return parts.filter(({ text }) => text);
}
