/** What was changed in a sealed note, for a person: the lines, the words in them, and a little around. */
import { expect, test } from 'vitest';
import { differences, type Line } from '../../plugin/audit/difference.ts';
import { lastCopyOf, originalOf } from '../../plugin/notes/sealed.ts';

const MARK = { same: ' ', removed: '-', added: '+' } as const;
const drawn = ({ kind, parts }: Line): string =>
  `${MARK[kind]}${parts.map(({ text, isOnly }) => (isOnly ? `[${text}]` : text)).join('')}`;
const shown = (was: string, now: string): readonly string[] =>
  differences(was, now).flatMap(({ line, lines }) => [`@${line}`, ...lines.map(drawn)]);
const text = (...lines: readonly string[]): string => lines.join('\n');

test('a word inside a line is told from the rest of it', () => {
  expect(shown(text('a', 'Filler 3 jammed at 23:10', 'b'), text('a', 'Filler 2 jammed at 23:10', 'b'))).toEqual([
    ...['@1', ' a', '-Filler [3] jammed at 23:10', '+Filler [2] jammed at 23:10', ' b'],
  ]);
});
test('lines that came and lines that went are whole', () => {
  expect(shown(text('a', 'gone', 'b'), text('a', 'b', 'new'))).toEqual(['@1', ' a', '-[gone]', ' b', '+[new]']);
});
test('far apart they are two passages, with the number of the sealed line; near each other one', () => {
  const was = Array.from({ length: 30 }, (_, n) => `line ${n + 1}`);
  const now = was.map((line, n) => (n === 4 || n === 20 ? `${line}!` : line));
  expect(differences(text(...was), text(...now)).map(({ line, lines }) => [line, lines.length])).toEqual([
    [3, 6],
    [19, 6],
  ]);
  const near = was.map((line, n) => (n === 4 || n === 8 ? `${line}!` : line));
  expect(differences(text(...was), text(...near))).toHaveLength(1);
});
test('line ends of another system are no difference; an emptied note is', () => {
  expect(shown(text('a', 'b'), 'a\r\nb')).toEqual([]);
  expect(shown(text('a', 'b'), '')).toEqual(['@1', '-[a]', '-[b]', '+']);
});
test('everything that is sealed and everything that is not stands in it, whatever was changed', () => {
  const was = text('x', '', 'a b', 'c', 'é 交換', '| 1 | 2 |');
  const now = text('y', 'a  b', '', '', 'c', 'é 交替', '| 1 | 3 |', 'z');
  const all = differences(was, now).flatMap(({ lines }) => lines);
  const of = (kinds: readonly Line['kind'][]) =>
    all.filter(({ kind }) => kinds.includes(kind)).map(({ parts }) => parts.map((part) => part.text).join(''));
  expect(text(...of(['same', 'removed']))).toBe(was);
  expect(text(...of(['same', 'added']))).toBe(now);
});
test('a copy knows its note, a note its last copy', () => {
  const there = new Set(['N (sealed) (edited copy).md', 'N (sealed) (edited copy 2).md']);
  const files = { exists: (path: string) => there.has(path) };
  expect(lastCopyOf(files, 'N (sealed).md')).toBe('N (sealed) (edited copy 2).md');
  expect(lastCopyOf(files, 'M (sealed).md')).toBeUndefined();
  for (const copy of there) expect(originalOf(copy)).toBe('N (sealed).md');
  expect(originalOf('N (sealed).md')).toBeUndefined();
});
