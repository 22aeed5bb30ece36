/** The merge of people's text, whatever they do to it: nothing that was written is lost, and all devices come to the same text. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editsBetween, mergeText } from '../../shared/sync/text-merge.ts';

const RUNS = { numRuns: 500 };
const merge = (base: string, ours: string, theirs: string): string => mergeText(base, ours, theirs).text;

/** Few words and many blanks, lines and marks, so that everything looks like everything else. */
const part = fc.constantFrom(
  ...['a', 'b', 'c', 'a', 'b', ' ', ' ', '  ', '\n', '\n', '\n\n', '> ', '- ', '5', '😀', '😁', '\ud83d', 'é'],
  ...[
    '**One version:**',
    '\n> [!warning] More than one version of this passage: keep what is right, delete the rest\n',
  ],
);
const confusing = fc.array(part, { maxLength: 40 }).map((parts) => parts.join(''));
const withLineEnds = fc
  .array(fc.oneof(part, fc.constantFrom('\r\n', '\r')), { maxLength: 40 })
  .map((all) => all.join(''));

interface Act {
  readonly what: 'insert' | 'replace' | 'delete' | 'break' | 'line' | 'drop';
  readonly where: number;
}
const act: fc.Arbitrary<Act> = fc.record({
  what: fc.constantFrom('insert', 'replace', 'delete', 'break', 'line', 'drop', 'insert', 'line'),
  where: fc.nat(9999),
});
const adding = fc.array(
  act.filter(({ what }) => what === 'insert' || what === 'line'),
  { maxLength: 6 },
);
const acts = (maxLength = 6) => fc.array(act, { maxLength });

/** Words that stand nowhere else; some with digits, which merge with more care. */
function createWords(writer: string): () => string {
  let count = 0;
  return () => {
    count += 1;
    const letters = [...count.toString(26)].map((digit) => String.fromCharCode(97 + parseInt(digit, 26))).join('');
    return count % 4 === 0 ? `${writer}${letters}${count}` : `${writer}${letters}`;
  };
}

/** Changes the text, but not what tells versions apart: that is tried by hand. */
function write(text: string, doing: readonly Act[], word: () => string): string {
  return doing.reduce((before, { what, where }) => {
    const lines = before.split('\n');
    const at = where % lines.length;
    if (what === 'line') return lines.toSpliced(at, 0, `${word()} ${word()}`).join('\n');
    if (lines[at]!.startsWith('>')) return before;
    if (what === 'drop') return lines.toSpliced(at, 1).join('\n');
    const words = lines[at]!.split(' ');
    const nth = Math.floor(where / 7) % words.length;
    const now = {
      insert: [...words.slice(0, nth), word(), ...words.slice(nth)],
      replace: words.with(nth, word()),
      delete: words.toSpliced(nth, 1),
      break: words.with(nth, `${words[nth]!}\n${word()}`),
    }[what];
    return lines.with(at, now.join(' ')).join('\n');
  }, text);
}

/** People's words, without those of the callout itself. */
const wordsOf = (text: string): readonly string[] =>
  text.replace(/\[!warning\] .* the rest|\*\*(?:One|Another) version:\*\*/g, ' ').match(/[a-z0-9]+/g) ?? [];
const wordsIn = (text: string): Set<string> => new Set(wordsOf(text));
const base = fc.array(fc.nat(5), { minLength: 1, maxLength: 8 }).map((lines) => {
  const word = createWords('b');
  return lines.map((count) => Array.from({ length: count }, word).join(' ')).join('\n');
});
const nested = /^> ?> ?\[!warning\]/m;

describe('edits between two texts', () => {
  const apply = (text: string, edits: ReturnType<typeof editsBetween>): string =>
    edits.reduceRight((now, { at, remove, insert }) => now.slice(0, at) + insert + now.slice(at + remove), text);
  const cuts = (text: string, at: number): boolean =>
    /^(?:\r\n|[\ud800-\udbff][\udc00-\udfff])$/.test(text.slice(Math.max(0, at - 1), at + 1));

  test('make one of the other, in order, apart from each other, through no pair of units', () =>
    fc.assert(
      fc.property(withLineEnds, withLineEnds, (from, to) => {
        const edits = editsBetween(from, to);
        expect(apply(from, edits)).toBe(to);
        let end = -1;
        let shift = 0;
        for (const { at, remove, insert } of edits) {
          expect(at).toBeGreaterThan(end);
          expect(remove + insert.length).toBeGreaterThan(0);
          for (const cut of [at, at + remove]) expect(cuts(from, cut)).toBe(false);
          for (const cut of [at + shift, at + shift + insert.length]) expect(cuts(to, cut)).toBe(false);
          end = at + remove;
          shift += insert.length - remove;
        }
      }),
      RUNS,
    ));
});

describe('a merge', () => {
  test('[L12] with a side that did nothing, or the same, is the other side', () =>
    fc.assert(
      fc.property(confusing, confusing, (before, now) => {
        expect(merge(before, now, before)).toBe(now);
        expect(merge(before, before, now)).toBe(now);
        expect(merge(before, now, now)).toBe(now);
      }),
      RUNS,
    ));

  test('is the same on both devices, of any texts, and loses no word', () =>
    fc.assert(
      fc.property(confusing, confusing, confusing, (before, one, other) => {
        const both = mergeText(before, one, other);
        expect(mergeText(before, other, one)).toEqual(both);
        const had = wordsIn(before);
        for (const word of [...wordsIn(one), ...wordsIn(other)])
          if (!had.has(word)) expect(wordsIn(both.text)).toContain(word);
      }),
      RUNS,
    ));

  test('[L12] keeps every word that either side wrote, and every word that neither side took away', () =>
    fc.assert(
      fc.property(base, acts(), acts(), (before, ones, others) => {
        const one = write(before, ones, createWords('x'));
        const other = write(before, others, createWords('y'));
        const [had, ofOne, ofOther] = [before, one, other].map(wordsIn) as [Set<string>, Set<string>, Set<string>];
        const kept = wordsIn(merge(before, one, other));
        for (const word of ofOne) if (!had.has(word) || ofOther.has(word)) expect(kept).toContain(word);
        for (const word of ofOther) if (!had.has(word)) expect(kept).toContain(word);
      }),
      { numRuns: 1500 },
    ));

  test('of what was only added says everything once, unless there is a choice', () =>
    fc.assert(
      fc.property(base, adding, adding, (before, ones, others) => {
        const one = write(before, ones, createWords('x'));
        const result = mergeText(before, one, write(before, others, createWords('y')));
        const all = wordsOf(result.text);
        if (result.conflicts === 0) expect(all.length).toBe(new Set(all).size);
      }),
      { numRuns: 1500 },
    ));

  test('merged once more with either side changes no version and nests nothing', () =>
    fc.assert(
      fc.property(base, acts(4), acts(4), acts(4), (before, ones, others, thirds) => {
        const one = write(before, ones, createWords('x'));
        const other = write(before, others, createWords('y'));
        const both = merge(before, one, other);
        expect(merge(one, one, both)).toBe(both);
        expect(merge(other, both, other)).toBe(both);
        for (const side of [one, other, write(before, thirds, createWords('z'))]) {
          const again = merge(before, both, side);
          expect(again).not.toMatch(nested);
          for (const word of [...wordsIn(both), ...wordsIn(side)])
            if (!wordsIn(before).has(word)) expect(wordsIn(again)).toContain(word);
        }
      }),
      RUNS,
    ));
});

describe('replicas that exchange through merges', () => {
  test('[L6] end equal, and with every word that nobody took away [L12]', () =>
    fc.assert(
      fc.property(
        base,
        fc.array(fc.record({ who: fc.nat(2), doing: acts(3), syncs: fc.boolean() }), { maxLength: 12 }),
        (before, days) => {
          let shared = before;
          const replicas = [0, 1, 2].map((n) => ({ agreed: before, text: before, word: createWords('xyz'[n]!) }));
          const written = wordsIn(before);
          const takenAway = new Set<string>();
          const sync = (replica: (typeof replicas)[number]) => {
            const text = merge(replica.agreed, replica.text, shared);
            shared = replica.agreed = replica.text = text;
          };
          for (const { who, doing, syncs } of days) {
            const replica = replicas[who]!;
            const was = wordsIn(replica.text);
            replica.text = write(replica.text, doing, replica.word);
            const is = wordsIn(replica.text);
            for (const word of is) written.add(word);
            for (const word of was) if (!is.has(word)) takenAway.add(word);
            if (syncs) sync(replica);
          }
          for (const replica of [...replicas, ...replicas]) sync(replica);
          for (const { text } of replicas) expect(text).toBe(shared);
          expect(shared).not.toMatch(nested);
          const left = wordsIn(shared);
          for (const word of written) if (!takenAway.has(word)) expect(left).toContain(word);
        },
      ),
      RUNS,
    ));
});
