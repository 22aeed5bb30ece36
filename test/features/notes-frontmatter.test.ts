import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Property } from '../../shared/kernel/note.ts';
import { frontmatterOf, propertyOf, propertySplices, readFrontmatter } from '../../plugin/notes/frontmatter.ts';
import { spliced } from '../../plugin/notes/splice.ts';

const put = (text: string, wanted: Record<string, Property>): string =>
  spliced(text, propertySplices(text, readFrontmatter(text), wanted));

const EXOTIC = `---
# the crew's own comment
aliases:
- Pump
-   "quoted: alias"
status: open   # changed by hand
summary: |
  status: not this one
    deeper

  after a blank line
folded: >-
  one
  two
anchors: &a {x: 1, "status": 2}
list: [1,
  2, 'a ] b',
status2]
"quoted key": 'it''s'
empty:
url: https://example.org/a#b
priority: "P2"
---
Body status: open
---
not frontmatter
`;

test('[L12] bringing one property up to date leaves every other byte of the frontmatter as people wrote it', () => {
  const after = put(EXOTIC, { status: 'in_progress', priority: 'P1' });
  expect(after).toBe(EXOTIC.replace('status: open   # changed', 'status: in_progress # changed').replace('"P2"', 'P1'));
});

test('a value that means the same already is not written again, however it is spelled', () => {
  for (const spelled of [
    'status: in_progress',
    'status: "in_progress"',
    "status:   'in_progress'  # ok",
    '"status": in_progress',
  ]) {
    const text = `---\n${spelled}\n---\n`;
    expect(put(text, { status: 'in_progress' })).toBe(text);
  }
});

test('[L12] a CRLF note stays a CRLF note', () => {
  const text = '---\r\nother: x\r\nstatus: open\r\n---\r\nText\r\n';
  expect(put(text, { status: 'done', due: '2026-11-21' })).toBe(
    '---\r\nother: x\r\nstatus: done\r\ndue: 2026-11-21\r\n---\r\nText\r\n',
  );
});

test('a frontmatter that people removed stands again above their text', () => {
  expect(put('Text\n', { operary_id: 'a', status: 'open' })).toBe('---\noperary_id: a\nstatus: open\n---\nText\n');
});

test('what cannot be told apart line by line is not touched', () => {
  for (const text of [
    '---\n{status: open}\n---\n',
    '---\nstatus: open\n? complex\n: key\n---\n',
    '---\nbroken\n---\n',
  ]) {
    expect(put(text, { status: 'done' })).toBe(text);
  }
});

test('properties that people edit are read as the person meant them', () => {
  const read = (line: string): Property | undefined => propertyOf(readFrontmatter(`---\n${line}\n---\n`), 'k');
  expect(read('k: in_progress')).toBe('in_progress');
  expect(read('k: "[[Meyer, J]]"')).toBe('[[Meyer, J]]');
  expect(read("k: 'it''s'")).toBe("it's");
  expect(read('k: 12')).toBe(12);
  expect(read('k:')).toBe(null);
  expect(read('k: true # yes')).toBe(true);
  expect(read('k:\n  - a\n  - "b: c"')).toEqual(['a', 'b: c']);
  expect(read('k: [a, "b, c"]')).toEqual(['a', 'b, c']);
  expect(read('k: 2026-11-21T06:00')).toBe('2026-11-21T06:00');
  expect(read('k: {a: 1}')).toBe(undefined);
  expect(read('other: 1')).toBe(null);
});

const text = fc.string({
  unit: fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    fc.constantFrom(':', '#', '"', "'", '\\', '\u2028', '\u0085', '-', '[', '%', '|', '\t'),
  ),
});
const value: fc.Arbitrary<Property> = fc.oneof(
  text,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(text, { maxLength: 4 }),
);

test('whatever the value, a YAML parser of others reads back what we wrote, and so do we', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('status', 'title', 'due', 'tags'), value), (properties) => {
      const written = frontmatterOf(properties);
      const theirs = (parse(written.slice(4, -4)) ?? {}) as Record<string, unknown>;
      for (const [key, expected] of Object.entries(properties)) {
        expect(theirs[key]).toEqual(expected);
        expect(propertyOf(readFrontmatter(written), key)).toEqual(expected);
      }
    }),
    { numRuns: 500, seed: 4711 },
  );
});

const peoplesLine = fc.constantFrom(
  'mood: good',
  '# a comment',
  'notes: |\n  status: fake\n  ---x',
  'list:\n- a\n- status: b',
  'list2:\n  - "x # y"',
  'deep:\n  status: nested',
  'q: "multi\n  line # not a comment"',
  'flow: {a: [1,\n 2]}',
  "'status ': spaced",
  'tags: [a, b]',
  'url: http://x/y',
);

test('[L12] random frontmatters of people survive random updates of ours byte for byte, and mean what both wanted', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(peoplesLine, { maxLength: 6 }),
      fc.nat(6),
      fc.constantFrom('\n', '\r\n'),
      value,
      value,
      (lines, at, eol, first, second) => {
        const ours = frontmatterOf({ status: first }).slice(4, -4);
        const all = [
          ...lines.slice(0, at).map((line) => `${line}\n`),
          ours,
          ...lines.slice(at).map((line) => `${line}\n`),
        ];
        const before = `---\n${all.join('')}---\nText\n`.replaceAll('\n', eol);
        const after = put(before, { status: second });
        const rest = frontmatterOf({ status: second }).slice(4, -4);
        expect(after).toBe(
          `---\n${all.map((line) => (line === ours ? rest : line)).join('')}---\nText\n`.replaceAll('\n', eol),
        );
      },
    ),
    { numRuns: 500, seed: 4711 },
  );
});
