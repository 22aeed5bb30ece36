/** An alarm that is acknowledged away from the server: by what its device had seen, for the episode that it had seen. */
import { describe, expect, test } from 'vitest';
import { conditionId, type ConditionState, type Occurrence } from '../../shared/features/alarms/contract.ts';
import { select } from '../../shared/kernel/read.ts';
import { alarm, task } from '../kit/ask.ts';
import { aNightShift, anOrganisation, promptly } from '../kit/given.ts';
import { bring, device, flagsOf } from '../kit/made.ts';
import { ben, marek, ORG, scada } from '../kit/people.ts';
import { createPlant, type Plant, type Step } from '../kit/plant.ts';

const start = (...steps: readonly Step[]): Promise<Plant> =>
  createPlant().run(anOrganisation(), promptly(), aNightShift(), ...steps);

describe('an alarm that is acknowledged offline', () => {
  const level = alarm(conditionId(ORG, scada.id, 'LS-3110'));
  const signal =
    (state: 'active' | 'cleared', minute: number, occurrence: string): Step =>
    (plant) =>
      plant.deliver(scada, {
        condition: 'LS-3110',
        title: 'Level high',
        state,
        severity: 'warning',
        occurrence,
        occurredAt: `2026-11-20T22:0${minute}:00.000Z`,
      });
  const episodes = async (plant: Plant) =>
    (await plant.ledger.load(ORG, select<Occurrence>('occurrences', { order: 'oldest' }))).map(
      ({ value: { active, startedAt, clearedAt } }) => ({ active, startedAt, clearedAt }),
    );
  const acknowledge = (seen: number) => device('tablet').observed(seen).does(level.acknowledge()).by(marek);

  test('by two people: the second changes nothing', async () => {
    const plant = await start(signal('active', 1, 'a'));
    const seen = await plant.head();
    await plant.must(level.acknowledge().by(ben));
    const before = await plant.state(level);
    expect(await bring(plant, acknowledge(seen))).toMatchObject([{ outcome: 'accepted', flags: ['concurrent'] }]);
    expect(await plant.state(level)).toEqual(before);
  });

  test('while another episode has begun: what that one and the one before it are stays as it was', async () => {
    const plant = await start(signal('active', 1, 'a'));
    const seen = await plant.head();
    await plant.run(signal('cleared', 2, 'a'), signal('active', 3, 'b'), level.acknowledge().by(ben));
    const before = await episodes(plant);
    expect(before.map(({ active }) => active)).toEqual([false, true]);
    await bring(plant, acknowledge(seen));
    expect((await plant.history(level)).at(-1)).toMatchObject({ type: 'alarm.acknowledged', body: { aside: true } });
    expect(await episodes(plant)).toEqual(before);
  });

  test('whoever saw the episode before acknowledges that one, and this one still asks for somebody', async () => {
    const plant = await start(signal('active', 1, 'a'));
    const seen = await plant.head();
    const { occurrence } = await plant.state<ConditionState>(level);
    await plant.run(signal('cleared', 2, 'a'), signal('active', 3, 'b'));
    const before = await plant.state<ConditionState>(level);
    expect(flagsOf((await bring(plant, acknowledge(seen)))[0])).toEqual(['concurrent']);
    expect(await plant.state(level)).toEqual(before);
    expect(before.status).toBe('UNACK');
    expect((await plant.history(level)).at(-1)).toMatchObject({
      type: 'alarm.acknowledged',
      body: { occurrence, aside: true, flags: ['concurrent'] },
    });
    await plant.must(level.acknowledge().by(ben));
    expect(await plant.state(level)).toMatchObject({ status: 'ACKED' });
  });

  test('the episode that it saw, cleared meanwhile, is acknowledged', async () => {
    const plant = await start(signal('active', 1, 'a'));
    const seen = await plant.head();
    await plant.run(signal('cleared', 2, 'a'));
    expect(flagsOf((await bring(plant, acknowledge(seen)))[0])).toEqual([]);
    expect(await plant.state(level)).toMatchObject({ status: 'NORM' });
  });

  const acknowledgeTask = async (plant: Plant, seen: number): Promise<void> => {
    const [row] = await plant.ledger.load(ORG, select('tasks'));
    await bring(plant, device('tablet').observed(seen).does(task(row!.key).acknowledge()).by(marek));
  };

  test('whoever acknowledges its task in a cellar has seen the episodes up to then, and no later one', async () => {
    const plant = await start(signal('active', 1, 'a'));
    const seen = await plant.head();
    await plant.run(signal('cleared', 2, 'a'), signal('active', 3, 'b'));
    await acknowledgeTask(plant, seen);
    expect(await plant.state(level)).toMatchObject({ status: 'UNACK' });
  });

  test('whoever acknowledges its task on a device that has seen the latest episode has seen that', async () => {
    const plant = await start(signal('active', 1, 'a'), signal('cleared', 2, 'a'), signal('active', 3, 'b'));
    await acknowledgeTask(plant, await plant.head());
    expect(await plant.state(level)).toMatchObject({ status: 'ACKED' });
  });
});
