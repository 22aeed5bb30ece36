/** Recurring work: made as tasks on time, told where it was missed. */
import { describe, expect, test } from 'vitest';
import type { ScheduleState } from '../../shared/features/schedules/contract.ts';
import type { ShiftState } from '../../shared/features/shifts/contract.ts';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import { textOf } from '../../shared/kernel/bytes.ts';
import { select, type Row } from '../../shared/kernel/read.ts';
import { schedule, shift, task, user } from '../kit/ask.ts';
import { aNightShift, anOrganisation, by, EARLY, given, night, PACKAGING } from '../kit/given.ts';
import { notesOf } from '../kit/meanwhile.ts';
import { ana, ben, ORG, tom, within } from '../kit/people.ts';
import { createPlant, type Plant, type Step } from '../kit/plant.ts';

const weekly = schedule('weekly');
const mondays = { rule: { weekdays: ['mon' as const], at: '06:00' }, title: 'Check the eyewash', area: PACKAGING };
const hourly = schedule('hourly');
const readings = { title: 'Read the pasteuriser', area: PACKAGING, rule: { every: 'hour-of-shift' as const } };
const until =
  (at: string): Step =>
  async (plant) => {
    plant.waitUntil(at);
    await plant.settle();
  };
const made = async (plant: Plant): Promise<readonly Row<TaskState>[]> =>
  plant.ledger.load(ORG, select<TaskState>('tasks', { order: 'oldest' }));
const work = (id: string) => [
  task(id).acknowledge().by(ben),
  task(id).start().by(ben),
  task(id).complete({ note: '72.1 °C' }).by(ben),
];
const stateOf = (plant: Plant, of = weekly) => plant.state<ScheduleState>(of);

describe('a schedule', () => {
  test('makes its task on time, with all that it says, linked to it', async () => {
    const plant = await createPlant().run(
      anOrganisation(),
      weekly
        .create({
          ...mondays,
          description: 'Two minutes each.',
          checklist: ['Line 3', 'Line 4'],
          priority: 'P2',
          equipment: 'eyewash',
          class: 'safety',
          dueWithinMinutes: 90,
          assignee: { user: ben.id },
        })
        .by(ana),
      until('2026-11-23T05:59:59Z'),
    );
    expect(await made(plant)).toEqual([]);
    await plant.run(until('2026-11-23T06:00:00Z'));
    const [task, ...more] = await made(plant);
    expect(more).toEqual([]);
    expect(task!.value).toMatchObject({
      ...{ title: 'Check the eyewash', area: PACKAGING, priority: 'P2', class: 'safety', equipment: 'eyewash' },
      description: 'Two minutes each.\n\n- [ ] Line 3\n- [ ] Line 4',
      dueAt: '2026-11-23T07:30:00.000Z',
      assignee: { user: ben.id },
      upstream: [{ kind: 'schedule', id: weekly.id, rel: 'external' }],
      createdBy: { kind: 'engine' },
    });
    expect(await stateOf(plant)).toMatchObject({
      nextAt: '2026-11-30T06:00:00.000Z',
      last: { at: '2026-11-23T06:00:00.000Z', task: task!.key },
    });
    expect(plant.refusedWishes).toEqual([]);
  });
  test('is due again or as long as its priority allows, whichever comes first', async () => {
    const plant = await createPlant().run(
      anOrganisation(),
      weekly.create({ ...mondays, priority: 'P3' }).by(ana),
      schedule('often')
        .create({ ...mondays, rule: { cron: '*/30 * * * *' } })
        .by(ana),
      until('2026-11-20T22:30:00Z'),
      until('2026-11-23T06:00:00Z'),
    );
    const due = (await made(plant)).map(({ value }) => value.dueAt);
    expect(due[0]).toBe('2026-11-20T23:00:00.000Z');
    expect(due).toContain('2026-11-23T22:00:00.000Z');
  });
  test('after a stop makes one task, of the newest time, and tells which were missed', async () => {
    const plant = await createPlant().run(
      anOrganisation(),
      weekly.create({ ...mondays, rule: { cron: '0 */6 * * *' } }).by(ana),
      until('2026-11-22T13:00:00Z'),
    );
    expect(await made(plant)).toHaveLength(1);
    expect(await stateOf(plant)).toMatchObject({
      last: { at: '2026-11-22T12:00:00.000Z' },
      nextAt: '2026-11-22T18:00:00.000Z',
      missedCount: 6,
    });
    expect((await stateOf(plant)).missed[0]).toEqual({ at: '2026-11-21T00:00:00.000Z', task: null });
  });
  test('paused, makes nothing and misses nothing; resumed, goes on from then', async () => {
    const plant = await createPlant().run(anOrganisation(), weekly.create(mondays).by(ana), weekly.pause().by(ana));
    await plant.run(until('2026-11-25T08:00:00Z'), weekly.resume().by(ana));
    expect(await made(plant)).toEqual([]);
    expect(await stateOf(plant)).toMatchObject({
      status: 'active',
      nextAt: '2026-11-30T06:00:00.000Z',
      missedCount: 0,
    });
  });
  test('changed, is due by its new rule; retired, never again', async () => {
    const plant = await createPlant().run(
      anOrganisation(),
      weekly.create(mondays).by(ana),
      weekly.change({ rule: { cron: '0 7 * * *' }, title: 'Check all eyewashes' }).by(ana),
      until('2026-11-21T07:00:00Z'),
    );
    expect((await made(plant)).map(({ value }) => value.title)).toEqual(['Check all eyewashes']);
    await plant.run(weekly.retire().by(ana), until('2026-11-24T07:00:00Z'));
    expect(await made(plant)).toHaveLength(1);
    expect(await plant.ask(weekly.change({ title: 'x' }).by(ana))).toMatchObject({
      refusal: { refused: 'transition-not-allowed' },
    });
    expect(await plant.ask(weekly.retire().by(ana))).toMatchObject({ refusal: { refused: 'transition-not-allowed' } });
  });
  test('a change keeps what it does not name', async () => {
    const plant = await createPlant().run(
      anOrganisation(),
      weekly.create({ ...mondays, checklist: ['Line 3'], priority: 'P4' }).by(ana),
      weekly.change({ title: 'Check all' }).by(ana),
    );
    expect(await stateOf(plant)).toMatchObject({
      ...mondays,
      title: 'Check all',
      checklist: ['Line 3'],
      priority: 'P4',
    });
  });
  test('[L7] what comes more often than every five minutes is a mistake', () =>
    given(anOrganisation())
      .when(weekly.create({ ...mondays, rule: { cron: '* * * * *' } }), by(ana))
      .refused('invalid-input', ({ fields }) => expect(fields).toMatchObject([{ field: '/rule' }])));
  test('[L7] cron that no day is meant by is refused', () =>
    given(anOrganisation())
      .when(weekly.create({ ...mondays, rule: { cron: '0 6 30 2 *' } }), by(ana))
      .refused('invalid-input'));
  test('[L7] nobody unknown is given work', () =>
    given(anOrganisation())
      .when(weekly.create({ ...mondays, assignee: { user: user('nobody').id } }), by(ana))
      .refused('unknown-reference'));
  test('[L14] a supervisor schedules in their own area', () =>
    given(anOrganisation())
      .when(weekly.create(mondays), by(within(tom, 'leeds/utilities')))
      .refused('outside-your-area'));
});

describe('every hour of the shift', () => {
  const running = () => createPlant().run(anOrganisation(), hourly.create(readings).by(ana), aNightShift());
  const hours = async (plant: Plant) =>
    (await plant.history(hourly))
      .filter(({ type }) => type === 'schedule.fired')
      .map(({ body }) => (body as unknown as { at: string }).at.slice(11, 16));

  test('begins with the shift, and its task is the shift’s', async () => {
    const plant = await running();
    expect(await hours(plant)).toEqual(['22:00']);
    const [task] = await made(plant);
    expect(task!.value).toMatchObject({
      shift: night.id,
      dueAt: '2026-11-20T23:00:00.000Z',
      assignee: { role: 'operator' },
    });
  });
  test('comes eight times in eight hours, and not after its end', async () => {
    const plant = await running();
    for (let hour = 1; hour <= 8; hour++)
      await plant.run(until(new Date(Date.parse('2026-11-20T22:00:00Z') + hour * 3_600_000).toISOString()));
    expect(await hours(plant)).toEqual(['22:00', '23:00', '00:00', '01:00', '02:00', '03:00', '04:00', '05:00']);
    expect((await stateOf(plant, hourly)).nextAt).toBeNull();
  });
  test('rests when the shift closes early, and goes on with the next', async () => {
    const early = shift('early');
    const plant = await running();
    await plant.run(until('2026-11-21T01:30:00Z'), night.close().by(ana), until('2026-11-21T04:30:00Z'));
    expect(await stateOf(plant, hourly)).toMatchObject({ nextAt: null, shift: null });
    await plant.run(early.create(EARLY).by(tom), until('2026-11-21T06:10:00Z'), early.start().by(tom));
    // Ten minutes late is in time for the reading of that hour.
    expect((await hours(plant)).at(-1)).toBe('06:00');
  });
  test('made while a shift runs, it begins with the next hour', async () => {
    const plant = await createPlant().run(anOrganisation(), aNightShift(), until('2026-11-20T22:20:00Z'));
    await plant.run(hourly.create({ ...readings, rule: { every: 'hour-of-shift', hours: 2 } }).by(ana));
    expect(await stateOf(plant, hourly)).toMatchObject({ nextAt: '2026-11-21T00:00:00.000Z', shift: night.id });
  });
  test('a check that nobody did is told when the next is due: on the schedule, in the note, in the report; its task stays', async () => {
    const plant = await running();
    const [first] = await made(plant);
    await plant.run(until('2026-11-20T23:00:00Z'));
    expect(await stateOf(plant, hourly)).toMatchObject({
      missedCount: 1,
      missed: [{ at: '2026-11-20T22:00:00.000Z', task: first!.key }],
    });
    expect((await plant.state<TaskState>({ kind: 'task', id: first!.key })).status).toBe('assigned');
    const [live] = await notesOf(plant);
    expect(live!.regions.find(({ name }) => name === 'handover')!.markdown).toContain(
      'Missed: 2026-11-20 22:00 Read the pasteuriser',
    );
    const shiftNow = await plant.state<ShiftState>(night);
    expect(shiftNow.missedChecks).toMatchObject([{ count: 1, task: first!.key }]);
    await plant.run(until('2026-11-21T07:00:00Z'));
    const { seal } = await plant.state<ShiftState>(night);
    const report = textOf((await plant.ledger.file(ORG, seal!.reportSha256))!);
    expect(report).toContain('**Missed checks**\n\n- Missed: 2026-11-20 22:00 Read the pasteuriser');
    expect(report).toContain('- Checks missed 7');
  });
  test('one that was done in time is not', async () => {
    const plant = await running();
    const first = (await made(plant))[0]!.key;
    await plant.run(...work(first));
    await plant.run(until('2026-11-20T23:00:00Z'));
    expect(await stateOf(plant, hourly)).toMatchObject({ missedCount: 0, missed: [] });
  });
  test('hours that passed while the server stood are one line, of which nobody was told', async () => {
    const plant = await running();
    await plant.run(until('2026-11-21T02:05:00Z'));
    const [live] = await notesOf(plant);
    const { markdown } = live!.regions.find(({ name }) => name === 'handover')!;
    expect(markdown).toContain(
      'Missed: 2026-11-20 23:00, 2026-11-21 00:00, 2026-11-21 01:00 Read the pasteuriser, of which nobody was told',
    );
    expect(await made(plant)).toHaveLength(2);
  });
});
