import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fullText } from '../../plugin/notes/notebook.ts';
import { reconcile, type Seen, type Wanted } from '../../plugin/notes/reconcile.ts';
import { findRegions, innerOf } from '../../plugin/notes/regions.ts';
import { spliced } from '../../plugin/notes/splice.ts';

const wanted = (seq: number, status: string, log: readonly string[], tasks: readonly string[] = []): Wanted => ({
  id: '0192f000-0000-7000-8000-000000000001',
  seq,
  head: seq,
  text: {
    type: 'shift',
    folder: 'Shifts',
    name: 'Night',
    properties: { status, priority: 'P2', due: null },
    prose: { heading: 'Notes', after: 'header' },
    regions: [
      { name: 'header', markdown: `> [!info] ${status}` },
      { name: 'tasks', heading: 'Tasks', markdown: tasks.join('\n') },
      { name: 'log', heading: 'Log', markdown: log.map((line) => `- ${line}`).join('\n') },
    ],
  },
});

const look = (text: string, base: Seen | undefined, next: Wanted) => {
  const found = reconcile(text, base, next);
  return { ...found, text: spliced(text, found.splices) };
};
const first = wanted(1, 'open', ['one']);
const made = fullText(first);

test('a note that is as it should be is not written', () => {
  expect(look(made, undefined, first).splices).toEqual([]);
});

test('[L12] news change our lines only; what people wrote between them stays', () => {
  const people = made
    .replace('## Notes\n', '## Notes\nRunning 4 % under rate, [[P-101]] being watched.\n')
    .replace('## Log', '## Our log');
  const { seen } = look(made, undefined, first);
  const next = look(people, seen, wanted(2, 'in_progress', ['one', 'two']));
  expect(next.edits).toEqual([]);
  expect(next.text).toBe(
    people
      .replace('status: open', 'status: in_progress')
      .replace('operary_seq: 1', 'operary_seq: 2')
      .replace('[!info] open', '[!info] in_progress')
      .replace('- one\n', '- one\n- two\n'),
  );
});

test('a property that people changed is an edit and stays until it is answered', () => {
  const { seen } = look(made, undefined, first);
  const edited = made.replace('status: open', 'status: done');
  const found = look(edited, seen, first);
  expect(found.edits).toEqual([{ kind: 'property', key: 'status', was: 'open', now: 'done' }]);
  expect(found.text).toBe(edited);
  expect(look(found.text, found.seen, first).text).toBe(made);
});

test('an edit that arrives together with news is answered, and not overwritten by them', () => {
  const { seen } = look(made, undefined, first);
  const found = look(made.replace('status: open', 'status: done'), seen, wanted(2, 'assigned', ['one', 'two']));
  expect(found.edits).toEqual([{ kind: 'property', key: 'status', was: 'open', now: 'done' }]);
  expect(found.text).toContain('status: done');
  expect(found.text).toContain('- two');
});

test("what another copy of the plugin wrote on the same files is nobody's edit", () => {
  const { seen } = look(made, undefined, first);
  const theirs = fullText(wanted(2, 'assigned', ['one', 'two']));
  const found = look(theirs, seen, first);
  expect([found.isAhead, found.edits, found.splices]).toEqual([true, [], []]);
  expect(look(theirs, seen, wanted(3, 'in_progress', ['one', 'two', 'three']))).toMatchObject({
    edits: [],
    text: fullText(wanted(3, 'in_progress', ['one', 'two', 'three'])),
  });
});

test('a note may tell of an older position than before, when its newest item left it', () => {
  const { seen } = look(made, undefined, { ...first, head: 9 });
  const later = { ...wanted(0, 'open', ['one']), head: 9 };
  expect(look(made, seen, later)).toMatchObject({ isAhead: false, text: fullText(later) });
});

test('after a restart an edit of the same position counts, an older note is brought up to date', () => {
  const edited = made.replace('status: open', 'status: done');
  expect(look(edited, undefined, first).edits).toHaveLength(1);
  expect(look(edited, undefined, wanted(2, 'assigned', []))).toMatchObject({
    edits: [],
    text: expect.stringContaining('status: assigned') as string,
  });
});

const board = wanted(1, 'open', ['one'], ['- [ ] [[T-1 Seal]] 🆔 t1', '- [ ] [[T-2 Oil]] 🆔 t2']);

test('a ticked box is an edit, known by its line, also with the stamp of the Tasks plugin', () => {
  const text = fullText(board);
  const { seen } = look(text, undefined, board);
  for (const ticked of ['- [x] [[T-2 Oil]] 🆔 t2', '- [X] [[T-2 Oil]] 🆔 t2 ✅ 2026-11-21']) {
    const found = look(text.replace('- [ ] [[T-2 Oil]] 🆔 t2', ticked), seen, board);
    expect(found.edits).toEqual([{ kind: 'box', line: '- [ ] [[T-2 Oil]] 🆔 t2', ticked: true }]);
    expect(found.typed).toEqual([]);
  }
});

test('text typed inside a region by another program is put back, and told rather than lost', () => {
  const { seen } = look(made, undefined, first);
  const found = look(made.replace('- one\n', '- one\n- mine\n'), seen, first);
  expect([found.text, found.typed, found.edits]).toEqual([made, ['- mine'], []]);
});

test('a region that people deleted stands again at the end, once', () => {
  const without = made.replace(/%% operary:log %%[^]*%% \/operary:log %%\n/, '').replace('## Log\n', '');
  const { seen } = look(made, undefined, first);
  const found = look(without, seen, first);
  expect(found.text).toBe(`${without}\n## Log\n%% operary:log %%\n- one\n%% /operary:log %%\n`);
  expect(look(found.text, found.seen, first).splices).toEqual([]);
});

test('[L12] a damaged marker makes its region stand again, and removes nothing', () => {
  const { seen } = look(made, undefined, first);
  for (const damaged of [
    made.replace('%% /operary:tasks %%', '%% /operary:tas'),
    made.replace('%% operary:log %%', 'x'),
    made.replace('%% /operary:header %%', '%% /operary:log %%'),
  ]) {
    const found = look(damaged, seen, first);
    expect(found.text.startsWith(damaged.trimEnd())).toBe(true);
    expect(look(found.text, found.seen, first).splices).toEqual([]);
  }
});

test('[L12] a CRLF note keeps CRLF, inside our regions too', () => {
  const crlf = made.replaceAll('\n', '\r\n');
  const { seen, splices } = look(crlf, undefined, first);
  expect(splices).toEqual([]);
  const without = crlf.replace(/## Log\r\n%% operary:log %%[^]*%% \/operary:log %%\r\n/, '');
  expect(look(without, seen, first).text.replaceAll('\r\n', '')).not.toContain('\n');
  const next = wanted(2, 'done', ['one', 'two']);
  expect(look(crlf, seen, next).text).toBe(fullText(next).replaceAll('\n', '\r\n'));
});

const typed = fc
  .array(
    fc.constantFrom(
      'word ',
      '[[link]] ',
      '%% comment %% ',
      '- [ ] mine\n',
      '\n',
      '---\n',
      'status: fake\n',
      '%% operary:log %%x\n',
      '`',
      '```\n',
      '| a |',
      '## Tasks\n',
      'ü',
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) => parts.join(''));

test('[L6, L12] random edits of people and random news: their text is still there byte for byte, and our parts are up to date', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.record({ at: fc.nat(1000), text: typed }),
          fc.record({
            status: fc.constantFrom('open', 'done'),
            log: fc.array(
              fc.string({ maxLength: 5 }).map((s) => `x${s.replace(/[\r\n]/g, '')}`),
              { maxLength: 4 },
            ),
          }),
        ),
        { maxLength: 12 },
      ),
      fc.constantFrom('\n', '\r\n'),
      (steps, eol) => {
        let text = made.replaceAll('\n', eol);
        let current = first;
        let seen: Seen | undefined;
        let seq = 1;
        for (const step of steps) {
          if ('text' in step) {
            const offset = outside(text, step.at);
            text = text.slice(0, offset) + step.text.replaceAll('\n', eol) + text.slice(offset);
          } else current = wanted(++seq, step.status, step.log);
          const before = peoples(text);
          const found = look(text, seen, current);
          ({ text, seen } = found);
          expect(peoples(text)).toBe(before);
          for (const region of current.text.regions)
            expect(innerOf(text, findRegions(text).get(region.name)!)).toBe(region.markdown);
          expect(text).toContain(`status: ${current.text.properties['status'] as string}`);
          expect(look(text, seen, current).splices).toEqual([]);
        }
      },
    ),
    { numRuns: 400, seed: 4711 },
  );
});

/** Everything outside frontmatter and our regions. */
function peoples(text: string): string {
  const body = text.indexOf('---', 4) + 3;
  let out = '';
  let at = body;
  const ours = [...findRegions(text).values()].filter(({ name }) => name !== 'notes');
  for (const { from, to } of ours.sort((a, b) => a.from - b.from)) {
    out += text.slice(at, from);
    at = to;
  }
  return out + text.slice(at);
}

/** The start of a line of people's, in their own part or beside ours. */
function outside(text: string, at: number): number {
  const ends = [...findRegions(text).values()]
    .flatMap(({ name, innerFrom, to }) => [text.indexOf('\n', to) + 1, ...(name === 'notes' ? [innerFrom] : [])])
    .filter((offset) => offset > 0);
  return ends[at % ends.length]!;
}
