/** Escalation policies: who is asked when nobody acts, for which place and priority; a task keeps the one that it was made with. */
import { describe, expect, test } from 'vitest';
import { DEFAULTS, planFor, type EscalationState } from '../../shared/features/escalations/contract.ts';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import type { Row } from '../../shared/kernel/read.ts';
import { escalation, task } from '../kit/ask.ts';
import { aNightShift, anOrganisation, by, given, LINE_3, PACKAGING, pump } from '../kit/given.ts';
import { ana, marek, root, tom } from '../kit/people.ts';
import { createPlant, type Plant } from '../kit/plant.ts';

const levels = [{ target: { role: 'supervisor' as const }, ackWithinMinutes: 7 }];
const line3 = escalation('line-3');
const site = escalation('site');
const priorities = ['P1' as const];
const make = (of = site, area?: string) =>
  of.create({ name: 'Ask Ana', priorities, levels, ...(area ? { area } : {}) }).by(root);
const planOf = async (plant: Plant, of = pump) => (await plant.state<TaskState>(of)).escalation?.plan;
const urgent = (of = pump, area = LINE_3) => of.create({ title: 'Filler jams', area, priority: 'P1' }).by(ana);

describe('which one holds', () => {
  test('the nearest upward that speaks of the priority', async () => {
    const plant = await createPlant().run(anOrganisation(), make(site), make(line3, LINE_3), urgent());
    expect(await planOf(plant)).toMatchObject({ policy: line3.id, levels: [{ ackWithinMinutes: 7 }] });
    await plant.must(urgent(task('elsewhere'), 'leeds/utilities'));
    expect(await planOf(plant, task('elsewhere'))).toMatchObject({ policy: site.id });
  });
  test('where none does, the times of the trade', async () => {
    const plant = await createPlant().run(anOrganisation(), make(line3, LINE_3), urgent(pump, PACKAGING));
    expect(await planOf(plant)).toEqual(DEFAULTS.P1);
    expect(DEFAULTS.P1!.levels.map(({ ackWithinMinutes }) => ackWithinMinutes)).toEqual([5, 10, 15]);
  });
  test('housekeeping rings nobody', async () => {
    const made = pump.create({ title: 'Sweep', area: LINE_3, priority: 'P4' }).by(ana);
    expect(await planOf(await createPlant().run(anOrganisation(), make(), made))).toBeUndefined();
  });
  test('one that is retired holds for nothing new', () => {
    const row = (value: Partial<EscalationState>): Row<EscalationState> => ({
      ...{ key: 'x', number: 1, first: 1, seq: 1 },
      value: { area: null, priorities, retired: true, levels: [], ...value } as unknown as EscalationState,
    });
    expect(planFor([row({})], LINE_3, 'P1')).toBe(DEFAULTS.P1);
  });
});

test('a task keeps what it was made with: neither an update nor a retirement touches it', async () => {
  const plant = await createPlant().run(anOrganisation(), aNightShift(), make(line3, LINE_3), urgent());
  const before = await planOf(plant);
  const patient = [{ target: { user: tom.id }, ackWithinMinutes: 90 }];
  await plant.must(line3.update({ name: 'Ask Tom', priorities, area: LINE_3, levels: patient }).by(root));
  await plant.must(urgent(task('later')));
  await plant.must(line3.retire().by(root));
  await plant.must(pump.assign({ assignee: { user: marek.id } }).by(ana));
  expect(await planOf(plant)).toEqual(before);
  expect(await planOf(plant, task('later'))).toMatchObject({ levels: [{ target: { user: tom.id } }] });
});

test('each change is an event that says what was and what is', async () => {
  const plant = await createPlant().run(anOrganisation(), make());
  await plant.must(site.update({ name: 'Ask Ana', priorities: ['P2', 'P1', 'P2'], levels }).by(root));
  expect((await plant.history(site)).at(-1)).toMatchObject({
    type: 'escalation.updated',
    actor: { id: root.id },
    body: { changes: { priorities: { was: ['P1'], now: ['P1', 'P2'] } } },
  });
});

describe('[L7] what leads nowhere is refused', () => {
  test('two that speak of one place and priority', () =>
    given(anOrganisation(), make(line3, LINE_3))
      .when(site.create({ name: 'Twice', area: LINE_3, priorities: ['P1', 'P3'], levels }), by(root))
      .refused('already-exists', ({ detail }) => expect(detail).toContain('E-1')));
  test('an update that meets another one', () =>
    given(anOrganisation(), make(line3, LINE_3), make(site))
      .when(site.update({ name: 'Moved', area: LINE_3, priorities, levels }), by(root))
      .refused('already-exists'));
  test('changing one that is retired', () =>
    given(anOrganisation(), make(), site.retire().by(root))
      .when(site.update({ name: 'Again', priorities, levels }), by(root))
      .refused('transition-not-allowed'));
  for (const [what, more] of [
    ['no level', { levels: [] }],
    ['six repeats', { repeat: { times: 6 } }],
    ['a level of no time', { levels: [{ ...levels[0]!, ackWithinMinutes: 0 }] }],
    ['a role that may not read tasks', { repeat: { times: 1, thenNotify: 'admin' as never } }],
  ] as const)
    test(what, () =>
      given(anOrganisation())
        .when(site.create({ name: 'Wrong', priorities, levels, ...more } as never), by(root))
        .refused('invalid-input'),
    );
});
