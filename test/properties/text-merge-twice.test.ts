/** Two people edit a note around a line, or a sentence, that both of them have: nothing doubles, nothing that two people wrote vanishes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeText } from '../../shared/sync/text-merge.ts';
import { wordsOf } from '../../shared/sync/text-parts.ts';

const RUNS = { numRuns: 1500 };
const LINE = 'the very same';

interface Edit {
  readonly what: 'before' | 'after' | 'instead' | 'above';
  readonly where: number;
}
const edits = (...kinds: Edit['what'][]) =>
  fc.array(fc.record({ what: fc.constantFrom(...kinds), where: fc.nat(99) }), { maxLength: 3 });
const anyEdits = edits('before', 'after', 'instead', 'above');

const named = (writer: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => `${writer}${n}x`);
const base = fc.integer({ min: 1, max: 6 }).map((count) => named('b', count).map((word) => `${word} ${word}y`));

/** Words that stand nowhere else, beside or instead of lines other than the one that is looked at. */
function edited(lines: readonly string[], doing: readonly Edit[], writer: string): readonly string[] {
  return doing.reduce((now, { what, where }, n) => {
    const at = where % now.length;
    const line = now[at]!;
    const word = `${writer}${n}`;
    if (line === LINE) return now;
    if (what === 'above') return now.toSpliced(at, 0, word);
    return now.with(at, { before: `${word} ${line}`, after: `${line} ${word}`, instead: word }[what]);
  }, lines);
}

const timesIn = (text: string): number => text.split(LINE).length - 1;

/** Both devices merge, each calling its own text "ours". */
function merged(before: readonly string[], one: readonly string[], other: readonly string[]) {
  const [start, ours, theirs] = [before, one, other].map((lines) => lines.join('\n')) as [string, string, string];
  const result = mergeText(start, ours, theirs);
  expect(mergeText(start, theirs, ours)).toEqual(result);
  expect(mergeText(start, ours, start).text).toBe(ours);
  expect(mergeText(start, start, theirs).text).toBe(theirs);
  expect(mergeText(start, ours, ours).text).toBe(ours);
  for (const word of `${ours} ${theirs}`.match(/\b[op]\d\b/g) ?? []) expect(result.text).toContain(word);
  return result;
}

describe('[L12] a line', () => {
  test('that reached both at the same place stands once, while one edits around it, and the other beside it', () =>
    fc.assert(
      fc.property(base, fc.nat(6), anyEdits, edits('before', 'after'), (before, where, ones, others) => {
        const reached = before.toSpliced(where, 0, LINE);
        const other = edited(reached, others.slice(0, 1), 'p');
        const { text, conflicts } = merged(before, edited(reached, ones, 'o'), other);
        if (conflicts === 0) expect(timesIn(text)).toBe(1);
        else expect(timesIn(text)).toBeGreaterThan(0);
      }),
      RUNS,
    ));

  test('is never lost, and never more often there than the two have it', () =>
    fc.assert(
      fc.property(base, fc.nat(6), anyEdits, anyEdits, (before, where, ones, others) => {
        const reached = before.toSpliced(where, 0, LINE);
        const times = timesIn(merged(before, edited(reached, ones, 'o'), edited(reached, others, 'p')).text);
        expect([1, 2]).toContain(times);
      }),
      RUNS,
    ));

  test('that each wrote at another place stands twice, whatever else they add', () =>
    fc.assert(
      fc.property(
        base,
        fc.nat(6),
        fc.nat(6),
        edits('before', 'after'),
        edits('before', 'after'),
        (before, here, there, ones, others) => {
          fc.pre(Math.min(here, before.length) !== Math.min(there, before.length));
          const one = edited(before.toSpliced(here, 0, LINE), ones, 'o');
          const other = edited(before.toSpliced(there, 0, LINE), others, 'p');
          expect(timesIn(merged(before, one, other).text)).toBeGreaterThanOrEqual(2);
        },
      ),
      RUNS,
    ));
});

describe('writing without blanks', () => {
  const sentence = '圧力が高いので弁を閉めて次の点検まで様子を見ることにした';
  const letters = { o: '甲乙丙丁', p: '金銀銅鉄' };
  const places = fc.array(fc.record({ at: fc.nat(sentence.length), remove: fc.nat(2) }), { maxLength: 3 });
  const written = (doing: readonly { at: number; remove: number }[], own: string): string =>
    doing.reduce(
      (text, { at, remove }, n) => text.slice(0, at) + own[n]! + own[n + 1]! + text.slice(at + remove),
      sentence,
    );

  test('[L12] loses nothing that either wrote, and is the same on both devices', () =>
    fc.assert(
      fc.property(places, places, (ones, others) => {
        const [one, other] = [written(ones, letters.o), written(others, letters.p)];
        const { text } = mergeText(sentence, one, other);
        expect(mergeText(sentence, other, one).text).toBe(text);
        for (const run of `${one} ${other}`.match(/[甲乙丙丁]+|[金銀銅鉄]+/g) ?? []) expect(text).toContain(run);
      }),
      RUNS,
    ));

  test('comes in parts that are the text again', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (any, readable) => {
        for (const text of [any, readable, sentence + any]) expect(wordsOf(text).join('')).toBe(text);
      }),
      RUNS,
    ));
});
