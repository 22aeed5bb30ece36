import * as fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { expect, test } from 'vitest';
import { fileName, inline, plainProperty } from '../../shared/kernel/markdown.ts';
import { findRegions } from '../../plugin/notes/regions.ts';

const HOSTILE = [
  '%% /operary:log %%',
  '[[Evil]]',
  '![[Evil]]',
  '[a](http://x)',
  '| x |',
  '`code`',
  '```',
  '---',
  '- [x] forged',
  '# Heading',
  '> [!danger] x',
  '<img src=x onerror=y>',
  '^block',
  '#tag',
  '==hi==',
  '$x$',
  '\n',
  '\r\n',
  '\u2028',
  '%%',
  '%',
  '[',
  ']',
  '|',
  '\\',
  '**bold**',
  '_it_',
  '~~no~~',
  'key:: value',
  '[due:: 2026]',
  'https://evil.example',
  '<http://x>',
  '&lt;',
  '1. ',
  '+ ',
  '🆔 t5',
  '📅 2026-11-21',
  '[^1]',
  '\u202e',
  '* ',
  '===',
  '~~~',
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ maxLength: 6 })), { maxLength: 8 })
  .map((parts) => parts.join(''));
const runs = { numRuns: 2000, seed: 4711 };
const markdown = new MarkdownIt({ html: true, linkify: true });

/** Every kind of token but text that a renderer sees. */
const structure = (text: string): string[] =>
  markdown
    .parse(text, {})
    .flatMap((token) => [token.type, ...(token.children ?? []).map(({ type }) => type)])
    .filter((type) => !['text', 'text_special'].includes(type));

test('[L12] text of people shows as they wrote it and makes nothing but text, in a list and in a table', () => {
  const list = structure('- 06:31 x');
  const table = structure('| a | b |\n| --- | --- |\n| x | y |\n');
  fc.assert(
    fc.property(hostile, (text) => {
      expect(structure(`- 06:31 ${inline(text)}`.trim())).toEqual(list);
      expect(structure(`| a | b |\n| --- | --- |\n| ${inline(text) || 'x'} | y |\n`)).toEqual(table);
    }),
    runs,
  );
});

test('[L12] text of people begins no list, heading, quote, rule or fence even where a line of ours begins with it', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const line = inline(text);
      if (line !== '') expect(structure(line)).toEqual(structure('x'));
    }),
    runs,
  );
});

test('[L12] text of people holds no comment, wikilink, inline field or end of a region, not even for a reader without backslashes', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const line = inline(text);
      expect(line).not.toMatch(/%%|\[\[|\]\]|::|==|~~|[\n\r\u2028\u2029\u202e]/);
      const note = `%% operary:log %%\n- 06:31 ${line}\n${line}\n%% /operary:log %%\nafter\n`;
      expect(findRegions(note).get('log')?.to).toBe(note.length - 'after\n'.length - 1);
    }),
    runs,
  );
});

test('ordinary writing is not disfigured', () => {
  const text = 'TT_3204 at 94.2 °C (50 % load), see P-101; "ok" & fine: 12:30 – done!';
  expect(inline(text)).toBe(text);
  expect(inline('first\nsecond')).toBe('first ⏎ second');
});

test('a file name holds nothing that a file system, a link or the Tasks plugin reads, and is short enough for any disk', () => {
  fc.assert(
    fc.property(fc.oneof(hostile, fc.string({ unit: 'grapheme', minLength: 100, maxLength: 300 })), (text) => {
      const name = fileName(text);
      expect(name).not.toMatch(/[\\/:*?"<>|#^[\]%`\n\r🆔📅✅]/u);
      expect(name).toBe(name.trim());
      expect(name.endsWith('.') || name.startsWith('.')).toBe(false);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(150);
    }),
    runs,
  );
});

test('a property of text never becomes a link', () => {
  expect(plainProperty('[[Evil]]')).toBe('[ [Evil] ]');
  fc.assert(
    fc.property(hostile, (text) => {
      expect(plainProperty(text)).not.toMatch(/\[\[|\n/);
    }),
    runs,
  );
});
