import { expect, test } from 'vitest';
import { createNotebook, fullText } from '../../plugin/notes/notebook.ts';
import type { PeoplesText } from '../../plugin/notes/ports.ts';
import type { Wanted } from '../../plugin/notes/reconcile.ts';
import type { Edit } from '../../shared/kernel/note.ts';
import { memoryMemory, memoryVault } from '../kit/memory-vault.ts';

const PLACE = 'Operary/Tasks/T-1 Seal.md';
const SEALED = 'Operary/Sealed/Night (sealed).md';
const live = (seq: number, status: string): Wanted => ({
  id: 'a',
  seq,
  head: seq,
  text: {
    type: 'task',
    folder: 'Tasks',
    name: 'T-1 Seal',
    properties: { status },
    prose: { heading: 'Notes', after: 'log' },
    regions: [{ name: 'log', markdown: `- ${status}` }],
  },
});
const sealed = (seq: number, report = 'All quiet.'): Wanted => ({
  id: 's',
  seq,
  head: seq,
  text: {
    type: 'sealed-shift',
    folder: 'Sealed',
    name: 'Night (sealed)',
    sealed: true,
    properties: { status: 'sealed' },
    regions: [{ name: 'report', markdown: report }],
  },
});

function device(vault = memoryVault(), memory = memoryMemory(), people?: PeoplesText) {
  const told: string[] = [];
  const edits: Edit[] = [];
  const needed: string[] = [];
  const clock = { now: 0 };
  let answer: (edit: Edit) => Promise<void> = () => Promise.resolve();
  const notebook = createNotebook({
    files: vault,
    memory,
    ...(people ? { people } : {}),
    now: () => clock.now,
    breathe: () => Promise.resolve(),
    person: {
      edited(_key, edit) {
        edits.push(edit);
        return answer(edit);
      },
      tell: (_about, sentence) => void told.push(sentence),
      needs: (stream) => void needed.push(stream),
    },
  });
  vault.hear = notebook;
  const want = async (...all: readonly Wanted[]) => {
    for (const one of all) notebook.want(one.id === 's' ? 'shift/s' : 'task/a', [one]);
    await notebook.idle();
  };
  return {
    vault,
    memory,
    notebook,
    told,
    edits,
    needed,
    clock,
    want,
    answered: (by: typeof answer) => void (answer = by),
  };
}

test('a note is made once, with a place for people, and is not written again while nothing differs', async () => {
  const { vault, want } = device();
  await want(live(1, 'open'));
  expect(vault.texts.get(PLACE)).toBe(fullText(live(1, 'open')));
  await want(live(1, 'open'), live(1, 'open'));
  expect(vault.writes).toBe(1);
});

test('a new note is written in one step with what its room holds, and is not read again', async () => {
  const vault = memoryVault();
  const looks: string[] = [];
  const { change } = vault;
  vault.change = (path, plan) => {
    looks.push(path);
    return change(path, plan);
  };
  const stood: string[] = [];
  const { want } = device(vault, memoryMemory(), {
    ready: Promise.resolve(),
    look: () => 'Oil first.\nThen turn.',
    stands: (_entity, text) => void stood.push(text),
    forget: () => Promise.resolve(),
    gone: () => undefined,
    resume: () => undefined,
  });
  await want(live(1, 'open'));
  expect(vault.texts.get(PLACE)).toContain('%% operary:notes %%\nOil first.\nThen turn.\n%% /operary:notes %%');
  expect([vault.writes, looks, stood]).toEqual([1, [], ['Oil first.\nThen turn.']]);
});

test('an edit is answered, and the note shows what came of it', async () => {
  const { vault, notebook, edits, want, answered } = device();
  await want(live(1, 'open'));
  answered(async () => notebook.want('task/a', [live(2, 'done')]));
  vault.external.write(PLACE, vault.texts.get(PLACE)!.replace('status: open', 'status: done'));
  await notebook.idle();
  expect(edits).toEqual([{ kind: 'property', key: 'status', was: 'open', now: 'done' }]);
  expect(vault.texts.get(PLACE)).toBe(fullText(live(2, 'done')));
});

test('[L7] a refused edit is put back, and a second edit while the first is under way is answered too', async () => {
  const { vault, notebook, edits, want, answered } = device();
  await want(live(1, 'open'));
  answered(async () => {
    answered(() => Promise.resolve());
    vault.external.write(PLACE, vault.texts.get(PLACE)!.replace('status: done', 'status: closed'));
  });
  vault.external.write(PLACE, vault.texts.get(PLACE)!.replace('status: open', 'status: done'));
  await notebook.idle();
  expect(edits.map((edit) => edit.kind === 'property' && edit.now)).toEqual(['done', 'closed']);
  expect(vault.texts.get(PLACE)).toBe(fullText(live(1, 'open')));
});

test('while somebody types in the properties nothing is judged; when they leave, it is', async () => {
  const { vault, notebook, edits, want } = device();
  await want(live(1, 'open'));
  vault.busy = true;
  vault.external.write(PLACE, vault.texts.get(PLACE)!.replace('status: open', 'status: do'));
  await notebook.idle();
  expect(edits).toEqual([]);
  vault.busy = false;
  notebook.noticed(PLACE);
  await notebook.idle();
  expect(edits).toHaveLength(1);
});

test('[L12] text typed inside a region is put back and told, not lost', async () => {
  const { vault, notebook, told, want } = device();
  await want(live(1, 'open'));
  vault.external.write(PLACE, vault.texts.get(PLACE)!.replace('- open', '- open\n- my own line'));
  await notebook.idle();
  expect(vault.texts.get(PLACE)).toBe(fullText(live(1, 'open')));
  expect(told.join()).toContain('my own line');
});

test('a note keeps its identity through a move, also when another program moves it; a copy is told and never written', async () => {
  const { vault, notebook, told, want } = device();
  await want(live(1, 'open'));
  vault.external.rename(PLACE, 'Mine.md');
  await want(live(2, 'done'));
  const text = vault.texts.get('Mine.md')!;
  expect(text).toBe(fullText(live(2, 'done')));
  vault.external.remove('Mine.md');
  vault.external.write('Moved.md', text);
  vault.external.write('Copy.md', text);
  await want(live(3, 'closed'));
  expect(vault.texts.get('Moved.md')).toContain('closed');
  expect(vault.texts.get('Copy.md')).toBe(text);
  expect(told).toEqual([expect.stringContaining('Copy.md is a copy of Moved.md')]);
  expect([...vault.texts.keys()].sort()).toEqual(['Copy.md', 'Moved.md']);
  notebook.stop();
});

test('a deleted note stays away, also after a restart, until it is asked for', async () => {
  const first = device();
  await first.want(live(1, 'open'));
  first.vault.external.remove(PLACE);
  await first.want(live(2, 'done'));
  const second = device(first.vault, first.memory);
  await second.want(live(3, 'closed'));
  expect(second.vault.texts.size).toBe(0);
  expect(second.notebook.restore()).toBe(1);
  await second.notebook.idle();
  expect(second.vault.texts.get(PLACE)).toBe(fullText(live(3, 'closed')));
});

test('a file of people that has our name already is left alone', async () => {
  const vault = memoryVault();
  vault.texts.set(PLACE, 'My own thoughts about the seal.\n');
  const { want } = device(vault);
  await want(live(1, 'open'));
  expect(vault.texts.get(PLACE)).toBe('My own thoughts about the seal.\n');
  expect(vault.texts.get(PLACE.replace('.md', ' (2).md'))).toBe(fullText(live(1, 'open')));
});

test('after a restart the note is found under its identity wherever it is', async () => {
  const first = device();
  await first.want(live(1, 'open'));
  first.vault.external.rename(PLACE, 'Elsewhere/Seal.md');
  const second = device(first.vault, first.memory);
  await second.want(live(2, 'done'));
  expect([...second.vault.texts]).toEqual([['Elsewhere/Seal.md', fullText(live(2, 'done'))]]);
});

test('[L2] what is done to a sealed note is undone, and the changed bytes are kept, each once', async () => {
  const { vault, notebook, told, want, clock } = device();
  await want(sealed(9));
  const truth = vault.texts.get(SEALED)!;
  for (const [forged, copies] of [
    ['x', 1],
    ['y', 2],
    ['x', 2],
  ] as const) {
    vault.external.write(SEALED, forged);
    await notebook.idle();
    expect(vault.texts.get(SEALED)).toBe(truth);
    expect([...vault.texts.keys()].filter((path) => path.includes('edited copy'))).toHaveLength(copies);
    clock.now += 61_000;
  }
  vault.external.remove(SEALED);
  await notebook.idle();
  vault.external.rename(SEALED, 'Away.md');
  await notebook.idle();
  expect(vault.texts.get(SEALED)).toBe(truth);
  expect(vault.texts.has('Away.md')).toBe(false);
  expect(told.join()).toContain('is sealed');
});

test('a CRLF copy of a sealed note is the same note', async () => {
  const { vault, notebook, want } = device();
  await want(sealed(9));
  const crlf = vault.texts.get(SEALED)!.replaceAll('\n', '\r\n');
  vault.external.write(SEALED, crlf);
  await notebook.idle();
  expect(vault.texts.get(SEALED)).toBe(crlf);
});

test('what is added after the seal changes the note without a copy: nobody but us had written it', async () => {
  const { vault, want } = device();
  await want(sealed(9), sealed(10, 'All quiet. Addition: one reading.'));
  expect([...vault.texts.keys()]).toEqual([SEALED]);
  expect(vault.texts.get(SEALED)).toContain('one reading');
});

test('after a restart an intact sealed note needs nothing from the server, a changed one asks for the truth', async () => {
  const first = device();
  await first.want(sealed(9));
  const { vault, notebook, needed } = device(first.vault, first.memory);
  expect(await notebook.holds('shift/s', 9)).toBe(true);
  expect(await notebook.holds('shift/s', 10)).toBe(false);
  expect(notebook.isSealed(SEALED)).toBe(true);
  vault.external.write(SEALED, 'forged');
  await notebook.idle();
  expect(needed).toEqual(['shift/s']);
  expect(await notebook.holds('shift/s', 9)).toBe(false);
});

test('a program that changes a sealed note again and again is stopped being answered, and named', async () => {
  const { vault, notebook, told, want } = device();
  await want(sealed(9));
  for (let i = 0; i < 5; i++) {
    vault.external.write(SEALED, 'x');
    await notebook.idle();
  }
  expect(vault.texts.get(SEALED)).toBe('x');
  expect(told.join()).toContain('Something keeps changing');
});

test('a sealed note that an earlier version put into another folder stays there, and is no copy', async () => {
  const first = device();
  await first.want(sealed(9));
  const { text, ...rest } = sealed(9);
  const again = device(first.vault, first.memory);
  await again.want({ ...rest, text: { ...text, folder: 'Sealed/2026/11' } });
  expect([...again.vault.texts.keys()]).toEqual([SEALED]);
  again.vault.external.write(SEALED, 'Forged.');
  await again.notebook.idle();
  expect(again.vault.texts.get(SEALED)).toContain('All quiet.');
});
