/** Unfinished forms: whose they are, how long they are kept, and what of a sheet is worth keeping. */
import { describe, expect, test } from 'vitest';
import { draftOf, DRAFTS } from '../../plugin/drafts.ts';
import { createAnswers } from '../../plugin/handover/answers.ts';
import { task } from '../kit/ask.ts';
import { aNightShift, anOrganisation, night, PACKAGING } from '../kit/given.ts';
import { memoryMemory } from '../kit/memory-vault.ts';
import { ana, tom, type Person } from '../kit/people.ts';
import { createPlant, type Plant } from '../kit/plant.ts';
import { replicaOf } from '../kit/vault-of.ts';

const belt = task('belt');
const aPlant = (): Promise<Plant> =>
  createPlant().run(anOrganisation(), aNightShift(), belt.create({ title: 'Belt worn', area: PACKAGING }).by(ana));

/** A device on which this person works, with what it knows just now. */
const deviceOf = async (plant: Plant, person: Person, memory = memoryMemory()) => ({
  memory,
  replica: (await replicaOf(plant)) as never,
  register: plant.register,
  me: { kind: 'user', id: person.id, role: person.role ?? null, areas: [] } as never,
});

describe('a draft', () => {
  test('is there again for its form and its item, until it is dropped', async () => {
    const device = await deviceOf(await aPlant(), ana);
    draftOf(device, 'tasks.cancel', belt).keep({ reason: 'Do' });
    draftOf(device, 'tasks.cancel', belt).keep({ reason: 'Double' });
    draftOf(device, 'tasks.create').keep({ title: 'Oil' });
    expect(draftOf(device, 'tasks.cancel', belt).left).toEqual({ reason: 'Double' });
    expect(draftOf(device, 'tasks.hold', belt).left).toBeUndefined();
    expect(draftOf(device, 'tasks.cancel', task('other')).left).toBeUndefined();
    draftOf(device, 'tasks.cancel', belt).drop();
    expect(draftOf(device, 'tasks.cancel', belt).left).toBeUndefined();
    expect(draftOf(device, 'tasks.create').left).toEqual({ title: 'Oil' });
  });
  test('is nobody else’s on a device that several people use', async () => {
    const plant = await aPlant();
    const device = await deviceOf(plant, ana);
    draftOf(device, 'shifts.refuse', night).keep({ reason: 'Not yet' });
    const toms = await deviceOf(plant, tom, device.memory);
    expect(draftOf(toms, 'shifts.refuse', night).left).toBeUndefined();
    draftOf(toms, 'shifts.refuse', night).keep({ reason: 'Mine' });
    expect(draftOf(device, 'tasks.create').left).toBeUndefined();
  });
  test('goes when the rules are through with its item', async () => {
    const plant = await aPlant();
    const device = await deviceOf(plant, ana);
    draftOf(device, 'tasks.cancel', belt).keep({ reason: 'Double' });
    await plant.run(belt.cancel({ reasonCode: 'duplicate' }).by(ana));
    const later = await deviceOf(plant, ana, device.memory);
    expect(draftOf(later, 'tasks.cancel', belt).left).toBeUndefined();
    draftOf(later, 'tasks.create').keep({ title: 'Oil' });
    expect(later.memory.get(DRAFTS)).not.toContain('Double');
  });
  test('of a sheet stays while the sheet is due', async () => {
    const plant = await aPlant();
    const device = await deviceOf(plant, ana);
    draftOf(device, 'shifts.sign#sheet', night).keep({ line: 'runs' });
    expect(draftOf(device, 'shifts.sign#sheet', night).left).toEqual({ line: 'runs' });
    await plant.run(belt.cancel({ reasonCode: 'duplicate' }).by(ana), night.close().by(ana), night.sign().by(ana));
    const later = await deviceOf(plant, ana, device.memory);
    expect(draftOf(later, 'shifts.sign#sheet', night).left).toBeUndefined();
  });
  test('of many only the newest are kept, and what is broken is none', async () => {
    const device = await deviceOf(await aPlant(), ana);
    device.memory.set(DRAFTS, '{broken');
    for (let i = 0; i < 30; i++) draftOf(device, `tasks.create#${i}`).keep({ title: `Task ${i}` });
    expect(draftOf(device, 'tasks.create#0').left).toBeUndefined();
    expect(draftOf(device, 'tasks.create#29').left).toEqual({ title: 'Task 29' });
  });
});

describe('answers that are kept', () => {
  const shape = (ids: readonly string[]) => ({
    item: 'task',
    answer: 'decision',
    choices: [
      { value: 'continue', title: 'Continue' },
      { value: 'cancel', title: 'Cancel', asks: 'reason' },
    ],
    items: ids.map((id) => ({ id, start: 'continue' })),
  });
  test('are those that somebody gave, of what is still asked for', () => {
    const before = createAnswers(() => shape(['a', 'b', 'c']));
    for (const id of ['a', 'b', 'c']) before.row('decisions', id)['decision'] = 'continue';
    Object.assign(before.row('decisions', 'b'), { decision: 'cancel', reason: 'Double' });
    before.row('decisions', 'c')['decision'] = 'cancel';
    before.write('line', 'runs');
    before.tick('also', 'x', true);
    const entered = JSON.parse(JSON.stringify(before.entered())) as ReturnType<typeof before.entered>;
    expect(entered.rows.map(([, id]) => id)).toEqual(['b', 'c']);
    const after = createAnswers(() => shape(['a', 'b']));
    after.goOn(entered);
    expect(after.rows('decisions')).toEqual([{ task: 'b', decision: 'cancel', reason: 'Double' }]);
    expect([after.text('line'), after.ticked('also')]).toEqual(['runs', ['x']]);
  });
});
