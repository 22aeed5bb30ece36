/** Incidents (domain model 2.1, 2.9, 3.5): flagged by people, opened by rule for P1 and groups, and the root of all that belongs to them. */
import { describe, expect, test } from 'vitest';
import { causesIn } from '../../server/http/causes.ts';
import { conditionId, type ConditionState } from '../../shared/features/alarms/contract.ts';
import type { IncidentState } from '../../shared/features/incidents/contract.ts';
import { lineOf, positionOf } from '../../shared/features/incidents/lines.ts';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import { select } from '../../shared/kernel/read.ts';
import { rootsOf, walkTrail } from '../../shared/kernel/trail.ts';
import { alarm, incident, task } from '../kit/ask.ts';
import {
  aNightShift,
  anOrganisation,
  aTask,
  by,
  given,
  LINE_3,
  minutes,
  night,
  PACKAGING,
  pump,
} from '../kit/given.ts';
import { ana, ben, dana, ORG, scada, within } from '../kit/people.ts';
import { createPlant, type Plant, type Step } from '../kit/plant.ts';

const jam = incident('jam');
const flagged: Step = jam
  .open({ title: 'Filler 2 jams again', area: PACKAGING, equipment: `${LINE_3}/filler-2` })
  .by(ben);
const signal =
  (condition: string, more: object = {}): Step =>
  (plant) =>
    plant.deliver(scada, {
      condition,
      title: `${condition} high`,
      state: 'active',
      severity: 'high',
      area: PACKAGING,
      occurredAt: plant.now(),
      ...more,
    });
const atLine = (line: number, unit = 'unit-1') => ({ equipment: `${PACKAGING}/line-${line}/${unit}` });

const incidents = async (plant: Plant) =>
  (await plant.ledger.load(ORG, select<IncidentState>('incidents', { order: 'oldest' }))).map(({ value }) => value);
const episodeOf = async (plant: Plant, condition: string) => {
  const { occurrence } = await plant.state<ConditionState>(alarm(conditionId(ORG, scada.id, condition)));
  return { kind: 'occurrence' as const, id: occurrence! };
};
const roots = (plant: Plant, { kind, id }: { kind: string; id: string }) =>
  rootsOf({ kind, id }, causesIn(plant.ledger, plant.register, ORG).up);
const titles = ({ items }: IncidentState) => items.map(({ title }) => title);

describe('flagged by hand', () => {
  test('an operator flags what is wrong, and it belongs to the shift', () =>
    given(anOrganisation(), aNightShift())
      .when(jam.open({ title: 'Filler 2 jams again', area: PACKAGING, priority: 'P3' }), by(ben))
      .then({ type: 'incident.opened', shift: night.id, actor: { id: ben.id }, body: { kind: 'manual', rule: null } }));
  test('[L14] not in an area that is not theirs', () =>
    given(anOrganisation())
      .when(jam.open({ title: 'x', area: 'leeds/utilities' }), by(within(ben, PACKAGING)))
      .refused('outside-your-area'));
  test('notes are lines of what happened', async () => {
    const plant = await createPlant().run(anOrganisation(), flagged, jam.note({ text: 'Cap chute bent' }).by(dana));
    expect((await plant.state<IncidentState>(jam)).happened).toMatchObject([
      { what: 'opened' },
      { what: 'noted', text: 'Cap chute bent', by: { id: dana.id } },
    ]);
  });
  test('[L14] an operator does not resolve it; a line lead does, once', async () => {
    const resolve = jam.resolve({ text: 'Chute straightened', cause: 'Bent by a pallet' });
    await given(anOrganisation(), flagged).when(resolve, by(ben)).refused('role-not-allowed');
    await given(anOrganisation(), flagged)
      .when(resolve, by(dana))
      .then({ type: 'incident.resolved', body: { text: 'Chute straightened', cause: 'Bent by a pallet' } });
    await given(anOrganisation(), flagged, resolve.by(dana)).when(resolve, by(ana)).refused('transition-not-allowed');
  });
});

describe('what is part of it', () => {
  const joined: Step[] = [
    anOrganisation(),
    flagged,
    aTask(),
    jam.join({ item: { kind: 'task', id: pump.id } }).by(ben),
  ];
  test('a task that joins leads up to the incident', async () => {
    const plant = await createPlant().run(...joined);
    expect(await roots(plant, pump)).toEqual([{ kind: 'incident', id: jam.id }]);
    expect((await plant.history(pump)).at(-1)).toMatchObject({ type: 'task.joined', actor: { onBehalfOf: ben.id } });
    expect((await plant.state<IncidentState>(jam)).items).toMatchObject([
      { title: 'Pump 3 leaks', by: { id: ben.id } },
    ]);
  });
  test('and what the task does later names the incident as well', async () => {
    const plant = await createPlant().run(...joined, pump.assign({ assignee: { user: ben.id } }).by(ana));
    expect((await plant.history(pump)).at(-1)!.upstream).toEqual([{ kind: 'incident', id: jam.id, rel: 'part_of' }]);
  });
  test('the trail of the incident leads down to it', async () => {
    const plant = await createPlant().run(...joined);
    const trail = await walkTrail(
      { kind: 'incident', id: jam.id },
      causesIn(plant.ledger, plant.register, ORG),
      async () => ({}),
    );
    expect(trail.items.map(({ kind }) => kind)).toEqual(['incident', 'task']);
  });
  test('[L7] it joins once', () =>
    given(...joined)
      .when(incident('jam').join({ item: { kind: 'task', id: pump.id } }), by(ana))
      .refused('transition-not-allowed'));
  test('[L7] what does not exist does not join', () =>
    given(anOrganisation(), flagged)
      .when(jam.join({ item: { kind: 'task', id: pump.id } }), by(ana))
      .refused('unknown-reference'));
  test('[L2] taken out with a reason, it is its own root again, and may join another incident: one root', async () => {
    const other = incident('other');
    const wrong = { item: { kind: 'task' as const, id: pump.id }, reason: 'Another pump' };
    const plant = await createPlant().run(...joined, jam.unjoin(wrong).by(dana));
    expect(await roots(plant, pump)).toEqual([{ kind: 'task', id: pump.id }]);
    expect((await plant.state<IncidentState>(jam)).happened.at(-1)).toMatchObject({
      text: 'Pump 3 leaks: Another pump',
    });
    await plant.run(
      other.open({ title: 'Leak', area: PACKAGING }).by(ben),
      other.join({ item: wrong.item }).by(ben),
      pump.assign({ assignee: { user: ben.id } }).by(ana),
    );
    expect(await roots(plant, pump)).toEqual([{ kind: 'incident', id: other.id }]);
  });
  test('a task that an alarm led to brings its episode: one way leads up', async () => {
    const plant = await createPlant().run(anOrganisation(), flagged, signal('LS-3110'));
    const episode = await episodeOf(plant, 'LS-3110');
    const [row] = await plant.ledger.load(ORG, select<TaskState>('tasks'));
    await plant.run(jam.join({ item: { kind: 'task', id: row!.key } }).by(dana));
    expect((await plant.state<IncidentState>(jam)).items).toMatchObject([episode]);
    expect(await roots(plant, { kind: 'task', id: row!.key })).toEqual([{ kind: 'incident', id: jam.id }]);
    expect(await roots(plant, episode)).toEqual([{ kind: 'incident', id: jam.id }]);
  });
  test('an earlier episode joins, and leaves again, without the one that goes on', async () => {
    const plant = await createPlant().run(anOrganisation(), flagged, signal('LS-3110', { occurrence: 'a' }));
    const early = await episodeOf(plant, 'LS-3110');
    const off = { state: 'cleared', occurrence: 'a' };
    await plant.run(minutes(1), signal('LS-3110', off), minutes(20), signal('LS-3110', { occurrence: 'b' }));
    const late = await episodeOf(plant, 'LS-3110');
    expect(late).not.toEqual(early);
    const ties = causesIn(plant.ledger, plant.register, ORG);
    await plant.run(jam.join({ item: early }).by(dana));
    expect(await ties.down({ kind: 'incident', id: jam.id })).toEqual([{ ...early, rel: 'part_of' }]);
    expect(await roots(plant, late)).toEqual([late]);
    await plant.run(jam.unjoin({ item: early, reason: 'Not the same' }).by(dana));
    expect((await walkTrail({ kind: 'incident', id: jam.id }, ties, async () => ({}))).items).toHaveLength(1);
  });
  test('[L7] a task that follows up another one joins with that', () =>
    given(
      anOrganisation(),
      flagged,
      aTask('cancelled'),
      task('again')
        .create({ title: 'x', area: PACKAGING, upstream: [{ kind: 'task', id: pump.id, rel: 'follow_up_of' }] })
        .by(ana),
    )
      .when(jam.join({ item: { kind: 'task', id: task('again').id } }), by(ana))
      .refused('transition-not-allowed'));
  test('a task that is made for an incident is part of it from the start, after it was resolved too', async () => {
    const made = (name: string) =>
      task(name)
        .create({ title: name, area: PACKAGING, upstream: [{ kind: 'incident', id: jam.id, rel: 'part_of' }] })
        .by(ana);
    const plant = await createPlant().run(
      anOrganisation(),
      flagged,
      made('first'),
      jam.resolve({ text: 'Done' }).by(dana),
      made('later'),
    );
    expect(titles(await plant.state(jam))).toEqual(['first', 'later']);
    expect((await plant.history(task('later'))).map(({ type }) => type)).toEqual(['task.created']);
  });
  test('[L7] a resolved incident takes nothing more', () =>
    given(anOrganisation(), flagged, aTask(), jam.resolve({ text: 'Done' }).by(dana))
      .when(jam.join({ item: { kind: 'task', id: pump.id } }), by(ana))
      .refused('transition-not-allowed'));
  test('resolved, it keeps when its work was taken up and finished', async () => {
    const plant = await createPlant().run(anOrganisation(), aNightShift(), flagged, aTask('closed'));
    await plant.run(jam.join({ item: { kind: 'task', id: pump.id } }).by(ben), jam.resolve({ text: 'Done' }).by(dana));
    const { acknowledgedAt, completion } = await plant.state<TaskState>(pump);
    expect((await plant.state<IncidentState>(jam)).resolution).toMatchObject({
      acknowledgedAt,
      finishedAt: completion!.at,
    });
  });
});

describe('opened by rule', () => {
  test('a P1 opens an incident and keeps its own task; the trail leads up to the incident', async () => {
    const plant = await createPlant().run(
      anOrganisation(),
      aNightShift(),
      signal('TT-3204', { severity: 'critical', ...atLine(3) }),
    );
    expect(await incidents(plant)).toMatchObject([
      {
        kind: 'group',
        rule: 'P1 opens an incident',
        priority: 'P1',
        area: PACKAGING,
        items: [await episodeOf(plant, 'TT-3204')],
      },
    ]);
    const [row] = await plant.ledger.load(ORG, select<TaskState>('tasks'));
    expect((await roots(plant, { kind: 'task', id: row!.key })).map(({ kind }) => kind)).toEqual(['incident']);
    expect(plant.refusedWishes).toEqual([]);
  });
  test('a P1 that a person reports does too, and a lesser report does not', async () => {
    const report = (priority: 'P1' | 'P2') =>
      alarm(priority).report({ text: 'Oil under gearbox 4', area: PACKAGING, priority }).by(ben);
    const plant = await createPlant().run(anOrganisation(), report('P2'), report('P1'));
    expect(await incidents(plant)).toMatchObject([{ priority: 'P1', title: 'Oil under gearbox 4' }]);
  });
  test('the same episode again opens nothing', async () => {
    const urgent = (occurrence: string) => signal('TT-3204', { severity: 'critical', occurrence });
    const plant = await createPlant().run(anOrganisation(), urgent('a'), minutes(1), urgent('b'));
    expect(await incidents(plant)).toHaveLength(1);
  });
  for (const [what, second, count] of [
    ['of one class at one line are one incident', [minutes(4), signal('B', atLine(3, 'unit-2'))], 1],
    ['five minutes apart are none', [minutes(5), signal('B', atLine(3))], 0],
    ['at two lines are none', [signal('B', atLine(4))], 0],
    ['of two classes are none', [signal('B', { ...atLine(3), class: 'quality' })], 0],
    ['of two areas are none, though they name one line', [signal('B', { area: 'leeds/utilities' })], 0],
    [
      'of one condition are none',
      [signal('A', { ...atLine(3), state: 'cleared' }), minutes(2), signal('A', atLine(3))],
      0,
    ],
  ] as const)
    test(`two alarms ${what}`, async () => {
      const plant = await createPlant().run(anOrganisation(), signal('A', atLine(3)), ...second);
      expect(await incidents(plant)).toHaveLength(count);
    });
  test('each alarm of a group keeps its task, and a third one joins', async () => {
    const alarms = ['A', 'B', 'C'].map((name) => signal(name, atLine(3)));
    const plant = await createPlant().run(anOrganisation(), ...alarms);
    const [group] = await incidents(plant);
    expect(group).toMatchObject({
      kind: 'group',
      line: `${PACKAGING}/line-3`,
      title: 'A high, and more on leeds/packaging/line-3',
    });
    expect(titles(group!)).toEqual(['A high', 'B high', 'C high']);
    const tasks = await plant.ledger.load(ORG, select<TaskState>('tasks'));
    expect(tasks).toHaveLength(3);
    for (const { key } of tasks) expect(await roots(plant, { kind: 'task', id: key })).toHaveLength(1);
    expect(plant.refusedWishes).toEqual([]);
  });
  test('a resolved group takes no new alarm', async () => {
    const plant = await createPlant().run(anOrganisation(), signal('A', atLine(3)), signal('B', atLine(3)));
    const [row] = await plant.ledger.load(ORG, select('incidents'));
    await plant.run(incident(row!.key).resolve({ text: 'Restarted' }).by(dana), signal('C', atLine(3)));
    expect((await incidents(plant)).map(titles)).toEqual([['A high', 'B high']]);
    await plant.run(minutes(1), signal('D', atLine(3)));
    expect((await incidents(plant)).map(titles)).toEqual([
      ['A high', 'B high'],
      ['C high', 'D high'],
    ]);
  });
});

test('the line is the first place below the position', () => {
  expect(positionOf(`${LINE_3}/filler-2`, ['leeds', PACKAGING])).toBe(PACKAGING);
  expect(positionOf('york/hall', ['leeds'])).toBe('york/hall');
  expect(lineOf(PACKAGING, `${LINE_3}/filler-2`)).toBe(LINE_3);
  expect(lineOf(PACKAGING, PACKAGING)).toBe(PACKAGING);
  expect(lineOf(PACKAGING, 'leeds/packaging-2/line-1')).toBe(PACKAGING);
});
