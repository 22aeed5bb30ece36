/** What two people, or one line on two ways, bring to the same place of a note: it stands once. At different places it stands twice. */
import { describe, expect, test } from 'vitest';
import { mergeText } from '../../shared/sync/text-merge.ts';

/** Both devices merge, each calling its own text "ours". */
function merged(base: string, one: string, other: string): string {
  const here = mergeText(base, one, other);
  expect(mergeText(base, other, one)).toEqual(here);
  return here.text;
}

const TITLE = '> [!warning] More than one version of this passage: keep what is right, delete the rest';
const choice = (first: string, other: string): string =>
  [TITLE, '> **One version:**', first, '>', '> **Another version:**', other].join('\n');

describe('[L12] what both write at the same place stands once', () => {
  test.each([
    ['beside a line that one rewrites', 'One.', 'One, really.\nTwo.', 'One.\nTwo.', 'One, really.\nTwo.'],
    ['above a line that one rewrites', 'End.', 'Two.\nThe end.', 'Two.\nEnd.', 'Two.\nThe end.'],
    ['with a line end', 'One.\n', 'One, really.\nTwo.\n', 'One.\nTwo.\n', 'One, really.\nTwo.\n'],
    ['where one has no line end', 'One.\n', 'One, really.\nTwo.\n', 'One.\nTwo.', 'One, really.\nTwo.\n'],
    ['as a paragraph', 'One.\n\nEnd.', 'One, so.\n\nTwo.\n\nEnd.', 'One.\n\nTwo.\n\nEnd.', 'One, so.\n\nTwo.\n\nEnd.'],
    ['as a paragraph above', 'One.\n\nEnd.', 'One.\n\nTwo.\n\nThe end.', 'One.\n\nTwo.\n\nEnd.'].concat(
      'One.\n\nTwo.\n\nThe end.',
    ),
    ['between lines that each rewrites', 'One.\nEnd.', 'One.\nTwo.\nThe end.', 'One, so.\nTwo.\nEnd.'].concat(
      'One, so.\nTwo.\nThe end.',
    ),
    ['and one goes on', 'One.', 'One, so.\nTwo.\nThree.', 'One.\nTwo.', 'One, so.\nTwo.\nThree.'],
    ['and the other goes on', 'One.', 'One, so.\nTwo.', 'One.\nTwo.\nThree.', 'One, so.\nTwo.\nThree.'],
    ['and each goes on', 'One.', 'One, so.\nTwo.\nFour.', 'One.\nTwo.\nThree.', 'One, so.\nTwo.\nFour.\nThree.'],
    ['and one writes before', 'One.', 'One.\nZero.\nTwo.', 'One.\nTwo.\nThree.', 'One.\nZero.\nTwo.\nThree.'],
    ['below a line that one deletes', 'One.\ngone', 'One.\nTwo.', 'One.\ngone\nTwo.', 'One.\nTwo.'],
    ['below lines that one joins', 'a\nb\nc', 'a b c.\nTwo.', 'a\nb\nc\nTwo.', 'a b c.\nTwo.'],
    ['below a line that one breaks', 'aa bb', 'aa\nbb\nTwo.', 'aa bb\nTwo.', 'aa\nbb\nTwo.'],
    ['as a rule', 'One.', 'One, really.\n---', 'One.\n---', 'One, really.\n---'],
    ['as words', 'pump ran', 'pump runs today', 'pump ran today', 'pump runs today'],
    ['as words in the middle', 'pump hot', 'fan new hot', 'pump new hot', 'fan new hot'],
    ['beside a reading', 'at 94', 'at 95 bar', 'at 94 bar', 'at 95 bar'],
  ])('%s', (_what, base, one, other, both) => expect(merged(base, one, other)).toBe(both));

  test.each([
    ['below', 'One.', 'One, so.\nTwo.', 'One, no.\nTwo.', `${choice('> One, no.', '> One, so.')}\n\nTwo.`],
    ['above', 'End.', 'Two.\nAn end.', 'Two.\nThe end.', `Two.\n${choice('> An end.', '> The end.')}`],
    ['on both sides of', 'a', '# Log\nx\nend', '# Log\ny\nend', `# Log\n${choice('> x', '> y')}\n\nend`],
  ])('%s what a person has to choose from', (_what, base, one, other, both) => {
    expect(merged(base, one, other)).toBe(both);
    for (const known of [one, other]) expect(merged(base, both, known)).toBe(both);
  });
});

describe('[L12] what each writes for itself stays, however alike it is', () => {
  test.each([
    ['at different places', 'a\nb', 'a\nok\nb', 'a\nb\nok', 'a\nok\nb\nok'],
    ['around a line that one rewrites', 'a\nb', 'ok\na!\nb', 'a\nok\nb', 'ok\na!\nok\nb'],
    ['around a line that the other rewrites', 'a\nb', 'a\nok\nb', 'a\nb!\nok', 'a\nok\nb!\nok'],
    ['for lines of their own', 'wash\ndry', 'ok\ndry', 'wash\nok', 'ok\nok'],
    ['for words of their own', 'oil water', 'ok water', 'oil ok', 'ok ok'],
    ['for a word, and after it', 'pump runs', 'pump ok', 'pump runs ok', 'pump ok ok'],
    ['between fences', 'a', 'a!\n```\nx\n```', 'a\n```\ny\n```', 'a!\n```\nx\n```\n```\ny\n```'],
    ['when only a few words are the same', 'Pump ok', 'Pump fine and the seal dry', 'Pump ok and the fan loud'].concat(
      'Pump fine and the seal dry and the fan loud',
    ),
  ])('%s', (_what, base, one, other, both) => expect(merged(base, one, other)).toBe(both));
});
