/** Sealed notes whose names are the same: two shifts of one area, day and name. */
import { expect, test } from 'vitest';
import { createNotebook, fullText } from '../../plugin/notes/notebook.ts';
import type { Wanted } from '../../plugin/notes/reconcile.ts';
import { memoryMemory, memoryVault } from '../kit/memory-vault.ts';

const FIRST = 'Operary/Sealed/Early (sealed).md';
const SECOND = 'Operary/Sealed/Early (sealed) (2).md';
const sealed = (id: string): Wanted => ({
  id,
  seq: 9,
  head: 9,
  text: {
    type: 'sealed-shift',
    folder: 'Sealed',
    name: 'Early (sealed)',
    sealed: true,
    properties: { status: 'sealed' },
    regions: [{ name: 'report', markdown: `Of ${id}.` }],
  },
});

function device(vault = memoryVault(), memory = memoryMemory()) {
  const told: string[] = [];
  const notebook = createNotebook({
    files: vault,
    memory,
    now: () => 0,
    breathe: () => Promise.resolve(),
    person: {
      edited: () => Promise.resolve(),
      tell: (_about, sentence) => void told.push(sentence),
      needs: () => undefined,
    },
  });
  vault.hear = notebook;
  return {
    ...{ vault, memory, notebook, told },
    async want(...all: readonly Wanted[]) {
      for (const one of all) notebook.want(`shift/${one.id}`, [one]);
      await notebook.idle();
    },
  };
}

test('[L2] each stands in a file of its own, and neither is taken for a change of the other', async () => {
  const { vault, told, want, memory } = device();
  await want(sealed('a'), sealed('b'));
  expect([...vault.texts]).toEqual([
    [FIRST, fullText(sealed('a'))],
    [SECOND, fullText(sealed('b'))],
  ]);
  vault.external.remove(SECOND);
  vault.hear!.gone(SECOND);
  const again = device(vault, memory);
  await again.want(sealed('b'), sealed('a'));
  expect([...vault.texts.keys()].sort()).toEqual([SECOND, FIRST].sort());
  expect(vault.texts.get(SECOND)).toBe(fullText(sealed('b')));
  expect([...told, ...again.told].filter((sentence) => !sentence.startsWith('Early (sealed) (2) is sealed'))).toEqual(
    [],
  );
});

test('[L2] also where another device has put the first one into the vault', async () => {
  const { vault } = device();
  vault.texts.set(FIRST, fullText(sealed('a')));
  const { told, want } = device(vault);
  await want(sealed('b'), sealed('a'));
  expect([...vault.texts]).toEqual([
    [FIRST, fullText(sealed('a'))],
    [SECOND, fullText(sealed('b'))],
  ]);
  expect(told).toEqual([]);
});
