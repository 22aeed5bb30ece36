/** Who is asked for a task and why, whom to ring, and what becomes of one that is given back (domain model 2.5). */
import { describe, expect, test } from 'vitest';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import { onDuty, ofRole } from '../../shared/features/tasks/duty.ts';
import type { ShiftState } from '../../shared/features/shifts/contract.ts';
import type { Row } from '../../shared/kernel/read.ts';
import { task } from '../kit/ask.ts';
import { aNightShift, anOrganisation, aTask, by, given, LINE_3, NIGHT, night, PACKAGING, pump } from '../kit/given.ts';
import { ana, dana, engine, marek, tom } from '../kit/people.ts';
import { createPlant, type Plant, type Step } from '../kit/plant.ts';

const start = (...steps: readonly Step[]): Promise<Plant> =>
  createPlant().run(anOrganisation(), aNightShift(), ...steps);
const assigned = async (plant: Plant, of = pump) =>
  (await plant.history(of))
    .filter(({ type }) => type === 'task.assigned')
    .map(({ actor, body }) => ({ actor, ...body }));

describe('the candidates are on record', () => {
  test('a role: everybody of it on duty is named and rung; the task stays with the role, even of one', () =>
    given(anOrganisation(), aNightShift(), aTask())
      .when(pump.assign({ assignee: { role: 'maintenance_engineer' } }), by(ana))
      .then({
        type: 'task.assigned',
        body: {
          ...{ assignee: { role: 'maintenance_engineer' }, basis: 'person' },
          ...{ candidates: [marek.id], notified: [marek.id], why: 'the only maintenance engineer on duty' },
        },
      }));
  test('a role that nobody on duty has', () =>
    given(anOrganisation(), night.create(NIGHT).by(ana), night.start({}).by(ana), aTask())
      .when(pump.assign({ assignee: { role: 'operator' } }), by(ana))
      .then({ type: 'task.assigned', body: { candidates: [], notified: [], why: 'no operator is on duty' } }));
  test('a person who is not on duty is called in', () =>
    given(anOrganisation(), aNightShift(), aTask())
      .when(pump.assign({ assignee: { user: tom.id } }), by(ana))
      .then({ type: 'task.assigned', body: { notified: [tom.id], why: 'called in: not on duty here' } }));
  test('whoever takes it themselves is not rung', () =>
    given(anOrganisation(), aNightShift(), aTask())
      .when(pump.assign({ assignee: { user: ana.id } }), by(ana))
      .then({ type: 'task.assigned', body: { candidates: [ana.id], notified: [] } }));
  test('made with an assignee, too', () =>
    given(anOrganisation(), aNightShift())
      .when(pump.create({ title: 'x', area: LINE_3, assignee: { role: 'line_lead' } }), by(ana))
      .then('task.created', { type: 'task.assigned', body: { notified: [dana.id] } }));
  test('by rule: who would have been asked first and is not there', async () => {
    const plant = await createPlant().run(anOrganisation(), night.create(NIGHT).by(ana));
    await plant.run(night.start({ crew: [{ user: dana.id, role: 'line_lead' }] }).by(ana));
    await plant.run(
      pump
        .raise({
          ...{ title: 'Oil', description: null, area: LINE_3, priority: 'P2', class: 'maintenance', equipment: null },
          ...{ condition: null, occurrence: null, assignee: { role: 'line_lead' }, unassignedBecause: null },
        })
        .by(engine),
    );
    expect(await assigned(plant)).toMatchObject([
      { basis: 'rule', why: 'nobody on duty as maintenance engineer; the only line lead on duty', notified: [dana.id] },
    ]);
  });
});

describe('who is there', () => {
  const crew = (...members: readonly object[]): readonly Row<ShiftState>[] => [
    {
      ...{ key: 'x', number: 1, first: 1, seq: 1 },
      value: { area: PACKAGING, status: 'active', crew: members } as unknown as ShiftState,
    },
  ];
  const engineer = (user: string, state?: string) => ({
    user,
    role: 'maintenance_engineer',
    ...(state ? { state } : {}),
  });
  test('who is away is not asked; who is busy only when nobody is free', () => {
    const shifts = crew(engineer('a', 'away'), engineer('b', 'busy'), engineer('c', 'present'), engineer('d'));
    expect(ofRole(shifts, 'maintenance_engineer')).toEqual(['c', 'd']);
    expect(ofRole(crew(engineer('a', 'away'), engineer('b', 'busy')), 'maintenance_engineer')).toEqual(['b']);
    expect(ofRole(crew(engineer('a', 'away')), 'maintenance_engineer')).toEqual([]);
  });
  test('a role whose people are all away is passed over', () => {
    const shifts = crew(engineer('a', 'away'), { user: 'l', role: 'line_lead' });
    expect(onDuty(shifts, 'maintenance', LINE_3)).toEqual({ role: 'line_lead' });
    expect(onDuty(crew(engineer('a', 'away')), 'maintenance', LINE_3)).toBe(`Nobody is on duty in ${LINE_3}`);
  });
});

test('a crew that hands over is there until the next one is', async () => {
  const plant = await start(night.close().by(ana), aTask('assigned'));
  expect((await assigned(plant)).at(-1)).toMatchObject({ candidates: [marek.id] });
});

describe('given back', () => {
  test('the next in turn is asked, by rule, and never the one who said no', async () => {
    const plant = await start(aTask('assigned'), pump.reject({ reason: 'No crane.' }).by(marek));
    expect((await assigned(plant)).at(-1)).toMatchObject({
      actor: { kind: 'engine' },
      ...{
        assignee: { role: 'line_lead' },
        basis: 'rule',
        notified: [dana.id],
        why: expect.stringMatching(/^next in turn/),
      },
    });
  });
  test('where nobody else is there it stays open', async () => {
    const plant = await createPlant().run(
      anOrganisation(),
      aTask('assigned'),
      pump.reject({ reason: 'No.' }).by(marek),
    );
    expect(await plant.state<TaskState>(pump)).toMatchObject({ status: 'open', assignee: null });
  });
});

test('what an incident asks for is linked to it, without an alarm of its own', async () => {
  const incident = task('incident').id;
  const plant = await start(
    pump
      .raise({
        ...{
          title: 'Alarm flood',
          description: null,
          area: LINE_3,
          priority: 'P2',
          class: 'production',
          equipment: null,
        },
        ...{ condition: null, occurrence: null, assignee: { role: 'line_lead' }, unassignedBecause: null },
        upstream: [{ kind: 'incident', id: incident, rel: 'part_of' }],
      })
      .by(engine),
    pump.acknowledge().by(dana),
  );
  expect(await plant.state(pump)).toMatchObject({ condition: null, occurrences: [], status: 'acknowledged' });
  expect((await plant.history(pump)).map(({ upstream }) => upstream)).toEqual(
    Array.from({ length: 3 }, () => [{ kind: 'incident', id: incident, rel: 'part_of' }]),
  );
  // Nobody opened that incident, so it takes nothing in; the task stands all the same.
  expect(plant.refusedWishes).toEqual(['incidents.gather not-found']);
});
