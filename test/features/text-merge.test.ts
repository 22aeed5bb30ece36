/** Two people write in the same note: what merges by itself, and what a person is shown to choose from. */
import { describe, expect, test } from 'vitest';
import { editsBetween, mergeText, normalised } from '../../shared/sync/text-merge.ts';

const TITLE = '> [!warning] More than one version of this passage: keep what is right, delete the rest';
const choice = (first: string, ...others: readonly string[]): string =>
  [TITLE, '> **One version:**', first, ...others.flatMap((other) => ['>', '> **Another version:**', other])].join('\n');

/** Both devices merge, each calling its own text "ours". */
function merged(base: string, one: string, other: string): string {
  const here = mergeText(base, one, other);
  expect(mergeText(base, other, one)).toEqual(here);
  if (![base, one, other].join().includes(TITLE)) expect(here.conflicts > 0).toBe(here.text.includes(TITLE));
  return here.text;
}

const becomes = (_what: string, base: string, one: string, other: string, both: string): void =>
  expect(merged(base, one, other)).toBe(both);

describe('what does not overlap merges', () => {
  test.each([
    ['different lines', 'a\nb\nc', 'a1\nb\nc', 'a\nb\nc1', 'a1\nb\nc1'],
    ['neighbouring lines', 'a\nb', 'a1\nb', 'a\nb1', 'a1\nb1'],
    ['different words of one line', 'Pump is red and hot', 'Pump is blue and hot', 'Pump is red and cold'].concat(
      'Pump is blue and cold',
    ),
    ['neighbouring words', 'Pump runs hot', 'Pump ran hot', 'Pump runs cold', 'Pump ran cold'],
    ['the same change', 'a\nb', 'a\nx', 'a\nx', 'a\nx'],
    ['the same change among others', 'a\nb\nc', 'z\nb\nx', 'a\nb\nx', 'z\nb\nx'],
    ['a line broken by one, a word changed by the other', 'aa bb cc dd', 'aa bb\ncc dd', 'aa bb cc ee', 'aa bb\ncc ee'],
    ['deletions that overlap', 'a\nb\nc\nd', 'a\nc\nd', 'a\nd', 'a\nd'],
    ['lines joined by one, shortened by the other', 'p y\nz', 'p z', 'p\nz', 'p z'],
    ['a word after a blank that the other removed', 'p ', 'p', 'p q ', 'p q '],
    ['deletions of words that overlap', 'a b c d e', 'a d e', 'a b e', 'a e'],
  ])('%s', becomes);
});

describe('[L12] lines that both add at the same place are both kept, in an order that does not depend on the device', () => {
  test.each([
    ['in the middle', 'a\nb', 'a\ny\nb', 'a\nx\nb', 'a\nx\ny\nb'],
    ['at the end', 'a\n', 'a\ny\n', 'a\nx\n', 'a\nx\ny\n'],
    ['at the end, one without a line end', 'a\n', 'a\nx', 'a\ny\n', 'a\nx\ny\n'],
    ['the same line, one without a line end', 'a\n', 'a\nx', 'a\nx\n', 'a\nx\n'],
    ['in an empty place', '', 'hello', 'world', 'hello\nworld'],
    ['what both begin with stands once', 'a', 'a\n## Log\nx', 'a\n## Log\ny', 'a\n## Log\nx\ny'],
    ['paragraphs stay paragraphs', 'a', 'a\n\nx', 'a\n\ny', 'a\n\nx\n\ny'],
    ['one has written more of the same', 'a', 'a\nx', 'a\nx\ny', 'a\nx\ny'],
  ])('%s', becomes);
});

describe('what overlaps keeps both', () => {
  test('[L12] two words for the same word: each version as it was written, apart from what surrounds it', () =>
    expect(merged('a\nPump is red\nb', 'a\nPump is green\nb', 'a\nPump is blue\nb')).toBe(
      `a\n${choice('> Pump is blue', '> Pump is green')}\n\nb`,
    ));

  test('lines that overlap one below the other are one choice, lines that do not stay outside', () =>
    expect(merged('o\np q\nr s\nt u', 'o\npp q\nra s\nt u', 'oo\npa q\nrr s\nt uu')).toBe(
      `oo\n${choice('> pa q\n> rr s', '> pp q\n> ra s')}\n\nt uu`,
    ));

  test.each([
    ['two digits of a reading', 'at 94.2', 'at 94.3', 'at 95.2'],
    ['a number and its unit', '5 bar', '6 bar', '5 psi'],
    ['a name and its number', 'valve 3', 'pump 3', 'valve 4'],
    ['hour and minute', 'since 06:12', 'since 07:12', 'since 06:15'],
  ])('[L12] %s never become a value that nobody wrote', (_what, base, one, other) =>
    expect(merged(base, one, other)).toBe(choice(...([`> ${one}`, `> ${other}`].sort() as [string, string]))),
  );

  test('[L12] a line that both go on with, and add lines to, stays with the lines of each', () =>
    expect(merged('a red', 'a blue\nfoo', 'a red now\nbar')).toBe(choice('> a blue\n> foo', '> a red now\n> bar')));

  test('versions of many lines stay inside, and what they quote or leave blank as well', () =>
    expect(merged('one', 'two\n\n- three', '> four\nfive')).toBe(choice('> > four\n> five', '> two\n>\n> - three')));

  test('a quotation above and a text below stay outside', () =>
    expect(merged('> q\nred\nb', '> q\nblue\nb', '> q\ngreen\nb')).toBe(`> q\n\n${choice('> blue', '> green')}\n\nb`));

  test.each([
    ['a line', 'a\nPump is red\nb', 'a\nb', 'a\nPump is blue\nb', 'a\nPump is blue\nb'],
    ['everything', 'a\nb c\nd', '', 'a\nb e\nd', 'a\nb e\nd'],
    ['a word', 'The pump is red now', 'The pump', 'The pump is blue now', 'The pump is blue now'],
    ['both words', 'pump valve', ' ', 'pump valve5', 'pump valve5'],
  ])('[L12] where one deletes %s and the other edits it, the edit stays', becomes);
});

describe('a passage in two versions', () => {
  const base = 'a\nPump is red\nb';
  const [blue, green] = ['a\nPump is blue\nb', 'a\nPump is green\nb'];
  const both = merged(base, blue, green);
  const [versionBlue, versionGreen] = ['> Pump is blue', '> Pump is green'];

  test('merges again with what is in it already, and does not change', () => {
    for (const known of [base, blue, green, both]) expect(merged(base, both, known)).toBe(both);
    expect(merged(both, both, both)).toBe(both);
  });

  test('takes a third version in, never another callout', () =>
    expect(merged(base, both, 'a\nPump is pink\nb')).toBe(
      `a\n${choice(versionBlue, versionGreen, '> Pump is pink')}\n\nb`,
    ));

  test('[L12] shows with each version the lines around it, when they are changed as well', () =>
    expect(merged(base, both.replace('a\n', 'x\n'), 'y\nPump is pink\nb')).toBe(
      `${choice('> x\n> Pump is blue', '> x\n> Pump is green', '> y\n> Pump is pink')}\n\nb`,
    ));

  test('takes in both versions what fits both', () =>
    expect(merged(base, both, 'a\nPump was red\nb')).toBe(`a\n${choice('> Pump was blue', '> Pump was green')}\n\nb`));

  test('can be edited by both, each in a version', () =>
    expect(merged(both, both.replace('blue', 'teal'), both.replace('green', 'lime'))).toBe(
      both.replace('blue', 'teal').replace('green', 'lime'),
    ));

  test('[L12] edited by both in the same version, keeps all three', () =>
    expect(merged(both, both.replace('blue', 'teal'), both.replace('blue', 'navy'))).toBe(
      `a\n${choice(versionGreen, '> Pump is navy', '> Pump is teal')}\n\nb`,
    ));

  test('[L12] whoever chooses does not delete what the other writes meanwhile', () => {
    const chosen = 'a\nPump is blue\n\nb';
    expect(merged(both, chosen, both)).toBe(chosen);
    expect(merged(both, chosen, both.replace('green', 'green today'))).toBe(
      `a\n${choice(versionBlue, '> Pump is green today')}\n\nb`,
    );
  });

  test('two who choose differently have to choose again', () =>
    expect(merged(both, 'a\nPump is blue\n\nb', 'a\nPump is green\n\nb')).toBe(both));
});

describe('edits between two texts', () => {
  test.each([
    ['nothing', 'same', 'same', []],
    ['a letter', 'the pump runs', 'the pumps runs', [{ at: 8, remove: 0, insert: 's' }]],
    ['a line', 'a\nb\n', 'a\nx\nb\n', [{ at: 2, remove: 0, insert: 'x\n' }]],
    [
      'two places, and nothing between them',
      'red and cold\n\nend',
      'blue and hot\n\nend',
      [
        { at: 0, remove: 3, insert: 'blue' },
        { at: 8, remove: 4, insert: 'hot' },
      ],
    ],
    ['one of two faces', 'a😀', 'a😁', [{ at: 1, remove: 2, insert: '😁' }]],
    ['a line end', 'a\nb', 'a\r\nb', [{ at: 1, remove: 1, insert: '\r\n' }]],
  ])('%s', (_what, from, to, edits) => expect(editsBetween(from, to)).toEqual(edits));

  test('of a long text are as small as those of a short one', () => {
    const line = (n: number) => `Line ${n}: pump ${n * 7} was checked, nothing was found, the next check is due.`;
    const lines = Array.from({ length: 1500 }, (_, n) => line(n));
    const to = lines
      .with(3, 'gone')
      .with(1400, `${line(1400)} Again.`)
      .toSpliced(700, 1)
      .join('\n');
    const edits = editsBetween(lines.join('\n'), to);
    expect(edits.map(({ insert }) => insert)).toEqual(['gone', '', ' Again.']);
  });

  test('of two long texts without anything in common are one', () => {
    const text = (word: string) => Array.from({ length: 20_000 }, (_, n) => `${word}${n}`).join('\n');
    expect(editsBetween(text('a'), text('b'))).toHaveLength(1);
    expect(editsBetween(`x\n${text('a')}\ny`, `x\n${text('b')}\ny`)[0]).toMatchObject({ at: 2 });
  });
});

test('every line end becomes LF', () => expect(normalised('a\r\nb\rc\n')).toBe('a\nb\nc\n'));
