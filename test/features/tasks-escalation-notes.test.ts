/** How a task's note and card tell of its escalation, in words and in the plant's own time. */
import { describe, expect, test } from 'vitest';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import { evolve } from '../../shared/features/tasks/evolve.ts';
import { note } from '../../shared/features/tasks/note.ts';
import { task } from '../kit/ask.ts';
import { aNightShift, anOrganisation, aTask, LINE_3, NIGHT, night, PACKAGING, pump } from '../kit/given.ts';
import { ana, marek, ORG, scada } from '../kit/people.ts';
import { createPlant, type Plant } from '../kit/plant.ts';
import { around, replicaOf } from '../kit/vault-of.ts';
import { select } from '../../shared/kernel/read.ts';

async function shown(plant: Plant, of: { readonly id: string } = pump) {
  const replica = await replicaOf(plant);
  const self = { id: of.id, number: 1, seq: await plant.head() };
  const state = await plant.state<TaskState>({ kind: 'task', id: of.id });
  const [text] = note.write(state, self, around(replica));
  const region = (name: string) => text!.regions.find((one) => one.name === name)!.markdown;
  return { header: region('header'), actions: region('actions'), card: note.card!(state, self, around(replica)) };
}
const pass = async (plant: Plant, minutes: number): Promise<void> => {
  for (let n = 0; n < minutes; n++) {
    plant.pass(1);
    await plant.settle();
  }
};

describe('while it goes up', () => {
  test('the note says who is asked and when the next step comes; the log says every step', async () => {
    const plant = await createPlant().run(anOrganisation(), aNightShift(), aTask('assigned', { priority: 'P1' }));
    await pass(plant, 11);
    const { header, actions, card } = await shown(plant);
    expect(header).toContain('> **Escalated** to level 2 (supervisor), next at 22:20\n');
    expect(actions.split('\n').slice(-2)).toEqual([
      '- 22:05 **a rule** escalated: not acknowledged in time; level 1; asked line lead',
      '- 22:10 **a rule** escalated: not acknowledged in time; level 2; asked supervisor',
    ]);
    expect(card!.details).toContain('level 2 (supervisor), next at 22:20');
  });
  test('nobody on duty, and what passed while nothing ran, with its time', async () => {
    const plant = await createPlant().run(anOrganisation(), night.create(NIGHT).by(ana), night.start({}).by(ana));
    await plant.run(aTask('open', { priority: 'P1' }));
    plant.pass(12);
    await plant.settle();
    const { actions, card } = await shown(plant);
    expect(actions.split('\n').at(-1)).toBe(
      '- 22:12 **a rule** escalated: not acknowledged in time; level 2; level 1 (line lead) was due at 22:05, while nothing ran; asked supervisor',
    );
    // Nobody has it: whoever was asked takes it.
    expect(card!.next?.[0]).toBe('takeOver');
  });
  test('once somebody has answered, neither note nor card speaks of it; the log still does', async () => {
    const plant = await createPlant().run(anOrganisation(), aNightShift(), aTask('assigned', { priority: 'P1' }));
    await pass(plant, 6);
    await plant.must(pump.acknowledge().by(marek));
    const { header, actions, card } = await shown(plant);
    expect(header).not.toContain('Escalated');
    expect(card!.details.join(' ')).not.toContain('level');
    expect(actions).toContain('level 1; asked line lead');
  });
  test('when nobody is left it says so', async () => {
    const plant = await createPlant().run(anOrganisation(), aTask('assigned', { priority: 'P3' }));
    for (let n = 0; n < 5; n++) await pass(plant, 61);
    expect((await shown(plant)).header).toContain(
      '> **Escalated** to level 3 (nobody left to ask), nobody further is asked\n',
    );
  });
});

describe('by hand', () => {
  test('whom it was brought to, why, and who accepted it when', async () => {
    const plant = await createPlant().run(anOrganisation(), aNightShift(), aTask('in_progress'));
    await plant.must(pump.escalate({ reason: 'Bearing noise.', target: { role: 'supervisor' } }).by(marek));
    expect((await shown(plant)).header).toContain('> **Escalated**, level 1, to supervisor: Bearing noise.\n');
    expect((await shown(plant)).card!.next?.[0]).toBe('acknowledge');
    plant.pass(2);
    await plant.must(pump.acknowledge().by(ana));
    const { header } = await shown(plant);
    expect(header).toContain('level 1, to supervisor: Bearing noise. (accepted by Ana Byrne, 22:02)');
  });
  test('[L6] recorded before there was more than a level and a target, it reads as it always did', async () => {
    const plant = await createPlant().run(anOrganisation(), aNightShift(), aTask('assigned'));
    const before = await plant.state<TaskState>(pump);
    const [last] = (await plant.history(pump)).slice(-1);
    const old = { ...last!, type: 'task.escalated', body: { level: 1, target: null, reason: 'Too heavy.' } };
    const { escalation: _escalation, ...withoutPlan } = before;
    const state = evolve['task.escalated'](withoutPlan, old);
    expect(state).not.toHaveProperty('escalation');
    const [text] = note.write(state, { id: pump.id, number: 1, seq: 9 }, around(await replicaOf(plant)));
    expect(text!.regions[0]!.markdown).toContain('> **Escalated**, level 1: Too heavy.\n');
    expect(text!.regions[1]!.markdown).toMatch(/escalated: Too heavy\.$/);
  });
});

test('what came back says so, and after which task', async () => {
  const plant = await createPlant().run(anOrganisation(), aNightShift());
  const signal = (state: string) => ({
    ...{ condition: 'jam', title: 'Filler jams', state, severity: 'high', area: LINE_3, occurredAt: plant.now() },
  });
  await plant.deliver(scada, signal('active'));
  const tasks = () => plant.ledger.load(ORG, select<TaskState>('tasks', { where: { area: { within: [PACKAGING] } } }));
  const first = task((await tasks())[0]!.key);
  await plant.run(first.acknowledge().by(marek), first.start().by(marek));
  await plant.run(first.complete({ note: 'Freed.', overrideReason: 'Falling.' }).by(marek), first.verify().by(ana));
  plant.pass(1);
  await plant.deliver(scada, signal('cleared'));
  plant.pass(1);
  await plant.deliver(scada, signal('active'));
  const { header, card } = await shown(plant, { id: (await tasks())[0]!.key });
  expect(header).toContain('> **Why** **came back** after [[T-1 Filler jams]]: alarm A-1 Filler jams, active since');
  expect(card!.details).toContain('came back');
});
