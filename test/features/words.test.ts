/** The plugin's sentences: one place, and what a translation must bring. */
import { describe, expect, test } from 'vitest';
import * as gathered from '../../plugin/words/index.ts';
import { pluralIn } from '../../plugin/words/plural.ts';
import type { Words } from '../../plugin/words/translation.ts';
import { readSources } from '../architecture/sources.ts';

/** All texts, however deep; a sentence with values is said with some. */
const textsIn = (words: unknown): string[] =>
  typeof words === 'string'
    ? [words]
    : typeof words === 'function'
      ? [(words as (...values: unknown[]) => string)(2, 3, 4, 5, 6, 7, 8)]
      : Object.values(words as object).flatMap(textsIn);

describe('the words of the plugin', () => {
  const areas = readSources('plugin/words')
    .map(({ path }) => /([\w-]+)\.ts$/.exec(path)![1]!)
    .filter((area) => !['index', 'plural', 'translation'].includes(area));

  test('are gathered area by area', () =>
    expect(
      Object.keys(gathered)
        .map((name) => name.toLowerCase())
        .sort(),
    ).toEqual(areas.map((area) => `${area.replace('-', '')}words`).sort()));

  test('each says something, with all its values', () => {
    for (const text of textsIn(gathered)) {
      expect(text.trim()).not.toBe('');
      expect(text).not.toMatch(/undefined|NaN|\[object/);
    }
  });
});

describe('plurals', () => {
  const entries = { one: 'wpis', few: 'wpisy', many: 'wpisów', other: 'wpisu' };

  test.each([
    [1, 'wpis'],
    [3, 'wpisy'],
    [5, 'wpisów'],
    [22, 'wpisy'],
  ])('follow the rules of a language: %i %s', (count, form) => expect(pluralIn('pl')(count, entries)).toBe(form));

  test('a form that is not given is the general one', () => expect(pluralIn('pl')(3, { other: 'T' })).toBe('T'));
});

test('a translation brings every sentence, with the same values', () => {
  const common: Words['commonWords'] = { more: 'Mehr', cancel: 'Abbrechen', remove: 'Entfernen' };
  // @ts-expect-error A sentence is missing.
  const lacking: Words['commonWords'] = { more: 'Mehr', cancel: 'Abbrechen' };
  // @ts-expect-error This one takes no area.
  const other: Words['photosWords']['shown'] = (count: number, all: number, area: string) => `${count} ${all} ${area}`;
  const shown: Words['photosWords']['shown'] = (count, all) => `${count} von ${all} Fotos stehen da.`;
  expect([shown(1, 2), other.length, Object.keys(common).length - Object.keys(lacking).length]).toEqual([
    '1 von 2 Fotos stehen da.',
    3,
    1,
  ]);
});
