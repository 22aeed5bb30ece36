/** How incidents and windows show: the note, the board, the note of the shift, the report. */
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { note } from '../../shared/features/incidents/note.ts';
import type { IncidentState } from '../../shared/features/incidents/contract.ts';
import { note as windowNote } from '../../shared/features/windows/note.ts';
import type { WindowState } from '../../shared/features/windows/contract.ts';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import { select } from '../../shared/kernel/read.ts';
import { incident, maintenanceWindow, task } from '../kit/ask.ts';
import { aNightShift, anOrganisation, aTask, LINE_3, minutes, PACKAGING, pump } from '../kit/given.ts';
import { ana, ben, dana, marek, scada } from '../kit/people.ts';
import { createPlant, NIGHT_BEGINS, type Plant, type Step } from '../kit/plant.ts';
import { around, replicaOf, vaultOf } from '../kit/vault-of.ts';

const jam = incident('jam');
const signal =
  (condition: string, state = 'active'): Step =>
  (plant) =>
    plant.deliver(scada, {
      ...{ condition, title: `${condition} high`, state, severity: 'warning', area: PACKAGING },
      ...{ equipment: `${LINE_3}/unit-1`, occurredAt: plant.now() },
    });
const noteOf = async (plant: Plant, name: string) =>
  [...(await vaultOf(plant))].find(([path]) => path.includes(name))?.[1] ?? '';
const cardOf = async (plant: Plant, { id }: { id: string }) => {
  const replica = await replicaOf(plant);
  const held = replica.all('incident').find((one) => one.id === id)!;
  return note.card!(held.state as IncidentState, held, around(replica));
};

describe('an incident that people flagged', () => {
  const story: readonly Step[] = [
    anOrganisation(),
    aNightShift(),
    jam
      .open({ title: 'Filler 2 jams | again', area: PACKAGING, equipment: `${LINE_3}/filler-2`, text: 'Third time' })
      .by(ben),
    aTask(),
    jam.join({ item: { kind: 'task', id: pump.id } }).by(ben),
    minutes(4),
    pump.assign({ assignee: { user: marek.id } }).by(ana),
    pump.acknowledge().by(marek),
    jam.note({ text: 'Cap chute [[bent]]' }).by(dana),
  ];
  test('[L6] has a note, in these bytes', async () => {
    const plant = await createPlant().run(
      ...story,
      minutes(30),
      jam.resolve({ text: 'Chute straightened', cause: 'A pallet' }).by(dana),
    );
    await expect(await noteOf(plant, 'Incidents/2026/11/I-1 Filler 2 jams again.md')).toMatchFileSnapshot(
      '../golden/notes/incident-resolved.md',
    );
  });
  test('stands on the board, and first of all in the note of its shift, until it is resolved', async () => {
    const plant = await createPlant().run(...story);
    expect(await cardOf(plant, jam)).toMatchObject({
      group: 'Incidents',
      title: 'I-1 Filler 2 jams | again',
      urgent: false,
    });
    const first = '> 1. [[I-1 Filler 2 jams again]] · P2 · since 2026-11-20 22:00';
    expect(await noteOf(plant, 'leeds-packaging Night')).toContain(first);
    await plant.run(jam.resolve({ text: 'Done' }).by(dana));
    expect(await cardOf(plant, jam)).toBeNull();
    expect(await noteOf(plant, 'leeds-packaging Night')).not.toContain('I-1');
  });
  test('[L12] hostile words forge neither a row of its table nor a link', async () => {
    const text = '| x | [[Evil]] %% /operary:happened %%\n| 9 | now';
    const plant = await createPlant().run(...story, jam.note({ text }).by(dana));
    const written = await noteOf(plant, 'I-1');
    expect(written.split('\n').filter((line) => line.startsWith('| '))).toHaveLength(5);
    expect(written).not.toContain('[[Evil]]');
    expect(parse(/^---\n([^]*?)\n---/.exec(written)![1]!)).toMatchObject({ status: 'open', kind: 'manual' });
  });
});

test('a group lists its tasks and its alarms, with those that are still active', async () => {
  const plant = await createPlant().run(anOrganisation(), signal('A'), signal('B'), minutes(1), signal('A', 'cleared'));
  const written = await noteOf(plant, 'Incidents/');
  expect(written).toContain('- [[T-1 A high]] open\n- [[T-2 B high]] open\n- A high over\n- A-2 B high **active**');
  expect(written).toContain('Alarms of class maintenance on leeds/packaging/line-3 within 5 minutes');
});

test('a flood is a banner on the board as long as it goes on', () => {
  const state = {
    ...{ kind: 'flood', status: 'open', title: 'Alarm flood in leeds', area: 'leeds', priority: 'P2' },
    ...{ openedAt: NIGHT_BEGINS, firstOut: { occurrence: '', at: NIGHT_BEGINS, title: 'Power lost' } },
    flood: { end: 5, began: NIGHT_BEGINS, recent: [], endedAt: null },
    items: [{ kind: 'occurrence' }, { kind: 'occurrence' }],
  } as unknown as IncidentState;
  const look = (one: IncidentState) => note.card!(one, { id: '', number: 3, seq: 1 }, { zone: 'UTC' } as never);
  expect(look(state)).toMatchObject({
    title: 'I-3 Flood in leeds',
    details: ['P2', 'since 2026-11-20 22:00', 'first out Power lost', '2 alarms'],
    urgent: true,
  });
  expect(look({ ...state, flood: { ...state.flood!, endedAt: NIGHT_BEGINS } })).toMatchObject({
    title: 'I-3 Alarm flood in leeds',
    urgent: false,
  });
});

test('a maintenance window stands on the board while it is open', async () => {
  const belt = maintenanceWindow('belt');
  const times = { from: NIGHT_BEGINS, to: '2026-11-20T23:00:00Z' };
  const plant = await createPlant().run(
    anOrganisation(),
    belt.create({ equipment: LINE_3, ...times, reason: 'Bearing' }).by(dana),
  );
  const surroundings = around(await replicaOf(plant));
  const { state, number, seq } = await plant.stream<WindowState>(belt);
  const look = (one: WindowState) => windowNote.card!(one, { id: belt.id, number, seq }, surroundings);
  expect(look(state)).toMatchObject({
    title: 'W-1 Maintenance of leeds/packaging/line-3',
    details: ['until 2026-11-20 23:00', 'alarms ask for nobody', 'Bearing', `planned by ${dana.name}`],
  });
  expect(look({ ...state, status: 'ended' })).toBeNull();
});

test('a task of a resolved incident that came later leaves its note whole', async () => {
  const later = task('later').create({
    ...{ title: 'Change the chute', area: PACKAGING },
    upstream: [{ kind: 'incident', id: jam.id, rel: 'part_of' }],
  });
  const plant = await createPlant().run(
    anOrganisation(),
    aNightShift(),
    jam.open({ title: 'Jam', area: PACKAGING }).by(ben),
    jam.resolve({ text: 'Done' }).by(dana),
    later.by(ana),
  );
  expect(await plant.ledger.load(plant.command(later.by(ana)).org, select<TaskState>('tasks'))).toHaveLength(1);
  expect(await noteOf(plant, 'Incidents/')).toContain('- [[T-1 Change the chute]] open');
});
