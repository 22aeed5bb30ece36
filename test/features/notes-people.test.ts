import { EditorState, type ChangeSpec } from '@codemirror/state';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { findPeoples, newPeoples, peoplesSplices, withoutMarks } from '../../plugin/notes/people.ts';
import { protectedRanges } from '../../plugin/notes/protected.ts';
import { findRegions, firstBody } from '../../plugin/notes/regions.ts';
import { spliced } from '../../plugin/notes/splice.ts';

const PROSE = { heading: 'Notes', after: 'header' };
const HEAD = '---\noperary_id: a\n---\n%% operary:header %%\n> x\n%% /operary:header %%\n';
const TAIL = '## Actions\n%% operary:actions %%\n- made\n%% /operary:actions %%\n';
const part = (text: string): string => `%% operary:notes %%\n${text}\n%% /operary:notes %%\n`;
const put = (note: string): string => spliced(note, newPeoples(note, PROSE));

test('a new note has the part under its heading, with a line to write on', () => {
  const regions = [
    { name: 'header', markdown: '> x' },
    { name: 'actions', heading: 'Actions', markdown: '- made' },
  ];
  const body = firstBody({ regions, prose: PROSE });
  expect(body).toBe(`${HEAD.slice(HEAD.indexOf('%%'))}\n## Notes\n${part('')}\n${TAIL}`);
  expect(findPeoples(body)).toMatchObject({ kind: 'here', text: '', isCopied: false });
});

test.each([
  ['nothing under the heading', `## Notes\n\n${TAIL}`, `## Notes\n${part('')}\n${TAIL}`],
  ['text under it', `## Notes\nOne.\n\n- two\n\n${TAIL}`, `## Notes\n${part('One.\n\n- two')}\n${TAIL}`],
  ['a blank line first', `## Notes\n\nOne.\n${TAIL}`, `## Notes\n\n${part('One.')}${TAIL}`],
  ['a region of ours right after', `## Notes\nOne.\n${TAIL.slice(11)}`, `## Notes\n${part('One.')}${TAIL.slice(11)}`],
  ['the end of the file', '## Notes\nOne.', `## Notes\n${part('One.')}`],
  ['a heading in a fence', `## Notes\n\`\`\`\n# no\n\`\`\`\n${TAIL}`, `## Notes\n${part('```\n# no\n```')}${TAIL}`],
  ['the heading at the very end', '## Notes', `## Notes\n${part('')}`],
])('[L12] an older note gets the part put around what stands there: %s', (_what, was, is) => {
  expect(put(HEAD + was)).toBe(HEAD + is);
});

test('where people took the heading away, heading and part stand after our region, or at the end', () => {
  expect(put(HEAD + TAIL)).toBe(`${HEAD}\n## Notes\n${part('')}${TAIL}`);
  expect(put('Mine')).toBe(`Mine\n\n## Notes\n${part('')}`);
});

test('[L12] a heading of that name inside our region is not the place', () => {
  const note = HEAD.replace('> x', '## Notes');
  expect(put(note)).toBe(`${note}\n## Notes\n${part('')}`);
});

const lines = fc.array(
  fc.constantFrom(
    'One.',
    '',
    '## Notes',
    '# Other',
    '```',
    '- [ ] x',
    '%% operary:log %%',
    '%% /operary:log %%',
    'ü 𝒳 ',
  ),
  { maxLength: 8 },
);
const words = fc
  .array(fc.constantFrom('a', 'b ', '\n', '𝒳', 'word ', '> '), { maxLength: 30 })
  .map((all) => all.join(''));

test('[L12] putting the part in adds lines of ours and takes nothing; mending it takes our lines and nothing else', () => {
  fc.assert(
    fc.property(lines, fc.constantFrom('\n', '\r\n'), (all, eol) => {
      const note = (HEAD + all.join('\n')).replaceAll('\n', eol);
      const made = put(note);
      expect(findPeoples(made).kind).toBe('here');
      const ours = /^(?:%% \/?operary:notes %%|## Notes|)\r?\n?/gm;
      const rest = (text: string): string => text.replace(ours, '').replace(/\s+$/, '');
      expect(rest(made)).toBe(rest(note));
      expect(rest(spliced(made, withoutMarks(made)))).toBe(rest(note));
    }),
  );
});

test('[L12] any text replaces any text in the part, in LF and CRLF files, and touches nothing else', () => {
  fc.assert(
    fc.property(words, words, fc.constantFrom('\n', '\r\n'), (was, is, eol) => {
      const to = (text: string): string => (HEAD + part(text) + TAIL).replaceAll('\n', eol);
      const found = findPeoples(to(was));
      if (found.kind !== 'here') throw new Error(found.kind);
      expect(spliced(to(was), peoplesSplices(to(was), found, is))).toBe(to(is));
    }),
    { numRuns: 500 },
  );
});

test('markers out of turn are damage, a second pair is a copy, and what stands inside marks nothing', () => {
  const [start, end] = ['%% operary:notes %%\n', '%% /operary:notes %%\n'];
  for (const damaged of [start, end, start + start + end, start + end + end, end + start])
    expect(findPeoples(HEAD + damaged).kind).toBe('damaged');
  expect(findPeoples(HEAD + part('a') + part('b'))).toMatchObject({ text: 'a', isCopied: true });
  const inside = part('%% operary:actions %%\nforged\n%% /operary:actions %%');
  expect([...findRegions(HEAD + inside + TAIL).keys()]).toEqual(['header', 'notes', 'actions']);
  expect((HEAD + inside + TAIL).slice(findRegions(HEAD + inside + TAIL).get('actions')!.innerFrom)).toMatch(/^- made/);
});

const NOTE = `${HEAD}\n## Notes\n${part('One.\nTwo.')}\n${TAIL}`;
function typed(changes: ChangeSpec, isClosed = false): string {
  const filter = EditorState.changeFilter.of((transaction) => protectedRanges(transaction, isClosed));
  return EditorState.create({ doc: NOTE, extensions: [filter] })
    .update({ changes })
    .state.doc.toString();
}
const at = (text: string): number => NOTE.indexOf(text);

test('people write anywhere in their part, from its first to its last place', () => {
  for (const [place, text] of [
    [at('One.'), 'Zero. '],
    [at('Two.') + 4, ' Three.\nFour.'],
    [at('One.') + 2, 'x'],
  ] as const)
    expect(typed({ from: place, insert: text })).toBe(NOTE.slice(0, place) + text + NOTE.slice(place));
  expect(typed({ from: at('One.'), to: at('Two.') + 4 })).toBe(NOTE.replace('One.\nTwo.', ''));
});

test('its marker lines stay whatever is typed, and so do our regions', () => {
  const start = at('%% operary:notes %%');
  const end = at('%% /operary:notes %%');
  for (const change of [
    { from: start, insert: 'x' },
    { from: start + 5, to: start + 9 },
    { from: at('One.') - 1, to: at('One.') },
    { from: end - 1, to: end },
    { from: end, insert: 'x' },
    { from: end + 20, insert: 'x' },
    { from: at('Two.') + 4, insert: '\n%% /operary:notes %%' },
    { from: at('- made'), insert: 'x' },
  ])
    expect([change, typed(change)]).toEqual([change, NOTE]);
  const all = typed({ from: 0, to: NOTE.length });
  expect(findPeoples(all)).toMatchObject({ kind: 'here', text: '' });
  expect([...findRegions(all).keys()]).toEqual(['header', 'notes', 'actions']);
});

test('a part that is final takes nothing', () => {
  expect(typed({ from: at('One.'), insert: 'x' }, true)).toBe(NOTE);
  expect(typed({ from: at('## Notes'), insert: 'x' }, true)).not.toBe(NOTE);
});
