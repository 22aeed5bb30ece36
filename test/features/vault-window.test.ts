/** Years of sealed shifts, and a vault that holds a window of them. */
import { expect, test } from 'vitest';
import type { ShiftState } from '../../shared/features/shifts/contract.ts';
import { aDisk } from '../kit/a-device.ts';
import { longAgo, visit, type LongAgo, type Visitor } from '../kit/long-ago.ts';
import { rest } from '../kit/manual-clock.ts';

const shiftNotes = ({ disk }: Visitor): string[] =>
  [...disk.vault.texts.keys()].filter((path) => path.startsWith('Operary/Shifts/')).sort();
const bundles = ({ link }: Visitor): number => link.asked.filter(({ path }) => path.endsWith('/bundle')).length;
const settled = async ({ host }: Visitor): Promise<void> => {
  for (let n = 0; n < 400; n++) await rest();
  await host.notebook.idle();
};

test('of 3,000 sealed shifts a new vault gets the notes of the latest 30 days, in folders by month', async () => {
  const device = await visit(await longAgo(3000), 30);
  await settled(device);
  const notes = shiftNotes(device);
  expect(notes).toHaveLength(91);
  expect(new Set(notes.map((path) => path.slice(0, 'Operary/Shifts/2026/11'.length)))).toEqual(
    new Set(['Operary/Shifts/2026/10', 'Operary/Shifts/2026/11']),
  );
  expect(device.disk.vault.texts.size).toBeLessThan(100);
  // Nothing is asked of the server for what is left out.
  expect(bundles(device)).toBe(91);
  expect(device.host.past.all()).toHaveLength(3000 - 91);
});

test('what is left out costs no turn of the screen', async () => {
  const pauses = async (sealed: number): Promise<number> => {
    let count = 0;
    const breathe = async (): Promise<void> => void count++;
    await settled(await visit(await longAgo(sealed), 30, aDisk(), { breathe }));
    return count;
  };
  expect(await pauses(3000)).toBe(await pauses(100));
});

test('an older shift is fetched by name, and its notes stay and are kept up to date', async () => {
  const plant = await longAgo(200);
  const disk = aDisk();
  const first = await visit(plant, 30, disk);
  const { name, held } = first.host.past.all().at(-1)!;
  const path = await first.host.fetchPast(held);
  expect(path).toBe(`Operary/Shifts/2026/09/${name}.md`);
  expect(disk.vault.texts.get(path!)).toContain(`operary_id: ${held.id}`);
  await settled(first);
  expect(first.link.asked.map(({ path: asked }) => asked)).toContain(`/v1/shifts/${held.id}/bundle`);
  expect(first.host.past.all().map((one) => one.held.id)).not.toContain(held.id);
  first.close();

  const renamed = { ...held, seq: held.seq + 1, state: { ...(held.state as ShiftState), name: 'Night of the fire' } };
  const later: LongAgo = { ...plant, items: plant.items.map((item) => (item.id === held.id ? renamed : item)) };
  const again = await visit(later, 30, disk);
  await settled(again);
  expect(shiftNotes(again)).toHaveLength(92);
  expect(disk.vault.texts.get(path!)).toContain('Night of the fire');
  expect(bundles(again)).toBe(92);
});

test('a shorter window takes nothing away, and a longer one brings what was left out', async () => {
  const plant = await longAgo(200);
  const disk = aDisk();
  (await visit(plant, 30, disk)).close();
  const shorter = await visit(plant, 7, disk);
  expect(shiftNotes(shorter)).toHaveLength(91);
  shorter.close();
  expect(shiftNotes(await visit(plant, 60, disk))).toHaveLength(181);
});

test('a note that a person put elsewhere stays there, and no second one is made', async () => {
  const plant = await longAgo(2);
  const disk = aDisk();
  const first = await visit(plant, 30, disk);
  const [path] = shiftNotes(first);
  disk.vault.external.rename(path!, 'Mine/That night.md');
  first.close();
  const again = await visit(plant, 30, disk);
  expect(shiftNotes(again)).toHaveLength(1);
  expect(disk.vault.texts.has('Mine/That night.md')).toBe(true);
});

test('two shifts of one name that are written at the same time get a note each', async () => {
  const device = await visit(await longAgo(3), 30);
  expect(shiftNotes(device)).toHaveLength(3);
  expect(device.attention.all.filter(({ sentence }) => sentence.includes('could not be written'))).toEqual([]);
});

test('an old shift with something that nobody has read yet has its notes', async () => {
  const plant = await longAgo(200);
  const old = plant.items.filter(({ kind }) => kind === 'shift').at(-1)!;
  const state = old.state as ShiftState;
  const entry = { id: 'x', seq: 90, at: state.from, recordedAt: state.from, receivedAt: state.from };
  const late = { ...entry, by: state.startedBy, device: null, what: 'note', text: 'Valve 4 dripped.', flags: [] };
  const unread = { ...old, state: { ...state, lateEntries: [late] } };
  const device = await visit({ ...plant, items: plant.items.map((item) => (item === old ? unread : item)) }, 30);
  expect(shiftNotes(device)).toHaveLength(92);
});
