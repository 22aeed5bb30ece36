/** What other plugins make of our notes: Tasks and Dataview of a line, Linter and Templater of a whole note. No fight with any of them. */
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { changesOf } from '../../plugin/notes/boxes.ts';
import { createNotebook, fullText } from '../../plugin/notes/notebook.ts';
import type { Wanted } from '../../plugin/notes/reconcile.ts';
import type { Edit } from '../../shared/kernel/note.ts';
import { memoryMemory, memoryVault } from '../kit/memory-vault.ts';

const OPEN = '- [ ] [[T-2 Oil]] 🆔 t2 🔼 📅 2026-11-21';
const CLOSED = '- [x] [[T-2 Oil]] 🆔 t2 ✅ 2026-11-21';
const wanted = (seq: number, line = OPEN): Wanted => ({
  id: 'a',
  seq,
  head: seq,
  text: {
    type: 'shift',
    folder: 'Shifts',
    name: 'Night',
    properties: {
      title: 'Oil: "hot" #1',
      status: seq > 1 ? 'done' : 'open',
      due: '2026-11-21T14:00',
      entries: 3,
      shift: '[[Night]]',
      sealed: null,
      tags: ['operary/shift'],
    },
    prose: { heading: 'Notes', after: 'header' },
    regions: [
      { name: 'header', markdown: '> [!info] S-1 · Night\n> **For** Ana' },
      { name: 'tasks', heading: 'Tasks', markdown: `${line}\n- [ ] [[T-3 Belt]] 🆔 t3 🔼 📅 2026-11-21` },
    ],
  },
});
const PLACE = 'Operary/Shifts/Night.md';

/** A device, and a program that does this to the note after each of our writes. */
async function device(rewrite?: (text: string) => string) {
  const vault = memoryVault();
  const edits: Edit[] = [];
  const told: string[] = [];
  const abouts = new Set<string>();
  const clock = { now: 0 };
  let answer: (edit: Edit) => void = () => undefined;
  const notebook = createNotebook({
    files: vault,
    memory: memoryMemory(),
    now: () => clock.now,
    breathe: () => Promise.resolve(),
    person: {
      edited: async (_key, edit) => {
        edits.push(edit);
        answer(edit);
      },
      // As people see it: one sentence about one thing.
      tell: (about, sentence) => void (told.some((one) => one === sentence) || told.push(sentence), abouts.add(about)),
      needs: () => undefined,
    },
  });
  vault.hear = notebook;
  const want = async (next: Wanted): Promise<void> => {
    notebook.want('shift/a', [next]);
    await notebook.idle();
  };
  const text = (): string => vault.texts.get(PLACE)!;
  const write = async (next: string): Promise<void> => {
    vault.external.write(PLACE, next);
    await notebook.idle();
  };
  /** Until neither of them writes any more. Answers in how many rounds. */
  const settles = async (): Promise<number> => {
    for (let round = 0; round < 20; round++) {
      clock.now += 1_000;
      const [writes, next] = [vault.writes, rewrite!(text())];
      if (next !== text()) await write(next);
      if (vault.writes === writes) return round;
    }
    throw new Error('They fight.');
  };
  await want(wanted(1));
  return {
    vault,
    notebook,
    abouts,
    edits,
    told,
    clock,
    want,
    text,
    write,
    settles,
    answers: (by: typeof answer) => void (answer = by),
  };
}

describe('a box that another plugin ticked is a completion, and the line is ours again', () => {
  for (const [name, line] of [
    ['by hand', OPEN.replace('[ ]', '[x]')],
    ['Tasks', `${OPEN.replace('[ ]', '[x]')} ✅ 2026-11-21`],
    ['Tasks, with a variation selector', `${OPEN.replace('[ ]', '[X]')} ✅\ufe0f 2026-11-21`],
    ['Tasks in the format of Dataview', `${OPEN.replace('[ ]', '[x]')}  [completion:: 2026-11-21]`],
    ['Dataview, the short way', `${OPEN.replace('[ ]', '[x]')} ✅2026-11-21`],
    ['both', `${OPEN.replace('[ ]', '[x]')} ✅ 2026-11-21 [completion:: 2026-11-21]`],
    ['one that likes stars', `${OPEN.replace('- [ ]', '* [x]')} ✅ 2026-11-21  `],
  ] as const)
    test(name, async () => {
      const { edits, told, text, write, want, answers, notebook } = await device();
      answers(() => notebook.want('shift/a', [wanted(2, CLOSED)]));
      await write(text().replace(OPEN, line));
      expect(edits).toEqual([{ kind: 'box', line: OPEN, ticked: true }]);
      expect([text(), told]).toEqual([fullText(wanted(2, CLOSED)), []]);
      await want(wanted(2, CLOSED));
      expect(edits).toHaveLength(1);
    });

  test('[L7] a refused tick is put back, stamp and all', async () => {
    const { edits, text, write } = await device();
    await write(text().replace(OPEN, `${OPEN.replace('[ ]', '[x]')} ✅ 2026-11-21`));
    expect(edits).toHaveLength(1);
    expect(text()).toBe(fullText(wanted(1)));
  });

  test('marks for "in progress" or "cancelled", other dates and words are no completion; they are put back and told', async () => {
    for (const line of [
      OPEN.replace('[ ]', '[/]'),
      `${OPEN.replace('[ ]', '[-]')} ❌ 2026-11-21`,
      OPEN.replace('2026-11-21', '2026-11-30'),
      OPEN.replace('🔼', '⏫'),
      OPEN.replace('🆔 t2', '🆔 t9').replace('[ ]', '[x]'),
    ]) {
      const { edits, told, text, write } = await device();
      await write(text().replace(OPEN, line));
      expect(edits, line).toEqual([]);
      expect(told.join(), line).toContain(line);
      expect(text()).toBe(fullText(wanted(1)));
    }
  });

  test('a stamp alone, without a tick, says nothing', () => {
    expect(changesOf(OPEN, `${OPEN} ✅ 2026-11-21`)).toEqual({ ticks: [], typed: [] });
  });
});

const inFrontmatter = (text: string, change: (yaml: string) => string): string =>
  text.replace(/^---\n([^]*?)\n---\n/, (_all, yaml: string) => `---\n${change(yaml).trimEnd()}\n---\n`);
const sortedKeys = (yaml: string): string => {
  const all = parse(yaml) as Record<string, unknown>;
  return stringify(
    Object.fromEntries(
      Object.keys(all)
        .sort()
        .map((key) => [key, all[key]]),
    ),
  );
};
let touched = 0;

const REWRITERS: Readonly<Record<string, (text: string) => string>> = {
  'Linter: keys in order of the alphabet': (text) => inFrontmatter(text, sortedKeys),
  'Linter: every value in quotes': (text) =>
    inFrontmatter(text, (yaml) =>
      stringify(parse(yaml), { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' }),
    ),
  'Linter: lists on one line': (text) => inFrontmatter(text, (yaml) => yaml.replace(/tags:\n +- (.*)/, 'tags: [$1]')),
  'Linter: a blank line after the properties and around headings': (text) =>
    text.replace(/\n---\n+/, '\n---\n\n').replace(/\n+(## .*)\n+/g, '\n\n$1\n\n'),
  'Linter: the time of the last change, each time': (text) =>
    inFrontmatter(text, (yaml) => `${yaml.replace(/\n?modified: .*/, '')}\nmodified: ${++touched}`),
  'Templater: properties read and written anew': (text) => inFrontmatter(text, (yaml) => stringify(parse(yaml))),
  'Linter: other marks for lists': (text) => text.replace(/^- \[/gm, '* ['),
  'Linter: blank lines between paragraphs of a quote': (text) => text.replace(/(?:\n>)*\n> (\*\*)/g, '\n>\n> $1'),
  'one that adds a line to our lists': (text) =>
    text.includes('- mine') ? text : text.replace('\n%% /operary:tasks', '\n- mine\n%% /operary:tasks'),
  'one that translates a status of ours': (text) => text.replace(/status: (open|done)/, 'status: offen'),
  'one that takes our properties away': (text) => inFrontmatter(text, (yaml) => yaml.replace(/entries: 3\n/, '')),
};

describe('a program that rewrites the note after each of our writes does not draw us into a fight', () => {
  for (const [name, rewrite] of Object.entries(REWRITERS))
    test(name, async () => {
      const { settles, want, abouts, text } = await device(rewrite);
      expect(await settles()).toBeLessThanOrEqual(5);
      expect(abouts.size).toBeLessThanOrEqual(2);
      await want(wanted(2, CLOSED));
      expect(text()).toContain('🆔 t2 ✅ 2026-11-21');
      expect(await settles()).toBeLessThanOrEqual(5);
      expect(await settles()).toBe(0);
      expect(parse(/^---\n([^]*?)\n---\n/.exec(text())![1]!)).toMatchObject({ operary_id: 'a', operary_seq: 2 });
    });

  test('once it has stopped the note is put right with the next change, and "Restore notes" does so at once', async () => {
    const { settles, notebook, text, want, told, clock } = await device(REWRITERS['Linter: other marks for lists']);
    await settles();
    expect(text()).toContain('* [ ]');
    expect(told.join()).toContain('Something keeps changing Night');
    notebook.restore();
    await notebook.idle();
    expect(text()).toBe(fullText(wanted(1)));
    await settles();
    clock.now += 120_000;
    await want(wanted(2, CLOSED));
    expect(text()).toBe(fullText(wanted(2, CLOSED)));
  });

  test('a person who edits while it rewrites is answered', async () => {
    const { settles, text, write, edits } = await device(REWRITERS['Linter: other marks for lists']);
    await settles();
    await write(text().replace('* [ ] [[T-2', '* [x] [[T-2'));
    expect(edits).toEqual([expect.objectContaining({ kind: 'box', ticked: true })]);
  });
});
