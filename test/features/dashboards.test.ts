/** Tables over the notes: what they show, and whose they are. What only Obsidian can prove (that it draws them) is in the README. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { forgetDeleted, keepDashboards } from '../../plugin/dashboards.ts';
import { basesFor } from '../../plugin/pictures/bases.ts';
import { features } from '../../shared/features/index.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { task } from '../kit/ask.ts';
import { baseIn, noteIn, propertiesIn, shownBy } from '../kit/base.ts';
import { aNightShift, anOrganisation, aTask, night, PACKAGING } from '../kit/given.ts';
import { memoryMemory, memoryVault } from '../kit/memory-vault.ts';
import { ana, marek } from '../kit/people.ts';
import { createPlant } from '../kit/plant.ts';
import { vaultOf } from '../kit/vault-of.ts';

const MAREK = { name: 'Marek Zieliński', role: 'maintenance_engineer' };
const register = createRegister(features);
const ZONE = 'Europe/London';
const TASKS = 'Operary/Tasks.base';
const bases = () => [...basesFor(register, MAREK)].map(([name, text]) => ({ name, text, base: baseIn(text) }));
const goldenNote = async (name: string) =>
  noteIn(name, await readFile(new URL(`../golden/notes/${name}.md`, import.meta.url), 'utf8'));

describe('what they say', () => {
  test('they are these bytes', async () => {
    for (const { name, text } of bases()) await expect(text).toMatchFileSnapshot(`../golden/pictures/${name}.base`);
  });
  test('YAML of Bases: table views with a name, filters, columns and an order, and nothing else but a board at the end', () => {
    for (const { base } of bases()) {
      expect(Object.keys(base)).toEqual(['filters', 'views']);
      expect(base.views.at(-1)).toMatchObject({ type: 'operary-board', name: 'Board', columnsBy: 'note.status' });
      for (const view of base.views) {
        const isTable = view !== base.views.at(-1);
        if (isTable) expect(view.type).toBe('table');
        expect(view.order[0]).toBe('file.name');
        const ours = isTable ? [] : ['columnsBy', 'firstColumns'];
        expect(['type', 'name', 'filters', 'groupBy', 'order', 'sort', ...ours]).toEqual(
          expect.arrayContaining(Object.keys(view)),
        );
      }
    }
    expect(bases().flatMap(({ base }) => base.views.map(({ name }) => name))).toEqual([
      ...['Mine (Marek Zieliński)', 'Overdue', 'By area', 'By status', 'All open', 'Board'],
      ...['By date', 'Running', 'Sealed', 'Board'],
    ]);
  });
  test('every property that they name stands in the notes that they are about', async () => {
    const [tasks, shifts] = bases();
    const notes = await Promise.all(['task-on-hold', 'shift-active', 'sealed-shift'].map(goldenNote));
    const [ofTask, ofShift, ofSealed] = notes.map(({ properties }) => Object.keys(properties)) as [
      string[],
      string[],
      string[],
    ];
    expect(ofTask).toEqual(expect.arrayContaining([...propertiesIn(tasks!.base)]));
    const [live, sealed] = [
      { ...shifts!.base, views: shifts!.base.views.filter(({ name }) => name !== 'Sealed') },
      { ...shifts!.base, views: shifts!.base.views.filter(({ name }) => name === 'Sealed') },
    ];
    expect(ofShift).toEqual(expect.arrayContaining([...propertiesIn(live)]));
    expect(ofSealed).toEqual(expect.arrayContaining([...propertiesIn(sealed)]));
  });
  test('a name that is a quotation breaks neither the YAML nor the filter', () => {
    const name = `O'Brien "Bob" \\ #1: x`;
    const base = baseIn(basesFor(register, { name, role: null }).get('Tasks')!);
    const note = { name: 'T-1', properties: { tags: ['operary/task'], assignee: name, status: 'open' } };
    expect(shownBy(base, `Mine (${name})`, [note], '2026-11-21T00:00:00.000Z', ZONE)).toEqual(['T-1']);
  });
});

test('over the notes of a night each view shows what its name says', async () => {
  const plant = await createPlant().run(
    ...[anOrganisation(), aNightShift(), aTask('on_hold', { priority: 'P2' })],
    task('sweep').create({ title: 'Sweep aisle 3', area: PACKAGING, priority: 'P4' }).by(ana),
    task('grease')
      .create({ title: 'Grease conveyor 4', area: PACKAGING, assignee: { user: marek.id } })
      .by(ana),
    task('grease').acknowledge().by(marek),
    task('grease').start().by(marek),
    task('grease').complete({ note: 'Greased' }).by(marek),
    task('belt')
      .create({ title: 'Change belt', area: PACKAGING, assignee: { user: marek.id } })
      .by(ana),
    night.log({ text: 'Restarted.', kind: 'production' }).by(ana),
  );
  const notes = [...(await vaultOf(plant))].map(([path, text]) => noteIn(path, text));
  const [tasks, shifts] = bases().map(({ base }) => base);
  const shown = (view: string, now = '2026-11-21T03:00:00.000Z') => shownBy(tasks!, view, notes, now, ZONE);
  expect(shown('Mine (Marek Zieliński)')).toEqual(['T-1 Pump 3 leaks', 'T-4 Change belt']);
  expect(shown('Overdue')).toEqual(['T-1 Pump 3 leaks']);
  expect(shown('Overdue', '2026-11-21T01:59:00.000Z')).toEqual([]);
  expect(shown('Overdue', '2026-12-24T00:00:00.000Z')).toEqual([
    'T-1 Pump 3 leaks',
    'T-4 Change belt',
    'T-2 Sweep aisle 3',
  ]);
  expect(shown('All open')).toEqual(['T-1 Pump 3 leaks', 'T-4 Change belt', 'T-2 Sweep aisle 3']);
  expect(shown('By status')).toHaveLength(4);
  expect(shown('Board')).toEqual(shown('All open'));
  expect(shownBy(shifts!, 'Board', notes, plant.now(), ZONE)).toEqual(['2026-11-20 leeds-packaging Night']);
  expect(shownBy(shifts!, 'Running', notes, plant.now(), ZONE)).toEqual(['2026-11-20 leeds-packaging Night']);
  expect(shownBy(shifts!, 'Sealed', [await goldenNote('sealed-shift')], plant.now(), ZONE)).toEqual(['sealed-shift']);
  expect(shownBy(shifts!, 'Running', [await goldenNote('sealed-shift')], plant.now(), ZONE)).toEqual([]);
});

describe('whose they are', () => {
  const anew = () => ({ files: memoryVault(), memory: memoryMemory(), register });
  test('they are made once', async () => {
    const shelf = anew();
    const { files } = shelf;
    await keepDashboards(shelf, MAREK);
    expect([...files.texts.keys()]).toEqual([TASKS, 'Operary/Shifts.base']);
    const { writes } = files;
    await keepDashboards(shelf, MAREK);
    expect(files.writes).toBe(writes);
  });
  test('while nobody has changed them they are renewed', async () => {
    const shelf = anew();
    const { files } = shelf;
    await keepDashboards(shelf, MAREK);
    await keepDashboards(shelf, { name: 'Ana Byrne', role: 'supervisor' });
    expect(files.texts.get(TASKS)).toContain('Mine (Ana Byrne)');
  });
  test('[L12] what a person changed is never written over, nor made again when it is changed back and forth', async () => {
    const shelf = anew();
    const { files } = shelf;
    await keepDashboards(shelf, MAREK);
    const mine = `${files.texts.get(TASKS)!}# my own order\n`;
    files.texts.set(TASKS, mine);
    for (const name of ['Marek Zieliński', 'Ana Byrne', 'Marek Zieliński']) {
      await keepDashboards(shelf, { ...MAREK, name });
      expect(files.texts.get(TASKS)).toBe(mine);
    }
  });
  test('[L12] what a person deleted stays away, until they ask for it', async () => {
    const shelf = anew();
    const { files } = shelf;
    await keepDashboards(shelf, MAREK);
    files.texts.delete(TASKS);
    await keepDashboards(shelf, MAREK);
    expect(files.exists(TASKS)).toBe(false);
    expect(forgetDeleted(shelf, MAREK)).toBe(1);
    await keepDashboards(shelf, MAREK);
    expect(files.exists(TASKS)).toBe(true);
  });
  test('[L12] a file of that name that is not ours stays as it is', async () => {
    const shelf = anew();
    const { files } = shelf;
    files.texts.set(TASKS, 'views: []\n');
    await keepDashboards(shelf, MAREK);
    await keepDashboards(shelf, { ...MAREK, name: 'Ana Byrne' });
    expect(files.texts.get(TASKS)).toBe('views: []\n');
  });
});
